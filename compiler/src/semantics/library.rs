//! The device library that is in the binary: `std`.

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The folder under which the library's files are known; no such folder exists on disk.
pub const ROOT: &str = "<std>";

/// The text of a file of the library, by its path below `stdlib/`.
pub fn file(path: &str) -> Option<&'static str> {
    FILES.binary_search_by(|(name, _)| (*name).cmp(path)).ok().and_then(|index| FILES.get(index)).map(|(_, text)| *text)
}

/// Every file of the library: path and text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied()
}

/// The file that declares the device known by this short name.
pub fn device_file(name: &str) -> Option<&'static str> {
    DEVICES.iter().find(|(device, _)| *device == name).map(|(_, file)| *file)
}

/// The short names of all devices.
pub fn device_names() -> impl Iterator<Item = &'static str> {
    DEVICES.iter().map(|(device, _)| *device)
}
