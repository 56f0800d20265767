//! `dealwire init DIR`: a new site that builds, with one example of everything.

use super::{Common, code, report};
use crate::sink::scaffold::{self, Denied};
use include_dir::{Dir, include_dir};
use std::io::IsTerminal;
use std::path::Path;

static STARTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/commands/starter");

fn files(dir: &'static Dir<'static>, out: &mut Vec<(String, String)>) {
    for f in dir.files() {
        let name = f.path().to_string_lossy().replace('\\', "/");
        let name = if name == "gitignore" { ".gitignore".to_owned() } else { name };
        out.push((name, f.contents_utf8().unwrap_or("").to_owned()));
    }
    for d in dir.dirs() {
        files(d, out);
    }
}

fn ask(question: &str, default: &str, is_good: impl Fn(&str) -> Result<(), String>) -> Option<String> {
    dialoguer::Input::<String>::new()
        .with_prompt(question)
        .default(default.to_owned())
        .validate_with(|t: &String| is_good(t))
        .interact_text()
        .ok()
}

/// Text between the quotes of a TOML string.
fn toml_text(text: &str) -> String {
    let quoted = toml::Value::String(text.to_owned()).to_string();
    quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).map_or_else(|| text.replace(['"', '\\', '\n'], " "), str::to_owned)
}

/// Runs the command; returns its exit code.
pub fn run(dir: &Path, title: Option<&str>, c: &Common) -> u8 {
    let name = dir.file_name().map_or_else(|| "My site".to_owned(), |n| n.to_string_lossy().replace(['-', '_'], " "));
    let mut first = name.chars();
    let capital = first.next().map_or(String::new(), |f| f.to_uppercase().collect::<String>() + first.as_str());
    let mut title = title.map_or(capital, str::to_owned);
    let mut base = c.base_url.clone().unwrap_or_else(|| "https://example.com".to_owned());
    let mut zone = "UTC".to_owned();
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let good_zone = |t: &str| jiff::tz::TimeZone::get(t).map(|_| ()).map_err(|_| "a name such as Europe/Helsinki".to_owned());
        let some = |t: &str| if t.trim().is_empty() { Err("type a name".to_owned()) } else { Ok(()) };
        let web = |t: &str| if t.starts_with("https://") || t.starts_with("http://") { Ok(()) } else { Err("https://…".to_owned()) };
        let answers = ask("The site's name", &title, some).zip(ask("Its address", &base, web)).zip(ask("Time zone", &zone, good_zone));
        let Some(((t, b), z)) = answers else { return code::USAGE };
        (title, base, zone) = (t, b, z);
    }
    let mut all = Vec::new();
    files(&STARTER, &mut all);
    for (name, text) in &mut all {
        if name == "site.toml" {
            *text = text.replace("TITLE", &toml_text(&title)).replace("BASE_URL", &toml_text(&base)).replace("TIMEZONE", &zone);
        }
    }
    match scaffold::site(dir, &all) {
        Ok(()) => {
            if !c.quiet {
                let shown = dir.display();
                report::say(&format!(
                    "A site was started in {shown}. Now type:\n\n  cd {shown}\n  dealwire check                       finds every mistake\n  dealwire new article \"Headline\"      starts an article\n  dealwire build                       writes the site into public/\n"
                ));
            }
            code::DONE
        }
        Err(Denied::Refused(message)) => {
            report::tell(&format!("error[E1202]: {message}\n"));
            code::REFUSED
        }
        Err(Denied::Io(message)) => {
            report::tell(&format!("error[E1204]: {message}\n"));
            code::IO
        }
    }
}
