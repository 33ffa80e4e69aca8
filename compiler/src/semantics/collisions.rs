//! What the author wrote out, and the lock keeps for somebody else. The author wins, and has to say so.

use super::links::ends_path;
use super::world::{EndTarget, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::allocation as codes;
use crate::source::Span;

/// How many entries of the lock one diagnostic names.
const MOST_NAMED: usize = 4;

/// An entry of the lock.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its key.
    pub key: String,
    /// Where its owner wants the value; none where the owner is gone.
    pub wanted_at: Option<Span>,
}

impl<'a> World<'a> {
    /// Reports a value that the author wrote at `span`, and that these entries of the lock keep for others.
    pub fn report_collision(&mut self, value: &str, span: Span, kept: &[Kept]) {
        let [first, others @ ..] = kept else { return };
        let gone = if first.wanted_at.is_none() { ", which is gone" } else { "" };
        let more = match others.len() {
            0 => String::new(),
            1 => ", and more of it for another".to_owned(),
            count => format!(", and more of it for {count} others"),
        };
        let message = format!(
            "{value} is written out here, and the lock keeps it for {}{gone}{more}",
            owner_in_words(&first.key)
        );
        let keys: Vec<String> =
            kept.iter().take(MOST_NAMED).map(|kept| format!("--release {}", quoted(&kept.key))).collect();
        let file = self.program.unit(0).and_then(|unit| self.program.sources.get(unit.file));
        let file = quoted_if_needed(file.map_or("", |file| file.name.as_str()));
        let keys = keys.join(" ");
        let mut help = format!("write another value, or make the lock let go of it:\n  wtop lock {keys} {file}");
        if kept.iter().any(|kept| kept.wanted_at.is_none()) {
            help.push_str(&format!("\nor of everything that is gone:\n  wtop lock --prune {file}"));
        }
        let mut diagnostic = Diagnostic::new(&codes::E0612, span, message, "collides with the lock").help(help);
        for kept in kept.iter().take(MOST_NAMED) {
            if let Some(at) = kept.wanted_at.filter(|at| *at != span) {
                diagnostic = diagnostic.label(at, format!("the lock has `{}` for this", kept.key));
            }
        }
        self.report(diagnostic);
    }
}

impl<'a> World<'a> {
    /// Is an entry of the lock about this link, perhaps from before interfaces were written at its ends? `kind` is what
    /// stands before the path in the key.
    pub fn is_of_link(&self, key: &str, kind: &str, link: usize) -> bool {
        let Some(entry) = self.links.get(link) else { return false };
        let Some(rest) = key.strip_prefix(kind) else { return false };
        let forms = entry.ends.each_ref().map(|end| {
            let node = match &end.target {
                EndTarget::Node(node, _) => EndTarget::Node(*node, None),
                network => network.clone(),
            };
            [self.end_label(&end.target), self.end_label(&node)]
        });
        let [left, right] = &forms;
        let paths = left.iter().flat_map(|left| right.iter().map(move |right| ends_path(left, right)));
        let paths: Vec<String> = paths.collect();
        // A link of several has its name before its ends.
        let name = paths.first().and_then(|ends| entry.path.strip_suffix(ends.as_str())).unwrap_or_default();
        let mut paths = paths.iter().map(|ends| format!("{name}{ends}")).chain([entry.path.clone()]);
        paths.any(|path| rest.strip_prefix(&path).is_some_and(|rest| rest.starts_with([' ', '#'])))
    }
}

/// Whose value an entry is, from its key: "`link h1--h2`".
fn owner_in_words(key: &str) -> String {
    let (kind, rest) = key.split_once(' ').unwrap_or(("", key));
    let without_last = |text: &str, count: usize| text.rsplitn(count + 1, ' ').nth(count).unwrap_or(text).to_owned();
    match kind {
        // `pool OWNER ATTRIBUTE POSITION`
        "pool" => format!("`{}`", without_last(rest, 2)),
        // `interface LINK NODE`, and a number where both ends are of one node.
        "interface" => {
            let places = if node_of_key(key) == rest.rsplit(' ').next().unwrap_or_default() { 1 } else { 2 };
            format!("the link `{}`", without_last(rest, places))
        }
        // `address LINK NODE`, `management NODE`, and a number from the second family on.
        _ => format!("`{}`", node_of_key(key)),
    }
}

/// The node of a key that ends with one, and perhaps a number: `address lan--h2 h2 2`.
pub fn node_of_key(key: &str) -> &str {
    let is_name = |word: &&str| word.parse::<usize>().is_err();
    key.rsplit(' ').find(is_name).unwrap_or_default()
}

/// A word for the shell, in quotes.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A word for the shell, in quotes if it needs them.
fn quoted_if_needed(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { quoted(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_pasted() {
        assert_eq!(owner_in_words("pool link h1--h2 subnet 0"), "`link h1--h2`");
        assert_eq!(owner_in_words("address lan--h2 h2 2"), "`h2`");
        assert_eq!(owner_in_words("management h2"), "`h2`");
        assert_eq!(owner_in_words("interface a--a a 2"), "the link `a--a`");
        assert_eq!(owner_in_words("interface fw:ge-0/0/0--h1 h1"), "the link `fw:ge-0/0/0--h1`");
        assert_eq!(quoted("a 'b'"), r"'a '\''b'\'''");
        assert_eq!(quoted_if_needed("labs/a.wtop"), "labs/a.wtop");
        assert_eq!(quoted_if_needed("my lab.wtop"), "'my lab.wtop'");
    }
}
