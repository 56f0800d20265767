//! Dates with their precision, money in its currency, values, royalties and stakes: read, printed, never bent.

use crate::holds;
use dealwire::diagnostic::{Checked, FileId};
use dealwire::model::{Article, Currency, Date, Deal, Entry, Money, MoneyError, Value};
use jiff::civil;
use proptest::prelude::*;
use std::sync::Arc;

fn day() -> impl Strategy<Value = civil::Date> {
    (1000..=9999_i16, 1..=12_i8, 1..=31_i8)
        .prop_filter_map("a day of the calendar", |(y, m, d)| civil::Date::new(y, m, d).ok())
}

fn date() -> impl Strategy<Value = Date> {
    prop_oneof![
        (1000..=9999_i16).prop_map(Date::Year),
        (1000..=9999_i16, 1..=4_i8).prop_map(|(y, q)| Date::Quarter(y, q)),
        (1000..=9999_i16, 1..=12_i8).prop_map(|(y, m)| Date::Month(y, m)),
        day().prop_map(Date::Day),
    ]
}

#[test]
fn a_date_is_printed_as_it_was_read_and_keeps_its_precision() {
    holds(2000, &date(), |date| {
        prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        let (first, last) = (date.first(), date.last());
        prop_assert!(first <= last);
        let days = first.until(last).expect("in range").get_days() + 1;
        let fits = match date {
            Date::Year(_) => (365..=366).contains(&days),
            Date::Quarter(..) => (90..=92).contains(&days),
            Date::Month(..) => (28..=31).contains(&days),
            Date::Day(_) => days == 1,
        };
        prop_assert!(fits, "{} has {} days", date, days);
        // The day before belongs to what is before, the day after to what is after.
        let (before, after) = (first.yesterday(), last.tomorrow());
        prop_assert!(before.is_ok_and(|d| Date::Day(d).is_before(date)));
        prop_assert!(after.is_err() || after.is_ok_and(|d| date.is_before(Date::Day(d))));
        prop_assert!(date.human().contains(&first.year().to_string()));
        prop_assert!(
            matches!(date, Date::Day(_))
                || !date.human().starts_with(|c: char| c.is_ascii_digit())
                || matches!(date, Date::Year(_))
        );
        Ok(())
    });
}

#[test]
fn dates_are_in_order_only_where_every_day_is() {
    holds(4000, &(date(), date(), date()), |(a, b, c)| {
        prop_assert_eq!(a.is_before(b), a.last() < b.first());
        prop_assert!(!(a.is_before(b) && b.is_before(a)));
        prop_assert!(!a.is_before(a));
        prop_assert!(!(a.is_before(b) && b.is_before(c)) || a.is_before(c));
        Ok(())
    });
}

#[test]
fn whatever_else_is_no_date() {
    holds(4000, &"[0-9]{0,5}[-/.Q ]{0,2}[0-9Qq]{0,3}[-T]?[0-9+-]{0,3}", |text: String| {
        if let Some(date) = Date::parse(&text) {
            prop_assert_eq!(date.to_string(), text.replace('q', "Q"));
        }
        Ok(())
    });
    for text in
        ["+017", "2017-+7", "2017-Q+1", "2017-Q01", "2017-00", "2017-07-00", "0999", "２０１７", "2017-Q", "2017-Q3-1"]
    {
        assert_eq!(Date::parse(text), None, "{text}");
    }
}

fn currency() -> impl Strategy<Value = Currency> {
    let current = (0..1000).filter_map(iso_currency::Currency::from_numeric).map(|c| c.code());
    let all = current.chain(["DEM", "FRF", "FIM", "NLG"]).filter_map(Currency::from_code);
    let all: Vec<Currency> = all.filter(|c| c.minor_units() == 2).collect();
    assert!(all.len() > 100);
    prop::sample::select(all)
}

