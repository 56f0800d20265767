//! `dealwire new`: a commented, valid file for a new entry. Asks what it must on a terminal; never replaces a file.

use super::load::{self, Loaded};
use super::{Common, Format, check, code, report};
use crate::catalogue::Noun;
use crate::entry::placeholder;
use crate::model::{Entry, Id, Kind, Role, slug};
use crate::sink::scaffold::{self, Denied};
use std::fmt::Write as _;
use std::io::IsTerminal;
use unicode_normalization::UnicodeNormalization;

/// What is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// A news article
    Article,
    /// A company
    Company,
    /// A person
    Person,
    /// A tag
    Tag,
    /// A running story
    Thread,
    /// A deal record without an article
    Deal,
}

/// What `new` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What
    #[arg(value_enum)]
    what: What,
    /// The headline, or the name
    title: Option<String>,
    /// The file's name without .md, which is the id; else made from the title
    #[arg(long)]
    id: Option<String>,
    /// Of a deal: what happens
    #[arg(long)]
    kind: Option<String>,
    /// Of a deal: a company or person and its roles, such as nokia=licensor,licensee; once for each party
    #[arg(long = "party", value_name = "ID=ROLES")]
    parties: Vec<String>,
}

/// A party of a new deal: the id, whether it is a person, the roles.
type Party = (String, bool, Vec<Role>);

/// Runs the command; returns its exit code.
pub fn run(args: &Args, c: &Common) -> u8 {
    let loaded = match load::load(c) {
        Ok(l) => l,
        Err(f) => return check::failed(&f, Format::Text, false),
    };
    match write(args, &loaded) {
        Ok(file) => {
            if !c.quiet {
                report::say(&format!("{file}\n"));
            }
            code::DONE
        }
        Err((code, message)) => {
            report::tell(&format!("error: {message}\n"));
            code
        }
    }
}

fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

type Failure = (u8, String);

fn write(args: &Args, loaded: &Loaded) -> Result<String, Failure> {
    let usage = |m: String| (code::USAGE, m);
    let title = match &args.title {
        Some(t) => t.clone(),
        None if is_interactive() => dialoguer::Input::<String>::new()
            .with_prompt("Headline or name")
            .interact_text()
            .map_err(|e| usage(e.to_string()))?,
        None => return Err(usage("say the headline or the name: dealwire new article \"Headline\"".to_owned())),
    };
    // What a clipboard or a file name gave: one line, in the form that the checks ask for.
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
    if title.is_empty() || title.chars().any(crate::entry::is_forbidden) {
        return Err(usage("a headline or name has to have visible characters, and no control characters".to_owned()));
    }
    let wanted = args.id.clone().unwrap_or_else(|| short(&slug(&title)));
    let id = Id::parse(&wanted).ok_or_else(|| {
        usage(match &args.id {
            Some(_) => format!("`{wanted}` is no id: expected a-z, 0-9 and hyphens"),
            None => format!("`{title}` has no letter or digit to make a file name of; say one with --id"),
        })
    })?;
    let (noun, folder) = match args.what {
        What::Article => (Noun::Article, format!("articles/{}", year(loaded))),
        What::Deal => (Noun::Article, "deals".to_owned()),
        What::Company => (Noun::Company, "companies".to_owned()),
        What::Person => (Noun::Person, "people".to_owned()),
        What::Tag => (Noun::Tag, "tags".to_owned()),
        What::Thread => (Noun::Thread, "threads".to_owned()),
    };
    if let Some(other) = loaded.edition.catalogue().known(noun, &id) {
        return Err((
            code::REFUSED,
            format!("{} has the id `{id}` already; say another with --id", other.common().file),
        ));
    }
    let text = match args.what {
        What::Article => article(&title, loaded),
        What::Company => company(&title),
        What::Person => person(&title),
        What::Tag => tag(&title),
        What::Thread => thread(&title),
        What::Deal => deal(&title, args, loaded)?,
    };
    let file = format!("content/{folder}/{id}.md");
    scaffold::file(&loaded.root.join(&file), &text).map_err(|d| match d {
        Denied::Refused(m) => (code::REFUSED, m),
        Denied::Io(m) => (code::IO, m),
    })?;
    Ok(file)
}

