//! Deals as rows of data with stable columns: what the files beside the ledger and `export` hold. Prints nothing.

use super::{Atlas, Page, Scope, Sheet};
use crate::catalogue::{DealKey, Noun, Sorted};
use crate::model::{Deal, Id, Money, Value, Who};
use rust_decimal::Decimal;
use serde::Serialize;
use std::borrow::Cow;

/// Which deals a table holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// All.
    Ledger,
    /// Those of a company, or with a tag.
    Of(Noun, Id),
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// One JSON object with the deals in it.
    Json,
}

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nobody said, or it does not apply.
    Nothing,
    /// Words.
    Text(Cow<'a, str>),
    /// An exact number.
    Number(Decimal),
    /// Several words, in order.
    List(Vec<Cow<'a, str>>),
}

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words, always.
    Text,
    /// Words or nothing.
    MaybeText,
    /// A number.
    Number,
    /// A number or nothing.
    MaybeNumber,
    /// Several words.
    List,
}

/// A column: its name, what it holds, what that means. Columns are added at the end and never change their meaning.
pub const COLUMNS: [(&str, Holds, &str); 27] = [
    ("id", Holds::Text, "Stable name of the deal: it survives a change of its address."),
    ("title", Holds::Text, "Short name of the deal."),
    ("kind", Holds::Text, "What happens, such as patent_licence; neutral as to who does what."),
    ("state", Holds::Text, "How far the deal has come, such as announced or closed."),
    ("date", Holds::MaybeText, "Of announcement or signing, as precise as its source: 2017, 2017-07 or 2017-07-05."),
    ("state_date", Holds::MaybeText, "Since when the state holds, in the same form."),
    ("expected_close", Holds::MaybeText, "When the deal should close, in the same form."),
    ("parties", Holds::List, "Names of the parties, in reading order."),
    ("party_ids", Holds::List, "Stable names of the parties, in the same order."),
    ("party_roles", Holds::List, "Their roles, in the same order; several roles of one party are joined by +."),
    ("party_countries", Holds::List, "Their countries (ISO 3166-1 alpha-2), in the same order; empty where unknown."),
    (
        "value_kind",
        Holds::Text,
        "What is known of the value: exact, about, range, up_to, royalty, undisclosed, or none where money is not its nature.",
    ),
    ("currency", Holds::MaybeText, "Of all amounts of this row (ISO 4217)."),
    ("amount", Holds::MaybeNumber, "The value where it is exact or about, in units of the currency."),
    ("amount_low", Holds::MaybeNumber, "The low end of a range."),
    ("amount_high", Holds::MaybeNumber, "The high end of a range, or the most that may be paid."),
    ("upfront", Holds::MaybeNumber, "Paid at once, of a value that may grow."),
    ("royalty_percent", Holds::MaybeNumber, "A share of sales, in per cent."),
    ("value", Holds::Text, "The value as it is printed: Undisclosed where nobody said."),
    ("jurisdictions", Holds::List, "Countries that the deal concerns (ISO 3166-1 alpha-2)."),
    ("tags", Holds::List, "Stable names of its tags."),
    ("threads", Holds::List, "Stable names of the running stories it belongs to."),
    ("follows", Holds::MaybeText, "Stable name of the deal that this one follows from."),
    ("articles", Holds::Number, "How many articles open, cover or update it."),
    ("sources", Holds::List, "Addresses of the sources that have one."),
    ("url", Holds::MaybeText, "Address of its page."),
    ("modified", Holds::MaybeText, "Last significant change of what was written about it (RFC 3339)."),
];

/// A deal; cells in the order of [`COLUMNS`].
pub type Row<'a> = [Cell<'a>; COLUMNS.len()];

/// The files of a table, and how to cite it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DataFiles {
    /// Path of the CSV file.
    pub csv: String,
    /// Path of the JSON file.
    pub json: String,
    /// Path of the JSON Schema.
    pub schema: String,
    /// A line to cite it by.
    pub citation: String,
    /// The licence's name, where site.toml has one.
    pub licence: Option<String>,
    /// The licence's address, where site.toml has one.
    pub licence_url: Option<String>,
}

/// A table to be written.
#[derive(Clone, Debug)]
pub struct TableView<'a> {
    /// How.
    pub form: Form,
    /// Its title.
    pub title: String,
    /// Address of the page it belongs to.
    pub page: String,
    /// Address of its JSON Schema.
    pub schema: String,
    /// A line to cite it by.
    pub citation: String,
    /// Newest first.
    pub deals: Vec<&'a Deal>,
}

