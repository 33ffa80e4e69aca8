//! What tests of images share.

use super::Step;
use super::store::Store;
use std::fs;
use std::ops::Deref;
use std::process::Command;
use tempfile::TempDir;

/// A store that is gone after the test.
pub struct TestStore {
    store: Store,
    _place: TempDir,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// An empty store.
pub fn store() -> TestStore {
    let place = TempDir::new().unwrap();
    let store = Store { folder: place.path().join("images") };
    fs::create_dir_all(&store.folder).unwrap();
    TestStore { store, _place: place }
}

/// Nobody is told how far things are.
pub fn silent(_: Step) {}

/// The header of a qcow2 of version 3 that stands alone.
pub fn qcow2_header(size: u64) -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    bytes[..4].copy_from_slice(b"QFI\xfb");
    bytes[7] = 3;
    bytes[23] = 16;
    bytes[24..32].copy_from_slice(&size.to_be_bytes());
    bytes[103] = 104;
    bytes
}

/// Runs `qemu-img`, which tests need.
pub fn qemu_img(arguments: &[&str]) -> String {
    let output = Command::new("qemu-img").args(arguments).output().expect("qemu-img is installed");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is below a folder, sorted, one a line; what wtop keeps for itself is left out.
pub fn files(store: &Store) -> String {
    let mut open = vec![store.folder.clone()];
    let mut names = Vec::new();
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if !path.to_str().unwrap().ends_with("lock") && !path.to_str().unwrap().contains("verified") {
                names.push(path.strip_prefix(&store.folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names.join("\n")
}
