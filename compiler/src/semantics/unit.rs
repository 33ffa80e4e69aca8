//! A parsed file of a compilation: its tree, its tokens, and what its names mean.

use super::roots::RootId;
use crate::collections::{IndexMap, IndexSet};
use crate::source::FileId;
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::{Parse, parse};
use smol_str::SmolStr;
use std::path::PathBuf;
use std::sync::Arc;

/// A parsed file: its index in [`Compilation::units`](super::Compilation::units).
pub type UnitId = usize;

/// A parsed file.
#[derive(Debug)]
pub struct Unit {
    /// Its text, in the sources of the compilation.
    pub file: FileId,
    /// Its tokens and tree.
    pub parse: Arc<Parse>,
    /// The folder that its paths are relative to.
    pub directory: PathBuf,
    /// Where it comes from, and which its paths may not leave: [`PROJECT`](super::PROJECT),
    /// [`LIBRARY`](super::LIBRARY), or a package.
    pub root: RootId,
    /// Does nobody edit it? It is in the binary or in the cache of packages.
    pub fixed: bool,
    /// Names that `use` brings in.
    pub imports: IndexMap<SmolStr, Import>,
    /// Names that `use` should have brought in, which could not be found: that was reported.
    pub failed_imports: IndexSet<SmolStr>,
    /// Devices of the library that it knows by their short names.
    pub short_names: IndexMap<SmolStr, Import>,
    /// The names that it declares at its top and that other files may import: each with its index in
    /// [`Unit::items`].
    pub names: IndexMap<SmolStr, usize>,
}

/// A name that stands for an item of another file.
#[derive(Debug, Clone)]
pub struct Import {
    /// The file.
    pub unit: UnitId,
    /// The item's name there.
    pub name: SmolStr,
    /// Where it is brought in: the name in the `use`, or the device that a node names.
    pub span: Span,
    /// Is it passed on to those who import this file?
    pub public: bool,
}

impl Unit {
    /// A file whose imports were not followed yet.
    pub(super) fn new(file: FileId, parse: Arc<Parse>, root: RootId, fixed: bool, directory: PathBuf) -> Unit {
        Unit {
            file,
            directory,
            root,
            fixed,
            imports: IndexMap::default(),
            failed_imports: IndexSet::default(),
            short_names: IndexMap::default(),
            names: index(&parse.tree),
            parse,
        }
    }

    /// Its items.
    pub fn items(&self) -> &[ast::Item] {
        &self.parse.tree.items
    }

    /// The item that it declares under a name.
    pub fn item(&self, name: &str) -> Option<&ast::Item> {
        self.names.get(name).and_then(|index| self.items().get(*index))
    }
}

/// The item that a name means in a file: its own, an imported one, or a device of the library.
pub fn find<'a>(units: &'a [Unit], unit: UnitId, name: &str) -> Option<(UnitId, &'a ast::Item)> {
    let mut at = (unit, SmolStr::new(name));
    // A chain of `pub use` is as long as there are files.
    for _ in 0..=units.len() {
        let unit = units.get(at.0)?;
        if let Some(item) = unit.item(&at.1) {
            return Some((at.0, item));
        }
        let import = unit.imports.get(at.1.as_str()).or_else(|| unit.short_names.get(at.1.as_str()))?;
        at = (import.unit, import.name.clone());
    }
    None
}

/// What the files of a compilation were parsed to, so that the next one parses only those whose text is another.
#[derive(Debug, Default)]
pub struct ParseCache {
    /// By [`FileId`].
    files: Vec<Option<(Arc<str>, Arc<Parse>)>>,
}

impl ParseCache {
    /// Parses a text, unless it is what the file had the last time.
    pub(super) fn parse(&mut self, file: FileId, text: &Arc<str>) -> Arc<Parse> {
        let at = file.0 as usize;
        if let Some(Some((known, parse))) = self.files.get(at)
            && known == text
        {
            return parse.clone();
        }
        let parse = Arc::new(parse(file, text));
        if self.files.len() <= at {
            self.files.resize_with(at + 1, || None);
        }
        if let Some(place) = self.files.get_mut(at) {
            *place = Some((text.clone(), parse.clone()));
        }
        parse
    }
}

/// The named items of a file that other files can import.
fn index(tree: &ast::File) -> IndexMap<SmolStr, usize> {
    let mut items = IndexMap::default();
    for (at, item) in tree.items.iter().enumerate() {
        let name = match &item.kind {
            ItemKind::Let(declared) => &declared.name,
            ItemKind::Type(declared) => &declared.name,
            ItemKind::Pool(declared) => &declared.name,
            ItemKind::Device(declared) => &declared.name,
            ItemKind::Module(declared) => &declared.name,
            ItemKind::AttributeDecl(declared) => &declared.name,
            _ => continue,
        };
        items.entry(name.text.clone()).or_insert(at);
    }
    items
}

#[cfg(test)]
mod tests {
    use crate::semantics::{LIBRARY, PROJECT};
    use crate::source::MemoryFileSystem;
    use crate::{CompileCache, CompileOptions, compile_again};
    use std::sync::Arc;

    #[test]
    fn parses_again_only_what_changed() {
        let mut fs = MemoryFileSystem::new([
            ("lab.wtop", "topology t\nuse \"./lib.wtop\".{size as wanted}\nnode r[1..wanted]: debian\n"),
            ("lib.wtop", "pub let size = 2\n"),
        ]);
        let options = CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() };
        let mut cache = CompileCache::default();
        let first = compile_again(&fs, &options, &mut cache);
        fs.insert("lib.wtop", "pub let size = 30\n");
        let second = compile_again(&fs, &options, &mut cache);
        let nodes = |compilation: &crate::Compilation| compilation.topology.as_ref().unwrap().nodes.len();
        assert_eq!((nodes(&first), nodes(&second)), (2, 30));
        let same: Vec<bool> =
            first.units.iter().zip(&second.units).map(|(a, b)| Arc::ptr_eq(&a.parse, &b.parse)).collect();
        // The lab, what it imports, and the device of the library.
        assert_eq!(same.get(..3), Some(&[true, false, true][..]));
    }

    #[test]
    fn names_lead_to_their_items() {
        let fs = MemoryFileSystem::new([
            ("lab.wtop", "topology t\nuse \"./lib.wtop\".{size as wanted}\nnode r[1..wanted]: debian\n"),
            ("lib.wtop", "pub let size = 2\n"),
        ]);
        let options = CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() };
        let compilation = compile_again(&fs, &options, &mut CompileCache::default());
        let (unit, item) = compilation.find(0, "wanted").unwrap();
        let unit = &compilation.units[unit];
        assert_eq!((unit.root, unit.fixed), (PROJECT, false));
        assert_eq!(compilation.sources.text(item.span), "pub let size = 2");
        let (unit, _) = compilation.find(0, "debian").unwrap();
        assert_eq!((compilation.units[unit].root, compilation.units[unit].fixed), (LIBRARY, true));
        assert!(compilation.find(0, "nothing").is_none());
    }
}
