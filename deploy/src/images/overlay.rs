//! The disks of machines: overlays of images, that take only what a guest writes.

use super::probe::{Format, disk_size};
use super::resolve::{Image, Place};
use super::{Problem, qemu};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use tempfile::Builder;

/// Makes a qcow2 at `overlay` that begins as a copy of an image and takes no room; its size is the image's if none is
/// given. The format of the image is written into it, so that nobody has to guess.
///
/// # Errors
/// The image is no file, is larger than `size`, or the overlay cannot be written; there is none then.
pub fn clone(image: &Image, overlay: &Path, size: Option<u64>) -> Result<(), Problem> {
    let Place::File(backing) = &image.place else {
        return Err(Problem::new(format!("`{}` is a volume of libvirt, not a file", image.name))
            .help("have libvirt make an overlay of it in its pool"));
    };
    // A relative path would be looked for beside the overlay, and one with a colon would be an address.
    let backing = fs::canonicalize(backing).map_err(|error| Problem::io("find", backing, &error))?;
    let size = match (size, image.virtual_size) {
        (Some(size), Some(least)) if size < least => {
            return Err(Problem::new(format!(
                "a disk of {size} bytes is too small for `{}`, which has {least}",
                image.name
            ))
            .help("give the disk in the lab the size of its image, or none"));
        }
        (size, _) => size.map(|size| size.to_string()),
    };
    let folder = overlay.parent().unwrap_or(Path::new("."));
    let temporary = Builder::new()
        .prefix(".wtop-")
        .tempdir_in(folder)
        .map_err(|error| Problem::io("write into", folder, &error))?;
    let unfinished = temporary.path().join("overlay");
    let mut arguments = ["create", "-q", "-f", "qcow2", "-F", image.format.name(), "-b"].map(OsStr::new).to_vec();
    arguments.extend([backing.as_os_str(), unfinished.as_os_str()]);
    arguments.extend(size.as_deref().map(OsStr::new));
    qemu::run(&arguments, &format!("make a disk from `{}`", image.name), &mut |_| {})?;
    fs::rename(&unfinished, overlay).map_err(|error| Problem::io("write", overlay, &error))
}

/// Gives a disk another size, which a guest may grow into. Its machine must not run.
///
/// # Errors
/// It would become smaller, or cannot be written.
pub fn resize(disk: &Path, format: Format, size: u64) -> Result<(), Problem> {
    let path = fs::canonicalize(disk).map_err(|error| Problem::io("find", disk, &error))?;
    if let Some(now) = disk_size(&path, format).filter(|now| size < *now) {
        let message = format!("`{}` has {now} bytes, and would lose data with {size}", disk.display());
        return Err(Problem::new(message).help("a disk can only become larger"));
    }
    let size = size.to_string();
    let arguments = ["resize", "-q", "-f", format.name()].map(OsStr::new);
    let arguments = [arguments.as_slice(), &[path.as_os_str(), OsStr::new(&size)]].concat();
    qemu::run(&arguments, &format!("resize `{}`", disk.display()), &mut |_| {})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::test_tools::{qemu_img, store};

    #[test]
    fn overlays_know_the_format_of_their_image() {
        let store = store();
        let (path, overlay) = (store.folder.join("base: a.img"), store.folder.join("disk.qcow2"));
        qemu_img(&["create", "-q", "-f", "raw", &format!("file:{}", path.display()), "16M"]);
        let place = Place::File(path.clone());
        let image = Image { name: "a".to_owned(), place, format: Format::Raw, virtual_size: Some(16 << 20) };
        clone(&image, &overlay, Some(32 << 20)).unwrap();
        let info = qemu_img(&["info", "-f", "qcow2", "--output=json", overlay.to_str().unwrap()]);
        assert!(
            info.contains("\"backing-filename-format\": \"raw\"") && info.contains("\"virtual-size\": 33554432"),
            "{info}"
        );
        insta::assert_snapshot!(clone(&image, &overlay, Some(1)).unwrap_err().message, @"a disk of 1 bytes is too small for `a`, which has 16777216");

        resize(&overlay, Format::Qcow2, 64 << 20).unwrap();
        assert!(qemu_img(&["info", "-f", "qcow2", overlay.to_str().unwrap()]).contains("64 MiB"));
        let shrunk = resize(&overlay, Format::Qcow2, 1 << 20).unwrap_err();
        insta::assert_snapshot!(shrunk.message.replace(overlay.to_str().unwrap(), "disk.qcow2"));
        std::fs::remove_file(&path).unwrap();
        assert!(clone(&image, &store.folder.join("other"), None).is_err());
        assert!(!store.folder.join("other").exists());
    }
}
