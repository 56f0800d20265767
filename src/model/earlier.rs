//! What was true of the edition before: where things stood, and what its deals were said to be. Plain data.

use super::Route;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What readers were told of a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The value, as printed.
    pub value: String,
    /// Ids of the parties with their roles, in order of ids.
    pub parties: Vec<String>,
    /// How many corrections, clarifications and updates its articles have.
    pub corrections: usize,
}

/// What is known of the edition before.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// Where things stood, by names that survive a change of address.
    pub addresses: BTreeMap<String, Route>,
    /// What deals were said to be, by id.
    pub facts: BTreeMap<String, Fact>,
}
