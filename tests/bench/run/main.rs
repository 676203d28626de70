//! `cargo bench -p people-bench`: what calls and values cost. It writes its section
//! of `docs/benchmarks.md`.
//!
//! `-- --trial` measures less and prints the section instead.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot run stops, and says why"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is counted here is far from the limits"
)]

use people_bench::cpu;
use people_bench::report::{Section, versions, write};

mod calls;
mod models;
mod server;
mod timing;

/// The server stays on the next.
const CLIENTS_CORE: usize = 0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has(server::SERVE) {
        return server::serve();
    }
    // `cargo bench` says so; `cargo test --benches` does not, and wants to see it work.
    let whole = has("--bench") && !has("--trial");
    let (passes, extent) = if whole {
        let extent = calls::Extent {
            passes: 15,
            calls: 10_000,
            storms: &[(200, 10), (2_000, 50)],
        };
        (7, extent)
    } else {
        let extent = calls::Extent {
            passes: 2,
            calls: 200,
            storms: &[(30, 10)],
        };
        (1, extent)
    };
    let server = server::Server::start();
    let apart = cpu::pin_to_core(CLIENTS_CORE);
    let parts = [
        calls::one(&server, extent),
        calls::concurrent(&server, extent),
        models::measure(passes),
        calls::storm(&server, extent),
    ];
    let body = format!(
        "Versions: {}.\n\nPeople-sdk and its dependencies as `cargo bench` builds them, against one server in a \
         process of its own\non loopback{}.\n\n{}",
        versions(
            &xtask::project_root(),
            &[
                "chrono",
                "criterion",
                "hyper",
                "reqwest",
                "serde",
                "serde_json",
                "tokio"
            ]
        )
        .expect("the lock file is read"),
        if apart { ", on another core" } else { "" },
        parts.join("\n")
    );
    if whole {
        write(&xtask::project_root(), Section::Run, &body).expect("docs/benchmarks.md is written");
    } else {
        println!("{body}");
    }
}
