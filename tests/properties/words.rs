//! Slugs and ids.

use crate::holds;
use dealwire::diagnostic::FileId;
use dealwire::model::{Id, slug};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Nokia",
        "诺基亚",
        "小米",
        "Zürich",
        "C++",
        "AT&T",
        "100 %",
        "—",
        "…",
        "'",
        "’",
        "  ",
        "\t",
        "ß",
        "Ångström",
        "é",
        "e\u{301}",
        "😀",
        "привет",
        "アリババ",
        "한국",
        "#1",
        "..",
        "/",
        "CON",
        "-",
        "_",
        "م",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..8).prop_map(|p| p.concat()), any::<String>()]
}

#[test]
fn a_slug_is_an_id_of_plain_letters_or_empty_and_its_own_slug() {
    holds(3000, &text(), |text| {
        let made = slug(&text);
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        prop_assert!(made.bytes().all(plain), "{}", made);
        prop_assert!(!made.starts_with('-') && !made.ends_with('-') && !made.contains("--"), "{}", made);
        prop_assert_eq!(slug(&made), made.clone());
        prop_assert_eq!(Id::parse(&made).is_some(), (1..=128).contains(&made.len()));
        // The same word however its accents are typed, and whatever its case.
        prop_assert_eq!(slug(&text.nfc().collect::<String>()), slug(&text.nfd().collect::<String>()));
        if text.chars().any(|c| c.is_ascii_alphanumeric()) {
            prop_assert!(!made.is_empty(), "nothing is left of `{}`", text);
        }
        Ok(())
    });
}

#[test]
fn chinese_is_written_as_pinyin() {
    holds(500, &"[\u{4e00}-\u{9fa5}]{1,12}", |text: String| {
        let made = slug(&text);
        prop_assert_eq!(made.split('-').count(), text.chars().count(), "{} of {}", made, text);
        Ok(())
    });
}

#[test]
fn a_file_whose_name_gives_no_slug_is_found() {
    holds(1000, &text(), |text| {
        let name = text.replace(['/', '.'], "");
        let file = FileId::new(&format!("content/tags/{name}.md"));
        let read = dealwire::entry::read(&file, b"---\ntitle: T\n---\n", &jiff::tz::TimeZone::UTC);
        match &read.value {
            Some(entry) => prop_assert_eq!(entry.common().id.as_str(), name.as_str()),
            None => prop_assert!(!read.findings.is_empty(), "`{}` is dropped in silence", name),
        }
        if slug(&name).is_empty() {
            prop_assert!(read.value.is_none());
        }
        Ok(())
    });
}

#[test]
fn names_that_windows_keeps_for_itself_are_no_pages() {
    for name in ["con", "prn", "aux", "nul", "com1", "lpt9"] {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir_all(root.join("content/articles")).expect("a folder");
        std::fs::write(root.join("site.toml"), "title = \"T\"\nbase_url = \"https://a.example\"\ntimezone = \"UTC\"\n")
            .expect("a file");
        let text = "---\ntitle: T\ndescription: D\ndate: 2018-01-01\n---\nText.\n";
        std::fs::write(root.join(format!("content/articles/{name}.md")), text).expect("a file");
        let mut dealwire = std::process::Command::new(env!("CARGO_BIN_EXE_dealwire"));
        let done = dealwire.arg("build").arg("--root").arg(root).output().expect("dealwire runs");
        assert_eq!(done.status.code(), Some(1), "{name}");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.contains("E1201") && said.contains(name), "{said}");
        assert!(!root.join("public").exists(), "{name}");
    }
}
