//! Calls through the SDK, against the same calls with bare reqwest and the same types.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use people_bench::cpu;
use people_bench::report::{Sample, Table, verdict};
use people_sdk::types::Person;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, HeaderValue, RETRY_AFTER};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::LocalSet;

use crate::server::Server;
use crate::timing::by_turns;

const TOKEN: &str = "benchmark-token";
const TIMEOUT: Duration = Duration::from_secs(30);
const AIM: f64 = 1.05;

/// As many attempts as the client makes by default.
const ATTEMPTS: usize = 4;

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) passes: usize,
    pub(crate) calls: usize,
    /// Calls at once, and how many of them the service accepts per second.
    pub(crate) storms: &'static [(usize, u32)],
}

/// One thread does everything, so that its CPU time and its allocations are those of the calls.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn sdk(base_url: &str) -> people_sdk::Client {
    people_sdk::Client::builder()
        .base_url(base_url)
        .token(TOKEN)
        .attempt_timeout(TIMEOUT)
        .build()
        .expect("a client")
}

/// reqwest has no TLS provider of its own with the features that the SDK enables.
fn tls() -> rustls::ClientConfig {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has the default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// What a program without the SDK would do for one call.
#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: Rc<str>,
}

impl Bare {
    fn new(server: &Server) -> Self {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls())
            .connect_timeout(Duration::from_secs(10))
            .timeout(TIMEOUT)
            .user_agent("bench/1")
            .build()
            .expect("a client");
        Self {
            client,
            url: format!("{}/people/me", server.base_url).into(),
        }
    }

    /// As many attempts as the SDK makes, each after the time that the service asks for. Whether the
    /// last one succeeded.
    async fn with_retries(&self) -> bool {
        for _ in 0..ATTEMPTS {
            let request = self.client.get(&*self.url).bearer_auth(TOKEN);
            let response = request.send().await.expect("an answer");
            if response.status() != StatusCode::TOO_MANY_REQUESTS {
                let response = response.error_for_status().expect("a success");
                let _: Person = response.json().await.expect("a person");
                return true;
            }
            let wait = response.headers()[RETRY_AFTER].to_str();
            let wait = wait.ok().and_then(|wait| wait.parse().ok());
            tokio::time::sleep(Duration::from_secs(wait.expect("seconds"))).await;
        }
        false
    }

    async fn me(&self) -> Person {
        let request = self.client.get(&*self.url).bearer_auth(TOKEN);
        let request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        let response = request.send().await.expect("an answer");
        let response = response.error_for_status().expect("a success");
        response.json().await.expect("a person")
    }
}

async fn me(client: &people_sdk::Client) -> Person {
    let answer = client.get_my_own_details().send().await;
    answer.expect("a success").into_inner()
}

/// CPU time and allocations of one call at a time.
pub(crate) fn one(server: &Server, extent: Extent) -> String {
    let runtime = runtime();
    let (sdk, bare) = (sdk(&server.base_url), Bare::new(server));
    let through_sdk = || runtime.block_on(me(&sdk));
    let through_bare = || runtime.block_on(bare.me());
    assert!(through_sdk() == through_bare(), "both read the same");
    let [ours, other] = by_turns(
        extent.passes,
        &mut [&mut || drop(through_sdk()), &mut || drop(through_bare())],
    );
    let mut table = Table::new(["one call", "SDK", "bare reqwest", "SDK ÷ bare", "aim"]);
    let ratio = ours.over(&other);
    let micros = |sample: &Sample| sample.map(|nanos| nanos / 1e3).show(1);
    table.row([
        "CPU time, µs".to_owned(),
        micros(&ours),
        micros(&other),
        ratio.show(3),
        verdict(ratio.median(), AIM),
    ]);
    let (ours, other) = (
        allocations(extent.calls, through_sdk),
        allocations(extent.calls, through_bare),
    );
    for (name, ours, other) in [
        ("allocations", ours.0, other.0),
        ("bytes allocated", ours.1, other.1),
    ] {
        table.row([
            name.to_owned(),
            format!("{ours:.1}"),
            format!("{other:.1}"),
            format!("{:.3}", ours / other),
            verdict(ours / other, AIM),
        ]);
    }
    format!(
        "### One call\n\n\
         `GET /people/me` on a warm connection: the documented example comes back and is read \
         into `Person`\nby both. CPU time of the client's thread, its system calls included.\n\n{}",
        table.markdown()
    )
}

/// Number and bytes of the allocations per call. Without optimization, `block_on` allocates the future of a
/// call if it is larger than 2 kB, as that of the SDK is and that of the bare call is not.
fn allocations(calls: usize, mut call: impl FnMut() -> Person) -> (f64, f64) {
    let info = allocation_counter::measure(|| {
        for _ in 0..calls {
            call();
        }
    });
    let per_call = |total: u64| total as f64 / calls as f64;
    (per_call(info.count_total), per_call(info.bytes_total))
}

