//! Edits of a lab as those who draw wish for them: link two nodes, add one, take one out.
//!
//! A [`Wish`] is about the graph; the answer is the smallest edit of the text that brings it about, or a [`Refusal`] with
//! the reason. There is one file an edit. Things of the graph are named by their paths.
//!
//! **Invariants:** no edit loses a comment, apart from the documentation of what it takes out; the formatter finds nothing
//! to change where an edit wrote; what a loop, an array, a module or another file made is not touched.

mod add;
mod group;
mod link;
mod place;
mod remove;
mod set;
#[cfg(test)]
mod tests;

pub use add::{PaletteEntry, palette};
pub use link::{Free, free};
pub use place::renamable;
pub use remove::{Dependent, dependents};
pub use set::{Field, form};

use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::ide::assists::finish;
use serde::Deserialize;

/// What someone wants of the lab.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Wish {
    /// A link between two nodes, or a node and a network.
    Link {
        /// One end.
        from: EndWish,
        /// The other.
        to: EndWish,
    },
    /// A node of a device.
    Add {
        /// The device, as one writes it.
        device: String,
        /// Its name; else one is found.
        name: Option<String>,
    },
    /// Another node like one that is there, without its links.
    Duplicate {
        /// The node.
        id: String,
    },
    /// Nodes, networks and links go, with the links that end at them.
    Delete {
        /// What goes.
        ids: Vec<String>,
    },
    /// An attribute gets a value, or goes.
    Set {
        /// A node, network or link.
        id: String,
        /// The attribute.
        attribute: String,
        /// Its value as one writes it; nothing takes it out.
        value: Option<String>,
    },
    /// Nodes and networks become a module and its instance.
    Group {
        /// What is put into it.
        ids: Vec<String>,
    },
}

/// An end of a link.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct EndWish {
    /// A node or network.
    pub id: String,
    /// An interface of the node; else the compiler chooses.
    pub interface: Option<String>,
}

/// An edit that brings a wish about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// What it does, for people.
    pub title: String,
    /// The edits, formatted.
    pub edits: Vec<TextEdit>,
}

/// Why there is no such edit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// In a sentence.
    pub reason: String,
    /// What would have to be done before: writing out the loop or array.
    pub before: Option<Done>,
}

impl Refusal {
    fn new(reason: impl Into<String>) -> Refusal {
        Refusal { reason: reason.into(), before: None }
    }
}

/// The edit for a wish.
///
/// # Errors
/// Why there is none.
pub fn edit(view: View, wish: &Wish) -> Result<Done, Refusal> {
    let (title, edits) = match wish {
        Wish::Link { from, to } => link::link(view, from, to)?,
        Wish::Add { device, name } => add::add(view, device, name.as_deref())?,
        Wish::Duplicate { id } => add::duplicate(view, id)?,
        Wish::Delete { ids } => remove::delete(view, ids)?,
        Wish::Set { id, attribute, value } => set::set(view, id, attribute, value.as_deref())?,
        Wish::Group { ids } => group::group(view, ids)?,
    };
    finished(view, title, &edits).ok_or_else(|| Refusal::new("the edits do not fit the text"))
}

fn finished(view: View, title: String, edits: &[TextEdit]) -> Option<Done> {
    Some(Done { title, edits: finish(&view.compilation.sources, edits)? })
}
