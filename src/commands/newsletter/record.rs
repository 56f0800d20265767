//! newsletters.json: what earlier newsletters told, so that nothing is told twice. The program writes it; editors keep it
//! with their files.

use crate::diagnostic::{Diagnostic, FileId};
use crate::model::Id;
use crate::pages::{Letter, Told};
use crate::source;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file's name below the root.
pub const NAME: &str = "newsletters.json";

/// A newsletter that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Its day, with a number behind it from the second one of a day on: the name of its files and its page.
    pub name: String,
    /// When it was made.
    pub sent: Timestamp,
    /// From when on it tells.
    pub since: Timestamp,
    /// What is in it, by count and period.
    pub headline: String,
    /// Ids of articles in it.
    pub articles: Vec<String>,
    /// Ids of deals in it.
    pub deals: Vec<String>,
    /// Corrections in it: the article's id and the day.
    #[serde(default)]
    pub corrections: Vec<String>,
}

impl Issue {
    /// Of a letter.
    pub fn of(name: &str, sent: Timestamp, since: Timestamp, letter: &Letter<'_>) -> Self {
        let ids = |of: &[&Id]| of.iter().map(ToString::to_string).collect();
        Self {
            name: name.to_owned(),
            sent,
            since,
            headline: letter.headline.clone(),
            articles: ids(&letter.articles),
            deals: ids(&letter.told),
            corrections: letter.corrections.iter().map(|c| c.id.clone()).collect(),
        }
    }
}

/// Every newsletter, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Newsletters.
    pub issues: Vec<Issue>,
}

impl Record {
    /// Reads it; empty where there is none.
    ///
    /// # Errors
    /// E1401 where it is damaged, E1204 where it cannot be read: without it, things would be told twice.
    pub fn read(root: &Path) -> Result<Self, Diagnostic> {
        let file = FileId::new(NAME);
        let Some(bytes) = source::read_one(root, &file)? else { return Ok(Self::default()) };
        let damaged = |message: String| {
            Diagnostic::of("E1401", &file, message)
                .help("take it from your last copy: without it, readers would be told things twice")
        };
        let record: Self = serde_json::from_slice(&bytes).map_err(|e| damaged(format!("it cannot be read: {e}")))?;
        let ids = record.issues.iter().flat_map(|i| i.articles.iter().chain(&i.deals));
        if let Some(wrong) = ids.into_iter().find(|id| Id::parse(id).is_none()) {
            return Err(damaged(format!("`{wrong}` is no id")));
        }
        if let Some(pair) = record.issues.windows(2).find(|p| p[0].sent > p[1].sent) {
            return Err(damaged(format!("`{}` stands after `{}`", pair[1].name, pair[0].name)));
        }
        if let Some(wrong) = record.issues.iter().find(|i| Id::parse(&i.name).is_none()) {
            return Err(damaged(format!("`{}` is no name of a newsletter", wrong.name)));
        }
        Ok(record)
    }

    /// As it is written.
    pub fn encode(&self) -> Vec<u8> {
        // Texts and numbers can always be written.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Everything that was told.
    pub fn told(&self) -> Told {
        let ids = |of: &[String]| of.iter().filter_map(|id| Id::parse(id)).collect::<Vec<_>>();
        let mut told = Told::default();
        for issue in &self.issues {
            told.articles.extend(ids(&issue.articles));
            told.deals.extend(ids(&issue.deals));
            told.corrections.extend(issue.corrections.iter().cloned());
        }
        told
    }

    /// The name of one that is made on a day: a second one of the day has a number.
    pub fn next_name(&self, day: &str) -> String {
        let is_free = |name: &String| self.issues.iter().all(|i| i.name != *name);
        let numbered = (2..).map(|n| format!("{day}-{n}"));
        std::iter::once(day.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
    }
}
