//! The lock file: what was chosen for the author, so that it stays.
//!
//! `NAME.wtop.lock` has one line an entry, `KEY = VALUE`, sorted. What is in it stays; what is new takes the next free
//! value; what is gone stays reserved until `wtop lock --prune`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The first line of a lock file.
const HEADER: &str = "# What wtop chose for this lab. Keep it beside the source; see `wtop lock`.";

/// A key that wants a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Request {
    /// The kind of allocation, the owner's path, and what of it: `address lan--h1 h1`.
    pub key: String,
}

/// A value that was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locked(pub String);

/// Old entries, and those of this run.
#[derive(Clone, Default, Debug)]
pub struct Lock {
    before: BTreeMap<String, String>,
    now: BTreeMap<String, String>,
    released: BTreeSet<String>,
    /// Values that are taken, by kind (the first word of the key).
    reserved: BTreeMap<String, BTreeSet<String>>,
}

impl Lock {
    /// Reads a lock file; the number of the first line that is none is the error.
    pub fn parse(text: &str) -> Result<Lock, usize> {
        let mut lock = Lock::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.rsplit_once(" = ").ok_or(number + 1)?;
            lock.insert_before(key, value);
        }
        Ok(lock)
    }

    fn insert_before(&mut self, key: &str, value: &str) {
        self.reserved.entry(kind(key).to_owned()).or_default().insert(value.to_owned());
        self.before.insert(key.to_owned(), value.to_owned());
    }

    /// What was chosen for a key before.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.before.get(key).map(String::as_str)
    }

    /// What is chosen for a key now.
    pub fn chosen(&self, key: &str) -> Option<&str> {
        self.now.get(key).map(String::as_str)
    }

    /// Is a value of this kind taken by any entry, also one whose owner is gone?
    pub fn is_reserved(&self, kind: &str, value: &str) -> bool {
        self.reserved.get(kind).is_some_and(|values| values.contains(value))
    }

    /// Old entries of a kind whose keys begin so.
    pub fn entries<'l>(&'l self, prefix: &'l str) -> impl Iterator<Item = (&'l str, &'l str)> {
        let from = self.before.range(prefix.to_owned()..);
        from.take_while(move |(key, _)| key.starts_with(prefix)).map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// An old entry that does not fit any more.
    pub fn release(&mut self, key: &str) {
        if let Some(value) = self.before.remove(key) {
            if let Some(values) = self.reserved.get_mut(kind(key)) {
                values.remove(&value);
            }
            self.released.insert(key.to_owned());
        }
    }

    /// Moves the entries of a renamed thing: `from` and `to` are paths, as whole words of the keys.
    pub fn rename(&mut self, from: &str, to: &str) {
        let is_owner = |word: &str| word == from || word.split("--").any(|end| renamed(end, from, to) != end);
        let keys: Vec<String> = self.before.keys().filter(|key| key.split(' ').any(is_owner)).cloned().collect();
        for key in keys {
            let word = |word: &str| -> String {
                if word == from {
                    return to.to_owned();
                }
                let mut ends: Vec<String> = word.split("--").map(|end| renamed(end, from, to)).collect();
                ends.sort();
                ends.join("--")
            };
            let new: Vec<String> = key.split(' ').map(word).collect();
            let new = new.join(" ");
            if !self.before.contains_key(&new)
                && let Some(value) = self.before.remove(&key)
            {
                let value = if kind(&key) == "interface" { renamed(&value, from, to) } else { value };
                self.insert_before(&new, &value);
            }
        }
    }

    /// Holds on to a value, unless something else was chosen for the key before.
    pub fn keep(&mut self, key: &str, value: &str) {
        if !self.before.contains_key(key) {
            self.insert_before(key, value);
        }
    }

    /// Keeps what was chosen.
    pub fn record(&mut self, request: Request, value: Locked) {
        self.now.insert(request.key, value.0);
    }

    /// Entries whose owners are gone.
    pub fn stale(&self) -> impl Iterator<Item = &str> {
        self.before.keys().filter(|key| !self.now.contains_key(*key)).map(String::as_str)
    }

    /// Forgets what is reserved for owners that are gone.
    pub fn prune(&mut self) {
        let now = &self.now;
        self.before.retain(|key, _| now.contains_key(key));
    }

    /// Would writing it change the file?
    pub fn changed(&self) -> bool {
        !self.released.is_empty() || self.now.iter().any(|(key, value)| self.before.get(key) != Some(value))
    }

    /// Entries that are new or differ: key, old value, new value.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Option<&str>, &str)> {
        let changed = self.now.iter().filter(|(key, value)| self.before.get(*key) != Some(value));
        changed.map(|(key, value)| (key.as_str(), self.before.get(key).map(String::as_str), value.as_str()))
    }

    /// Every entry, old and new.
    pub fn all(&self) -> BTreeMap<&str, &str> {
        let entries = self.before.iter().chain(&self.now);
        entries.map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }

    /// The file's text; empty where there is nothing to keep.
    pub fn text(&self) -> String {
        let entries = self.all();
        let mut text = String::new();
        if !entries.is_empty() {
            let _ = writeln!(text, "{HEADER}");
        }
        for (key, value) in entries {
            let _ = writeln!(text, "{key} = {value}");
        }
        text
    }
}

fn kind(key: &str) -> &str {
    key.split(' ').next().unwrap_or(key)
}

/// `from`, `from:eth1` or `from/re` with the other name.
fn renamed(end: &str, from: &str, to: &str) -> String {
    match end.strip_prefix(from) {
        Some(rest) if rest.is_empty() || rest.starts_with([':', '/']) => format!("{to}{rest}"),
        _ => end.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_gone_until_pruned() {
        let mut lock = Lock::parse("# x\naddress a h1 = 10.0.0.1/24\naddress a h2 = 10.0.0.2/24\n").unwrap();
        assert_eq!(lock.find("address a h1"), Some("10.0.0.1/24"));
        assert!(lock.is_reserved("address", "10.0.0.2/24"));
        lock.record(Request { key: "address a h1".into() }, Locked("10.0.0.1/24".into()));
        assert!(!lock.changed());
        assert_eq!(lock.stale().collect::<Vec<_>>(), ["address a h2"]);
        lock.prune();
        assert!(!lock.text().contains("h2"));
    }

    #[test]
    fn says_which_line_is_broken() {
        assert_eq!(Lock::parse("# x\n\nnonsense\n").unwrap_err(), 3);
    }

    #[test]
    fn renames_owners_but_not_others() {
        let mut lock = Lock::parse("interface a--b:eth1 a = a:eth3\ninterface aa--b aa = aa:eth1\n").unwrap();
        lock.rename("a", "z");
        assert_eq!(lock.find("interface b:eth1--z z"), Some("z:eth3"));
        assert_eq!(lock.find("interface aa--b aa"), Some("aa:eth1"));
    }

    #[test]
    fn renames_links_and_machines() {
        let mut lock =
            Lock::parse("mac a/re/em1 = 52:54:00:00:00:01\npool link a--b subnet 0 = 10.0.0.0/31\n").unwrap();
        lock.rename("a--b", "up");
        lock.rename("a", "z");
        assert_eq!(lock.find("pool link up subnet 0"), Some("10.0.0.0/31"));
        assert_eq!(lock.find("mac z/re/em1"), Some("52:54:00:00:00:01"));
    }
}