/// Writes cents as "1234.5" or "1,234.50".
fn written(cents: u64, commas: bool) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if commas && i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    if cents.is_multiple_of(100) { grouped } else { format!("{grouped}.{:02}", cents % 100) }
}

/// Cents of an amount that was printed short: 5.44bn, 1,200,500.
fn cents(short: &str) -> Option<u128> {
    let number = short.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let zeros = match &short[number.len()..] {
        "" => 0,
        "m" => 6,
        "bn" => 9,
        "tn" => 12,
        _ => return None,
    };
    let number = number.replace(',', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let digits = format!("{whole}{fraction:0<width$}", width = zeros + 2);
    digits.parse().ok()
}

#[test]
fn money_keeps_its_currency_and_every_cent() {
    let amounts = prop_oneof![
        1..10_000_u64,
        1..100_000_000_000_u64,
        1..100_000_000_000_000_000_u64,
        (1..9999_u64).prop_map(|m| m * 100_000_000)
    ];
    holds(3000, &(currency(), amounts, any::<bool>()), |(currency, amount, commas)| {
        let code = currency.code();
        let money = Money::parse(&format!("{code} {}", written(amount, commas)));
        let money = money.map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
        prop_assert_eq!(money.currency.code(), code);
        prop_assert_eq!(Money::parse(&money.to_string()), Ok(money));
        let human = money.human();
        let (printed_code, short) = human.split_once('\u{a0}').expect("a code");
        prop_assert_eq!(printed_code, code);
        prop_assert_eq!(cents(short), Some(u128::from(amount)), "{}", human);
        prop_assert_eq!(Money::parse(&human), Ok(money), "what a page says can be pasted back: {}", human);
        Ok(())
    });
}

#[test]
fn a_word_for_a_size_is_the_same_as_its_zeros() {
    let sizes = prop::sample::select(vec![
        ("k", 3),
        ("m", 6),
        ("mn", 6),
        ("mln", 6),
        ("million", 6),
        ("bn", 9),
        ("BN", 9),
        (" billion", 9),
        ("b", 9),
        ("tn", 12),
        ("trillion", 12),
    ]);
    holds(1000, &(1..9_999_u64, 0..100_u64, sizes), |(whole, fraction, (word, zeros))| {
        let short = Money::parse(&format!("USD {whole}.{fraction:02}{word}"));
        let long = (u128::from(whole) * 100 + u128::from(fraction)) * 10_u128.pow(zeros) / 100;
        prop_assert_eq!(short, Money::parse(&format!("USD {long}")));
        Ok(())
    });
}

#[test]
fn what_is_no_sum_is_never_read_as_one() {
    holds(4000, &"[A-Z]{0,4}[ \u{a0}]{0,2}-?[0-9,.]{0,40}[a-z ]{0,8}", |text: String| {
        if let Ok(money) = Money::parse(&text) {
            prop_assert!(text.starts_with(money.currency.code()));
            let read: String = text.chars().filter(char::is_ascii_digit).collect();
            let kept: String = money.to_string().chars().filter(char::is_ascii_digit).collect();
            let (read, kept) = (read.trim_matches('0'), kept.trim_matches('0'));
            prop_assert_eq!(read, kept, "{} became {}", text, money);
        }
        Ok(())
    });
    for (text, error) in [
        ("EUR 1.005", MoneyError::MinorUnits(2)),
        ("JPY 0.5", MoneyError::MinorUnits(0)),
        ("ABC 1", MoneyError::Currency("ABC".into())),
        ("EUR 1e9", MoneyError::Shape),
        ("EUR 1.0000000000000000000000000000000000001", MoneyError::Shape),
        ("EUR 99999999999999999999999999999999999", MoneyError::Shape),
        ("EUR 9999999999999999999tn", MoneyError::Shape),
        ("EUR  ", MoneyError::Shape),
        ("EUR 1.234,50", MoneyError::Shape),
        ("EUR 12,34", MoneyError::Shape),
        ("EUR １", MoneyError::Shape),
    ] {
        assert_eq!(Money::parse(text), Err(error), "{text}");
    }
}

/// An article with this deal in it.
fn read(deal: &str) -> Checked<Option<Entry>> {
    let text = format!(
        "---\ntitle: T\ndescription: D\ndate: 2018-01-01\nsources: [{{id: wire, publisher: Wire}}]\ndeal:\n  kind: \
         acquisition\n  parties: [{{company: a, roles: [acquirer]}}, {{company: b, roles: [target]}}]\n  status: [{{state: \
         announced, date: 2018-01}}]\n{deal}---\n"
    );
    dealwire::entry::read(&FileId::new("content/articles/t.md"), text.as_bytes(), &jiff::tz::TimeZone::UTC)
}

fn deal(read: &Checked<Option<Entry>>) -> Option<Arc<Deal>> {
    let Some(Entry::Article(a)) = &read.value else { return None };
    let a: &Article = a;
    a.deal.clone()
}

fn errors(read: &Checked<Option<Entry>>) -> Vec<&str> {
    read.findings.iter().map(|f| f.code).filter(|c| c.starts_with('E')).collect()
}

#[test]
fn the_parts_of_a_value_add_up_to_the_cent_or_are_found() {
    let parts = prop::collection::vec(1..1_000_000_000_000_u64, 1..12);
    holds(600, &(parts, -2..=2_i64), |(parts, slip)| {
        let sum = parts.iter().sum::<u64>();
        let Some(whole) = sum.checked_add_signed(slip).filter(|w| *w > 0) else { return Ok(()) };
        let list: Vec<String> =
            parts.iter().map(|p| format!("{{what: a part, amount: EUR {}}}", written(*p, false))).collect();
        let read = read(&format!("  value: {{amount: EUR {}, parts: [{}]}}\n", written(whole, false), list.join(", ")));
        prop_assert_eq!(errors(&read).contains(&"E0603"), slip != 0, "{:?}", read.findings);
        let deal = deal(&read).expect("a deal");
        let Value::Sum { amount, parts: kept, .. } = &deal.value else { panic!("a sum") };
        prop_assert_eq!(Money::parse(&format!("EUR {}", written(whole, true))), Ok(*amount));
        prop_assert_eq!(kept.len(), parts.len());
        Ok(())
    });
}

#[test]
fn sums_beyond_all_measure_are_found_and_crash_nothing() {
    for amount in
        ["79228162514264337593543950335", "9999999999999tn", "1000000000000000000", "999999999999999999999999"]
    {
        let part = format!("{{what: x, amount: EUR {amount}}}");
        let read = read(&format!("  value: {{amount: EUR 1bn, parts: [{part}, {part}, {part}]}}\n"));
        assert!(!errors(&read).is_empty(), "{amount}");
    }
    let stake = |plus: i64| format!("{{holder: a, of: b, percent: 50, plus_shares: {plus}}}");
    for (x, y) in [(i64::MAX, i64::MAX), (i64::MIN, i64::MIN), (i64::MAX, 1), (1, 2)] {
        let read = read(&format!("  value: undisclosed\n  stakes: [{}, {}]\n", stake(x), stake(y)));
        assert_eq!(errors(&read), ["E0607"], "{x} {y}");
    }
}

#[test]
fn the_ledger_adds_up_what_was_read_to_the_cent() {
    let seed = crate::sites::seed();
    let mut rng = crate::sites::Rng::new(seed);
    let mut files = crate::sites::Files::new();
    for company in ["a", "b"] {
        files.insert(
            format!("content/companies/{company}.md"),
            format!("---\nname: {company}{company}\n---\n").into_bytes().into(),
        );
    }
    let mut sums = std::collections::BTreeMap::new();
    for n in 0..60 {
        let (code, amount) = (rng.pick(&["EUR", "USD", "CNY"]), rng.next() % 99_999_999_999 + 100_000);
        *sums.entry(code).or_insert(0_u128) += u128::from(amount);
        let text = format!(
            "---\ntitle: Deal {n}\nkind: acquisition\nparties: [{{company: a, roles: [acquirer]}}, {{company: b, roles: \
             [target]}}]\nstatus: [{{state: announced, date: 2018-01-0{}}}]\nvalue: {code} {}\n---\n",
            n % 9 + 1,
            written(amount, rng.chance(50))
        );
        files.insert(format!("content/deals/deal-{n}.md"), text.into_bytes().into());
    }
    let settings = "title = \"T\"\nbase_url = \"https://a.example\"\ntimezone = \"UTC\"\n";
    let edition = crate::sites::edition(settings, &files, "2020-01-01T00:00:00Z".parse().expect("an instant"));
    let all = crate::sites::printed(&edition);
    let (_, ledger) = all.iter().find(|(r, _)| r.as_str() == "/deals/").expect("a ledger");
    let ledger = String::from_utf8_lossy(ledger).replace("&nbsp;", "\u{a0}");
    for (code, sum) in sums {
        let said: Vec<u128> = ledger
            .match_indices(&format!("{code}\u{a0}"))
            .filter_map(|(i, m)| {
                let rest = &ledger[i + m.len()..];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !",.".contains(c)).unwrap_or(rest.len());
                cents(rest[..end].trim_end_matches([',', '.']))
            })
            .collect();
        assert!(said.contains(&sum), "DEALWIRE_SEED={seed}: the ledger does not say {code} {sum} cents, but {said:?}");
    }
}

