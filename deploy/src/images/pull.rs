//! Fetching what a catalog has an address for.

use super::catalog::{Catalog, Entry, Origin};
use super::download::{self, Places, shown};
use super::store::Pulled;
use super::unpack::{Input, Taken, take};
use super::{Problem, Progress};
use std::path::PathBuf;

/// Fetches an image, if it is not here yet. The answer is its file, or none for an image that is not fetched: a file or
/// a volume.
///
/// # Errors
/// It cannot be fetched, or is not what the catalog says. It is not there then; what has come of it is kept for the next
/// try.
pub fn pull(catalog: &Catalog, entry: &Entry, progress: Progress) -> Result<Option<PathBuf>, Problem> {
    let store = &catalog.store;
    let Origin::Url(url) = &entry.origin else { return Ok(None) };
    if let Some(path) = store.file(entry) {
        return Ok(Some(path));
    }
    let place = |ending| store.record(url, entry.checksum.as_ref(), ending);
    let (part, etag, lock) = (place("part"), place("etag"), place("lock"));
    let _lock = download::fetch(url, Places { part: &part, etag: &etag, lock: &lock }, progress)?;
    let _store_lock = store.lock()?;
    let public = shown(url);
    check_size(entry, &part, &public)?;
    let input = Input { path: &part, shown: &public, is_ours: true, checksum: entry.checksum.as_ref() };
    let Taken { file, probe, checksum, .. } = take(input, store, progress)?;
    if let Some(format) = entry.format.filter(|format| *format != probe.format) {
        return Err(Problem::new(format!(
            "`{public}` is {}, and `{}` says {format}",
            probe.format,
            entry.catalog.display()
        ))
        .help("look whether the address is the right one, and write the format that it has"));
    }
    let stem = place("").file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = PathBuf::from(format!("{stem}.{}", probe.format));
    let path = store.pulled_folder().join(&name);
    store.keep(file, &path)?;
    store.stamp(&path, &checksum)?;
    // From here on it is there.
    store.write(&place("toml"), &Pulled { url: public, file: name, format: probe.format, checksum })?;
    Ok(Some(path))
}

fn check_size(entry: &Entry, part: &PathBuf, public: &str) -> Result<(), Problem> {
    let size = std::fs::metadata(part).map_err(|error| Problem::io("read", part, &error))?.len();
    match entry.size {
        Some(wanted) if wanted != size => {
            // It is complete, and will not become right.
            let _ = std::fs::remove_file(part);
            Err(Problem::new(format!("`{public}` has {size} bytes, and `{}` says {wanted}", entry.catalog.display()))
                .help("look at its publisher's page whether there is a new version, and mend `size` and `checksum`"))
        }
        _ => Ok(()),
    }
}
