//! Programs of the system that tests read artifacts back with.

#![allow(clippy::disallowed_methods, clippy::print_stderr)] // For tests; the compiler starts no programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A program that is installed.
pub struct Tool {
    name: &'static str,
}

impl Tool {
    /// `None`, after saying so, where it is not installed.
    pub fn find(name: &'static str) -> Option<Tool> {
        let folders = env::var_os("PATH").unwrap_or_default();
        let sbin = ["/usr/sbin", "/sbin"].map(PathBuf::from);
        let installed = env::split_paths(&folders).chain(sbin).any(|folder| folder.join(name).is_file());
        if !installed {
            eprintln!("skipped: {name} is not installed; run `scripts/install test`");
        }
        installed.then_some(Tool { name })
    }

    /// Python, if it has this module.
    pub fn python(module: &str) -> Option<Tool> {
        let python = Tool::find("python3")?;
        let there = python.output(&["-c", &format!("import {module}")]).status.success();
        if !there {
            eprintln!("skipped: Python's {module} is not installed; run `scripts/install test`");
        }
        there.then_some(python)
    }

    /// Runs it.
    pub fn output(&self, arguments: &[&str]) -> Output {
        let folders = env::var("PATH").unwrap_or_default();
        Command::new(self.name)
            .args(arguments)
            .env("PATH", format!("{folders}:/usr/sbin:/sbin"))
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .output()
            .unwrap()
    }

    /// Runs it, which must succeed, and gives what it printed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {arguments:?}: {}\n{said}", self.name, output.status);
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A folder for this test alone, empty.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file below a folder, with the folders above it, and gives its path.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}