/// A slug of a length that people can read: whole words, 60 characters.
fn short(slug: &str) -> String {
    if slug.len() <= 60 {
        return slug.to_owned();
    }
    let cut = slug[..60].rfind('-').unwrap_or(60);
    slug[..cut].to_owned()
}

fn year(loaded: &Loaded) -> i16 {
    now(loaded).year()
}

fn now(loaded: &Loaded) -> jiff::ZonedDateTime {
    loaded.edition.catalogue().audience().as_of.to_zoned_datetime(loaded.edition.site().zone.clone())
}

/// A text as YAML, quoted: whatever it holds, it stays one text.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

fn ids(loaded: &Loaded, noun: Noun, most: usize) -> String {
    let all: Vec<&str> = loaded.edition.catalogue().ids(noun).map(Id::as_str).take(most).collect();
    if all.is_empty() { "none yet".to_owned() } else { all.join(", ") }
}

fn article(title: &str, loaded: &Loaded) -> String {
    let date = now(loaded).strftime("%Y-%m-%dT%H:%M:00%:z").to_string();
    let day = now(loaded).date();
    let (people, tags, threads, companies) = (
        ids(loaded, Noun::Person, 8),
        ids(loaded, Noun::Tag, 12),
        ids(loaded, Noun::Thread, 8),
        ids(loaded, Noun::Company, 12),
    );
    format!(
        "---\n\
         title: {}\n\
         description: {}\n\
         date: {date}\n\
         draft: true                  # take this line out to publish\n\
         # embargo: {date}   # hidden until then\n\
         authors: []                  # {people}\n\
         tags: []                     # {tags}\n\
         threads: []                  # {threads}\n\
         # sources:\n\
         #   - {{id: release, kind: press_release, publisher: {}, date: {day}, url: \"https://…\"}}\n\
         # mentions: []               # companies and people that the text names and that are no party\n\
         # deal:                      # if this article opens a deal; to report on a known one: covers: [its-id]\n\
         #   kind: acquisition        # {}\n\
         #   parties:                 # {companies}\n\
         #     - {{company: the-buyer,  roles: [acquirer]}}\n\
         #     - {{company: the-target, roles: [target]}}\n\
         #   status:\n\
         #     - {{state: announced, date: {day}, source: release}}\n\
         #   value: undisclosed       # or EUR 170m, or {{up_to: EUR 1bn, upfront: EUR 100m}}, or none\n\
         ---\n\n\
         {}\n",
        quoted(title),
        quoted(placeholder::ARTICLE),
        placeholder::PUBLISHER,
        words(Kind::ALL.iter().map(|k| k.word())),
        placeholder::FIRST,
    )
}

fn words<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

fn company(name: &str) -> String {
    format!(
        "---\nname: {}\n# legal_name: {}\n# aliases: []          # other names under which texts speak of it\n\
         # country: FI          # ISO 3166-1\n# listings: [{{mic: XHEL, ticker: NOKIA}}]\n# lei:\n# isin:\n# wikidata: Q1418\n\
         # parent: id-of-the-company-that-owns-it\n# website: https://…\n# description: {}\n---\n\n",
        quoted(name),
        placeholder::LEGAL_NAME,
        placeholder::SENTENCE,
    )
}

fn person(name: &str) -> String {
    format!(
        "---\nname: {}\n# aliases: []\n# posts:\n#   - {{company: id-of-a-company, title: Chief executive, from: 2017-06}}\n# description: {}\n---\n\n",
        quoted(name),
        placeholder::SENTENCE,
    )
}

fn tag(title: &str) -> String {
    format!(
        "---\ntitle: {}\n# synonyms: []\n# parent: id-of-a-wider-tag\n# description: {}\n---\n\n",
        quoted(title),
        placeholder::SENTENCE,
    )
}

fn thread(title: &str) -> String {
    format!(
        "---\ntitle: {}\ndescription: {}\ndraft: true                  # take this line out to publish\n# parent: id-of-a-wider-story\n---\n\n{}\n",
        quoted(title),
        quoted(placeholder::THREAD),
        placeholder::STORY,
    )
}

