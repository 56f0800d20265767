//! Shapes whose members are given to templates one by one: only those that are asked for. Prints nothing.

/// A shape with its members by name.
pub trait Members {
    /// The names, in their order.
    const NAMES: &'static [&'static str];

    /// The member of a name.
    fn member(&self, name: &str) -> Option<&dyn erased_serde::Serialize>;
}

/// Says which members of a shape templates get.
macro_rules! members {
    ($shape:ident: $($member:ident)*) => {
        impl $crate::pages::Members for $shape<'_> {
            const NAMES: &'static [&'static str] = &[$(stringify!($member)),*];

            fn member(&self, name: &str) -> Option<&dyn erased_serde::Serialize> {
                match name {
                    $(stringify!($member) => Some(&self.$member),)*
                    _ => None,
                }
            }
        }
    };
}

pub(super) use members;