fn text<'a>(words: impl Into<Cow<'a, str>>) -> Cell<'a> {
    Cell::Text(words.into())
}

fn maybe<'a>(words: Option<impl Into<Cow<'a, str>>>) -> Cell<'a> {
    words.map_or(Cell::Nothing, text)
}

fn list<'a, T: Into<Cow<'a, str>>>(words: impl IntoIterator<Item = T>) -> Cell<'a> {
    Cell::List(words.into_iter().map(Into::into).collect())
}

/// What is known of a value: the kind, the currency, the amount, low, high, upfront, the royalty.
fn value_cells<'a>(value: &Value) -> [Cell<'a>; 7] {
    let code = |m: &Money| text(m.currency.code());
    let sum = |m: &Money| Cell::Number(m.amount);
    let mut cells = [const { Cell::Nothing }; 7];
    let kind = match value {
        Value::Undisclosed(_) => "undisclosed",
        Value::None => "none",
        Value::Sum { amount, approx, .. } => {
            (cells[1], cells[2]) = (code(amount), sum(amount));
            if *approx { "about" } else { "exact" }
        }
        Value::Between(low, high) => {
            (cells[1], cells[3], cells[4]) = (code(low), sum(low), sum(high));
            "range"
        }
        Value::UpTo { most, upfront } => {
            (cells[1], cells[4]) = (code(most), sum(most));
            cells[5] = upfront.as_ref().map_or(Cell::Nothing, sum);
            "up_to"
        }
        Value::Royalty { percent, cap, .. } => {
            cells[6] = Cell::Number(*percent);
            if let Some(cap) = cap {
                (cells[1], cells[4]) = (code(cap), sum(cap));
            }
            "royalty"
        }
    };
    cells[0] = text(kind);
    cells
}

impl<'a> Atlas<'a> {
    /// Whether a table has a file.
    #[must_use]
    pub fn has_table(&self, table: &Table) -> bool {
        let o = &self.site.outputs;
        self.site.is_main()
            && o.deals
            && o.data
            && match table {
                Table::Ledger => true,
                Table::Of(noun, id) => {
                    self.has_page(*noun, id) && self.keys_of(table).is_some_and(|keys| !keys.is_empty())
                }
            }
    }

