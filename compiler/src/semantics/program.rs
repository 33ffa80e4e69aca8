//! All files of a program: the one asked for, what it imports, and what it uses of the library.

use super::CompileOptions;
use super::library;
use super::roots::{LIBRARY, PROJECT, Root, RootId};
use super::unit::{self, Import, ParseCache, Unit, UnitId};
use crate::collections::IndexMap;
use crate::diagnostics::codes::files as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::packages::PackageLock;
use crate::source::{FileSystem, Sources, Span};
use crate::syntax::ast::{self, ItemKind, TextPart, UseRoot};
use smol_str::SmolStr;
use std::path::{Path, PathBuf};

/// All files of a program, parsed.
#[derive(Debug, Default)]
pub struct Program {
    /// Texts.
    pub sources: Sources,
    /// Trees, the main file first.
    pub units: Vec<Unit>,
    /// Where files come from: the project, the library, then the packages that are used.
    pub roots: Vec<Root>,
    /// What was wrong so far.
    pub diagnostics: Vec<Diagnostic>,
}

impl Program {
    /// The unit with this id.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(id)
    }

    /// The item that a name means in a file: its own, an imported one, or a device of the library.
    pub fn find(&self, unit: UnitId, name: &str) -> Option<(UnitId, &ast::Item)> {
        unit::find(&self.units, unit, name)
    }
}

/// Reads a program: the main file and all that it needs. Files that cannot be read are diagnostics.
pub fn load(fs: &dyn FileSystem, project: &Path, options: &CompileOptions, parses: &mut ParseCache) -> Program {
    let repository = options.repository.as_deref().unwrap_or(project);
    let roots = vec![Root::project(project, repository), Root::library()];
    let program = Program { roots, ..Program::default() };
    let mut loader = Loader {
        fs,
        parses,
        cache: options.package_cache.as_deref(),
        program,
        by_path: IndexMap::default(),
        open: Vec::new(),
        packages: IndexMap::default(),
        package_lock: None,
    };
    loader.unit(PROJECT, options.file.clone(), None);
    // Its mistakes are reported, whether or not a package is used.
    loader.read_manifest(PROJECT);
    loader.program
}

/// A file, and the root that it is read from: a package and the project may both have it.
type Place = (RootId, PathBuf);

pub(super) struct Loader<'a> {
    pub(super) fs: &'a dyn FileSystem,
    parses: &'a mut ParseCache,
    /// Where fetched packages lie.
    pub(super) cache: Option<&'a Path>,
    pub(super) program: Program,
    by_path: IndexMap<Place, UnitId>,
    /// The files whose imports are being followed, for reporting circles.
    open: Vec<(Place, Span)>,
    /// The packages that were looked for, by who names them; none where that failed, which was reported.
    pub(super) packages: IndexMap<(RootId, SmolStr), Option<RootId>>,
    /// Read when it is first needed; none where that failed, which was reported.
    pub(super) package_lock: Option<Option<PackageLock>>,
}

