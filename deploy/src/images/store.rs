//! The folder of images: the user's catalog, the files, and what is known of them.
//!
//! ```text
//! images.toml            the user's catalog
//! debian.qcow2           what was added
//! pulled/KEY.toml        what was fetched from an address of a catalog, and the file that it is now
//! pulled/KEY.part        what has come so far
//! verified/KEY.toml      what a file was like when its checksum was right
//! ```

use super::catalog::{Entry, Origin, USER_CATALOG};
use super::checksum::{Checksum, short_name};
use super::probe::Format;
use super::{Problem, download};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tempfile::NamedTempFile;

/// What unfinished files begin with.
const UNFINISHED: &str = ".wtop-";

/// Where images lie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Store {
    /// Its folder, which need not be there.
    pub folder: PathBuf,
}

/// Did a file have its checksum when that was last looked at?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    /// Yes, and it was not touched since.
    Yes,
    /// Nobody looked.
    No,
    /// Yes, but it was written to since.
    Changed,
}

/// What was fetched from an address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Pulled {
    /// The address, for people.
    pub url: String,
    /// The file beside this record.
    pub file: PathBuf,
    /// What it is.
    pub format: Format,
    /// Of the file; of what came, if that was packed, it is in the catalog.
    pub checksum: Checksum,
}

/// What a file was like when its checksum was right.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    file: PathBuf,
    checksum: Checksum,
    size: u64,
    /// Nanoseconds after 1970.
    modified: i64,
}

impl Store {
    /// The user's, if there is a place for one: `wtop/images` in `XDG_DATA_HOME`, or in `~/.local/share`.
    pub fn of_user() -> Option<Store> {
        let set = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
        let data = set.or_else(|| env::home_dir().map(|home| home.join(".local/share")))?;
        Some(Store { folder: data.join("wtop/images") })
    }

    /// The user's catalog.
    pub fn catalog(&self) -> PathBuf {
        self.folder.join(USER_CATALOG)
    }

    /// The file of an image, if it is one and was fetched where it must be. It need not exist.
    pub fn file(&self, entry: &Entry) -> Option<PathBuf> {
        match &entry.origin {
            Origin::File(path) => Some(path.clone()),
            Origin::Volume { .. } => None,
            Origin::Url(_) => self.pulled(entry).map(|pulled| self.pulled_folder().join(pulled.file)),
        }
    }

    /// The checksum that the file of an image must have, if one is known.
    pub(super) fn checksum(&self, entry: &Entry) -> Option<Checksum> {
        match entry.origin {
            Origin::Url(_) => self.pulled(entry).map(|pulled| pulled.checksum),
            _ => entry.checksum.clone(),
        }
    }

    /// What was fetched for an entry with an address, if its file is still there.
    pub(super) fn pulled(&self, entry: &Entry) -> Option<Pulled> {
        let Origin::Url(url) = &entry.origin else { return None };
        let pulled: Pulled = read(&self.record(url, entry.checksum.as_ref(), "toml"))?;
        self.pulled_folder().join(&pulled.file).exists().then_some(pulled)
    }

    /// A file about an address: `toml`, `part`, `etag` or `lock`. Another checksum wants another file.
    pub(super) fn record(&self, url: &str, checksum: Option<&Checksum>, ending: &str) -> PathBuf {
        let checksum = checksum.map(Checksum::to_string).unwrap_or_default();
        self.pulled_folder().join(format!("{}.{ending}", short_name(&format!("{url} {checksum}"))))
    }

    /// Where lies what was fetched for catalogs.
    pub(super) fn pulled_folder(&self) -> PathBuf {
        self.folder.join("pulled")
    }