fn deal(title: &str, args: &Args, loaded: &Loaded) -> Result<String, Failure> {
    let usage = |m: String| (code::USAGE, m);
    let kind = match &args.kind {
        Some(word) => Kind::from_word(word).ok_or_else(|| {
            let near = crate::diagnostic::nearest(word, Kind::ALL.iter().map(|k| k.word()));
            usage(format!("`{word}` is no kind of deal; {near}"))
        })?,
        None if is_interactive() => {
            let labels: Vec<&str> = Kind::ALL.iter().map(|k| k.label()).collect();
            let chosen = dialoguer::Select::new()
                .with_prompt("What happens")
                .items(&labels)
                .default(0)
                .interact()
                .map_err(|e| usage(e.to_string()))?;
            Kind::ALL[chosen]
        }
        None => {
            return Err(usage(format!("say what happens with --kind: {}", words(Kind::ALL.iter().map(|k| k.word())))));
        }
    };
    let mut parties: Vec<Party> =
        args.parties.iter().map(|p| party(p, loaded)).collect::<Result<_, _>>().map_err(usage)?;
    let count = |parties: &[Party], role| parties.iter().filter(|p| p.2.contains(&role)).count();
    for (role, least, _) in kind.needs() {
        while count(&parties, *role) < *least {
            if !is_interactive() {
                let needs = words(kind.needs().iter().map(|(r, ..)| r.word()));
                return Err(usage(format!(
                    "a deal of kind `{}` needs these roles: {needs}; name each party with --party id={}",
                    kind.word(),
                    role.word()
                )));
            }
            let prompt = format!("{} (a file name in content/companies or content/people)", role.label());
            let typed = dialoguer::Input::<String>::new()
                .with_prompt(prompt)
                .interact_text()
                .map_err(|e| usage(e.to_string()))?;
            match party(&format!("{}={}", typed.trim(), role.word()), loaded) {
                Ok((id, person, roles)) => match parties.iter_mut().find(|p| p.0 == id) {
                    Some(known) => known.2.extend(roles),
                    None => parties.push((id, person, roles)),
                },
                Err(m) => report::tell(&format!("{m}\n")),
            }
        }
    }
    let mut out = format!(
        "---\ntitle: {}\ndraft: true                  # take this line out to publish\nkind: {}\nparties:\n",
        quoted(title),
        kind.word()
    );
    for (id, person, roles) in &parties {
        let key = if *person { "person" } else { "company" };
        let _ = writeln!(out, "  - {{{key}: {id}, roles: [{}]}}", words(roles.iter().map(|r| r.word())));
    }
    let day = now(loaded).date();
    let _ = write!(
        out,
        "status:\n  - {{state: announced, date: {day}, source: release}}\nsources:\n  - {{id: release, kind: press_release, publisher: {}, date: {day}}}\n",
        quoted(placeholder::PUBLISHER),
    );
    if !kind.is_moneyless() {
        out.push_str("value: undisclosed           # or EUR 170m, or {up_to: EUR 1bn, upfront: EUR 100m}, or none\n");
    }
    out.push_str("# tags: []\n# threads: []\n# jurisdictions: [FI, CN]\n# expected_close: 2025-Q2\n---\n\n");
    Ok(out)
}

/// `nokia=licensor,licensee`, with a known id and known roles.
fn party(text: &str, loaded: &Loaded) -> Result<Party, String> {
    let (id, roles) = text.split_once('=').ok_or_else(|| format!("`{text}` is no party: write nokia=licensor"))?;
    let c = loaded.edition.catalogue();
    let parsed = Id::parse(id).filter(|i| c.known(Noun::Company, i).is_some() || c.known(Noun::Person, i).is_some());
    let Some(parsed) = parsed else {
        let near = crate::diagnostic::nearest(id, c.ids(Noun::Company).chain(c.ids(Noun::Person)).map(Id::as_str));
        return Err(format!("no company or person is called `{id}`; {near}"));
    };
    let person = matches!(c.known(Noun::Person, &parsed), Some(Entry::Person(_)));
    let role = |word: &str| {
        Role::from_word(word.trim()).ok_or_else(|| {
            let near = crate::diagnostic::nearest(word, Role::ALL.iter().map(|r| r.word()));
            format!("`{word}` is no role; {near}")
        })
    };
    Ok((id.to_owned(), person, roles.split(',').map(role).collect::<Result<_, _>>()?))
}