impl Loader<'_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.program.diagnostics.push(diagnostic);
    }

    /// The unit of a file, read now unless it was before. `wanted` is the `use` that asks for it.
    fn unit(&mut self, root: RootId, path: PathBuf, wanted: Option<Span>) -> Option<UnitId> {
        let path = normalized(&path);
        let place = (root, path.clone());
        if let Some(start) = self.open.iter().position(|(open, _)| *open == place) {
            self.report_circle(start, wanted?);
            return None;
        }
        if let Some(unit) = self.by_path.get(&place) {
            return Some(*unit);
        }
        let text = self.read(root, &path, wanted)?;
        let file = self.program.sources.add(&path, self.program.name(root, &path), text);
        let text = self.program.sources.get(file).map(|source| source.text.clone()).unwrap_or_default();
        let parse = self.parses.parse(file, &text);
        self.program.diagnostics.extend(parse.diagnostics.iter().cloned());
        let id = self.program.units.len();
        let directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        self.by_path.insert(place.clone(), id);
        let fixed = self.program.roots.get(root).is_some_and(Root::is_fixed);
        self.program.units.push(Unit::new(file, parse, root, fixed, directory));
        self.open.push((place, wanted.unwrap_or_default()));
        self.imports(id);
        self.short_names(id);
        self.open.pop();
        Some(id)
    }

    fn read(&mut self, root: RootId, path: &Path, wanted: Option<Span>) -> Option<String> {
        let reason = match self.program.read(self.fs, root, path) {
            Ok(text) => return Some(text),
            Err(reason) => reason,
        };
        let name = self.program.name(root, path);
        let message = format!("cannot read `{name}`: {reason}");
        let span = wanted.unwrap_or_else(|| Span::new(self.program.sources.add(path, name, ""), 0, 0));
        let help = self.program.help(root);
        self.report(Diagnostic::new(&codes::E0901, span, message, "wanted here").help(help));
        None
    }

    fn report_circle(&mut self, start: usize, wanted: Span) {
        let shown = |((root, path), span): &(Place, Span)| (format!("`{}`", self.program.name(*root, path)), *span);
        let circle: Vec<(String, Span)> = self.open.iter().skip(start).map(shown).collect();
        let names: Vec<&str> = circle.iter().map(|(name, _)| name.as_str()).collect();
        let first = names.first().copied().unwrap_or_default();
        let message = format!("these files import each other in a circle: {} → {first}", names.join(" → "));
        let mut diagnostic = Diagnostic::new(&codes::E0902, wanted, message, format!("leads back to {first}"))
            .help("move what both need into a third file that imports neither");
        for (name, span) in circle.iter().skip(1) {
            diagnostic = diagnostic.label(*span, format!("imports {name}"));
        }
        self.report(diagnostic);
    }

    fn imports(&mut self, id: UnitId) {
        let Some(unit) = self.program.unit(id) else { return };
        let uses: Vec<(ast::Use, bool)> = unit
            .items()
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Use(used) => Some((used.clone(), item.public.is_some())),
                _ => None,
            })
            .collect();
        for (used, public) in uses {
            self.import(id, &used, public);
        }
    }

    fn import(&mut self, id: UnitId, used: &ast::Use, public: bool) {
        let (target, rest) = match &used.root {
            UseRoot::File(text) => (self.file_root(id, text), Vec::new()),
            UseRoot::Path(path) => self.path_root(id, path).unwrap_or_else(|| (None, path.names.clone())),
        };
        let mut wanted: Vec<(ast::Name, Option<ast::Name>)> = Vec::new();
        if let Some(names) = &used.names {
            wanted.extend(names.iter().map(|name| (name.name.clone(), name.rename.clone())));
        } else if let Some(name) = rest.last() {
            wanted.push((name.clone(), used.rename.clone()));
        } else if let (UseRoot::File(text), Some(_)) = (&used.root, target) {
            let message = "this `use` does not say which items it wants";
            let help = "name them: `use \"./lib.wtop\".{edge, core}`";
            self.report(Diagnostic::new(&codes::E0903, text.span, message, "which items of this file?").help(help));
        }
        for (name, rename) in wanted {
            let local = rename.as_ref().unwrap_or(&name);
            let known = target.is_some_and(|target| self.import_one(id, target, &name, local, public));
            if let (false, Some(unit)) = (known, self.program.units.get_mut(id)) {
                unit.failed_imports.insert(local.text.clone());
            }
        }
    }

    /// Brings one name in; where that fails, it says why.
    fn import_one(&mut self, id: UnitId, target: UnitId, name: &ast::Name, local: &ast::Name, public: bool) -> bool {
        let Some(from) = self.program.unit(target).filter(|_| !name.text.is_empty()) else { return false };
        let exported = from.imports.get(&name.text).is_some_and(|import| import.public);
        let item = from.item(&name.text);
        let shown = self.program.sources.get(from.file).map(|file| file.name.clone()).unwrap_or_default();
        match item {
            Some(item) if item.public.is_none() && !exported => {
                let message = format!("`{}` is private to `{shown}`", name.text);
                let insert = item.span.at_start();
                let diagnostic = Diagnostic::new(&codes::E0905, name.span, message, "not `pub` there")
                    .label(item.span.at_start(), "declared here")
                    .help(format!("write `pub` before its declaration in `{shown}`"))
                    .suggest("Make it `pub`", insert, "pub ");
                self.report(diagnostic);
                return false;
            }
            // It was to come from a file that could not be read, or leads back here: that was reported.
            None if from.failed_imports.contains(&name.text) => return false,
            None if !exported => {
                let public = from
                    .names
                    .iter()
                    .filter(|(_, index)| from.items().get(**index).is_some_and(|item| item.public.is_some()));
                let known: Vec<&str> = public.map(|(name, _)| name.as_str()).collect();
                let message = format!("`{shown}` has no `{}`", name.text);
                let mut diagnostic = Diagnostic::new(&codes::E0904, name.span, message, "not declared there");
                if let Some(meant) = closest(&name.text, known.iter().copied()) {
                    diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
                    diagnostic = diagnostic.fix(format!("Write `{meant}`"), name.span, meant);
                } else if !known.is_empty() {
                    diagnostic = diagnostic.help(format!("it has: {}", known.join(", ")));
                }
                self.report(diagnostic);
                return false;
            }
            _ => {}
        }
        let import = Import { unit: target, name: name.text.clone(), span: local.span, public };
        let Some(unit) = self.program.units.get_mut(id) else { return false };
        let before = unit.imports.get(&local.text).map(|import| import.span);
        let own = unit.item(&local.text).map(|item| item.span);
        if let Some(before) = before.or(own) {
            let message = format!("`{}` is already a name of this file", local.text);
            let diagnostic = Diagnostic::new(&codes::E0906, local.span, message, "brought in again here")
                .label(before, "the other one")
                .help(format!("give one of them another name: `{} as other`", name.text));
            self.report(diagnostic);
        } else {
            unit.imports.insert(local.text.clone(), import);
        }
        true
    }

    fn file_root(&mut self, id: UnitId, text: &ast::StringText) -> Option<UnitId> {
        let path: String = text.parts.iter().map(literal).collect::<Option<Vec<_>>>().map(|parts| parts.concat())?;
        let unit = self.program.unit(id)?;
        self.unit(unit.root, unit.directory.join(path), Some(text.span))
    }

    /// The file of the library or of a package that a path leads to, and the names left over. The longest file wins.
    fn path_root(&mut self, id: UnitId, path: &ast::Path) -> Option<(Option<UnitId>, Vec<ast::Name>)> {
        // A name that is missing was reported.
        if path.names.iter().any(|name| name.text.is_empty()) {
            return Some((None, path.names.clone()));
        }
        let first = path.names.first()?;
        let from = self.program.unit(id)?.root;
        let root = if first.text == "std" { LIBRARY } else { self.package(from, first)? };
        let names: Vec<&str> = path.names.iter().skip(1).map(|name| name.text.as_str()).collect();
        for length in (1..=names.len()).rev() {
            let file = format!("{}.wtop", names.get(..length).unwrap_or_default().join("/"));
            let Some(place) = self.program.roots.get(root).and_then(|root| root.find(&file)) else { continue };
            let unit = self.unit(root, place, Some(path.span));
            // `std.juniper.vsrx` is the item `vsrx` of `juniper/vsrx.wtop`.
            let rest = path.names.iter().skip((length + 1).min(path.names.len() - 1)).cloned().collect();
            return Some((unit, rest));
        }
        if root == LIBRARY {
            self.report_no_library_file(path)
        } else {
            self.report_no_package_file(root, path)
        }
        None
    }

    fn report_no_library_file(&mut self, path: &ast::Path) {
        let names: Vec<&str> = path.names.iter().skip(1).map(|name| name.text.as_str()).collect();
        let message = format!("the library has no `{}`", names.join("."));
        let last = path.names.last().map_or("", |name| name.text.as_str());
        let mut diagnostic = Diagnostic::new(&codes::E0908, path.span, message, "not in `std`");
        if let Some(file) = library::device_file(last) {
            let meant = format!("std.{}.{last}", file.trim_end_matches(".wtop").replace('/', "."));
            diagnostic = diagnostic.help(format!("`{last}` is `{meant}`, and known by its short name anyway"));
        } else if let Some(meant) = closest(last, library::device_names()) {
            diagnostic = diagnostic.help(format!("there is a device `{meant}`; devices need no `use`"));
            if let Some(last) = path.names.last() {
                diagnostic = diagnostic.fix(format!("Write `{meant}`"), last.span, meant);
            }
        } else {
            diagnostic = diagnostic.help("`wtop devices` lists what is there");
        }
        self.report(diagnostic);
    }

    /// Loads the devices of the library that a file names without a `use`.
    fn short_names(&mut self, id: UnitId) {
        let Some(unit) = self.program.unit(id) else { return };
        let mut names = Vec::new();
        device_paths(unit.items(), &mut names);
        names.sort_by(|a, b| (&a.text, a.span).cmp(&(&b.text, b.span)));
        names.dedup_by(|a, b| a.text == b.text);
        names.retain(|name| !unit.names.contains_key(&name.text) && !unit.imports.contains_key(&name.text));
        for name in names {
            let Some(file) = library::device_file(&name.text) else { continue };
            let Some(target) = self.unit(LIBRARY, Path::new(library::ROOT).join(file), Some(name.span)) else {
                continue;
            };
            let import = Import { unit: target, name: name.text.clone(), span: name.span, public: false };
            if let Some(unit) = self.program.units.get_mut(id) {
                unit.short_names.insert(name.text, import);
            }
        }
    }
}

