//! What the built-in languages say, and what is said of files of strings that are wrong.

use super::*;
use crate::diagnostic::FileId;
use crate::model::{Date, Money, Value};

const ENGLISH: &str = include_str!("../../i18n/en.ftl");
const CHINESE: &str = include_str!("../../i18n/zh-Hans.ftl");

fn locale(language: &str) -> Locale {
    Locale::new(language, &[], &[]).0
}

fn file(name: &str, text: &str) -> Change {
    Change { file: FileId::new(&format!("i18n/{name}")), bytes: Some(text.as_bytes().to_vec().into()) }
}

fn told(language: &str, name: &str, text: &str) -> Vec<String> {
    let (_, found) = Locale::new(language, &[file(name, text)], &[]);
    found.iter().map(|d| format!("{} {} / {}", d.code, d.message, d.help)).collect()
}

#[test]
fn the_built_in_languages_are_whole() {
    assert_eq!(told("en", "en.ftl", ENGLISH), [""; 0]);
    assert_eq!(told("zh-Hans", "zh-Hans.ftl", CHINESE), [""; 0]);
    for language in ["en-GB", "zh", "zh-CN", "zh-Hans-SG"] {
        assert!(Locale::new(language, &[], &[]).1.is_empty(), "{language}");
    }
    for language in ["en", "zh-Hans"] {
        let words = locale(language);
        assert!(Kind::ALL.iter().all(|k| !words.kind(*k).is_empty()));
        assert!(Role::ALL.iter().all(|r| !words.role(*r).is_empty()));
        assert!(State::ALL.iter().all(|s| !words.state(*s).is_empty()));
    }
    assert!(Kind::ALL.iter().all(|k| locale("en").kind(*k) == k.label()));
    assert!(Role::ALL.iter().all(|r| locale("en").role(*r) == r.label()));
    assert!(State::ALL.iter().all(|s| locale("en").state(*s) == s.label()));
}

#[test]
fn dates_as_precise_as_they_are() {
    let (en, zh) = (locale("en-GB"), locale("zh-Hans"));
    for (text, english, brief, chinese) in [
        ("2017", "2017", "2017", "2017年"),
        ("2017-Q3", "third quarter of 2017", "Q3 2017", "2017年第三季度"),
        ("2017-07", "July 2017", "Jul 2017", "2017年7月"),
        ("2017-07-05", "5\u{a0}July 2017", "5\u{a0}Jul 2017", "2017年7月5日"),
    ] {
        let date = Date::parse(text).expect(text);
        assert_eq!((en.date(date).as_str(), en.brief(date).as_str()), (english, brief));
        assert_eq!((en.date(date), en.brief(date)), (date.human(), date.brief()));
        assert_eq!(zh.date(date), chinese);
    }
}

#[test]
fn money_is_never_rounded() {
    let (en, zh) = (locale("en"), locale("zh-CN"));
    for (text, english, chinese) in [
        ("USD 1.7bn", "USD\u{a0}1.7bn", "17亿美元"),
        ("EUR 170m", "EUR\u{a0}170m", "1.7亿欧元"),
        ("EUR 5.44bn", "EUR\u{a0}5.44bn", "54.4亿欧元"),
        ("CNY 1.2345bn", "CNY\u{a0}1,234.5m", "123,450万元人民币"),
        ("USD 20m", "USD\u{a0}20m", "2,000万美元"),
        ("USD 3tn", "USD\u{a0}3tn", "3万亿美元"),
        ("EUR 1,234,567", "EUR\u{a0}1,234,567", "1,234,567欧元"),
        ("USD 12.50", "USD\u{a0}12.5", "12.5美元"),
        ("JPY 950", "JPY\u{a0}950", "950日元"),
        ("DEM 170m", "DEM\u{a0}170m", "1.7亿DEM"),
    ] {
        let money = Money::parse(text).expect(text);
        assert_eq!(en.money(money), english);
        assert_eq!(en.money(money), money.human());
        assert_eq!(zh.money(money), chinese);
    }
    let sum = Money::parse("EUR 2bn").expect("money");
    assert_eq!(zh.value(&Value::UpTo { most: sum, upfront: None }), "最高20亿欧元");
    assert_eq!(zh.value(&Value::Undisclosed(Vec::new())), "未披露");
}

#[test]
fn plurals_are_those_of_the_language() {
    let (en, zh) = (locale("en"), locale("zh-Hans"));
    assert_eq!((en.count("unit-deals", 1), en.count("unit-deals", 2)), ("deal".to_owned(), "deals".to_owned()));
    assert_eq!(zh.count("unit-deals", 1), "项交易");
    let polish =
        file("pl.ftl", "search-found = { $n } { $n ->\n    [one] wynik\n    [few] wyniki\n   *[many] wyników\n}\n");
    let pl = Locale::new("pl", &[polish], &[]).0;
    let forms = pl.forms("search-found", &[]);
    let of = |c: &str| forms.get(c).map(String::as_str);
    assert_eq!((of("one"), of("few"), of("many")), (Some("{n} wynik"), Some("{n} wyniki"), Some("{n} wyników")));
    assert_eq!(pl.count("search-found", 22), "22 wyniki");
    // What stands in for a missing string goes by the plurals of its own language.
    assert_eq!(pl.count("unit-deals", 22), "deals");
}

#[test]
fn a_site_overrides_key_by_key() {
    let own = [file("zh-Hans.ftl", "home = 头版\n"), file("en.ftl", "home = Front\ncorrection = Erratum\n")];
    let (zh, found) = Locale::new("zh-CN", &own, &[]);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!((zh.text("home"), zh.text("correction"), zh.text("topics")), ("头版", "更正", "话题"));
    let en = Locale::new("en-GB", &own, &[]).0;
    assert_eq!((en.text("home"), en.text("correction"), en.text("topics")), ("Front", "Erratum", "Topics"));
}

#[test]
fn what_is_wrong_is_told() {
    let starts = |found: Vec<String>, parts: &[&str]| {
        assert_eq!(found.len(), parts.len(), "{found:?}");
        assert!(found.iter().zip(parts).all(|(f, p)| f.starts_with(p)), "{found:?}");
    };
    starts(
        told("en", "en.ftl", "hoem = Front\n"),
        &["W1104 nothing asks for the string `hoem` / did you mean `home`?"],
    );
    starts(
        told("en", "en.ftl", "pair = { $one } + { $othr }\n"),
        &["E1102 the string `pair` gets no `$othr` / did you mean `other`?"],
    );
    starts(told("en", "en.ftl", "home = A\nhome = B\n"), &["E1102 the string `home` stands here twice"]);
    starts(told("en", "en.ftl", "home = A\n= B\n"), &["E1102 "]);
    starts(told("de", "de.ftl", "home = Start\n"), &["W1103 not all strings are in `de`: "]);
    starts(
        told("fi", "de.ftl", ""),
        &["W1103 the interface has no strings in `fi`: English stands in / put them into i18n/fi.ftl"],
    );
    assert_eq!(told("en", "en.ftl", "own-key = A\n").len(), 1);
    let asked = Locale::new("en", &[file("en.ftl", "own-key = A\n")], &["own-key".to_owned()]);
    assert!(asked.1.is_empty() && asked.0.text("own-key") == "A");
}
