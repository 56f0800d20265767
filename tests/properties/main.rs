//! What holds for every value: routes and pages, words, dates and numbers, and reading front matter.
#![allow(clippy::disallowed_methods, reason = "a test writes sites, runs the program and measures")]

mod numbers;
mod reading;
mod routes;
#[path = "../sites/mod.rs"]
mod sites;
mod words;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

/// Tries a property on so many random values; a failure is shrunk, and shown with the seed.
fn holds<S: Strategy>(cases: u32, values: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seed = sites::seed();
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    if let Err(e) = runner.run(values, property) {
        panic!("DEALWIRE_SEED={seed}: {e}");
    }
}
