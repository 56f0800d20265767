//! Shapes whose members are given to templates one by one: only those that are asked for. Prints nothing.

/// A shape with its members by name.
pub trait Members {
    /// The names, in their order.
    const NAMES: &'static [&'static str];

    /// Hands every member to `take`, in their order.
    fn each<'s>(&'s self, take: &mut dyn FnMut(&'static str, &'s dyn erased_serde::Serialize));
}

/// Says which members of a shape templates get.
macro_rules! members {
    ($shape:ident: $($member:ident)*) => {
        impl $crate::pages::Members for $shape<'_> {
            const NAMES: &'static [&'static str] = &[$(stringify!($member)),*];

            fn each<'s>(&'s self, take: &mut dyn FnMut(&'static str, &'s dyn erased_serde::Serialize)) {
                $(take(stringify!($member), &self.$member);)*
            }
        }
    };
}

pub(super) use members;