    /// Waits until no other run works on the store. Unfinished files that are there then are nobody's.
    pub(super) fn lock(&self) -> Result<File, Problem> {
        let problem = |error| Problem::io("write into", &self.folder, &error);
        fs::create_dir_all(&self.folder).map_err(problem)?;
        let path = self.folder.join(".lock");
        let lock = OpenOptions::new().create(true).append(true).open(path).map_err(problem)?;
        lock.lock().map_err(problem)?;
        for entry in fs::read_dir(&self.folder).map_err(problem)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path()).map_err(problem)?;
            }
        }
        Ok(lock)
    }

    /// A file without a name yet; it goes away unless it is kept. Others may read it, as far as the user's mask lets
    /// them: QEMU has a user of its own.
    pub(super) fn temporary(&self) -> Result<NamedTempFile, Problem> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(&self.folder).map_err(|error| Problem::io("write into", &self.folder, &error))
    }

    /// Gives a file its name, in one step, after all of it is on the disk.
    pub(super) fn keep(&self, file: NamedTempFile, path: &Path) -> Result<(), Problem> {
        let problem = |error| Problem::io("write", path, &error);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(problem)?;
        // It may have been replaced under its name since it was opened.
        File::open(file.path()).and_then(|file| file.sync_all()).map_err(problem)?;
        file.persist(path).map(drop).map_err(|error| problem(error.error))
    }

    /// Writes a record, in one step.
    pub(super) fn write(&self, path: &Path, record: &impl Serialize) -> Result<(), Problem> {
        let text = toml::to_string(record).map_err(|error| Problem::new(format!("cannot write a record: {error}")))?;
        self.write_text(path, &text)
    }

    /// Writes a text, in one step.
    pub(super) fn write_text(&self, path: &Path, text: &str) -> Result<(), Problem> {
        let mut file = self.temporary()?;
        file.write_all(text.as_bytes()).map_err(|error| Problem::io("write", path, &error))?;
        self.keep(file, path)
    }

    /// Notes that a file has its checksum.
    pub(super) fn stamp(&self, path: &Path, checksum: &Checksum) -> Result<(), Problem> {
        let stamp = Stamp::now(path, checksum).ok_or_else(|| {
            Problem::new(format!("`{}` went away", path.display())).help("`wtop image list` shows what is there")
        })?;
        self.write(&self.stamp_path(path), &stamp)
    }

    /// Forgets what was noted of a file.
    pub(super) fn forget(&self, path: &Path) {
        // Without it, the file counts as one that nobody looked at.
        let _ = fs::remove_file(self.stamp_path(path));
    }

    /// Did the file of an image have its checksum when that was last looked at?
    pub fn verified(&self, entry: &Entry) -> Verified {
        let known = |path: PathBuf| Some((read::<Stamp>(&self.stamp_path(&path))?, path));
        let Some((stamp, path)) = self.file(entry).and_then(known) else { return Verified::No };
        if self.checksum(entry).is_some_and(|wanted| wanted != stamp.checksum) {
            return Verified::No;
        }
        let is_same = Stamp::now(&path, &stamp.checksum).is_some_and(|now| now == stamp);
        if is_same { Verified::Yes } else { Verified::Changed }
    }

    fn stamp_path(&self, path: &Path) -> PathBuf {
        self.folder.join("verified").join(format!("{}.toml", short_name(&path.to_string_lossy())))
    }

    /// Where an image is, for people.
    pub fn shown(&self, entry: &Entry) -> String {
        match &entry.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::Volume { pool, volume } => format!("{pool}/{volume}"),
            Origin::Url(url) => download::shown(url),
        }
    }
}

impl Stamp {
    fn now(path: &Path, checksum: &Checksum) -> Option<Stamp> {
        let metadata = fs::metadata(path).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let (file, checksum) = (path.to_path_buf(), checksum.clone());
        Some(Stamp { file, checksum, size: metadata.len(), modified: i64::try_from(modified).ok()? })
    }
}

/// A record that wtop wrote; one that cannot be read is as good as none.
fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    toml::from_str(&fs::read_to_string(path).ok()?).ok()
}