#[test]
fn royalties_and_stakes_are_kept_as_written_and_within_a_hundred_per_cent() {
    let percents = prop::collection::vec((0..=120_u32, 0..1000_u32), 1..5);
    holds(600, &percents, |percents| {
        let text = |(whole, thousandths): &(u32, u32)| format!("{whole}.{thousandths:03}");
        let fits = |p: &(u32, u32)| {
            let m = p.0 * 1000 + p.1;
            m > 0 && m <= 100_000
        };
        let first = &percents[0];
        let royalty = read(&format!("  value: {{royalty: {{percent: {}, per: device, cap: EUR 3}}}}\n", text(first)));
        prop_assert_eq!(errors(&royalty).contains(&"E0605"), !fits(first));
        if fits(first) {
            let deal = deal(&royalty).expect("a deal");
            let human = deal.value.human();
            prop_assert_eq!(&human, &format!("royalty of {}\u{a0}% per device, at most EUR\u{a0}3", text(first)));
        }
        let stakes: Vec<String> = percents
            .iter()
            .enumerate()
            .map(|(i, p)| format!("{{holder: h{i}, of: b, percent: {}}}", text(p)))
            .collect();
        let read = read(&format!("  value: undisclosed\n  stakes: [{}]\n", stakes.join(", ")));
        let sum: u32 = percents.iter().filter(|p| fits(p)).map(|p| p.0 * 1000 + p.1).sum();
        prop_assert_eq!(errors(&read).contains(&"E0606"), sum > 100_000, "{:?}", read.findings);
        prop_assert_eq!(errors(&read).contains(&"E0605"), !percents.iter().all(fits));
        Ok(())
    });
}

#[test]
fn a_range_is_never_upside_down() {
    holds(600, &(1..u64::from(u32::MAX), 1..u64::from(u32::MAX)), |(low, high)| {
        let (l, h) = (written(low, true), written(high, true));
        let read = read(&format!("  value: {{between: [\"EUR {l}\", \"EUR {h}\"]}}\n"));
        prop_assert_eq!(errors(&read).contains(&"E0602"), low > high);
        let twice = crate::numbers::read(&format!("  value: {{between: [\"EUR {l}\", \"USD {h}\"]}}\n"));
        prop_assert!(errors(&twice).contains(&"E0602"), "two currencies are no range");
        Ok(())
    });
}