    /// Every table that has files.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let things = [Noun::Company, Noun::Tag]
            .into_iter()
            .flat_map(|noun| self.catalogue.public(noun).map(move |e| Table::Of(noun, e.common().id.clone())));
        std::iter::once(Table::Ledger).chain(things).filter(|t| self.has_table(t)).collect()
    }

    fn keys_of(&self, table: &Table) -> Option<&'a Sorted<DealKey>> {
        let l = self.catalogue.lists();
        match table {
            Table::Ledger => Some(&l.deals),
            Table::Of(Noun::Company, id) => l.deals_by_company.get(id),
            Table::Of(Noun::Tag, id) => l.deals_by_tag.get(id),
            Table::Of(..) => None,
        }
    }

    /// The page that a table belongs to.
    #[must_use]
    pub fn page_of_table(&self, table: &Table) -> Page {
        match table {
            Table::Ledger => Page::Ledger(Scope::All, Sheet::HEAD),
            Table::Of(noun, id) => Page::Thing(*noun, id.clone(), Sheet::HEAD),
        }
    }

    /// The files of a table, where it has any.
    #[must_use]
    pub fn data_files(&self, table: &Table) -> Option<DataFiles> {
        self.has_table(table).then(|| DataFiles {
            csv: self.path(&Page::Table(table.clone(), Form::Csv)),
            json: self.path(&Page::Table(table.clone(), Form::Json)),
            schema: self.path(&Page::Named(super::Named::Schema)),
            citation: self.citation(table),
            licence: self.site.data.licence.clone(),
            licence_url: self.site.data.licence_url.clone(),
        })
    }

    fn table_title(&self, table: &Table) -> String {
        match table {
            Table::Ledger => self.words.text("deals").to_owned(),
            Table::Of(noun, id) => {
                let name = self.link(*noun, id).map_or(id.as_str(), |l| l.title);
                self.words.with("table-of", &[("name", name.into())])
            }
        }
    }

    /// A line to cite a table by. It names the day of the newest deal and no other: the same deals, the same line.
    fn citation(&self, table: &Table) -> String {
        let keys = self.keys_of(table);
        let count = keys.map_or(0, |keys| keys.len());
        let newest = keys
            .and_then(|keys| keys.last())
            .map_or(String::new(), |k| self.words.with("citation-newest", &[("date", (&self.words.day(k.0)).into())]));
        let licence = self.site.data.licence.as_ref();
        let licence = licence.map_or(String::new(), |l| self.words.with("citation-licence", &[("licence", l.into())]));
        let (title, page) = (self.table_title(table), self.address(&self.page_of_table(table)));
        self.words.with(
            "citation",
            &[
                ("publisher", (&self.site.publisher).into()),
                ("title", (&title).into()),
                ("n", count.into()),
                ("newest", (&newest).into()),
                ("page", (&page).into()),
                ("licence", (&licence).into()),
            ],
        )
    }

    /// A table to be written.
    pub(super) fn table(&self, table: &Table, form: Form) -> Option<TableView<'a>> {
        self.has_table(table).then(|| TableView {
            form,
            title: format!("{} — {}", self.table_title(table), self.site.title),
            page: self.address(&self.page_of_table(table)),
            schema: self.address(&Page::Named(super::Named::Schema)),
            citation: self.citation(table),
            deals: self.deals_of(table).collect(),
        })
    }

    /// The rows of a table, newest first.
    #[must_use]
    pub fn rows(&self, table: &Table) -> Vec<Row<'a>> {
        self.deals_of(table).map(|d| self.row(d)).collect()
    }

    fn deals_of(&self, table: &Table) -> impl Iterator<Item = &'a Deal> {
        let keys = self.keys_of(table).into_iter().flatten().rev();
        keys.filter_map(|k| self.catalogue.deal(&k.1)).map(|d| &**d)
    }

    /// The row of a deal.
    #[must_use]
    pub fn row(&self, deal: &'a Deal) -> Row<'a> {
        let c = self.catalogue;
        let steps = c.steps(deal);
        let main = super::shapes::main_step(deal);
        let opener = c.opener(&deal.id);
        let ids = |ids: &'a [Id]| list(ids.iter().map(Id::as_str));
        let shown =
            |noun, of: &'a [Id]| list(of.iter().filter(|id| c.public_entry(noun, id).is_some()).map(Id::as_str));
        let country = |who: &Who| match who {
            Who::Company(id) => c.company(id).and_then(|c| c.country.as_deref()).unwrap_or(""),
            Who::Person(_) => "",
        };
        let roles = deal.parties.iter().map(|p| p.roles.iter().map(|r| r.word()).collect::<Vec<_>>().join("+"));
        let [value_kind, currency, amount, low, high, upfront, royalty] = value_cells(&deal.value);
        let sources = opener.into_iter().flat_map(|a| &a.sources).filter_map(|s| s.url.as_deref());
        let page = Page::Deal(deal.id.clone());
        let none: &'a [Id] = &[];
        [
            text(deal.id.as_str()),
            text(&deal.title),
            text(deal.kind.word()),
            text(self.state(deal).word()),
            maybe(main.map(|s| s.date.machine())),
            maybe(steps.last().map(|s| s.0.date.machine())),
            maybe(deal.expected_close.map(crate::model::Date::machine)),
            list(deal.parties.iter().map(|p| self.name(&p.who))),
            list(deal.parties.iter().map(|p| match &p.who {
                Who::Company(id) | Who::Person(id) => id.as_str(),
            })),
            list(roles),
            list(deal.parties.iter().map(|p| country(&p.who))),
            value_kind,
            currency,
            amount,
            low,
            high,
            upfront,
            royalty,
            text(self.words.value(&deal.value).replace('\u{a0}', " ")),
            list(deal.jurisdictions.iter().map(String::as_str)),
            opener.map_or_else(|| ids(none), |a| shown(Noun::Tag, &a.tags)),
            opener.map_or_else(|| ids(none), |a| shown(Noun::Thread, &a.threads)),
            maybe(deal.follows.as_ref().filter(|id| c.deal(id).is_some()).map(Id::as_str)),
            Cell::Number(c.lists().by_deal.get(&deal.id).map_or(0, |keys| keys.len()).into()),
            list(sources),
            maybe(self.site.outputs.deals.then(|| self.address(&page))),
            maybe(self.modified(&page)),
        ]
    }
}
