//! What disks start from: for each image of a lab, what the hypervisor is to open.
//!
//! The hypervisor opens images itself, as a user of its own and perhaps on another machine. What it cannot reach goes into
//! its storage pool once, as a volume that all labs share.

use crate::images::{self, Catalog, Need, Place, resolve};
use crate::problem::Problem;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What a disk starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// How it is called.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Its format. It is always said: QEMU would otherwise guess it from bytes that a guest can write.
    pub format: String,
    /// The volume in the lab's pool that is a copy of the file, where the hypervisor cannot open the file itself.
    pub copy: Option<String>,
}

impl Image {
    /// A file that the hypervisor opens.
    pub fn file(path: impl Into<PathBuf>, format: &str) -> Image {
        let path = path.into();
        let name = path.display().to_string();
        Image { name, place: Place::File(path), format: format.to_owned(), copy: None }
    }
}

/// Which hypervisor opens the images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// None: nothing runs, and every image counts as there.
    Nobody,
    /// One of this machine that runs as this user.
    Own,
    /// One of this machine that runs as another user.
    System,
    /// One of another machine.
    Remote,
}

/// Finds what a disk starts from. `written` is the path in the compiler's document, and `format` what it says of it.
///
/// # Errors
/// The image is not there, or is not what its catalog says.
pub fn find(catalog: &Catalog, reach: Reach, need: &Need, written: &str, format: &str) -> Result<Image, Problem> {
    if reach == Reach::Nobody {
        return Ok(Image::file(written, format));
    }
    let found = match resolve(catalog, need) {
        Ok(found) => found,
        // What only the hypervisor can see or open is left to it: it tells if there is no such file.
        Err(_) if reach == Reach::Remote && !catalog.entries.contains_key(need.name()) => {
            return Ok(Image::file(written, format));
        }
        Err(_) if is_closed(Path::new(written)) => return Ok(Image::file(written, format)),
        Err(problem) => return Err(problem),
    };
    let copy = match &found.place {
        Place::File(path) if reach == Reach::Remote || (reach == Reach::System && !is_open(path)) => {
            Some(copy_name(&found, path)?)
        }
        _ => None,
    };
    Ok(Image { name: found.name, place: found.place, format: found.format.to_string(), copy })
}

/// Is it there, and not for us?
fn is_closed(path: &Path) -> bool {
    fs::File::open(path).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

/// May everybody read it, as QEMU's own user must?
fn is_open(path: &Path) -> bool {
    let allows = |path: &Path, bit| fs::metadata(path).is_ok_and(|found| found.mode() & bit != 0);
    // Folders behind links count too.
    let Ok(real) = fs::canonicalize(path) else { return false };
    allows(&real, 0o004) && real.ancestors().skip(1).all(|folder| allows(folder, 0o001))
}

/// The name of a copy: another file gets another one, so that disks keep what they stand on.
fn copy_name(image: &images::Image, path: &Path) -> Result<String, Problem> {
    let file = fs::metadata(path).map_err(|error| Problem::io("read", path, &error))?;
    let mut hasher = DefaultHasher::new();
    (path, file.size(), file.mtime(), file.mtime_nsec()).hash(&mut hasher);
    let stem = image.name.rsplit('/').next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.@".contains(c) { c } else { '-' };
    let stem: String = stem.chars().map(plain).collect();
    Ok(format!("wtop-image-{stem}-{:016x}.{}", hasher.finish(), image.format))
}

/// Stands in the pool beside a copy that is whole: libvirt cannot rename a volume.
pub fn seal(copy: &str) -> String {
    format!("{copy}.whole")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::test_tools::{qcow2_header, store};
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn need(name: &str, folder: &Path) -> Need {
        Need { names: vec![name.to_owned()], folder: folder.to_path_buf(), nodes: vec!["a".to_owned()] }
    }

    #[test]
    fn what_the_hypervisor_cannot_open_is_copied_once() {
        let store = store();
        let closed = store.folder.join("mine");
        fs::create_dir(&closed).unwrap();
        fs::write(closed.join("debian.img"), qcow2_header(1 << 30)).unwrap();
        let let_in = |folder: &Path, mode| fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
        let_in(store.folder.parent().unwrap(), 0o755);
        let_in(&closed, 0o700);
        let catalog = Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        let found = |reach| find(&catalog, reach, &need("debian.img", &closed), "/x/debian.img", "raw").unwrap();
        assert_eq!((found(Reach::Own).copy, found(Reach::Own).format.as_str()), (None, "qcow2"));
        let copy = found(Reach::System).copy.unwrap();
        assert!(copy.starts_with("wtop-image-debian.img-") && copy.ends_with(".qcow2"), "{copy}");
        assert_eq!(found(Reach::Remote).copy.as_ref(), Some(&copy));
        let_in(&closed, 0o711);
        assert_eq!(found(Reach::System).copy, None, "now everybody may read it");
        let_in(&closed, 0o700);
        fs::write(closed.join("debian.img"), qcow2_header(1 << 31)).unwrap();
        assert_ne!(found(Reach::System).copy, Some(copy), "another image");
    }

    #[test]
    fn what_is_nowhere_is_told_by_who_can_see_it() {
        let catalog = Catalog::load(store().clone(), Path::new("/nowhere")).unwrap();
        let gone = |reach| find(&catalog, reach, &need("debian", Path::new("/nowhere")), "/nowhere/debian", "qcow2");
        let problem = gone(Reach::System).unwrap_err();
        assert_eq!(problem.help.unwrap(), "`wtop image add FILE-OR-URL --name debian` adds it");
        for reach in [Reach::Nobody, Reach::Remote] {
            assert_eq!(gone(reach).unwrap(), Image::file("/nowhere/debian", "qcow2"));
        }
    }
}
