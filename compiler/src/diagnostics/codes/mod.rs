//! Every code that a diagnostic can have, a file for each stage of the compiler.
//!
//! `docs/diagnostics/` is generated from these declarations, and the tests compile each `wrong` and each `right`.

pub mod allocation;
pub mod attributes;
pub mod checks;
pub mod devices;
pub mod files;
pub mod functions;
pub mod heat;
pub mod links;
pub mod names;
pub mod packages;
pub mod structure;
pub mod syntax;
pub mod targets;
pub mod topology;
pub mod values;

use super::Code;

/// Declares the codes of a room: a static for each, and `ALL` in order.
macro_rules! codes {
    ($($id:ident: $title:literal { $explanation:literal wrong: $wrong:literal right: $right:literal })*) => {
        $(
            #[doc = $title]
            pub static $id: $crate::diagnostics::Code = $crate::diagnostics::Code {
                id: stringify!($id), title: $title, explanation: $explanation, wrong: $wrong, right: $right,
            };
        )*
        /// All codes of this room, in order.
        pub static ALL: &[&$crate::diagnostics::Code] = &[$(&$id),*];
    };
}
use codes;

/// Every code, in the order of the ids within each room.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [
        syntax::ALL,
        names::ALL,
        values::ALL,
        functions::ALL,
        attributes::ALL,
        devices::ALL,
        topology::ALL,
        structure::ALL,
        links::ALL,
        allocation::ALL,
        checks::ALL,
        targets::ALL,
        heat::ALL,
        files::ALL,
        packages::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The code with this id, in any case.
pub fn find(id: &str) -> Option<&'static Code> {
    all().find(|code| code.id.eq_ignore_ascii_case(id))
}
