//! What many pages show, made once for all of them. Prints nothing.

use crate::pages::{Form, Part, Syntax};
use serde::ser::Error;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use tera::Value;
use tera::value::Key;

/// A shape or bytes that many pages show.
pub struct Piece(Made);

enum Made {
    Shape(Value),
    Entry { atom: Vec<u8>, json: Vec<u8> },
    Row { csv: Vec<u8>, json: Vec<u8> },
    Files(BTreeMap<Part, Vec<u8>>),
}

/// A part of a shape that stands in it more than once, made once.
#[derive(Clone)]
pub struct Facet(Option<Value>);

impl Facet {
    /// Of what it shows.
    #[must_use]
    pub fn of<T: Serialize>(part: &T) -> Self {
        Self(Value::try_from_serializable(part).ok())
    }
}

impl Serialize for Facet {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // What cannot be handed to templates spoils the whole shape, which is made anew on each page then.
        self.0.as_ref().ok_or_else(|| S::Error::custom("a part cannot be given to templates"))?.serialize(s)
    }
}

impl Piece {
    /// A feed's entry in both forms.
    #[must_use]
    pub fn entry(atom: Vec<u8>, json: Vec<u8>) -> Self {
        Self(Made::Entry { atom, json })
    }

    /// A table's row in both forms.
    #[must_use]
    pub fn row(csv: Vec<u8>, json: Vec<u8>) -> Self {
        Self(Made::Row { csv, json })
    }

    /// The files of a part of search.
    #[must_use]
    pub const fn files(files: BTreeMap<Part, Vec<u8>>) -> Self {
        Self(Made::Files(files))
    }

    /// A shape; nothing where it cannot be handed to templates.
    #[must_use]
    pub fn shape<T: Serialize>(shape: &T) -> Option<Self> {
        Value::try_from_serializable(shape).ok().map(|v| Self(Made::Shape(v)))
    }

    /// The shape, to stand in a view.
    #[must_use]
    pub fn as_shape(&self) -> Option<&dyn erased_serde::Serialize> {
        match &self.0 {
            Made::Shape(v) => Some(v),
            Made::Entry { .. } | Made::Row { .. } | Made::Files(_) => None,
        }
    }

    /// A member of the shape, to stand in a view.
    #[must_use]
    pub fn as_member(&self, name: &'static str) -> Option<&dyn erased_serde::Serialize> {
        match &self.0 {
            Made::Shape(v) => v.as_map()?.get(&Key::Str(name)).map(|v| v as _),
            Made::Entry { .. } | Made::Row { .. } | Made::Files(_) => None,
        }
    }

    /// The bytes of a feed's entry.
    #[must_use]
    pub fn as_entry(&self, syntax: Syntax) -> Option<&[u8]> {
        match (&self.0, syntax) {
            (Made::Entry { atom, .. }, Syntax::Atom) => Some(atom),
            (Made::Entry { json, .. }, Syntax::Json) => Some(json),
            (Made::Shape(_) | Made::Row { .. } | Made::Files(_), _) => None,
        }
    }

    /// The bytes of a table's row.
    #[must_use]
    pub fn as_row(&self, form: Form) -> Option<&[u8]> {
        match (&self.0, form) {
            (Made::Row { csv, .. }, Form::Csv) => Some(csv),
            (Made::Row { json, .. }, Form::Json) => Some(json),
            (Made::Shape(_) | Made::Entry { .. } | Made::Files(_), _) => None,
        }
    }

    /// The bytes of a file of search.
    #[must_use]
    pub fn as_file(&self, part: Part) -> Option<&[u8]> {
        match &self.0 {
            Made::Files(files) => files.get(&part).map(Vec::as_slice),
            Made::Shape(_) | Made::Entry { .. } | Made::Row { .. } => None,
        }
    }
}
