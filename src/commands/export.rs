//! `dealwire export`: the public deals as data, to standard output, for engines that query them. Writes no file.

use super::{Common, Format, check, code, load, report};
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, nearest};
use crate::edition::Edition;
use crate::model::{Earlier, Id};
use crate::pages::Table;
use crate::render::tables;

/// How deals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum As {
    /// Comma-separated values with a line of names first
    Csv,
    /// One JSON array
    Json,
    /// A JSON object a line
    Ndjson,
}

/// What was typed after `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How
    #[arg(value_enum)]
    form: As,
    /// Deals with this tag alone
    #[arg(long, value_name = "ID", conflicts_with = "company")]
    tag: Option<String>,
    /// Deals of this company alone
    #[arg(long, value_name = "ID")]
    company: Option<String>,
}

/// Runs the command; returns its exit code.
pub fn run(c: &Common, args: &Args) -> u8 {
    let loaded = match load::load(c) {
        Ok(l) => l,
        Err(f) => return check::failed(&f, Format::Text, false),
    };
    // A file that is wrong is missing from what follows: better no table than one that lacks a deal.
    let findings = loaded.edition.findings(&Earlier::default());
    if report::counts(&findings).0 > 0 {
        return report::write(&loaded.root, &findings, Format::Text, false);
    }
    let wanted = [(Noun::Tag, &args.tag), (Noun::Company, &args.company)];
    let table = match wanted.into_iter().find_map(|(noun, text)| Some((noun, text.as_deref()?))) {
        None => Table::Ledger,
        Some((noun, text)) => match find(&loaded.edition, noun, text) {
            Ok(id) => Table::Of(noun, id),
            Err(finding) => {
                report::write(&loaded.root, &[finding], Format::Text, false);
                return code::USAGE;
            }
        },
    };
    let bytes = loaded.edition.with_rows(
        &table,
        match args.form {
            As::Csv => tables::csv,
            As::Json => tables::array,
            As::Ndjson => tables::lines,
        },
    );
    match bytes {
        Ok(bytes) => {
            report::say(&String::from_utf8_lossy(&bytes));
            code::DONE
        }
        Err(e) => {
            report::tell(&format!("error: {e}\n"));
            code::IO
        }
    }
}

/// A public thing by its id.
fn find(edition: &Edition, noun: Noun, text: &str) -> Result<Id, Diagnostic> {
    let c = edition.catalogue();
    let found = Id::parse(text).filter(|id| c.public_entry(noun, id).is_some());
    found.ok_or_else(|| {
        let what = if noun == Noun::Tag { "tag" } else { "company" };
        let ids = c.public(noun).map(|e| e.common().id.as_str());
        Diagnostic::bare("E0203", format!("no public {what} is called `{text}`")).help(nearest(text, ids))
    })
}
