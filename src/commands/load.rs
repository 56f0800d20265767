//! Finds a site, reads it and makes an edition of it. Prints nothing.

use super::{Common, code};
use crate::diagnostic::{Diagnostic, FileId};
use crate::edition::Edition;
use crate::model::{Audience, Date};
use crate::site::{Site, issues};
use crate::{entry, source};
use jiff::Timestamp;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A site that was read.
pub struct Loaded {
    /// Its folder.
    pub root: PathBuf,
    /// What it is now.
    pub edition: Edition,
}

/// Why a site could not be read: the exit code, its folder where it is known, and the findings.
pub struct Failed {
    /// The exit code.
    pub code: u8,
    /// For showing the lines that are wrong.
    pub root: PathBuf,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
}

/// The site's folder.
///
/// # Errors
/// Where there is none.
pub fn root(c: &Common) -> Result<PathBuf, Failed> {
    let here = std::env::current_dir().unwrap_or_default();
    let found = match &c.root {
        Some(dir) => Some(here.join(dir)).filter(|d| d.join(&c.config).is_file()),
        None => source::find_root(&here, &c.config),
    };
    found.ok_or_else(|| {
        let message = match &c.root {
            Some(dir) => format!("there is no {} in {}", c.config, dir.display()),
            None => format!("there is no {} here or in any folder above", c.config),
        };
        let help = "go into a site's folder, name it with --root, or start a site with `dealwire init DIR`";
        Failed { code: code::USAGE, root: here, findings: vec![Diagnostic::bare("E1001", message).help(help)] }
    })
}

/// Where the site is written.
#[must_use]
pub fn output(c: &Common, root: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    c.output.as_ref().map_or_else(|| root.join("public"), |o| here.join(o))
}

/// The settings, with what the command line says instead.
///
/// # Errors
/// E1001, E1002; E1204 when the file cannot be read.
pub fn settings(c: &Common, root: &Path) -> Result<Site, Failed> {
    let file = FileId::new(&c.config);
    let fail = |code, findings| Failed { code, root: root.to_path_buf(), findings };
    let bytes = source::read_one(root, &file).map_err(|d| fail(code::IO, vec![d]))?.unwrap_or_default();
    let text = String::from_utf8(bytes)
        .map_err(|e| fail(code::FINDINGS, vec![Diagnostic::not_utf8(&file, &e.utf8_error())]))?;
    let mut site = Site::read(&file, &text).map_err(|f| fail(code::FINDINGS, f))?;
    if let Some(base) = &c.base_url {
        site.move_to(base).map_err(|d| fail(code::USAGE, vec![d]))?;
    }
    Ok(site)
}

/// The edition's instant: `--as-of`, else `SOURCE_DATE_EPOCH`, else the clock.
pub fn instant(c: &Common, site: &Site) -> Result<Timestamp, Diagnostic> {
    if let Some(text) = &c.as_of {
        return read_instant(text, &site.zone);
    }
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) if !text.is_empty() => {
            text.parse().ok().and_then(|s| Timestamp::from_second(s).ok()).ok_or_else(|| {
                Diagnostic::bare("E0104", format!("SOURCE_DATE_EPOCH is `{text}`"))
                    .help("it has to be a number of seconds since 1970")
            })
        }
        _ => Ok(source::clock()),
    }
}

/// An instant as people write it: a day of the site's zone, or a day and time with an offset.
///
/// # Errors
/// E0104 for what is none.
pub fn read_instant(text: &str, zone: &jiff::tz::TimeZone) -> Result<Timestamp, Diagnostic> {
    let at_midnight = |d: jiff::civil::Date| zone.to_ambiguous_timestamp(d.at(0, 0, 0, 0)).compatible().ok();
    let day = || match Date::parse(text) {
        Some(Date::Day(d)) => at_midnight(d),
        _ => None,
    };
    text.parse().ok().or_else(day).ok_or_else(|| {
        Diagnostic::bare("E0104", format!("`{text}` is no instant"))
            .help("write 2017-07-05, or 2017-07-05T12:00:00+03:00")
    })
}

