//! What many pages show, made once for all of them. Prints nothing.

use tera::Value;

/// A shape or bytes that many pages show.
pub struct Piece(Made);

enum Made {
    Shape(Value),
    Bytes(Vec<u8>),
}

impl Piece {
    /// Bytes.
    #[must_use]
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self(Made::Bytes(bytes))
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
            Made::Bytes(_) => None,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Made::Shape(_) => None,
            Made::Bytes(b) => Some(b),
        }
    }
}
