//! Which files are to be analysed, and in which order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that wait for their analysis, and how new the last one of each is.
#[derive(Debug, Default)]
pub struct Queue {
    /// Counts changes.
    now: u64,
    /// When each file that waits was last changed.
    waiting: BTreeMap<PathBuf, u64>,
    /// The state that the last analysis of each file saw.
    done: BTreeMap<PathBuf, u64>,
}

impl Queue {
    /// The number of the present state.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// A file is to be analysed, first of all that wait.
    pub fn add(&mut self, path: &Path) {
        self.now += 1;
        self.waiting.insert(path.to_path_buf(), self.now);
    }

    /// A file is not to be analysed any more.
    pub fn remove(&mut self, path: &Path) {
        self.waiting.remove(path);
        self.done.remove(path);
    }

    /// Takes the file out that is analysed next: one that is open before others, of these the last that was changed.
    pub fn next(&mut self, is_open: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        let order = |(path, changed): &(&PathBuf, &u64)| (is_open(path), **changed);
        let path = self.waiting.iter().max_by_key(order).map(|(path, _)| path.clone())?;
        self.waiting.remove(&path);
        Some(path)
    }

    /// A file was analysed as it was in a state.
    pub fn done(&mut self, path: &Path, state: u64) {
        self.done.insert(path.to_path_buf(), state);
    }

    /// Was a file analysed as it was in a state, or later?
    pub fn is_done(&self, path: &Path, state: u64) -> bool {
        self.done.get(path).is_some_and(|done| *done >= state)
    }

    /// Does a file wait?
    pub fn contains(&self, path: &Path) -> bool {
        self.waiting.contains_key(path)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Does none wait?
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
