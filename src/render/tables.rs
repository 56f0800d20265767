//! Deals as CSV (RFC 4180), JSON, JSON lines and their JSON Schema (draft 2020-12). Pure: rows -> bytes.

use super::Piece;
use crate::model::Deal;
use crate::pages::{Atlas, COLUMNS, Cell, Form, Holds, Row, TableView};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::io;

/// A row as a JSON object with the columns in order.
struct Object<'a, 'b>(&'b Row<'a>);

impl Serialize for Object<'_, '_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(self.0.len()))?;
        for ((name, ..), cell) in COLUMNS.iter().zip(self.0) {
            match cell {
                Cell::Nothing => map.serialize_entry(name, &())?,
                Cell::Text(words) => map.serialize_entry(name, words)?,
                Cell::List(words) => map.serialize_entry(name, words)?,
                // By its digits: a float would round what is exact.
                Cell::Number(n) => {
                    let digits = RawValue::from_string(n.normalize().to_string());
                    map.serialize_entry(name, &digits.map_err(serde::ser::Error::custom)?)?;
                }
            }
        }
        map.end()
    }
}

/// What a JSON file says before its deals.
#[derive(serde::Serialize)]
struct Head<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    title: &'a str,
    url: &'a str,
    publisher: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence_url: Option<&'a str>,
    citation: &'a str,
    count: usize,
}

/// A deal's row, made once for all tables that hold it.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn piece(atlas: &Atlas<'_>, deal: &Deal) -> io::Result<Piece> {
    let row = atlas.row(deal);
    Ok(Piece::row(record(&row)?, member(&row)?))
}

/// A table in the form it asks for.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn print(atlas: &Atlas<'_>, table: &TableView<'_>) -> io::Result<Vec<u8>> {
    let site = atlas.site;
    let rows = table.deals.iter().map(|deal| match (atlas.ready.row(&deal.id, table.form), table.form) {
        (Some(made), _) => Ok(Cow::Borrowed(made)),
        (None, Form::Csv) => record(&atlas.row(deal)).map(Cow::Owned),
        (None, Form::Json) => member(&atlas.row(deal)).map(Cow::Owned),
    });
    let rows = rows.collect::<io::Result<Vec<Cow<'_, [u8]>>>>()?;
    match table.form {
        // Without the mark, spreadsheets take UTF-8 for something else, and Chinese names for noise.
        Form::Csv => Ok([b"\xef\xbb\xbf".to_vec(), names()?, rows.concat()].concat()),
        Form::Json => {
            let head = Head {
                schema: &table.schema,
                title: &table.title,
                url: &table.page,
                publisher: &site.publisher,
                licence: site.data.licence.as_deref(),
                licence_url: site.data.licence_url.as_deref(),
                citation: &table.citation,
                count: rows.len(),
            };
            let mut bytes = serde_json::to_vec_pretty(&head)?;
            bytes.truncate(bytes.len() - "\n}".len());
            bytes.extend_from_slice(b",\n  \"deals\": [");
            bytes.extend_from_slice(&rows.join(&b","[..]));
            bytes.extend_from_slice(if rows.is_empty() { b"]\n}\n" } else { b"\n  ]\n}\n" });
            Ok(bytes)
        }
    }
}

/// A row as it stands in the list of a JSON file, from the end of the line before it on.
fn member(row: &Row<'_>) -> io::Result<Vec<u8>> {
    let object = serde_json::to_string_pretty(&Object(row))?;
    // No text of JSON holds the end of a line.
    Ok(format!("\n{object}").replace('\n', "\n    ").into_bytes())
}

fn records(write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> csv::Result<()>) -> io::Result<Vec<u8>> {
    let mut w = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    write(&mut w)?;
    w.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// The first line of CSV.
fn names() -> io::Result<Vec<u8>> {
    records(|w| w.write_record(COLUMNS.iter().map(|c| c.0)))
}

/// A line of CSV. Lists are joined by `; `. What a spreadsheet would take for a formula gets an apostrophe before it
/// (OWASP, CSV injection).
fn record(row: &Row<'_>) -> io::Result<Vec<u8>> {
    records(|w| {
        w.write_record(row.iter().map(|cell| match cell {
            Cell::Nothing => String::new(),
            Cell::Text(words) => harmless(words),
            Cell::Number(n) => n.normalize().to_string(),
            Cell::List(words) => harmless(&words.join("; ")),
        }))
    })
}

/// Rows as CSV with a line of names first.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn csv(rows: &[Row<'_>]) -> io::Result<Vec<u8>> {
    let mut out = names()?;
    for row in rows {
        out.extend(record(row)?);
    }
    Ok(out)
}

fn harmless(words: &str) -> String {
    let starts = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if starts { format!("'{words}") } else { words.to_owned() }
}

/// Rows as JSON objects, one a line.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn lines(rows: &[Row<'_>]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut out, &Object(row))?;
        out.push(b'\n');
    }
    Ok(out)
}

/// Rows as one JSON array.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn array(rows: &[Row<'_>]) -> io::Result<Vec<u8>> {
    let mut out = serde_json::to_vec_pretty(&rows.iter().map(Object).collect::<Vec<_>>())?;
    out.push(b'\n');
    Ok(out)
}

/// The JSON Schema of the JSON files; `#/$defs/deal` is that of a line of `export ndjson`.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn schema(address: &str) -> io::Result<Vec<u8>> {
    let mut properties = Map::new();
    for (name, holds, about) in COLUMNS {
        let kind = match holds {
            Holds::Text => json!("string"),
            Holds::MaybeText => json!(["string", "null"]),
            Holds::Number => json!("number"),
            Holds::MaybeNumber => json!(["number", "null"]),
            Holds::List => json!("array"),
        };
        let mut property = json!({ "description": about, "type": kind });
        if holds == Holds::List {
            property["items"] = json!({ "type": "string" });
        }
        properties.insert(name.to_owned(), property);
    }
    let words = |about: &str| json!({ "description": about, "type": "string" });
    let names: Vec<Value> = COLUMNS.iter().map(|c| json!(c.0)).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "Deals",
        "description": "A table of deals. New columns are added at the end; none changes its meaning.",
        "type": "object",
        "required": ["title", "url", "publisher", "citation", "count", "deals"],
        "properties": {
            "$schema": words("Address of this schema."),
            "title": words("Name of the table."),
            "url": words("Address of the page that shows it."),
            "publisher": words("Who publishes it."),
            "licence": words("Under which licence."),
            "licence_url": words("Address of the licence."),
            "citation": words("A line to cite the table by."),
            "count": { "description": "How many deals.", "type": "integer", "minimum": 0 },
            "deals": { "description": "Newest first.", "type": "array", "items": { "$ref": "#/$defs/deal" } },
        },
        "$defs": { "deal": {
            "type": "object", "required": names, "properties": properties, "additionalProperties": true,
        } },
    });
    let mut bytes = serde_json::to_vec_pretty(&schema)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for words in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1+1"] {
            assert_eq!(harmless(words), format!("'{words}"));
        }
        for words in ["Nokia", "诺基亚", "a=b", "2017-07-05", "'x"] {
            assert_eq!(harmless(words), words);
        }
    }
}
