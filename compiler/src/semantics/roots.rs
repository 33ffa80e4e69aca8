//! The roots that files come from: the project, the library, and packages. No file leaves its root.

use super::library;
use super::program::{Loader, Program, normalized};
use crate::diagnostics::codes::{files, packages as codes};
use crate::diagnostics::{Diagnostic, closest};
use crate::packages::{self, LockedPackage, Manifest, Origin, PackageLock, cached, content_hash};
use crate::source::{FileSystem, ReadError, Span};
use crate::syntax::ast;
use smol_str::SmolStr;
use std::path::{Path, PathBuf};

/// A root: its index in `Program::roots`.
pub type RootId = usize;

/// The project of the main file.
pub const PROJECT: RootId = 0;
/// The library that is in the binary.
pub const LIBRARY: RootId = 1;

/// A folder that files are read from, and that their paths do not leave.
#[derive(Debug)]
pub struct Root {
    /// The folder.
    folder: PathBuf,
    /// What its files are called by instead: `<std>`, `<site-devices>`. Those of the project go by their paths.
    shown: Option<String>,
    /// What its local packages may not leave.
    boundary: PathBuf,
    /// Files that nobody edits: they are in the binary or in the cache.
    fixed: bool,
    /// The files of a package, sorted.
    files: Vec<String>,
    /// Its `wtop.toml`, once read.
    manifest: Option<Manifest>,
}

impl Root {
    /// The project in a folder; its local packages stay inside `repository`.
    pub fn project(folder: &Path, repository: &Path) -> Root {
        Root {
            folder: folder.to_path_buf(),
            shown: None,
            boundary: repository.to_path_buf(),
            fixed: false,
            files: Vec::new(),
            manifest: None,
        }
    }

    /// The library.
    pub fn library() -> Root {
        let folder = PathBuf::from(library::ROOT);
        let shown = Some(library::ROOT.to_owned());
        let manifest = Some(Manifest::default());
        Root { boundary: folder.clone(), folder, shown, fixed: true, files: Vec::new(), manifest }
    }

    /// Are its files in the binary or in the cache, so that nobody edits them?
    pub fn is_fixed(&self) -> bool {
        self.fixed
    }

    /// The path of a file of the library or of a package, if there is one.
    pub fn find(&self, file: &str) -> Option<PathBuf> {
        let is_package_file = || self.files.binary_search_by(|known| known.as_str().cmp(file)).is_ok();
        let is_library_file = || self.folder == Path::new(library::ROOT) && library::file(file).is_some();
        (is_package_file() || is_library_file()).then(|| self.folder.join(file))
    }
}

impl Program {
    /// The text of a file.
    ///
    /// # Errors
    /// Why it cannot be read, in words that stand after "cannot read FILE: ".
    pub fn read(&self, fs: &dyn FileSystem, root: RootId, path: &Path) -> Result<String, String> {
        let Some(from) = self.roots.get(root) else { return Err(ReadError::NotFound.to_string()) };
        if root == LIBRARY {
            let inside = path.strip_prefix(&from.folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
            return library::file(&inside).map(str::to_owned).ok_or_else(|| "the library has no such file".to_owned());
        }
        let bytes = fs.read(&from.folder, path).map_err(|error| self.reason(root, &error))?;
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            format!("it is not UTF-8 text (byte {at} is the first that is not)")
        })
    }

    /// The files below a folder, as [`FileSystem::list`] gives them.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn list(&self, fs: &dyn FileSystem, root: RootId, folder: &Path) -> Result<Vec<String>, String> {
        let Some(from) = self.roots.get(root) else { return Err(ReadError::NotFound.to_string()) };
        fs.list(&from.folder, folder).map_err(|error| self.reason(root, &error))
    }

    fn reason(&self, root: RootId, error: &ReadError) -> String {
        match error {
            ReadError::Outside if root != PROJECT => "it lies outside the package".to_owned(),
            _ => error.to_string(),
        }
    }

    /// What to do about a file that cannot be read.
    pub fn help(&self, root: RootId) -> &'static str {
        match root {
            PROJECT => "paths are relative to the file that names them, and stay inside the project",
            _ => "paths are relative to the file that names them, and stay inside the package",
        }
    }

    /// What a file is called in messages and artifacts, which is the same on every machine.
    pub fn name(&self, root: RootId, path: &Path) -> String {
        let within = self.roots.get(root).and_then(|root| Some((root.shown.as_ref()?, &root.folder)));
        let path = match within {
            Some((shown, folder)) => Path::new(shown).join(path.strip_prefix(folder).unwrap_or(path)),
            None => path.to_path_buf(),
        };
        path.to_string_lossy().replace('\\', "/")
    }

    /// Drops fixes that would edit the library or a fetched package.
    pub fn keep_own_fixes(&self, diagnostics: &mut [Diagnostic]) {
        let fixed: Vec<_> = self.units.iter().filter(|unit| unit.fixed).map(|unit| unit.file).collect();
        for diagnostic in diagnostics {
            diagnostic.fixes.retain(|fix| fix.edits.iter().all(|edit| fixed.binary_search(&edit.span.file).is_err()));
        }
    }
}

