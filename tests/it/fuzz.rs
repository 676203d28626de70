//! The seeds of the fuzz targets, fed to the checks that the targets run. What holds of any bytes is
//! in `fuzz/src/checks.rs`.

#[expect(
    unreachable_pub,
    reason = "the targets are another package, and call what is public there"
)]
#[path = "../../fuzz/src/checks.rs"]
mod checks;

#[allow(
    clippy::print_stdout,
    reason = "shown when a check fails: the last line names the seed"
)]
#[test]
fn every_seed_passes_its_check() {
    // The transport is built by hand, with a reqwest that has been told to expect one.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let seeds = xtask::project_root().join("fuzz/seeds");
    for (target, check) in checks::ALL {
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
fn every_check_has_a_target() {
    let fuzz = xtask::project_root().join("fuzz");
    for (target, _) in checks::ALL {
        let path = fuzz.join(format!("fuzz_targets/{target}.rs"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("checks::{target}(")), "{target}");
    }
}
