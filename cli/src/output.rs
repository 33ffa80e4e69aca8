//! Writing what a build made into a folder, without touching what is not ours.

use crate::exit::Failure;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use tempfile::{Builder, TempDir};
use wtop_compiler::backends::{Artifact, manifest};

/// Makes a folder hold the artifacts, of which one is their manifest.
///
/// A new folder appears whole. One that an earlier build wrote has its files replaced, and those that are no longer
/// made removed; other files in it are left. A folder with other files and without our manifest is refused.
///
/// # Errors
/// A sentence that names the folder or file.
pub fn write(path: &Path, artifacts: &[Artifact]) -> Result<(), Failure> {
    let problem = |error: io::Error| Failure::io("write into", path, &error);
    let is_new = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(problem(error)),
    };
    if is_new { create(path, artifacts).map_err(problem) } else { update(path, artifacts) }
}

/// Writes the artifacts beside where they shall be, and moves the whole.
fn create(path: &Path, artifacts: &[Artifact]) -> io::Result<()> {
    let absolute = std::path::absolute(path)?;
    let parent = absolute.parent().unwrap_or(&absolute);
    fs::create_dir_all(parent)?;
    let stage = stage(parent, artifacts)?;
    // An empty folder is replaced too.
    fs::rename(stage.path(), &absolute)?;
    let _ = stage.keep();
    Ok(())
}

/// Replaces what an earlier build left. The manifest goes before the files: what a run that is cut off leaves is then
/// listed in it, and the next run replaces it.
fn update(path: &Path, artifacts: &[Artifact]) -> Result<(), Failure> {
    let old = listed(path)?;
    let problem = |error: io::Error| Failure::io("write into", path, &error);
    for artifact in artifacts.iter().filter(|artifact| artifact.path != manifest::NAME) {
        if !old.contains(&artifact.path) && path.join(&artifact.path).symlink_metadata().is_ok() {
            let message =
                format!("`{}` was not written by wtop, and is left as it is", path.join(&artifact.path).display());
            return Err(Failure::environment(message).help("move it away, or build into another folder with `-o`"));
        }
    }
    let stage = stage(path, artifacts).map_err(problem)?;
    let new: BTreeSet<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    for stale in old.iter().filter(|old| !new.contains(old.as_str())) {
        remove(path, stale).map_err(problem)?;
    }
    let is_manifest = |artifact: &&Artifact| artifact.path == manifest::NAME;
    let others = artifacts.iter().filter(|artifact| !is_manifest(artifact));
    for artifact in artifacts.iter().filter(is_manifest).chain(others) {
        let to = path.join(&artifact.path);
        make_parent(&to).and_then(|()| fs::rename(stage.path().join(&artifact.path), to)).map_err(problem)?;
    }
    Ok(())
}

/// The files that an earlier build wrote into a folder.
fn listed(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = fs::read(path.join(manifest::NAME)).unwrap_or_default();
    let files = manifest::files(&text).map(|files| files.into_iter().filter(|file| is_inside(file)).collect());
    files.ok_or_else(|| {
        let message = format!("`{}` holds files that wtop did not write, and is left as it is", path.display());
        Failure::environment(message).help("build into another folder with `-o`, or empty this one")
    })
}

/// Does a path stay below the folder that it is relative to? A manifest can be edited.
fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A temporary folder with the artifacts in it, gone when dropped.
fn stage(parent: &Path, artifacts: &[Artifact]) -> io::Result<TempDir> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    let stage = builder.prefix(".wtop-").tempdir_in(parent)?;
    for artifact in artifacts {
        let path = stage.path().join(&artifact.path);
        make_parent(&path)?;
        fs::write(path, &artifact.bytes)?;
    }
    Ok(stage)
}

fn make_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Removes a file, and the folders that are empty then.
fn remove(root: &Path, file: &str) -> io::Result<()> {
    match fs::remove_file(root.join(file)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut folder = PathBuf::from(file);
    while folder.pop() && !folder.as_os_str().is_empty() && fs::remove_dir(root.join(&folder)).is_ok() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wtop_compiler::source::Sources;
    use wtop_compiler::topology::Topology;

    /// A build of these files.
    fn build(files: &[(&str, &str)]) -> Vec<Artifact> {
        let artifact = |(path, text): &(&str, &str)| Artifact {
            path: (*path).to_owned(),
            bytes: (*text).into(),
            marks: Vec::new(),
        };
        let mut artifacts: Vec<Artifact> = files.iter().map(artifact).collect();
        artifacts.push(manifest::manifest(&Topology::default(), &Sources::default(), "kvm", &artifacts));
        artifacts
    }

    /// The files below a folder that are not the manifest, sorted, each with its text.
    fn held(root: &Path) -> Vec<String> {
        let mut open = vec![root.to_path_buf()];
        let mut held = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if !path.ends_with(manifest::NAME) {
                    let name = path.strip_prefix(root).unwrap().display().to_string();
                    held.push(format!("{name}: {}", fs::read_to_string(path).unwrap()));
                }
            }
        }
        held.sort();
        held
    }

    #[test]
    fn a_build_replaces_the_one_before() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("deep/out");
        write(&out, &build(&[("a.xml", "1"), ("seeds/b.iso", "1")])).unwrap();
        assert_eq!(held(&out), ["a.xml: 1", "seeds/b.iso: 1"]);
        write(&out, &build(&[("a.xml", "2"), ("c/d.xml", "2")])).unwrap();
        assert_eq!(held(&out), ["a.xml: 2", "c/d.xml: 2"]);
        assert!(!out.join("seeds").exists());
        // Nothing temporary is left.
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&out).unwrap().count(), 3);
    }

    #[test]
    fn files_of_others_are_left() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        write(&out, &build(&[("a.xml", "1")])).unwrap();
        fs::write(out.join("mine"), "me").unwrap();
        write(&out, &build(&[("a.xml", "2")])).unwrap();
        assert_eq!(held(&out), ["a.xml: 2", "mine: me"]);
        let error = write(&out, &build(&[("a.xml", "3"), ("mine", "3")])).unwrap_err();
        assert!(error.message.ends_with("mine` was not written by wtop, and is left as it is"), "{}", error.message);
        assert_eq!(held(&out), ["a.xml: 2", "mine: me"]);
    }

    #[test]
    fn a_folder_of_others_is_refused() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("mine"), "me").unwrap();
        let error = write(place.path(), &build(&[("a.xml", "1")])).unwrap_err();
        assert!(error.message.contains("holds files that wtop did not write"), "{}", error.message);
        assert_eq!(held(place.path()), ["mine: me"]);
        // An empty one is taken.
        fs::remove_file(place.path().join("mine")).unwrap();
        write(place.path(), &build(&[("a.xml", "1")])).unwrap();
        assert_eq!(held(place.path()), ["a.xml: 1"]);
    }

    #[test]
    fn a_manifest_that_names_files_outside_removes_none() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("outside"), "me").unwrap();
        let out = place.path().join("out");
        fs::create_dir(&out).unwrap();
        let [listing] = &build(&[("../outside", "")])[1..] else { panic!("there is a manifest") };
        fs::write(out.join(manifest::NAME), &listing.bytes).unwrap();
        write(&out, &build(&[("a.xml", "1")])).unwrap();
        assert_eq!(held(place.path()), ["out/a.xml: 1", "outside: me"]);
    }
}
