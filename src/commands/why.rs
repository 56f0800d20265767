//! `dealwire why FILE`: one line on why a file is or is not on the site, and where.

use super::{Common, Format, check, code, load, report};
use crate::catalogue::Noun;
use crate::diagnostic::FileId;
use crate::edition::Edition;
use crate::model::{Entry, Route, Shelf, Standing};
use std::path::{Component, Path, PathBuf};

/// Runs the command; returns its exit code.
pub fn run(c: &Common, file: &Path) -> u8 {
    let loaded = match load::load(c) {
        Ok(l) => l,
        Err(f) => return check::failed(&f, Format::Text, false),
    };
    let here = std::env::current_dir().unwrap_or_default();
    let root = plain(&here.join(&loaded.root));
    let below = [here.join(file), root.join(file)].iter().map(|p| plain(p)).find_map(|p| {
        let parts: Vec<String> =
            p.strip_prefix(&root).ok()?.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
        let id = FileId::new(&parts.join("/"));
        crate::source::read_one(&loaded.root, &id).ok().flatten().map(|_| id)
    });
    let Some(id) = below else {
        report::tell(&format!("error: there is no file {} below {}\n", file.display(), loaded.root.display()));
        return code::USAGE;
    };
    report::say(&format!("{id}: {}\n", reason(&loaded.edition, &id)));
    code::DONE
}

/// A path without `.` and `..`, by its names alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

fn reason(edition: &Edition, file: &FileId) -> String {
    let site = edition.site();
    if let Some(route) = edition.route_of(file) {
        return format!("public, at {}{}", site.base_url, route.url());
    }
    let Some(entry) = edition.entry_of(file) else {
        let path = file.path();
        let mut routes = edition.routes().into_iter();
        let name = path.rsplit('/').next().unwrap_or(path);
        let published = if path.starts_with("content/") {
            let is_it = |r: &Route| r.as_str().ends_with(&format!("/{name}"));
            edition.image_of(file).or_else(|| routes.find(is_it))
        } else {
            None
        };
        return match published {
            Some(route) => format!("public, at {}{}, because a public text refers to it", site.base_url, route.url()),
            None if path.starts_with("static/") => edition
                .asset(path)
                .map_or_else(|| "not published".to_owned(), |r| format!("public, at {}{}", site.base_url, r.url())),
            None if path.starts_with("templates/") => {
                "a template; it replaces the built-in one of the same name, or is new".to_owned()
            }
            None if path.starts_with("i18n/") => "words of the interface, in place of the built-in ones".to_owned(),
            None if path.starts_with("content/") && path.ends_with(".md") => {
                "not on the site: it has errors; `dealwire check` shows them".to_owned()
            }
            None if path.starts_with("content/") => "not on the site: no public text refers to it".to_owned(),
            None => "not part of the site: it is in none of content/, templates/, static/, i18n/".to_owned(),
        };
    };
    if !entry.common().legible {
        return "not on the site: it has errors; `dealwire check` shows them".to_owned();
    }
    let when = |t| crate::pages::iso(t, &site.zone);
    match entry.common().standing(edition.catalogue().audience().as_of) {
        Standing::Draft => "not on the site: it is a draft (draft: true)".to_owned(),
        Standing::Embargoed(t) => format!("not on the site yet: under embargo until {}", when(t)),
        Standing::Scheduled(t) => format!("not on the site yet: dated {}", when(t)),
        Standing::Expired(t) => format!("not on the site any more: expired {}", when(t)),
        Standing::Public if entry.common().translation_of.is_some() => {
            "not on the site: what it translates is not, or has its page in no other language".to_owned()
        }
        Standing::Public if switched_off(edition, entry) => {
            "not on the site: [outputs] of site.toml leaves out pages of its kind".to_owned()
        }
        Standing::Public => "not on the site: nothing public refers to it".to_owned(),
    }
}

fn switched_off(edition: &Edition, entry: &Entry) -> bool {
    let o = &edition.site().outputs;
    match Noun::of(entry) {
        Noun::Company => !o.companies,
        Noun::Person => !o.people,
        Noun::Tag => !o.tags,
        Noun::Thread => !o.threads,
        Noun::Article => matches!(entry, Entry::Deal(_)) && !o.deals,
        Noun::Page => false,
    }
}
