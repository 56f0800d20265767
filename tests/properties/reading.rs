//! Reading never panics, whatever the text; what is hidden stays hidden; YAML and TOML say the same.

use crate::holds;
use crate::sites::{self, Rng, Shape, plan};
use dealwire::diagnostic::{Checked, FileId};
use dealwire::entry;
use dealwire::model::{Entry, Standing};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::sync::Arc;

const FOLDERS: [&str; 7] = ["articles", "deals", "companies", "people", "tags", "threads", "pages"];

fn read(folder: &str, text: &[u8]) -> Checked<Option<Entry>> {
    let zone = TimeZone::get("Europe/Helsinki").expect("a zone");
    let file = FileId::new(&format!("content/{folder}/thing.md"));
    let read = entry::read(&file, text, &zone);
    for f in &read.findings {
        if let Some(span) = f.span {
            assert!(span.start <= span.end && span.end <= text.len() + 1, "{f:?} of {} bytes", text.len());
        }
    }
    read
}

#[test]
fn any_text_is_read_without_a_panic() {
    let yaml = prop::collection::vec(
        prop::sample::select(vec![
            "---\n",
            "+++\n",
            "title",
            ": ",
            " = ",
            "\n",
            "- ",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "\"",
            "'",
            "|\n",
            ">\n",
            "&a ",
            "*a",
            "!!str ",
            "#",
            "date",
            "2018-01-01",
            "T12:00",
            "+03:00",
            "é",
            "诺基亚",
            "\r\n",
            "\t",
            "value",
            "EUR 1bn",
            "deal",
            "true",
            "~",
            "? ",
            "<<",
            "\\u0000",
            "\u{feff}",
            "%YAML 1.2\n",
            "...\n",
        ]),
        0..40,
    );
    let texts = prop_oneof![
        yaml.prop_map(|p| p.concat()),
        any::<String>(),
        "---\n[ -~\n]{0,60}\n---\n",
        "\\+\\+\\+\n[ -~\n]{0,60}\n\\+\\+\\+\n"
    ];
    holds(3000, &(texts, prop::sample::select(&FOLDERS[..]), any::<bool>()), |(text, folder, fenced)| {
        let text = if fenced { format!("---\n{text}\n---\n{text}") } else { text };
        read(folder, text.as_bytes());
        Ok(())
    });
    holds(500, &prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        read("articles", &bytes);
        Ok(())
    });
}

#[test]
fn dates_of_any_letters_are_found_and_crash_nothing() {
    holds(1000, &"[0-9éa诺-]{0,14}[T :Z+]{0,3}[0-9é:]{0,6}", |text: String| {
        for key in ["date", "updated", "embargo", "expires"] {
            read("articles", format!("---\ntitle: T\ndescription: D\n{key}: \"{text}\"\n---\n").as_bytes());
        }
        Ok(())
    });
}

/// A valid file of a random site, and where it lies.
fn valid(seed: u64) -> (String, String, String) {
    let mut rng = Rng::new(seed);
    let plan = plan(&mut rng, Shape { articles: 3, wild: false });
    let i = rng.below(plan.things.len());
    (plan.things[i].sort.folder().to_owned(), plan.text(i), plan.twin(i))
}

#[test]
fn valid_files_with_anything_changed_are_read_without_a_panic() {
    let seed = sites::seed();
    for run in 0..sites::runs(250) {
        let seed = seed.wrapping_add(run);
        println!("DEALWIRE_SEED={seed}");
        let (folder, text, _) = valid(seed);
        let mut rng = Rng::new(seed);
        for _ in 0..12 {
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..=rng.below(3) {
                let at = rng.below(chars.len().max(1));
                let new = rng.pick(&[
                    '\0', '\n', ':', '"', '{', ']', '-', '&', '*', '!', '\u{202e}', '诺', '9', ' ', '#', '\r', '\\',
                ]);
                match rng.below(5) {
                    0 => chars.insert(at, new),
                    1 if !chars.is_empty() => {
                        chars.remove(at);
                    }
                    2 if !chars.is_empty() => chars[at] = new,
                    3 => chars.truncate(at),
                    _ => {
                        let to = (at + rng.below(40)).min(chars.len());
                        let again = chars[at..to].to_vec();
                        chars.splice(at..at, again);
                    }
                }
            }
            let text: String = chars.into_iter().collect();
            read(&folder, text.as_bytes());
        }
    }
}

