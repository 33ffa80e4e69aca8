//! The directories and files of a medium, as a tree.

use super::{MediaError, MediaErrorKind};
use std::collections::{BTreeMap, BTreeSet};

/// A directory. The root is the first of [`Tree::directories`] and its own parent.
#[derive(Debug, Default)]
pub struct Directory {
    /// The last part of its path.
    pub name: String,
    /// Index of the directory that it is in.
    pub parent: usize,
    /// What is in it, in the order of the files.
    pub children: Vec<Child>,
}

/// An entry of a directory: an index into the tree's directories or files.
#[derive(Clone, Copy, Debug)]
pub enum Child {
    /// A directory.
    Directory(usize),
    /// A file.
    File(usize),
}

/// All directories of a medium; every parent stands before its children.
#[derive(Debug)]
pub struct Tree {
    /// The root first.
    pub directories: Vec<Directory>,
    /// The last part of each file's path, by its index.
    pub file_names: Vec<String>,
}

/// Directories below the root that ISO 9660 can hold (ECMA-119 6.8.2.1: eight levels with the root).
const MAX_DEPTH: usize = 7;
/// Characters of a name in Joliet, in UTF-16.
const MAX_NAME_UTF16: usize = 64;
/// Bytes of a name that fit beside the other Rock Ridge fields of one directory record.
const MAX_NAME_BYTES: usize = 120;

impl Tree {
    /// Of files with these paths. Each path is relative, with `/`.
    pub fn new<'p>(paths: impl Iterator<Item = &'p str>) -> Result<Tree, MediaError> {
        let mut tree = Tree { directories: vec![Directory::default()], file_names: Vec::new() };
        let mut directories: BTreeMap<String, usize> = BTreeMap::new();
        let mut files: BTreeSet<&str> = BTreeSet::new();
        for path in paths {
            let error = |kind| MediaError { path: path.to_owned(), kind };
            let parts: Vec<&str> = path.split('/').collect();
            let Some((name, parents)) = parts.split_last() else { continue };
            parts.iter().try_for_each(|part| check_name(part)).map_err(error)?;
            if parents.len() > MAX_DEPTH {
                return Err(error(MediaErrorKind::TooDeep(MAX_DEPTH)));
            }
            let mut parent = 0;
            let mut parent_path = String::new();
            for part in parents {
                parent_path = if parent_path.is_empty() { (*part).to_owned() } else { format!("{parent_path}/{part}") };
                if files.contains(parent_path.as_str()) {
                    return Err(error(MediaErrorKind::BelowFile(parent_path)));
                }
                parent = match directories.get(&parent_path) {
                    Some(index) => *index,
                    None => {
                        let index = tree.add_directory(part, parent);
                        directories.insert(parent_path.clone(), index);
                        index
                    }
                };
            }
            if !files.insert(path) || directories.contains_key(path) {
                return Err(error(MediaErrorKind::Twice));
            }
            tree.add_child(parent, Child::File(tree.file_names.len()));
            tree.file_names.push((*name).to_owned());
        }
        Ok(tree)
    }

    fn add_directory(&mut self, name: &str, parent: usize) -> usize {
        let index = self.directories.len();
        self.directories.push(Directory { name: name.to_owned(), parent, children: Vec::new() });
        self.add_child(parent, Child::Directory(index));
        index
    }

    fn add_child(&mut self, parent: usize, child: Child) {
        if let Some(directory) = self.directories.get_mut(parent) {
            directory.children.push(child);
        }
    }

    /// The name as the author wrote it.
    pub fn name(&self, child: Child) -> &str {
        match child {
            Child::Directory(index) => self.directories.get(index).map_or("", |directory| &directory.name),
            Child::File(index) => self.file_names.get(index).map_or("", String::as_str),
        }
    }
}

fn check_name(name: &str) -> Result<(), MediaErrorKind> {
    if name.is_empty() || name == "." || name == ".." || name.chars().any(char::is_control) {
        return Err(MediaErrorKind::BadName);
    }
    if name.encode_utf16().count() > MAX_NAME_UTF16 || name.len() > MAX_NAME_BYTES {
        return Err(MediaErrorKind::LongName(MAX_NAME_UTF16));
    }
    Ok(())
}
