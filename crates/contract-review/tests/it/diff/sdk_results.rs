//! Whether users of the SDK are told of every change of what a method returns: random responses, generated
//! as Rust before and after a random change.

use contract_review::diff::Level;
use contract_review::diff::rules::{Slot, document};
use fastrand::Rng;

use super::differences;

const PAIRS: usize = 120;

const SEED: u64 = 17;

const STATUSES: [&str; 7] = ["200", "201", "2XX", "302", "404", "4XX", "default"];

const MEDIA_TYPES: [&str; 5] = [
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/*",
    "'*/*'",
];

const TYPES: [&str; 2] = ["string", "integer"];

/// For each status and each media type, the type in [`TYPES`]; none where it is not listed.
type Responses = [Option<[Option<usize>; MEDIA_TYPES.len()]>; STATUSES.len()];

fn content(random: &mut Rng) -> [Option<usize>; MEDIA_TYPES.len()] {
    std::array::from_fn(|_| (random.u8(..10) < 3).then(|| random.usize(..TYPES.len())))
}

fn responses(random: &mut Rng) -> Responses {
    std::array::from_fn(|_| (random.u8(..10) < 4).then(|| content(random)))
}

/// Adds or removes a response, or a media type of one.
fn change(responses: &mut Responses, random: &mut Rng) {
    match &mut responses[random.usize(..STATUSES.len())] {
        Some(content) if random.bool() => {
            let listed = &mut content[random.usize(..MEDIA_TYPES.len())];
            *listed = match listed {
                Some(_) if random.bool() => None,
                _ => Some(random.usize(..TYPES.len())),
            };
        }
        response @ Some(_) => *response = None,
        response @ None => *response = Some(content(random)),
    }
}

fn contract(responses: &Responses, method: &str) -> String {
    let listed = STATUSES.iter().zip(responses);
    let listed = listed.filter_map(|(status, content)| {
        let media_types = MEDIA_TYPES.iter().zip(content.as_ref()?);
        let media_types: Vec<String> = media_types
            .filter_map(|(name, listed)| {
                Some(format!(
                    "{name}: {{schema: {{type: {}}}}}",
                    TYPES[(*listed)?]
                ))
            })
            .collect();
        let media_types = media_types.join(", ");
        Some(format!(
            "'{status}': {{description: A., content: {{{media_types}}}}}"
        ))
    });
    let listed = listed.collect::<Vec<_>>().join(", ");
    let operation =
        format!("/things: {{{method}: {{operationId: things, responses: {{{listed}}}}}}}");
    document(Slot::Paths, &operation)
}

/// The signature of `send`, and the enumeration that it returns if it returns one; none for a contract
/// that no client is made of.
fn result(contract: &str) -> Option<String> {
    let code = people_codegen::generate("things.yaml", contract).ok()?.code;
    let part = |start: &str, end: &str| {
        let part = &code[code.find(start)?..];
        Some(&part[..part.find(end)?])
    };
    let signature = part("pub async fn send(", "{")?;
    let variants = part("pub enum ThingsResponse", "}").unwrap_or_default();
    let variants = variants.lines().map(str::trim);
    let variants = variants.filter(|line| !line.starts_with("//"));
    Some(format!("{signature} {}", variants.collect::<String>()))
}

#[test]
fn change_of_what_a_method_returns_is_breaking_for_the_sdk() {
    let random = &mut Rng::with_seed(SEED);
    let (mut changed, mut overstated, mut missed) = (0, 0, Vec::new());
    for index in 0..PAIRS {
        let method = if index % 2 == 0 { "get" } else { "post" };
        let old = responses(random);
        let mut new = old;
        change(&mut new, random);
        let (old, new) = (contract(&old, method), contract(&new, method));
        let (Some(before), Some(after)) = (result(&old), result(&new)) else {
            continue;
        };
        let found = differences(&old, &new);
        let is_breaking = (found.iter()).any(|found| found.impact.sdk == Level::Breaking);
        match (before == after, is_breaking) {
            (false, true) => changed += 1,
            (true, false) => {}
            (true, true) => overstated += 1,
            (false, false) => missed.push(format!("{before}\n{after}\n{old}{new}{found:?}")),
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
    assert!(
        changed > PAIRS / 5 && overstated < PAIRS / 20,
        "{changed} {overstated}"
    );
}
