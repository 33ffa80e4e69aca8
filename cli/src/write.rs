//! Writing a file so that a run that is cut off leaves the old or the new, never half of one.

use crate::exit::Failure;
use crate::terminal::Terminal;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use tempfile::Builder;

/// Writes a file, or replaces it in one step. What a link points to is replaced, not the link.
///
/// # Errors
/// A sentence that names the file.
pub fn file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    replace(&real, bytes).map_err(|error| Failure::io("write", path, &error))
}

/// Writes a text into a file, or to standard output where none is named.
///
/// # Errors
/// A sentence that names the file.
pub fn text(path: Option<&Path>, text: &str, terminal: &Terminal) -> Result<(), Failure> {
    match path {
        Some(path) => file(path, text.as_bytes()),
        None => terminal.print(text),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = new_file().tempfile_in(folder)?;
    new.write_all(bytes)?;
    if let Ok(old) = fs::metadata(path) {
        // Whoever may not write the file may not replace it either.
        fs::OpenOptions::new().write(true).open(path)?;
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    new.persist(path)?;
    Ok(())
}

/// A temporary file that others may read, as far as the user's mask lets them.
fn new_file() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".wtop-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn modes_and_links_of_a_file_stay() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let (real, link) = (place.path().join("real"), place.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        file(&link, b"new").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        let fresh = place.path().join("fresh");
        file(&fresh, b"").unwrap();
        assert_ne!(fs::metadata(&fresh).unwrap().permissions().mode() & 0o040, 0, "others may read it");
    }
}
