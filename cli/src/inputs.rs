//! The files that arguments name, and the project that they belong to.

use crate::exit::{Failure, reason};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use wtop_compiler::packages::MANIFEST;
use wtop_compiler::source::{DiskFileSystem, FileId, FileSystem, MAX_FILE_BYTES, ReadError};
use wtop_compiler::syntax::{self, ast::ItemKind};

/// The name that stands for standard input on the command line.
const STDIN: &str = "-";

/// How standard input is called in messages.
const STDIN_NAME: &str = "<stdin>";

/// A source file that was asked for, and the file system as it shall see it.
#[derive(Debug)]
pub struct Input {
    /// Where it is, as it was given.
    pub path: PathBuf,
    /// Texts that stand for files: standard input, a lock that is not written yet.
    held: BTreeMap<PathBuf, Vec<u8>>,
}

impl Input {
    /// The lab of an argument: a folder stands for the one `*.wtop` below it.
    ///
    /// # Errors
    /// The file cannot be read, or the folder does not hold exactly one.
    pub fn lab(path: &Path) -> Result<Input, Failure> {
        Input::open(&only_file(path)?)
    }

    /// The file of an argument, read if it is standard input.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(path: &Path) -> Result<Input, Failure> {
        let mut input = Input { path: path.to_path_buf(), held: BTreeMap::new() };
        if path == Path::new(STDIN) {
            input.path = PathBuf::from(STDIN_NAME);
            input.hold(input.path.clone(), read_stdin()?);
        }
        input.bytes()?;
        Ok(input)
    }

    /// From now on, `bytes` are what is read from `path`.
    pub fn hold(&mut self, path: PathBuf, bytes: Vec<u8>) {
        self.held.insert(path, bytes);
    }

    /// Is it standard input?
    pub fn is_stdin(&self) -> bool {
        self.held.contains_key(&self.path)
    }

    /// What it holds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, Failure> {
        self.read(&self.project(), &self.path)
            .map_err(|error| Failure::environment(format!("cannot read `{}`: {error}", self.path.display())))
    }

    /// The folder that its imports may not leave.
    pub fn project(&self) -> PathBuf {
        project_of(self.path.parent().unwrap_or(Path::new("")))
    }
}

/// The project that a folder belongs to: the nearest one above with a `wtop.toml` or `.git`, else the folder.
pub fn project_of(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // `..` is followed where it leads: the folders above a path are not those of its text.
    let real = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
    let real = real.unwrap_or_else(|_| folder.to_path_buf());
    let marked = |folder: &&Path| folder.join(MANIFEST).exists() || folder.join(".git").exists();
    real.ancestors().find(marked).map(Path::to_path_buf).unwrap_or(real)
}

/// The repository that a project lies in, which its local packages may not leave; else the project.
pub fn repository_of(project: &Path) -> PathBuf {
    project.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(project).to_path_buf()
}

impl FileSystem for Input {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.held.get(path).map_or_else(|| DiskFileSystem.read(root, path), |bytes| Ok(bytes.clone()))
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        DiskFileSystem.list(root, directory)
    }
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let problem = |reason: String| Failure::environment(format!("cannot read standard input: {reason}"));
    std::io::stdin()
        .lock()
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| problem(reason(&error)))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(problem(ReadError::TooLarge(bytes.len() as u64).to_string()));
    }
    Ok(bytes)
}

/// The files that arguments mean, in order: a folder stands for all `*.wtop` below it.
///
/// # Errors
/// A folder that cannot be read, or holds no such file.
pub fn files(arguments: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for argument in arguments {
        if argument.is_dir() {
            let before = files.len();
            search(argument, &mut files)?;
            if files.len() == before {
                let message = format!("there is no `.wtop` file in `{}`", argument.display());
                return Err(Failure::environment(message).help("`wtop new NAME` starts a lab"));
            }
        } else {
            files.push(argument.clone());
        }
    }
    Ok(files)
}

/// The file that an argument means where one is needed: of several in a folder, the one of its labs, if it holds one; what
/// else is there are parts of it.
fn only_file(argument: &Path) -> Result<PathBuf, Failure> {
    let mut found = files(&[argument.to_path_buf()])?;
    if let (Some(file), 1) = (found.first(), found.len()) {
        return Ok(file.clone());
    }
    let all = found.len();
    let folder = if argument == Path::new(".") { Path::new("") } else { argument };
    found.retain(|file| file.parent() == Some(folder) && declares_topology(file));
    match found.as_slice() {
        [lab] => Ok(lab.clone()),
        [] => {
            let message = format!("`{}` holds {all} `.wtop` files", argument.display());
            Err(Failure::usage(message).help("name the file that is meant"))
        }
        labs => {
            let names: Vec<String> = labs.iter().map(|lab| format!("`{}`", lab.display())).collect();
            let message = format!("`{}` holds {} labs", argument.display(), labs.len());
            Err(Failure::usage(message).help(format!("name the one that is meant: {}", names.join(", "))))
        }
    }
}

fn declares_topology(file: &Path) -> bool {
    let text = fs::read(file).unwrap_or_default();
    let parse = syntax::parse(FileId(0), &String::from_utf8_lossy(&text));
    parse.tree.items.iter().any(|item| matches!(item.kind, ItemKind::Topology(_)))
}

/// Adds the `*.wtop` files below a folder, sorted. Hidden folders and `target` are left out, links to folders are not
/// followed.
fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let problem = |error| Failure::io("read", folder, &error);
    let mut entries = fs::read_dir(folder).map_err(problem)?.collect::<Result<Vec<_>, _>>().map_err(problem)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // "." as an argument is not part of what is shown.
        let path = if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() };
        if entry.file_type().map_err(problem)?.is_dir() {
            if !name.starts_with('.') && name != "target" {
                search(&path, files)?;
            }
        } else if name.ends_with(".wtop") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
