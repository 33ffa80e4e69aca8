//! What an editor offers to do with the text at a place: one file an action.
//!
//! An action looks at a [`Context`] and gives an [`Assist`] with its edits, or nothing where it cannot be right. Its edits
//! need not be well laid out: [`finish()`] formats what they touch.
//!
//! **Invariants:** no action loses a comment; the formatter finds nothing to change where an action wrote.

mod arrays;
mod context;
mod device;
mod finish;
mod images;
mod import_name;
mod imports;
mod inline;
mod missing;
mod module;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use context::Context;
pub use finish::finish;
pub use import_name::{Offer, import_name};

use crate::diagnostics::TextEdit;

/// Something to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assist {
    /// Which action it is, for asking again.
    pub id: &'static str,
    /// What it does, for people.
    pub title: String,
    /// What kind of action it is.
    pub kind: AssistKind,
    /// The edits, not formatted yet.
    pub edits: Vec<TextEdit>,
}

/// What kind of action it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AssistKind {
    /// Mends what is missing.
    QuickFix,
    /// Gives something a name of its own.
    Extract,
    /// Puts what has a name where it is used.
    Inline,
    /// Writes the same in another way.
    Rewrite,
    /// Sorts what is imported.
    OrganizeImports,
}

/// Finds one action.
type Finder = fn(&Context) -> Option<Assist>;

/// Every action, in the order in which they are shown.
const ACTIONS: &[Finder] = &[
    images::add_images,
    missing::add_arguments,
    missing::add_node,
    device::extract_device,
    module::extract_module,
    inline::inline_constant,
    inline::inline_device,
    module::inline_module,
    arrays::gather::into_array,
    arrays::gather::into_loop,
    arrays::unroll::unroll_array,
    arrays::unroll::unroll_loop,
    missing::write_chosen,
    imports::sort_imports,
];

/// The actions that can be done at a place. In a text with syntax errors there are none: their edits would rest on a guess.
pub fn assists(context: &Context) -> Vec<Assist> {
    if context.is_broken() {
        return Vec::new();
    }
    ACTIONS.iter().filter_map(|find| find(context)).filter(|assist| !assist.edits.is_empty()).collect()
}
