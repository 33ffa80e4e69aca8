//! Writing the user's catalog, so that what its user wrote there stays as it is: order, comments and all.

use super::Problem;
use super::catalog::{Entry, Origin};
use super::store::Store;
use std::fs;
use std::io;
use toml_edit::{DocumentMut, Item, Table, value};

/// What a new catalog begins with.
const HEADER: &str = "# The images of wtop. `wtop image add` writes here, and so may you.\n\n";

/// Adds an entry, or replaces the one of its name.
pub(super) fn put(store: &Store, entry: &Entry) -> Result<(), Problem> {
    change(store, |images| {
        images.insert(&entry.name, Item::Table(table(store, entry)));
    })
}

/// Takes an entry out.
pub(super) fn take_out(store: &Store, name: &str) -> Result<(), Problem> {
    change(store, |images| {
        images.remove(name);
    })
}

fn change(store: &Store, edit: impl FnOnce(&mut Table)) -> Result<(), Problem> {
    let path = store.catalog();
    let (header, text) = match fs::read_to_string(&path) {
        Ok(text) => ("", text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (HEADER, String::new()),
        Err(error) => return Err(Problem::io("read", &path, &error)),
    };
    let unreadable = || {
        Problem::new(format!("`{}` is not written as a catalog is", path.display()))
            .help("`wtop image list` says what is wrong; images stand below lines such as `[images.debian]`")
    };
    let mut document: DocumentMut = text.parse().map_err(|_| unreadable())?;
    let mut images = Table::new();
    images.set_implicit(true);
    let images = document.entry("images").or_insert(Item::Table(images));
    edit(images.as_table_mut().ok_or_else(unreadable)?);
    store.write_text(&path, &format!("{header}{document}"))
}

fn table(store: &Store, entry: &Entry) -> Table {
    let mut table = Table::new();
    match &entry.origin {
        Origin::File(path) => {
            let path = path.strip_prefix(&store.folder).unwrap_or(path);
            table.insert("file", value(path.to_string_lossy().into_owned()));
        }
        Origin::Volume { pool, volume } => {
            table.insert("volume", value(format!("{pool}/{volume}")));
        }
        Origin::Url(url) => {
            table.insert("url", value(url));
        }
    }
    let format = entry.format.map(|format| format.to_string());
    let checksum = entry.checksum.as_ref().map(ToString::to_string);
    for (key, text) in [("format", format), ("checksum", checksum), ("source", entry.source.clone())] {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
    if let Some(size) = entry.size.and_then(|size| i64::try_from(size).ok()) {
        table.insert("size", value(size));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::probe::Format;
    use crate::images::test_tools::store;

    #[test]
    fn what_the_user_wrote_stays() {
        let store = store();
        let written = "# mine\n[images.b] # also mine\nfile = \"/b.raw\"\n\n# not mine\n[images.c]\nfile = '/c.raw'\n";
        fs::write(store.catalog(), written).unwrap();
        let entry = Entry {
            name: "vsrx@22.4".to_owned(),
            origin: Origin::File(store.folder.join("vsrx@22.4.qcow2")),
            format: Some(Format::Qcow2),
            checksum: None,
            size: Some(9),
            source: Some("https://example.org/vsrx.qcow2".to_owned()),
            catalog: store.catalog(),
        };
        put(&store, &entry).unwrap();
        insta::assert_snapshot!(fs::read_to_string(store.catalog()).unwrap());
        assert!(crate::images::catalog::read(&store.catalog()).unwrap().contains(&entry));
        take_out(&store, "vsrx@22.4").unwrap();
        assert_eq!(fs::read_to_string(store.catalog()).unwrap(), written);
        fs::remove_file(store.catalog()).unwrap();
        put(&store, &entry).unwrap();
        assert!(fs::read_to_string(store.catalog()).unwrap().starts_with(HEADER));
    }
}
