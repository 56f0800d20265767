//! What many pages show, made once for all of them. Prints nothing.

use crate::pages::Syntax;
use tera::Value;

/// A shape or bytes that many pages show.
pub struct Piece(Made);

enum Made {
    Shape(Value),
    Entry { atom: Vec<u8>, json: Vec<u8> },
}

impl Piece {
    /// A feed's entry in both forms.
    #[must_use]
    pub fn entry(atom: Vec<u8>, json: Vec<u8>) -> Self {
        Self(Made::Entry { atom, json })
    }

    /// A shape; nothing where it cannot be handed to templates.
    #[must_use]
    pub fn shape<T: serde::Serialize>(shape: &T) -> Option<Self> {
        Value::try_from_serializable(shape).ok().map(|v| Self(Made::Shape(v)))
    }

    /// The shape, to stand in a view.
    #[must_use]
    pub fn as_shape(&self) -> Option<&dyn erased_serde::Serialize> {
        match &self.0 {
            Made::Shape(v) => Some(v),
            Made::Entry { .. } => None,
        }
    }

    /// The bytes of a feed's entry.
    #[must_use]
    pub fn as_entry(&self, syntax: Syntax) -> Option<&[u8]> {
        match (&self.0, syntax) {
            (Made::Shape(_), _) => None,
            (Made::Entry { atom, .. }, Syntax::Atom) => Some(atom),
            (Made::Entry { json, .. }, Syntax::Json) => Some(json),
        }
    }
}