/// What a number of calls took, so many of them at a time.
struct Load {
    wall: Duration,
    cpu: Duration,
    latencies: Vec<Duration>,
    /// The most bytes allocated at a time.
    peak: u64,
}

/// Whether connections are open before the measuring begins.
#[derive(Clone, Copy, PartialEq)]
enum Connections {
    Open,
    Opened,
}

impl Load {
    /// Makes `calls` calls, `concurrency` at a time.
    fn run(
        concurrency: usize,
        calls: usize,
        connections: Connections,
        call: impl AsyncFn(usize) + Clone + 'static,
    ) -> Self {
        let latencies = Rc::new(RefCell::new(Vec::with_capacity(calls)));
        let now = || (Instant::now(), cpu::thread().expect("CPU times"));
        let began = Rc::new(Cell::new(now()));
        let info = allocation_counter::measure(|| {
            let next = Rc::new(Cell::new(0));
            let ready = Rc::new(Barrier::new(concurrency));
            let tasks = LocalSet::new();
            for _ in 0..concurrency {
                let (next, call, latencies) = (next.clone(), call.clone(), latencies.clone());
                let (ready, began) = (ready.clone(), began.clone());
                tasks.spawn_local(async move {
                    if connections == Connections::Open {
                        call(calls).await;
                    }
                    if ready.wait().await.is_leader() {
                        began.set(now());
                    }
                    loop {
                        let number = next.get();
                        if number == calls {
                            return;
                        }
                        next.set(number + 1);
                        let started = Instant::now();
                        call(number).await;
                        latencies.borrow_mut().push(started.elapsed());
                    }
                });
            }
            runtime().block_on(tasks);
        });
        let (started, cpu_before) = began.get();
        let cpu = cpu::thread().expect("CPU times").saturating_sub(cpu_before);
        let wall = started.elapsed();
        drop(call);
        let mut latencies = latencies.take();
        assert_eq!(latencies.len(), calls, "every call came back");
        latencies.sort_unstable();
        Self {
            wall,
            cpu,
            latencies,
            peak: info.bytes_max,
        }
    }

    fn latency(&self, quantile: f64) -> f64 {
        let index = (self.latencies.len() as f64 * quantile) as usize;
        let last = self.latencies.len().saturating_sub(1);
        self.latencies
            .get(index.min(last))
            .map_or(0.0, Duration::as_secs_f64)
            * 1e3
    }

    fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.wall.as_secs_f64()
    }
}

/// Throughput, latency and memory with one call in flight and with many.
pub(crate) fn concurrent(server: &Server, extent: Extent) -> String {
    let mut table = Table::new([
        "in flight",
        "with",
        "calls/s",
        "CPU µs/call",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "longest ms",
        "kB per call in flight",
    ]);
    let mut ratios = Table::new([
        "SDK ÷ bare",
        "calls/s",
        "p99",
        "memory",
        "CPU",
        "aim for CPU",
    ]);
    let mut alone = [0.0; 2];
    for concurrency in [1_usize, 64, 1_000] {
        let mut loads: [Vec<Load>; 2] = Default::default();
        for pass in 0..extent.passes {
            // In one order and then in the other, as what comes second finds a warmer machine.
            for index in [pass % 2, 1 - pass % 2] {
                // A client of its own each time, so that its connections count as memory in use.
                let calls = extent.calls.max(concurrency * extent.calls / 500);
                loads[index].push(if index == 0 {
                    let client = sdk(&server.base_url);
                    Load::run(concurrency, calls, Connections::Open, async move |_| {
                        drop(me(&client).await);
                    })
                } else {
                    let client = Bare::new(server);
                    Load::run(concurrency, calls, Connections::Open, async move |_| {
                        drop(client.me().await);
                    })
                });
            }
        }
        let mut summaries = Vec::new();
        for ((loads, alone), name) in loads.iter().zip(&mut alone).zip(["SDK", "bare reqwest"]) {
            let sample = |value: &dyn Fn(&Load) -> f64| loads.iter().map(value).collect::<Sample>();
            let rate = sample(&Load::per_second);
            let cpu = sample(&|load| load.cpu.as_secs_f64() * 1e6 / load.latencies.len() as f64);
            let tail = sample(&|load| load.latency(0.99));
            let peak = sample(&|load| load.peak as f64 / 1e3).median();
            let memory = if concurrency == 1 {
                *alone = peak;
                None
            } else {
                Some((peak - *alone) / (concurrency - 1) as f64)
            };
            table.row([
                concurrency.to_string(),
                name.to_owned(),
                rate.show(0),
                cpu.show(1),
                format!("{:.2}", sample(&|load| load.latency(0.5)).median()),
                tail.show(2),
                format!("{:.2}", sample(&|load| load.latency(0.999)).median()),
                format!("{:.2}", sample(&|load| load.latency(1.0)).median()),
                memory.map_or_else(String::new, |memory| format!("{memory:.1}")),
            ]);
            summaries.push((rate, cpu, tail, memory));
        }
        if let [ours, other] = summaries.as_slice() {
            let cpu = ours.1.over(&other.1);
            ratios.row([
                format!("{concurrency} in flight"),
                ours.0.over(&other.0).show(2),
                ours.2.over(&other.2).show(2),
                ours.3
                    .zip(other.3)
                    .map_or_else(String::new, |(ours, other)| format!("{:.2}", ours / other)),
                cpu.show(2),
                verdict(cpu.median(), AIM),
            ]);
        }
    }
    format!(
        "### Many calls at a time\n\n\
         At least {} calls of the same kind on one client and one thread, so many of them in \
         flight, on\nconnections that are open already. Medians over {} passes, with the range \
         where it is given. Memory is the\nmost that was allocated at a time, connections \
         included, less what one call at a time needs.\n\n{}\n{}",
        extent.calls,
        extent.passes,
        table.markdown(),
        ratios.markdown(),
    )
}

