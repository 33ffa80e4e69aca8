//! The catalogs: TOML files that say what images are.
//!
//! ```toml
//! [images.debian]
//! url = "https://example.org/debian-12.qcow2"
//! checksum = "sha512:…"
//! ```

use super::Problem;
use super::checksum::Checksum;
use super::download;
use super::probe::Format;
use super::store::Store;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The user's catalog, in the folder of the store.
pub const USER_CATALOG: &str = "images.toml";

/// The project's, in its root.
pub const PROJECT_CATALOG: &str = "wtop-images.toml";

/// What an entry may look like, for messages.
const FORM: &str = "an image is one of `file = \"PATH\"`, `url = \"https://…\"`, and `volume = \"POOL/VOLUME\"` with its \
                    `format`; it may have `format`, `checksum`, `size` and `source`";

/// All images that are known.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// By name; those of the project hide the user's.
    pub entries: BTreeMap<String, Entry>,
    /// Where images lie.
    pub store: Store,
}

/// An image, as a catalog has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// How labs call it.
    pub name: String,
    /// Where it is.
    pub origin: Origin,
    /// What it is, or comes as.
    pub format: Option<Format>,
    /// What the file has, or what the address gives.
    pub checksum: Option<Checksum>,
    /// Bytes of that.
    pub size: Option<u64>,
    /// Where it came from, for people.
    pub source: Option<String>,
    /// The catalog that says so.
    pub catalog: PathBuf,
}

/// Where an image is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A file of this machine.
    File(PathBuf),
    /// A volume of a storage pool of libvirt.
    Volume {
        /// The pool.
        pool: String,
        /// Its volume.
        volume: String,
    },
    /// Fetched by `pull`.
    Url(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    images: BTreeMap<Spanned<String>, Written>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    file: Option<PathBuf>,
    volume: Option<String>,
    url: Option<String>,
    format: Option<Format>,
    checksum: Option<Checksum>,
    size: Option<u64>,
    source: Option<String>,
}

impl Catalog {
    /// The user's catalog and that of a project.
    ///
    /// # Errors
    /// A catalog cannot be read; the sentence says which line.
    pub fn load(store: Store, project: &Path) -> Result<Catalog, Problem> {
        let mut entries = BTreeMap::new();
        for path in [store.catalog(), project.join(PROJECT_CATALOG)] {
            entries.extend(read(&path)?.into_iter().map(|entry| (entry.name.clone(), entry)));
        }
        Ok(Catalog { entries, store })
    }

    /// An image by its name.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, name: &str) -> Result<&Entry, Problem> {
        self.entries.get(name).ok_or_else(|| {
            let problem = Problem::new(format!("no catalog has an image `{name}`"));
            match wtop_compiler::diagnostics::closest(name, self.entries.keys().map(String::as_str)) {
                Some(meant) => problem.help(format!("did you mean `{meant}`? `wtop image list` shows all")),
                None => {
                    problem.help(format!("`wtop image list` shows all, `wtop image add FILE --name {name}` adds it"))
                }
            }
        })
    }

    /// The entries with these names, all without any.
    ///
    /// # Errors
    /// There is none of a name.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Entry>, Problem> {
        if names.is_empty() {
            return Ok(self.entries.values().collect());
        }
        names.iter().map(|name| self.find(name)).collect()
    }
}

/// The entries of a file; none, if there is no such file.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Problem::io("read", path, &error)),
    }
}

fn parse(path: &Path, text: &str) -> Result<Vec<Entry>, Problem> {
    let at = |span: Option<Range<usize>>, message: &str| {
        let start = span.map_or(0, |span| span.start).min(text.len());
        let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
        Problem::new(format!("`{}`, line {line}: {message}", path.display())).help(FORM)
    };
    let document: Document = toml::from_str(text).map_err(|error| at(error.span(), error.message()))?;
    let entry = |(name, written): (Spanned<String>, Written)| {
        let span = name.span();
        let name = name.into_inner();
        entry(path, name.clone(), written).map_err(|problem| at(Some(span), &format!("the image `{name}` {problem}")))
    };
    document.images.into_iter().map(entry).collect()
}