/// Whether the instant stands still: the command line or the environment says it.
pub fn is_fixed(c: &Common) -> bool {
    c.as_of.is_some() || std::env::var("SOURCE_DATE_EPOCH").is_ok_and(|t| !t.is_empty())
}

/// Reads a site.
///
/// # Errors
/// What keeps an edition from being made at all; everything else is among the edition's findings.
pub fn load(c: &Common) -> Result<Loaded, Failed> {
    let root = root(c)?;
    let fail = |findings: Vec<Diagnostic>| {
        let code = if findings.iter().any(|d| d.code == "E1204") { code::IO } else { code::FINDINGS };
        Failed { code, root: root.clone(), findings }
    };
    let site = settings(c, &root).map_err(|f| with_content(f, &root))?;
    let as_of = instant(c, &site).map_err(|d| Failed { code: code::USAGE, root: root.clone(), findings: vec![d] })?;
    let mut own = source::read_all(&root, &["templates", "static", "i18n"]).map_err(fail)?;
    own.extend(source::read_named(&root, &site.cards.fonts).map_err(fail)?);
    let files = source::find_all(&root, &["content"]).map_err(fail)?;
    // The settings too: findings about them show the line.
    let settings = FileId::new(&c.config);
    let entries: Vec<(FileId, source::Stamp)> = files.iter().filter(|f| entry::is_entry(&f.0)).cloned().collect();
    let config = source::stamp(&root, &settings).map(|s| (settings, s));
    let mut texts = source::Disk::new(&root, files.into_iter().chain(config));
    let zone = site.zone.clone();
    let read = source::read_each(&root, &entries, entry::MAX_FILE as u64 + 1, |file, bytes| {
        let short = (bytes.len() <= source::SHORT).then(|| (file.clone(), Arc::from(&*bytes)));
        ((file.clone(), entry::read(file, &bytes, &zone)), short)
    })
    .map_err(fail)?;
    let (read, short): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    texts.keep(short.into_iter().flatten());
    let audience = Audience { as_of, drafts: c.drafts };
    let mut edition = Edition::new(Arc::new(site), audience, &own, Arc::new(texts)).map_err(fail)?;
    edition.load(read).map_err(|d| fail(vec![d]))?;
    let letters = letters(&root).map_err(fail)?;
    edition.keep_issues(letters.as_deref()).map_err(|d| fail(vec![d]))?;
    Ok(Loaded { root, edition })
}

/// newsletters.toml as it is; nothing where it is not there.
///
/// # Errors
/// E1204, E1206 where it cannot be read.
pub fn letters(root: &Path) -> Result<Option<Arc<[u8]>>, Vec<Diagnostic>> {
    let read = source::read_named(root, &[FileId::new(issues::FILE)])?;
    Ok(read.into_iter().find_map(|change| change.bytes))
}

/// Wrong settings, and what is wrong with content whatever the settings are: all problems in one run.
fn with_content(mut failed: Failed, root: &Path) -> Failed {
    let files = source::find_all(root, &["content"]).unwrap_or_default();
    let entries: Vec<(FileId, source::Stamp)> = files.into_iter().filter(|f| entry::is_entry(&f.0)).collect();
    let zone = jiff::tz::TimeZone::UTC;
    let read = source::read_each(root, &entries, entry::MAX_FILE as u64 + 1, |file, bytes| {
        entry::read(file, &bytes, &zone).findings
    });
    failed.findings.extend(read.unwrap_or_default().into_iter().flatten());
    failed.findings.sort_by_cached_key(Diagnostic::sort_key);
    failed
}

/// Does a job for each number below one, on all threads there are.
pub fn each(n: usize, job: &(dyn Fn(usize) + Sync)) {
    (0..n).into_par_iter().with_max_len((n / 256).clamp(1, source::ROUND)).for_each(job);
}

/// Runs something with as many threads as were asked for.
pub fn threaded<T: Send>(c: &Common, work: impl FnOnce() -> T + Send) -> T {
    let jobs = c.jobs.map_or(0, usize::from);
    match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