/// Many calls at once for a service with a rate limit.
pub(crate) fn storm(server: &Server, extent: Extent) -> String {
    let mut table = Table::new([
        "calls",
        "limit",
        "with",
        "succeeded",
        "requests",
        "requests ÷ calls",
        "s",
        "shortest possible s",
        "ratio",
        "aim",
    ]);
    for (calls, limit) in extent.storms {
        let url = server.limited_url(*limit);
        let client = sdk(&url);
        let ours = Storm::run(server, *limit, *calls, async move || {
            client.get_my_own_details().send().await.is_ok()
        });
        let mut bare = Bare::new(server);
        bare.url = format!("{url}/people/me").into();
        let other = Storm::run(server, *limit, *calls, async move || {
            bare.with_retries().await
        });
        assert_eq!(ours.succeeded, *calls, "no call was lost");
        // One second for each window but the first.
        let shortest = (*calls - 1) / usize::try_from(*limit).unwrap_or(usize::MAX);
        for (storm, name) in [(ours, "SDK"), (other, "a retry loop per call")] {
            let ratio = storm.seconds / shortest as f64;
            let is_complete = storm.succeeded == *calls;
            table.row([
                calls.to_string(),
                format!("{limit}/s"),
                name.to_owned(),
                storm.succeeded.to_string(),
                storm.requests.to_string(),
                format!("{:.2}", storm.requests as f64 / *calls as f64),
                format!("{:.1}", storm.seconds),
                shortest.to_string(),
                if is_complete {
                    format!("{ratio:.2}")
                } else {
                    String::new()
                },
                if name == "SDK" {
                    verdict(ratio, STORM_AIM)
                } else {
                    String::new()
                },
            ]);
        }
    }
    format!(
        "### A storm of calls at a rate limit\n\n\
         Calls for `GET /people/me`, all at once and on one new client, at a service that responds with \
         429 and\n`Retry-After` beyond its limit, with the default policy. The same calls with \
         bare reqwest make as many attempts\n({ATTEMPTS}), each after the time that the service asks \
         for. The shortest possible time is that of a caller who\nknows the limit. One pass, in wall \
         time.\n\n{}",
        table.markdown()
    )
}

const STORM_AIM: f64 = 1.3;

/// What came of many calls at once.
struct Storm {
    succeeded: usize,
    requests: usize,
    seconds: f64,
}

impl Storm {
    fn run(
        server: &Server,
        limit: u32,
        calls: usize,
        call: impl AsyncFn() -> bool + Clone + 'static,
    ) -> Self {
        let _ = count(server, limit);
        let succeeded = Rc::new(Cell::new(0_usize));
        let counter = succeeded.clone();
        let load = Load::run(calls, calls, Connections::Opened, async move |_| {
            if call().await {
                counter.set(counter.get() + 1);
            }
        });
        Self {
            succeeded: succeeded.get(),
            requests: count(server, limit),
            seconds: load.wall.as_secs_f64(),
        }
    }
}

/// How many requests there were at this limit since the last count.
fn count(server: &Server, limit: u32) -> usize {
    let url = server.count_url(limit);
    let text = runtime().block_on(async {
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls());
        let client = client.build().expect("a client");
        let answer = client.get(url).send().await.expect("an answer");
        answer.text().await.expect("a text")
    });
    text.parse().expect("a number")
}
