//! The labs of the folders that are open in the editor.

use std::fs;
use std::path::{Path, PathBuf};

/// So many labs are looked at beside those that are open.
const MOST_FILES: usize = 2_000;

/// So many folders are looked into.
const MOST_FOLDERS: usize = 20_000;

/// The `.wtop` files below some folders, links followed to none. Hidden folders and those of build tools are left out.
pub fn files(folders: &[PathBuf]) -> Vec<PathBuf> {
    walk(folders, is_lab)
}

/// All files below a folder, likewise.
pub fn all_files(folder: &Path) -> Vec<PathBuf> {
    walk(&[folder.to_path_buf()], |_| true)
}

fn walk(folders: &[PathBuf], is_wanted: fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = folders.to_vec();
    let mut seen = 0;
    while let Some(folder) = open.pop() {
        seen += 1;
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let is_hidden = name.to_string_lossy().starts_with('.') || name == "target" || name == "node_modules";
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !is_hidden && seen + open.len() < MOST_FOLDERS => open.push(path),
                Ok(kind) if kind.is_file() && is_wanted(&path) => files.push(path),
                _ => {}
            }
        }
        if files.len() >= MOST_FILES {
            break;
        }
    }
    files.truncate(MOST_FILES);
    files.sort();
    files
}

/// Is it a file of the language, by its name?
pub fn is_lab(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wtop")
}