#[test]
fn no_change_of_a_value_makes_a_hidden_file_public_in_silence() {
    // Whatever stands at the three keys that hide a file: it is public only as far as they were understood.
    let values = prop_oneof![
        prop::sample::select(vec![
            "true",
            "false",
            "True",
            "yes",
            "1",
            "\"true\"",
            "[true]",
            "{}",
            "2030-01-01",
            "2030-01-01T00:00:00Z",
            "soon",
            "[]",
            "2017-06-31T00:00:00Z",
            "2030-01-01T25:00:00Z",
            "~",
            "null",
            "|\n  true"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
    ];
    let at: jiff::Timestamp = "2020-01-01T00:00:00Z".parse().expect("an instant");
    holds(
        3000,
        &(prop::sample::select(vec!["draft", "embargo", "expires", "date"]), values, any::<bool>()),
        move |(key, value, quoted)| {
            let value = if quoted { format!("{:?}", value.replace(['\n', '\\'], "")) } else { value };
            let date = if key == "date" { "" } else { "date: 2018-01-01\n" };
            let text = format!("---\ntitle: T\ndescription: D\n{date}{key}: {value}\n---\nText.\n");
            let read = read("articles", text.as_bytes());
            let is_error = read.findings.iter().any(|f| f.code.starts_with('E'));
            let Some(entry) = read.value else {
                prop_assert!(is_error, "dropped in silence: {}", text);
                return Ok(());
            };
            let public = entry.common().standing(at) == Standing::Public;
            let c = entry.common();
            let bare = value.split(" #").next().unwrap_or("").trim();
            let empty = matches!(bare, "" | "~" | "null") || bare.starts_with('#');
            let understood = match key {
                "draft" => c.draft == (bare == "true") && (bare == "true" || bare == "false" || empty),
                "embargo" => c.embargo.is_some() || empty,
                "expires" => c.expires.is_some() || empty,
                _ => c.date.is_some(),
            };
            prop_assert!(!public || understood || is_error, "public in silence: {}", text);
            prop_assert!(
                !(public && key == "embargo") || c.embargo.is_some() || empty,
                "an embargo that was not understood: {}",
                text
            );
            Ok(())
        },
    );
}

/// Without places in the file.
fn placeless(mut entry: Entry) -> Entry {
    match &mut entry {
        Entry::Article(e) | Entry::Deal(e) => {
            let article = Arc::make_mut(e);
            article.common.body = 0;
            let own = article.deal.as_mut().map(|d| &mut Arc::make_mut(d).steps);
            let steps = own.into_iter().flatten().chain(article.updates.iter_mut().map(|u| &mut u.step));
            steps.for_each(|s| s.place = dealwire::diagnostic::Span::new(0, 0));
        }
        Entry::Company(e) => Arc::make_mut(e).common.body = 0,
        Entry::Person(e) => Arc::make_mut(e).common.body = 0,
        Entry::Tag(e) => Arc::make_mut(e).common.body = 0,
        Entry::Thread(e) => Arc::make_mut(e).common.body = 0,
        Entry::Page(e) => Arc::make_mut(e).common.body = 0,
    }
    entry
}

#[test]
fn yaml_and_toml_say_the_same() {
    let seed = sites::seed();
    for run in 0..sites::runs(150) {
        let seed = seed.wrapping_add(run);
        let (folder, one, other) = valid(seed);
        let (a, b) = (read(&folder, one.as_bytes()), read(&folder, other.as_bytes()));
        let codes =
            |c: &Checked<Option<Entry>>| c.findings.iter().map(|f| (f.code, f.message.clone())).collect::<Vec<_>>();
        assert_eq!(codes(&a), codes(&b), "DEALWIRE_SEED={seed}");
        // `key = value` is one letter longer than `key: value`: only there may the two differ.
        let (a, b) = (placeless(a.value.expect("an entry")), placeless(b.value.expect("an entry")));
        assert_eq!(a, b, "DEALWIRE_SEED={seed}:\n{one}\n{other}");
    }
}

#[test]
fn numbers_of_toml_mean_what_toml_says() {
    let stake = |percent: &str| {
        let text = format!(
            "+++\ntitle = \"T\"\ndescription = \"D\"\ndate = 2018-01-01\n[deal]\nkind = \"acquisition\"\nvalue = \
             \"undisclosed\"\nparties = [{{company = \"a\", roles = [\"acquirer\"]}}, {{company = \"b\", roles = \
             [\"target\"]}}]\nstatus = [{{state = \"announced\", date = 2018-01-01}}]\nstakes = [{{holder = \"a\", of = \
             \"b\", percent = {percent}}}]\n+++\n"
        );
        let read = read("articles", text.as_bytes());
        let Some(Entry::Article(a)) = read.value else { panic!("{:?}", read.findings) };
        a.deal.as_ref().and_then(|d| d.stakes.first().map(|s| s.percent.to_string()))
    };
    for (written, kept) in [("10", Some("10")), ("1_0.5", Some("10.5")), ("50.25", Some("50.25")), ("+7", Some("7"))] {
        assert_eq!(stake(written).as_deref(), kept, "{written}");
    }
    // Other bases are numbers too: they mean what TOML says they mean, or they are refused.
    for (written, meant) in [("0x10", "16"), ("0o17", "15"), ("0b11", "3")] {
        assert!(stake(written).is_none_or(|p| p == meant), "{written} was read as {:?}", stake(written));
    }
    for no in ["inf", "nan", "1e1", "-5", "true"] {
        assert!(stake(no).is_none_or(|p| p == "10"), "{no} was read as {:?}", stake(no));
    }
}

#[test]
fn deep_and_long_front_matter_is_refused_and_quickly() {
    let bombs = [
        format!("---\ntitle: {}\n---\n", "[".repeat(50_000)),
        format!("---\ntitle: {}{}\n---\n", "{a: ".repeat(5_000), "}".repeat(5_000)),
        format!("---\n{}\n---\n", (0..2_000).map(|i| format!("{}k:\n", " ".repeat(i))).collect::<Vec<_>>().concat()),
        format!("+++\ntitle = {}{}\n+++\n", "[".repeat(20_000), "]".repeat(20_000)),
        format!("+++\ntitle = {}{}\n+++\n", "[\n".repeat(20_000), "]\n".repeat(20_000)),
        format!("+++\ntitle = {}\n+++\n", "{a=".repeat(9_000)),
        format!("+++\n{} = 1\n+++\n", vec!["a"; 20_000].join(".")),
        format!("+++\n[{}]\n+++\n", vec!["a"; 20_000].join(".\n")),
        "---\na: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n---\n".to_owned(),
    ];
    for (i, bomb) in bombs.iter().enumerate() {
        let start = std::time::Instant::now();
        let read = read("articles", bomb.as_bytes());
        let is_read = read.value.is_some_and(|e| e.common().legible);
        assert!(!is_read && !read.findings.is_empty(), "bomb {i}");
        assert!(start.elapsed().as_secs() < 10, "bomb {i} took {:?}", start.elapsed());
    }
}
