//! The real file system: the one place of the compiler that opens files.

// The trait's purpose is to keep these calls out of every other room.
#![allow(clippy::disallowed_methods)]

use super::{FileSystem, MAX_FILE_BYTES, ReadError};
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// How deep and how wide a listed directory may be.
const MAX_LISTED: usize = 10_000;

/// Reads from disk, never outside the project.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskFileSystem;

impl FileSystem for DiskFileSystem {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        let path = inside(root, path)?;
        let metadata = fs::metadata(&path).map_err(reason)?;
        if metadata.is_dir() {
            return Err(ReadError::WrongKind("a directory, not a file"));
        }
        if !metadata.is_file() {
            return Err(ReadError::WrongKind("not a regular file"));
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        let mut bytes = Vec::new();
        fs::File::open(&path).map_err(reason)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(reason)?;
        Ok(bytes)
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        let directory = inside(root, directory)?;
        if !directory.is_dir() {
            return Err(ReadError::WrongKind("a file, not a directory"));
        }
        let mut names = Vec::new();
        let mut open = vec![PathBuf::new()];
        while let Some(below) = open.pop() {
            for entry in fs::read_dir(directory.join(&below)).map_err(reason)? {
                let entry = entry.map_err(reason)?;
                let name = below.join(entry.file_name());
                let kind = entry.file_type().map_err(reason)?;
                if kind.is_dir() {
                    open.push(name);
                } else if kind.is_file() {
                    names.push(name.to_string_lossy().replace('\\', "/"));
                }
                if names.len() + open.len() > MAX_LISTED {
                    return Err(ReadError::Other(format!("it holds more than {MAX_LISTED} files")));
                }
            }
        }
        names.sort();
        Ok(names)
    }
}

/// The real path, if it lies below the real root.
fn inside(root: &Path, path: &Path) -> Result<PathBuf, ReadError> {
    let here = |path: &Path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_path_buf() };
    let root = fs::canonicalize(here(root)).map_err(reason)?;
    let absolute = std::path::absolute(here(path)).map_err(reason)?;
    match fs::canonicalize(&absolute) {
        Ok(real) if real.starts_with(&root) => Ok(real),
        Ok(_) => Err(ReadError::Outside),
        Err(error) => Err(reason(error)),
    }
}

fn reason(error: std::io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound => ReadError::NotFound,
        ErrorKind::IsADirectory => ReadError::WrongKind("a directory, not a file"),
        ErrorKind::NotADirectory => ReadError::WrongKind("below a file, not a directory"),
        ErrorKind::PermissionDenied => ReadError::Other("the permission is missing".to_owned()),
        _ => ReadError::Other(error.to_string()),
    }
}
