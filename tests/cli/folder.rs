//! A folder of its own for each test, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder that is gone after the test.
pub struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    /// With these files.
    pub fn with(files: &[(&str, &str)]) -> Folder {
        let folder = Folder::new();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// Where a file of it is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Writes a file, and the folders that it needs.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What a file holds.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The files below it, sorted, with `/`; one a line.
    pub fn list(&self) -> String {
        let mut open = vec![self.0.path().to_path_buf()];
        let mut names = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    names.push(path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        names.sort();
        names.join("\n")
    }

    /// `wtop` in this folder, with arguments that are separated by spaces, on 80 columns and without colours.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wtop"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path()).env("COLUMNS", "80").stdin(Stdio::null());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command
    }

    /// What comes of these arguments.
    pub fn run(&self, arguments: &str) -> String {
        told(&self.command(arguments).output().unwrap())
    }

    /// What comes of these arguments with a text at standard input.
    pub fn run_with(&self, arguments: &str, stdin: &str) -> String {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        told(&child.wait_with_output().unwrap())
    }
}

/// Output, errors and exit code as one text; what is empty is left out.
pub fn told(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    if !errors.is_empty() {
        text.push_str(&format!("--- standard error\n{errors}"));
    }
    let code = output.status.code().map_or("by a signal".to_owned(), |code| code.to_string());
    text.push_str(&format!("--- exit {code}\n"));
    text
}
