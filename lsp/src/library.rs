//! Files for editors to open that are part of the program: the library, and a page for each diagnostic.
//!
//! They are written below the host's folder when something leads there for the first time, so that an editor opens them
//! as any other file.

use crate::Host;
use crate::documents::real;
use std::fs;
use std::path::{Path, PathBuf};
use tower_lsp::ls_types::Uri;
use wtop_compiler::diagnostics::{Code, explain};
use wtop_compiler::semantics::library;

/// Where the copy of a file of the library lies; none for any other file, and where it cannot be written.
pub fn opened(host: &Host, path: &Path) -> Option<PathBuf> {
    let below = path.strip_prefix(library::ROOT).ok()?;
    let text = library::file(&below.to_string_lossy().replace('\\', "/"))?;
    put(&host.folder.as_ref()?.join("std").join(below), text)
}

/// The file of the library that a copy is of; none for any other file.
pub fn original(host: &Host, path: &Path) -> Option<PathBuf> {
    let below = path.strip_prefix(real(&host.folder.as_ref()?.join("std"))).ok()?;
    Some(Path::new(library::ROOT).join(below))
}

/// Where the page of a diagnostic lies; none where it cannot be written.
pub fn page(host: &Host, code: &Code) -> Option<Uri> {
    let path = host.folder.as_ref()?.join("diagnostics").join(format!("{}.md", code.id));
    Uri::from_file_path(put(&path, &explain::explain(code))?)
}

/// Writes a file unless it is there already.
fn put(path: &Path, text: &str) -> Option<PathBuf> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Some(path.to_path_buf());
    }
    fs::create_dir_all(path.parent()?).ok()?;
    // Another server may read it at the same time: it is whole at every moment.
    let unfinished = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&unfinished, text).ok()?;
    fs::rename(&unfinished, path).ok()?;
    Some(path.to_path_buf())
}