impl Loader<'_> {
    /// The `wtop.toml` of a root, read when it is first asked for; empty where there is none.
    pub fn read_manifest(&mut self, root: RootId) -> Manifest {
        let Some(from) = self.program.roots.get(root) else { return Manifest::default() };
        if let Some(manifest) = &from.manifest {
            return manifest.clone();
        }
        let path = from.folder.join(packages::MANIFEST);
        let name = match &from.shown {
            Some(_) => self.program.name(root, &path),
            None => packages::MANIFEST.to_owned(),
        };
        let is_missing = self.fs.read(&from.folder, &path) == Err(ReadError::NotFound);
        let manifest = match self.program.read(self.fs, root, &path) {
            Ok(text) => {
                let file = self.program.sources.add(&path, name, text.as_str());
                let (manifest, found) = packages::parse(file, &text);
                self.program.diagnostics.extend(found);
                manifest
            }
            Err(_) if is_missing => Manifest::default(),
            Err(reason) => {
                let message = format!("cannot read `{name}`: {reason}");
                let span = Span::new(self.program.sources.add(&path, name, ""), 0, 0);
                let help = self.program.help(root);
                self.report(Diagnostic::new(&files::E0901, span, message, "the packages of the project").help(help));
                Manifest { unreadable: true, ..Manifest::default() }
            }
        };
        if let Some(root) = self.program.roots.get_mut(root) {
            root.manifest = Some(manifest.clone());
        }
        manifest
    }

    /// The root of a package that a file of the root `from` names. What is wrong with it is reported once.
    pub fn package(&mut self, from: RootId, name: &ast::Name) -> Option<RootId> {
        if name.text.is_empty() {
            return None;
        }
        let key = (from, name.text.clone());
        if let Some(known) = self.packages.get(&key) {
            return *known;
        }
        let manifest = self.read_manifest(from);
        let root = match manifest.packages.get(&name.text) {
            Some(package) => match &package.origin {
                Origin::Git { git, rev } => self.fetched_package(name, package.span, git, rev),
                Origin::Path(path) => self.local_package(from, name, package.span, path),
            },
            None => {
                if !manifest.unreadable && !manifest.failed.contains(&name.text) {
                    self.report_no_package(name, &manifest);
                }
                None
            }
        };
        self.packages.insert(key, root);
        root
    }

    fn report_no_package(&mut self, name: &ast::Name, manifest: &Manifest) {
        let message = format!("there is no package `{}`", name.text);
        let diagnostic = Diagnostic::new(&files::E0907, name.span, message, "unknown");
        let known = || manifest.packages.keys().map(SmolStr::as_str).chain(["std"]);
        self.report(match closest(&name.text, known()) {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), name.span, meant)
            }
            None => diagnostic.help(format!(
                "packages stand in `wtop.toml`: `{} = {{ git = \"https://…\", rev = \"v1\" }}` below `[packages]`; a file \
                 of your own is named by a string: `use \"./lib.wtop\".{{x}}`",
                name.text
            )),
        });
    }

    /// A folder beside the project, or inside a package.
    fn local_package(&mut self, from: RootId, name: &ast::Name, span: Span, path: &str) -> Option<RootId> {
        let owner = self.program.roots.get(from)?;
        let (boundary, fixed) = (owner.boundary.clone(), owner.fixed);
        let folder = normalized(&owner.folder.join(path));
        match self.fs.list(&boundary, &folder) {
            Ok(files) => Some(self.open(Root { boundary, ..package_root(name, folder, fixed, files) })),
            Err(error) => {
                let (reason, help) = match error {
                    ReadError::Outside if fixed => (
                        "it lies outside the package that names it".to_owned(),
                        "a package that is fetched may use folders of its own, and others by `git`",
                    ),
                    ReadError::Outside => (
                        "it lies outside the repository of the project".to_owned(),
                        "a local package lies in the same repository as the project; others are fetched by `git`",
                    ),
                    ReadError::NotFound => ("there is no such folder".to_owned(), "paths are relative to `wtop.toml`"),
                    _ => (error.to_string(), "a package is a folder with `.wtop` files"),
                };
                let message = format!("cannot read the package `{}` in `{path}`: {reason}", name.text);
                let diagnostic = Diagnostic::new(&codes::E0916, name.span, message, "wanted here");
                self.report(diagnostic.label(span, "described here").help(help));
                None
            }
        }
    }

    /// A package in the cache, if it is still what was fetched.
    fn fetched_package(&mut self, name: &ast::Name, span: Span, git: &str, rev: &str) -> Option<RootId> {
        let locked = self.package_lock()?.find(git, rev).cloned();
        let missing = |reason: &str| {
            let message = format!("the package `{}` is not fetched: {reason}", name.text);
            Diagnostic::new(&codes::E0913, name.span, message, "wanted here")
                .label(span, "described here")
                .help("run `wtop fetch`; nothing else uses the network")
        };
        let Some(LockedPackage { commit, sha256, .. }) = locked else {
            let reason = format!("`{}` does not say what `{rev}` of `{git}` is", packages::LOCK);
            self.report(missing(&reason));
            return None;
        };
        let folder = self.cache.map(|cache| cached(cache, &commit));
        let listed = folder.and_then(|folder| Some((self.fs.list(&folder, &folder).ok()?, folder)));
        let Some((files, folder)) = listed else {
            self.report(missing(&format!("commit {commit} is not on this machine")));
            return None;
        };
        if content_hash(self.fs, &folder, &files).as_ref() != Ok(&sha256) {
            let message =
                format!("the files of the package `{}` are not those that `{}` names", name.text, packages::LOCK);
            let help = "run `wtop fetch` to fetch them anew; if that is refused, see who changed the lock";
            let diagnostic = Diagnostic::new(&codes::E0914, name.span, message, "wanted here");
            self.report(diagnostic.label(span, "described here").help(help));
            return None;
        }
        Some(self.open(package_root(name, folder, true, files)))
    }

    /// Adds a root, unless its folder is one already.
    fn open(&mut self, root: Root) -> RootId {
        let known = self.program.roots.iter().position(|known| normalized(&known.folder) == normalized(&root.folder));
        known.unwrap_or_else(|| {
            self.program.roots.push(root);
            self.program.roots.len() - 1
        })
    }

    /// What was fetched; none if that cannot be read, which is reported once.
    fn package_lock(&mut self) -> Option<PackageLock> {
        if let Some(known) = &self.package_lock {
            return known.clone();
        }
        let path = self.program.roots.get(PROJECT)?.folder.join(packages::LOCK);
        let lock = match self.program.read(self.fs, PROJECT, &path) {
            Ok(text) => PackageLock::parse(&text).map_err(|problem| (text, problem)),
            Err(_) => Ok(PackageLock::default()),
        };
        let lock = lock.map_err(|(text, problem)| {
            let file = self.program.sources.add(&path, packages::LOCK, text);
            let span = Span::new(file, problem.range.start, problem.range.end);
            let message = format!("`{}` cannot be read: {}", packages::LOCK, problem.reason);
            let help = "`wtop fetch` writes it; after a merge that went wrong, delete it and fetch again";
            self.report(Diagnostic::new(&codes::E0915, span, message, "here").help(help));
        });
        self.package_lock = Some(lock.clone().ok());
        lock.ok()
    }

    /// No file of a package is where a path leads to.
    pub fn report_no_package_file(&mut self, root: RootId, path: &ast::Path) {
        let names: Vec<&str> = path.names.iter().map(|name| name.text.as_str()).collect();
        let Some((package, inside)) = names.split_first() else { return };
        if inside.iter().any(|name| name.is_empty()) {
            return;
        }
        let files = self.program.roots.get(root).map(|root| root.files.as_slice()).unwrap_or_default();
        let libraries = files.iter().filter_map(|file| file.strip_suffix(".wtop"));
        let known: Vec<String> = libraries.map(|file| format!("{package}.{}", file.replace('/', "."))).collect();
        let message = match inside {
            [] => format!("`{package}` is a package, and no item of one"),
            _ => format!("the package `{package}` has no file `{}.wtop`", inside.join("/")),
        };
        let mut diagnostic = Diagnostic::new(&codes::E0917, path.span, message, "leads to no file");
        let written = names.join(".");
        if let Some(meant) = closest(&written, known.iter().map(String::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
            diagnostic = diagnostic.fix(format!("Write `{meant}`"), path.span, meant);
        } else if known.is_empty() {
            diagnostic = diagnostic.help("the package has no `.wtop` file");
        } else {
            let more = if known.len() > MOST_NAMED { ", …" } else { "" };
            let shown: Vec<&str> = known.iter().take(MOST_NAMED).map(String::as_str).collect();
            diagnostic = diagnostic.help(format!("it has: {}{more}", shown.join(", ")));
        }
        self.report(diagnostic);
    }
}

/// How many files of a package are named.
const MOST_NAMED: usize = 10;

/// The root of a package in a folder, which its own local packages do not leave.
fn package_root(name: &ast::Name, folder: PathBuf, fixed: bool, files: Vec<String>) -> Root {
    let shown = Some(format!("<{}>", name.text));
    Root { boundary: folder.clone(), folder, shown, fixed, files, manifest: None }
}