/// The problem stands after "the image NAME".
fn entry(path: &Path, name: String, written: Written) -> Result<Entry, String> {
    let Written { file, volume, url, format, checksum, size, source } = written;
    let origin = match (file, volume, url) {
        // A relative path is meant from the catalog on, wherever wtop was started.
        (Some(file), None, None) => Origin::File(path.parent().unwrap_or(Path::new("")).join(file)),
        (None, Some(volume), None) => volume_of(&volume)?,
        (None, None, Some(url)) => Origin::Url(download::check(&url)?),
        (None, None, None) => return Err("does not say where it is".to_owned()),
        _ => return Err("is at two places".to_owned()),
    };
    if matches!(origin, Origin::Volume { .. }) && format.is_none() {
        return Err("is a volume, and needs its `format`".to_owned());
    }
    Ok(Entry { name, origin, format, checksum, size, source, catalog: path.to_path_buf() })
}

fn volume_of(text: &str) -> Result<Origin, String> {
    let (pool, volume) = text.split_once('/').unwrap_or((text, ""));
    if pool.is_empty() || volume.is_empty() {
        return Err(format!("has the volume `{text}`, which should be `POOL/VOLUME`"));
    }
    Ok(Origin::Volume { pool: pool.to_owned(), volume: volume.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let Problem { message, help } = parse(Path::new("images.toml"), text).unwrap_err();
        assert_eq!(help.as_deref(), Some(FORM));
        message
    }

    #[test]
    fn the_project_wins_and_paths_are_relative_to_the_catalog() {
        let place = tempfile::tempdir().unwrap();
        let (store, project) = (Store { folder: place.path().join("store") }, place.path().join("project"));
        std::fs::create_dir_all(&store.folder).unwrap();
        std::fs::create_dir_all(&project).unwrap();
        std::fs::write(store.catalog(), "[images]\na.file = \"a.qcow2\"\nb.file = \"/b.raw\"\n").unwrap();
        let text = "[images.a]\nvolume = \"default/a\"\nformat = \"raw\"\n[images.\"v@1.2\"]\nfile = \"v.vmdk\"\n";
        std::fs::write(project.join(PROJECT_CATALOG), text).unwrap();
        let catalog = Catalog::load(store, &project).unwrap();
        let origin = |name: &str| catalog.find(name).unwrap().origin.clone();
        assert_eq!(origin("a"), Origin::Volume { pool: "default".to_owned(), volume: "a".to_owned() });
        assert_eq!(origin("b"), Origin::File(PathBuf::from("/b.raw")));
        assert_eq!(origin("v@1.2"), Origin::File(project.join("v.vmdk")));
        insta::assert_debug_snapshot!(catalog.find("v@1.1").unwrap_err());
    }

    #[test]
    fn mistakes_have_a_line_and_words() {
        insta::assert_snapshot!(problem("[images.a]\nfil = \"a\"\n"));
        insta::assert_snapshot!(problem("\n[images.a]\nfile = \"a\"\nurl = \"https://example.org/a\"\n"), @"`images.toml`, line 2: the image `a` is at two places");
        insta::assert_snapshot!(problem("[images.a]\n"), @"`images.toml`, line 1: the image `a` does not say where it is");
        insta::assert_snapshot!(problem("[images.a]\nvolume = \"a\"\n"), @"`images.toml`, line 1: the image `a` has the volume `a`, which should be `POOL/VOLUME`");
        insta::assert_snapshot!(problem("[images.a]\nvolume = \"p/a\"\n"), @"`images.toml`, line 1: the image `a` is a volume, and needs its `format`");
        insta::assert_snapshot!(problem("[images.a]\nfile = \"a\"\nchecksum = \"md5:1\"\n"));
        insta::assert_snapshot!(problem("[images.a]\nfile = \"a\"\nformat = \"qcow\"\n"));
        insta::assert_snapshot!(problem("[images.a]\nurl = \"ftp://user:secret@example.org/a\"\n"), @"`images.toml`, line 1: the image `a` has an address that is not `http://` or `https://`");
        insta::assert_snapshot!(problem("[images.a\n"));
    }
}