fn literal(part: &TextPart) -> Option<&str> {
    match part {
        TextPart::Literal(text) => Some(text),
        TextPart::Hole(_) => None,
    }
}

/// The path without `.` and `..`, by name alone, so that one file has one name.
pub fn normalized(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if clean.file_name().is_some_and(|name| name != "..") => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// Single names that stand where a device is wanted, anywhere below.
fn device_paths(items: &[ast::Item], names: &mut Vec<ast::Name>) {
    let mut single = |path: &ast::Path| {
        if let [name] = path.names.as_slice() {
            names.push(name.clone());
        }
    };
    let mut blocks: Vec<&ast::Block> = Vec::new();
    for item in items {
        match &item.kind {
            ItemKind::Node(node) => single(&node.device),
            ItemKind::Device(device) => {
                if let Some((base, _)) = &device.base {
                    single(base);
                }
            }
            ItemKind::Defaults(defaults) => {
                if let Some(device) = &defaults.device {
                    single(device);
                }
            }
            ItemKind::For(repeated) => blocks.push(&repeated.block),
            ItemKind::If(choice) => blocks.extend(std::iter::once(&choice.then).chain(&choice.otherwise)),
            ItemKind::Module(module) => blocks.push(&module.block),
            ItemKind::Target(target) => blocks.push(&target.block),
            _ => {}
        }
    }
    for block in blocks {
        device_paths(&block.items, names);
    }
}
