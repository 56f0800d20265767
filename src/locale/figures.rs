//! Dates, numbers and money as a language writes them. Nothing is rounded, and no date becomes more precise than it was.

use super::Locale;
use crate::model::{Date, Money, Value, money};
use jiff::civil;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

fn named(months: &[String], month: i8) -> &str {
    usize::try_from(month - 1).ok().and_then(|i| months.get(i)).map_or("", String::as_str)
}

impl Locale {
    /// The name of a month, 1 to 12.
    #[must_use]
    pub fn month(&self, month: i8) -> &str {
        named(&self.months, month)
    }

    /// A day.
    #[must_use]
    pub fn day(&self, day: civil::Date) -> String {
        self.on_day("date-day", self.month(day.month()), day)
    }

    fn on_day(&self, key: &str, month: &str, day: civil::Date) -> String {
        let number = day.month().into();
        let args =
            [("day", day.day().into()), ("month", month.into()), ("number", number), ("year", day.year().into())];
        self.with(key, &args)
    }

    /// From one day to another, both included.
    #[must_use]
    pub fn period(&self, first: civil::Date, last: civil::Date) -> String {
        let key = match (first.year() == last.year(), first.month() == last.month()) {
            _ if first == last => return self.day(first),
            (true, true) => "period-in-month",
            (true, false) => "period-in-year",
            _ => "period",
        };
        let (from, to) = (self.day(first), self.day(last));
        let args = [
            ("from", (&from).into()),
            ("to", (&to).into()),
            ("day", first.day().into()),
            ("month", self.month(first.month()).into()),
            ("number", first.month().into()),
            ("year", first.year().into()),
            ("lastday", last.day().into()),
            ("lastnumber", last.month().into()),
        ];
        self.with(key, &args)
    }

    /// A month of a year.
    #[must_use]
    pub fn month_of(&self, year: i16, month: i8) -> String {
        let args = [("month", self.month(month).into()), ("number", month.into()), ("year", year.into())];
        self.with("date-month", &args)
    }

    /// A date, as precise as it is.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        match date {
            Date::Year(y) => self.with("date-year", &[("year", y.into())]),
            Date::Quarter(y, q) => {
                let name = self.text(&format!("quarter-{q}"));
                self.with("date-quarter", &[("quarter", q.into()), ("name", name.into()), ("year", y.into())])
            }
            Date::Month(y, m) => self.month_of(y, m),
            Date::Day(d) => self.day(d),
        }
    }

    /// The same where there is little room.
    #[must_use]
    pub fn brief(&self, date: Date) -> String {
        let short = |m: i8| named(&self.months_short, m);
        match date {
            Date::Year(y) => self.with("date-year-brief", &[("year", y.into())]),
            Date::Quarter(y, q) => self.with("date-quarter-brief", &[("quarter", q.into()), ("year", y.into())]),
            Date::Month(y, m) => {
                let args = [("month", short(m).into()), ("number", m.into()), ("year", y.into())];
                self.with("date-month-brief", &args)
            }
            Date::Day(d) => self.on_day("date-day-brief", short(d.month()), d),
        }
    }

    /// The day and, unless it is midnight, the time of an instant in a zone.
    #[must_use]
    pub fn moment(&self, instant: jiff::Timestamp, zone: &TimeZone) -> String {
        let local = instant.to_zoned_datetime(zone.clone());
        let day = self.day(local.date());
        if (local.hour(), local.minute()) == (0, 0) {
            return day;
        }
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        let name = local.strftime("%Z").to_string();
        self.with("date-moment", &[("day", (&day).into()), ("time", (&time).into()), ("zone", (&name).into())])
    }

    /// An amount in the words of its size, where these lose nothing: 5.44bn, 54.4亿.
    #[must_use]
    pub fn amount(&self, amount: Decimal) -> String {
        for (zeros, word) in &self.scales {
            let unit = Decimal::from(10_u64.pow(*zeros));
            let scaled = (amount / unit).normalize();
            if amount.abs() >= unit && scaled.scale() <= self.places && scaled * unit == amount {
                return [self.grouped(scaled).as_str(), word].concat();
            }
        }
        self.grouped(amount)
    }

    /// Digits in groups of three.
    #[must_use]
    pub fn grouped(&self, amount: Decimal) -> String {
        let text = money::group(amount);
        let (group, point) = (self.text("number-group"), self.text("number-point"));
        if (group, point) == (",", ".") {
            return text;
        }
        let mark = |c: char| match c {
            ',' => group.to_owned(),
            '.' => point.to_owned(),
            c => c.to_string(),
        };
        text.chars().map(mark).collect()
    }

    /// Money with its currency.
    #[must_use]
    pub fn money(&self, money: Money) -> String {
        let code = money.currency.code();
        let currency = self.maybe(&["currency-", code].concat()).unwrap_or(code);
        self.with("money", &[("amount", (&self.amount(money.amount)).into()), ("currency", currency.into())])
    }

    /// What a deal is worth.
    #[must_use]
    pub fn value(&self, value: &Value) -> String {
        let with = |key: &str, args: &[(&str, &String)]| {
            self.with(key, &args.iter().map(|(n, t)| (*n, (*t).into())).collect::<Vec<_>>())
        };
        match value {
            Value::Undisclosed(_) => self.text("value-undisclosed").to_owned(),
            Value::None => self.text("value-none").to_owned(),
            Value::Sum { amount, approx: true, .. } => with("value-about", &[("value", &self.money(*amount))]),
            Value::Sum { amount, .. } => self.money(*amount),
            Value::Between(low, high) => {
                with("value-between", &[("low", &self.money(*low)), ("high", &self.money(*high))])
            }
            Value::UpTo { most, upfront: Some(u) } => {
                with("value-up-to-upfront", &[("most", &self.money(*most)), ("upfront", &self.money(*u))])
            }
            Value::UpTo { most, upfront: None } => with("value-up-to", &[("most", &self.money(*most))]),
            Value::Royalty { percent, per, cap } => {
                let percent = self.decimal(*percent);
                match cap {
                    Some(cap) => {
                        with("value-royalty-cap", &[("percent", &percent), ("per", per), ("cap", &self.money(*cap))])
                    }
                    None => with("value-royalty", &[("percent", &percent), ("per", per)]),
                }
            }
        }
    }

    /// A number with the language's point, its digits as they are.
    #[must_use]
    pub fn decimal(&self, number: Decimal) -> String {
        number.to_string().replace('.', self.text("number-point"))
    }
}
