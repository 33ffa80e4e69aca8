//! Embeds the device library: every file of `stdlib/`, and which file declares which device.

// A build script reads the library's folder; the rules of purity are for the compiler itself.
#![allow(clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../stdlib");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();

    let mut table = String::from("pub(super) static FILES: &[(&str, &str)] = &[\n");
    let mut devices = String::from("pub(super) static DEVICES: &[(&str, &str)] = &[\n");
    for path in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let _ = writeln!(table, "    ({name:?}, include_str!({:?})),", path.canonicalize()?);
        if name.ends_with(".wtop") {
            for device in declared_devices(&fs::read_to_string(path)?) {
                let _ = writeln!(devices, "    ({device:?}, {name:?}),");
            }
        }
    }
    table.push_str("];\n");
    devices.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("library.rs");
    fs::write(out, table + &devices)
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// The names after `pub device` at the start of a line.
fn declared_devices(text: &str) -> Vec<String> {
    let declarations = text.lines().filter_map(|line| line.strip_prefix("pub device "));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    declarations.map(|rest| rest.chars().take_while(|c| is_name(*c)).collect()).collect()
}
