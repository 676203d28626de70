//! The seeds of the fuzz targets, fed to the checks that the targets run. What holds of any bytes is
//! in `fuzz/src/checks.rs`.

#[path = "../../fuzz/src/checks.rs"]
mod checks;

#[test]
fn every_seed_passes_its_check() {
    let seeds = xtask::project_root().join("fuzz/seeds");
    for (target, check) in checks::ALL {
        let mut replayed = 0;
        for entry in std::fs::read_dir(seeds.join(target)).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            check(&std::fs::read(&path).unwrap());
            replayed += 1;
        }
        assert!(replayed >= 5, "{target} has lost its seeds");
    }
}

#[test]
fn every_check_has_a_target() {
    let fuzz = xtask::project_root().join("fuzz");
    let mut seeded: Vec<String> = std::fs::read_dir(fuzz.join("seeds"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    seeded.sort();
    assert_eq!(seeded, checks::ALL.map(|(target, _)| target));
    for (target, _) in checks::ALL {
        let path = fuzz.join(format!("fuzz_targets/{target}.rs"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("checks::{target}(")), "{target}");
    }
}
