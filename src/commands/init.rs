//! `dealwire init DIR`: a new site that builds, with one example of everything.

use super::{Common, code, report};
use crate::diagnostic::FileId;
use crate::sink::scaffold::{self, Denied};
use crate::site::Site;
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

/// What a site can be started with besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum With {
    /// A workflow that publishes, and a Dockerfile
    Github,
}

impl With {
    fn files(self) -> Vec<(String, String)> {
        let Self::Github = self;
        let all = [
            (".github/workflows/publish.yml", include_str!("github/workflow.yml")),
            ("Dockerfile", include_str!("github/dockerfile")),
        ];
        let of_now = |text: &str| text.replace("VERSION", env!("CARGO_PKG_VERSION"));
        all.map(|(name, text)| (name.to_owned(), of_now(text))).into()
    }
}

/// Adds files to a site that is there.
fn add(dir: &Path, with: With, c: &Common) -> u8 {
    for (name, text) in with.files() {
        match scaffold::file(&dir.join(&name), &text) {
            Ok(()) => {
                if !c.quiet {
                    report::say(&format!("{name}\n"));
                }
            }
            Err(denied) => return denied_code(&denied),
        }
    }
    code::DONE
}

fn denied_code(denied: &Denied) -> u8 {
    match denied {
        Denied::Refused(message) => {
            report::tell(&format!("error[E1202]: {message}\n"));
            code::REFUSED
        }
        Denied::Io(message) => {
            report::tell(&format!("error[E1204]: {message}\n"));
            code::IO
        }
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

/// Text between the quotes of a TOML string; JSON's escapes are among TOML's.
fn toml_text(text: &str) -> String {
    let quoted = serde_json::Value::String(text.to_owned()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Runs the command; returns its exit code.
pub fn run(dir: &Path, title: Option<&str>, with: Option<With>, c: &Common) -> u8 {
    if let Some(with) = with.filter(|_| dir.join("site.toml").is_file()) {
        return add(dir, with, c);
    }
    let here = std::env::current_dir().unwrap_or_default();
    let named = std::path::absolute(dir).unwrap_or_else(|_| here.join(dir));
    let name = named.file_name().map_or_else(|| "My site".to_owned(), |n| n.to_string_lossy().replace(['-', '_'], " "));
    let mut first = name.chars();
    let capital = first.next().map_or(String::new(), |f| f.to_uppercase().collect::<String>() + first.as_str());
    let mut title = title.map(str::trim).filter(|t| !t.is_empty()).map_or(capital, str::to_owned);
    let mut base = c.base_url.clone().unwrap_or_else(|| "https://example.com".to_owned());
    let mut zone = "UTC".to_owned();
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let good_zone =
            |t: &str| jiff::tz::TimeZone::get(t).map(|_| ()).map_err(|_| "a name such as Europe/Helsinki".to_owned());
        let some = |t: &str| if t.trim().is_empty() { Err("type a name".to_owned()) } else { Ok(()) };
        let web = |t: &str| {
            if t.starts_with("https://") || t.starts_with("http://") { Ok(()) } else { Err("https://…".to_owned()) }
        };
        let answers = ask("The site's name", &title, some).zip(ask("Its address", &base, web)).zip(ask(
            "Time zone",
            &zone,
            good_zone,
        ));
        let Some(((t, b), z)) = answers else { return code::USAGE };
        (title, base, zone) = (t, b, z);
    }
    let mut all = Vec::new();
    files(&STARTER, &mut all);
    for (name, text) in &mut all {
        if name == "site.toml" {
            *text = text
                .replace("TIMEZONE", &zone)
                .replace("BASE_URL", &toml_text(&base))
                .replace("TITLE", &toml_text(&title));
        }
    }
    all.extend(with.into_iter().flat_map(With::files));
    let settings = all.iter().find(|(name, _)| name == "site.toml").map_or("", |(_, text)| text);
    if let Err(findings) = Site::read(&FileId::new("site.toml"), settings) {
        for f in findings {
            report::tell(&format!("error[{}]: {}; {}\n", f.code, f.message, f.label));
        }
        return code::USAGE;
    }
    match scaffold::site(dir, &all) {
        Ok(()) => {
            if !c.quiet {
                let (place, step) = if named == here {
                    ("this folder".to_owned(), String::new())
                } else {
                    (dir.display().to_string(), format!("  cd {}\n", dir.display()))
                };
                report::say(&format!(
                    "A site was started in {place}. Now type:\n\n{step}  dealwire check                       finds every mistake\n  dealwire new article \"Headline\"      starts an article\n  dealwire build                       writes the site into public/\n"
                ));
            }
            code::DONE
        }
        Err(denied) => denied_code(&denied),
    }
}
