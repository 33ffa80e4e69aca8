//! Adding an image: a file or an address becomes a file of the store, and an entry of the user's catalog.

use super::catalog::{Catalog, Entry, Origin, read};
use super::checksum::Checksum;
use super::download::{self, Places, is_address, shown};
use super::probe::{Format, Probe};
use super::unpack::{Input, Taken, take};
use super::{Problem, Progress, edit};
use std::fs;
use std::path::{Path, PathBuf};

/// What was added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Added {
    /// Its file.
    pub path: PathBuf,
    /// What it is.
    pub probe: Probe,
    /// The checksum of that file.
    pub checksum: Checksum,
}

/// Endings that say how a file is packed or what it is, and nothing of its name.
const ENDINGS: [&str; 11] = ["gz", "xz", "zst", "bz2", "qcow2", "raw", "img", "vmdk", "vdi", "vhdx", "qcow"];

/// What an image is called whose user does not say: as its file or address ends, without what tells of its format.
pub fn default_name(source: &str) -> String {
    let path = source.split(['?', '#']).next().unwrap_or(source);
    let mut name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    while let Some((stem, ending)) = name.rsplit_once('.') {
        if stem.is_empty() || !ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
            break;
        }
        name = stem;
    }
    name.to_owned()
}

/// Adds a file, or what an address gives. Packed files are unpacked. User and password of an address are not kept.
///
/// # Errors
/// The name is taken, the source cannot be had, has another checksum, or is no image that stands alone. Nothing is added
/// then.
pub fn add(
    catalog: &Catalog,
    source: &str,
    name: &str,
    checksum: Option<&Checksum>,
    progress: Progress,
) -> Result<Added, Problem> {
    check_new(catalog, name)?;
    if !is_address(source) {
        let path = Path::new(source);
        let input = Input { path, shown: source, is_ours: false, checksum };
        let real = fs::canonicalize(path).map_err(|error| Problem::io("read", path, &error))?;
        return settle(catalog, name, input, &real.display().to_string(), progress);
    }
    download::check(source).map_err(|problem| {
        Problem::new(format!("the image `{name}` {problem}")).help("fetch it with another program, and add the file")
    })?;
    let public = shown(source);
    let place = |ending| catalog.store.record(source, checksum, ending);
    let (part, etag, lock) = (place("part"), place("etag"), place("lock"));
    let _lock = download::fetch(source, Places { part: &part, etag: &etag, lock: &lock }, progress)?;
    let input = Input { path: &part, shown: &public, is_ours: true, checksum };
    settle(catalog, name, input, &public, progress)
}

/// Refuses a name that an image cannot have, or has already.
///
/// # Errors
/// It is such a name.
pub fn check_new(catalog: &Catalog, name: &str) -> Result<(), Problem> {
    check_name(name)?;
    catalog.entries.get(name).map_or(Ok(()), |entry| Err(taken(entry)))
}

/// Adds a volume that is there; `source` says where it came from.
///
/// # Errors
/// The name is taken, or the catalog cannot be written.
pub fn add_volume(catalog: &Catalog, name: &str, pool: &str, volume: &str, source: &str) -> Result<(), Problem> {
    check_new(catalog, name)?;
    let store = &catalog.store;
    let _lock = store.lock()?;
    let entry = Entry {
        name: name.to_owned(),
        origin: Origin::Volume { pool: pool.to_owned(), volume: volume.to_owned() },
        format: Some(Format::Qcow2),
        checksum: None,
        size: None,
        source: Some(source.to_owned()),
        catalog: store.catalog(),
    };
    edit::put(store, &entry)
}

fn settle(catalog: &Catalog, name: &str, input: Input, source: &str, progress: Progress) -> Result<Added, Problem> {
    let store = &catalog.store;
    let _lock = store.lock()?;
    // Another run may have been faster.
    if let Some(entry) = read(&store.catalog())?.iter().find(|entry| entry.name == name) {
        return Err(taken(entry));
    }
    let Taken { file, probe, checksum, size } = take(input, store, progress)?;
    let path = store.folder.join(file_name(name, probe.format));
    store.keep(file, &path)?;
    store.stamp(&path, &checksum)?;
    let entry = Entry {
        name: name.to_owned(),
        origin: Origin::File(path.clone()),
        format: Some(probe.format),
        checksum: Some(checksum.clone()),
        size: Some(size),
        source: Some(source.to_owned()),
        catalog: store.catalog(),
    };
    edit::put(store, &entry)?;
    Ok(Added { path, probe, checksum })
}

fn taken(entry: &Entry) -> Problem {
    let name = &entry.name;
    Problem::new(format!("`{}` has an image `{name}` already", entry.catalog.display()))
        .help(format!("`wtop image remove {name}` removes it; `--name` gives this one another name"))
}

fn check_name(name: &str) -> Result<(), Problem> {
    let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-@+".contains(letter));
    if is_plain && name.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_') {
        return Ok(());
    }
    Err(Problem::new(format!("`{name}` cannot be the name of an image"))
        .help("give it one with `--name`: letters, digits and `. _ - @ +`, as in `debian` or `vsrx@22.4R1`"))
}

/// The file of an image in the store.
pub(super) fn file_name(name: &str, format: Format) -> String {
    let ending = format!(".{format}");
    if name.ends_with(&ending) { name.to_owned() } else { format!("{name}{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::store::Verified;
    use crate::images::test_tools::{files, qcow2_header, silent, store};

    #[test]
    fn names() {
        assert_eq!(default_name("a/debian-12.genericcloud.qcow2.xz"), "debian-12.genericcloud");
        assert_eq!(default_name("https://example.org/a/b.IMG?token=x"), "b");
        assert_eq!(default_name(".img"), ".img");
        assert_eq!(file_name("debian-12.qcow2", Format::Qcow2), "debian-12.qcow2");
        assert!(check_name("vsrx@22.4R1-b+c").is_ok());
        insta::assert_debug_snapshot!(check_name("../a").unwrap_err());
    }

    #[test]
    fn a_file_is_added_once() {
        let store = store();
        let source = store.folder.parent().unwrap().join("wrong-ending.vmdk");
        fs::write(&source, qcow2_header(1 << 30)).unwrap();
        let load = || Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        let text = source.to_str().unwrap();
        let wrong: Checksum = "0".repeat(64).parse().unwrap();
        assert!(add(&load(), text, "debian", Some(&wrong), &mut silent).unwrap_err().message.contains("checksum"));
        assert_eq!(files(&store), "");
        let added = add(&load(), text, "debian", None, &mut silent).unwrap();
        assert_eq!((added.probe.format, added.path), (Format::Qcow2, store.folder.join("debian.qcow2")));
        assert_eq!(files(&store), "debian.qcow2\nimages.toml");
        let entry = load().find("debian").unwrap().clone();
        assert_eq!(store.verified(&entry), Verified::Yes);
        let again = add(&load(), text, "debian", None, &mut silent).unwrap_err();
        assert!(again.message.ends_with("has an image `debian` already"), "{again:?}");
    }

    #[test]
    fn what_is_refused_leaves_nothing() {
        let store = store();
        let source = store.folder.parent().unwrap().join("forged.qcow2");
        let mut bytes = qcow2_header(1 << 30);
        bytes[15] = 104;
        fs::write(&source, bytes).unwrap();
        let catalog = Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        let problem = add(&catalog, source.to_str().unwrap(), "debian", None, &mut silent).unwrap_err();
        assert!(problem.message.ends_with("needs another file, its backing file"), "{problem:?}");
        assert_eq!(files(&store), "");
    }
}
