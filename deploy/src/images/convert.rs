//! Making an image one of another format.

use super::add::file_name;
use super::catalog::{Catalog, Entry, Origin};
use super::checksum::{Algorithm, of_file};
use super::probe::{Format, probe};
use super::store::{Pulled, Store};
use super::{Problem, Progress, Step, edit, qemu};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Makes an image one of another format, under its name. Its old file goes away if it lies in the store, so that no lab
/// may run on it. The answer is its file.
///
/// # Errors
/// It is no file, or one that only the project's catalog names; or `qemu-img` cannot do it, and it is what it was.
pub fn convert(catalog: &Catalog, name: &str, to: Format, progress: Progress) -> Result<PathBuf, Problem> {
    let store = &catalog.store;
    let _lock = store.lock()?;
    let entry = catalog.find(name)?;
    let old = convertible(catalog, entry)?;
    let found = probe(&old)?;
    if found.format == to {
        return Ok(old);
    }
    let file = store.temporary()?;
    let total = fs::metadata(&old).map_err(|error| Problem::io("read", &old, &error))?.len();
    let absolute = fs::canonicalize(&old).map_err(|error| Problem::io("find", &old, &error))?;
    let arguments = ["convert", "-p", "-f", found.format.name(), "-O", to.name()].map(OsStr::new);
    let arguments = [arguments.as_slice(), &[absolute.as_os_str(), file.path().as_os_str()]].concat();
    qemu::run(&arguments, &format!("convert `{name}`"), &mut |percent| {
        // A share of the bytes to read: whole bytes are exact enough for a bar.
        let done = (percent / 100.0 * total as f64) as u64;
        progress(Step { doing: "converting", done, total: Some(total) });
    })?;
    let checksum = of_file(file.path(), Algorithm::Sha256, progress)?;
    let path = match &entry.origin {
        Origin::Url(_) => old.with_extension(to.name()),
        _ => store.folder.join(file_name(name.trim_end_matches(&format!(".{}", found.format)), to)),
    };
    let size = fs::metadata(file.path()).map_err(|error| Problem::io("read", file.path(), &error))?.len();
    store.keep(file, &path)?;
    store.stamp(&path, &checksum)?;
    match &entry.origin {
        Origin::Url(url) => {
            let name = PathBuf::from(path.file_name().unwrap_or_default());
            let record = store.record(url, entry.checksum.as_ref(), "toml");
            let pulled = Pulled { url: store.shown(entry), file: name, format: to, checksum };
            store.write(&record, &pulled)?;
        }
        _ => {
            let origin = Origin::File(path.clone());
            let source = entry.source.clone().or_else(|| Some(old.display().to_string()));
            let (format, checksum, size) = (Some(to), Some(checksum), Some(size));
            edit::put(store, &Entry { origin, format, checksum, size, source, ..entry.clone() })?;
        }
    }
    discard(store, &old, &path)?;
    Ok(path)
}

/// The file of an image that may be replaced.
fn convertible(catalog: &Catalog, entry: &Entry) -> Result<PathBuf, Problem> {
    let Entry { name, origin, catalog: owner, .. } = entry;
    match origin {
        Origin::Volume { pool, volume } => {
            Err(Problem::new(format!("`{name}` is the volume `{volume}` of libvirt's pool `{pool}`"))
                .help(format!("fetch it with `virsh vol-download --pool {pool} {volume} FILE`, and add the file")))
        }
        Origin::File(path) if *owner != catalog.store.catalog() => {
            Err(Problem::new(format!("`{name}` is a file of `{}`, which wtop does not write", owner.display())).help(
                format!(
                    "`wtop image add {} --name NAME` makes an image of your own of it, which can be converted",
                    path.display()
                ),
            ))
        }
        _ => catalog.store.file(entry).ok_or_else(|| {
            Problem::new(format!("`{name}` is not here yet")).help(format!("`wtop image pull {name}` fetches it"))
        }),
    }
}

/// Removes the old file, if it is the store's. It was replaced already: what cannot be removed is in nobody's way.
fn discard(store: &Store, old: &Path, new: &Path) -> Result<(), Problem> {
    if old == new || !old.starts_with(&store.folder) {
        return Ok(());
    }
    store.forget(old);
    fs::remove_file(old).map_err(|error| Problem::io("remove", old, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::add::add;
    use crate::images::store::Verified;
    use crate::images::test_tools::{files, qemu_img, silent, store};

    #[test]
    fn through_all_formats() {
        let store = store();
        let source = store.folder.parent().unwrap().join("disk");
        qemu_img(&["create", "-q", "-f", "qcow2", source.to_str().unwrap(), "8M"]);
        let load = || Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        add(&load(), source.to_str().unwrap(), "disk.qcow2", None, &mut silent).unwrap();
        for format in [Format::Vmdk, Format::Vdi, Format::Vhdx, Format::Raw, Format::Qcow2] {
            let mut steps = 0;
            let path = convert(&load(), "disk.qcow2", format, &mut |_| steps += 1).unwrap();
            assert_eq!(probe(&path).unwrap().format, format);
            assert!(steps > 0);
            let entry = load().find("disk.qcow2").unwrap().clone();
            assert_eq!((entry.format, store.verified(&entry)), (Some(format), Verified::Yes));
            assert_eq!(files(&store).lines().count(), 2, "{}", files(&store));
        }
    }

    #[test]
    fn what_is_not_ours_is_left() {
        let store = store();
        let project = store.folder.parent().unwrap();
        let text = "[images.a]\nfile = 'a.raw'\n[images.b]\nvolume = 'pool/b'\nformat = 'raw'\n[images.c]\nurl = 'https://example.org/c'\n";
        fs::write(project.join(crate::images::PROJECT_CATALOG), text).unwrap();
        let catalog = Catalog::load(store.clone(), project).unwrap();
        let told = |name| {
            let problem = convert(&catalog, name, Format::Raw, &mut silent).unwrap_err();
            format!("{problem:#?}").replace(project.to_str().unwrap(), "PROJECT")
        };
        insta::assert_snapshot!(["a", "b", "c"].map(told).join("\n"));
    }
}
