//! The seeds of the fuzz targets, fed to the checks that the targets run. What holds of any bytes is
//! in `fuzz/src`.

#[expect(
    unreachable_pub,
    reason = "the targets are another package, and call what is public there"
)]
#[path = "../../fuzz/src/checks.rs"]
mod checks;

#[expect(
    unreachable_pub,
    reason = "the targets are another package, and call what is public there"
)]
#[path = "../../fuzz/src/contract.rs"]
mod contract;

/// Every target with its check, and the module that it is in.
fn targets() -> impl Iterator<Item = (&'static str, &'static str, checks::Check)> {
    let of = |module: &'static str| move |(target, check)| (module, target, check);
    let sdk = checks::ALL.into_iter().map(of("checks"));
    sdk.chain(contract::ALL.into_iter().map(of("contract")))
}

#[test]
fn every_seed_passes_its_check() {
    let seeds = xtask::project_root().join("fuzz/seeds");
    for (_, target, check) in targets() {
        let mut replayed = 0;
        for entry in std::fs::read_dir(seeds.join(target)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let seed = std::panic::catch_unwind(|| check(&bytes));
            assert!(seed.is_ok(), "{} does not pass", path.display());
            replayed += 1;
        }
        assert!(replayed >= 5, "{target} has lost its seeds");
    }
}

#[test]
fn every_target_has_a_check() {
    let fuzz = xtask::project_root().join("fuzz/fuzz_targets");
    let mut files = 0;
    for (module, target, _) in targets() {
        let text = std::fs::read_to_string(fuzz.join(format!("{target}.rs"))).unwrap();
        assert!(text.contains(&format!("{module}::{target}(")), "{target}");
        files += 1;
    }
    assert_eq!(std::fs::read_dir(fuzz).unwrap().count(), files);
}
