//! `wtop.toml`: which packages the files of a project or package may use.
//!
//! ```toml
//! [packages]
//! site-devices = { git = "https://git.example/site-devices.git", rev = "v1.2" }
//! local-devices = { path = "../devices" }
//! ```

use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::codes::packages as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::source::{FileId, Span};
use crate::syntax::is_name;
use smol_str::SmolStr;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The one table of the file.
const PACKAGES: &str = "packages";
/// What a package may say.
const KEYS: [&str; 3] = ["git", "rev", "path"];
/// What addresses begin with: all else is no address, without protection on the way, or runs programs.
const SCHEMES: [&str; 3] = ["https", "ssh", "file"];
/// How a package is described, for messages.
const FORM: &str = "write `{ git = \"https://…\", rev = \"v1\" }`, or `{ path = \"../devices\" }`";

/// What a `wtop.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The packages, by name.
    pub packages: IndexMap<SmolStr, Package>,
    /// Packages that something is wrong with, which was reported.
    pub failed: IndexSet<SmolStr>,
    /// Nothing of the file could be read, which was reported.
    pub unreadable: bool,
}

/// A package that is used.
#[derive(Clone, Debug)]
pub struct Package {
    /// Where its name stands.
    pub span: Span,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a package comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A repository, fetched by `wtop fetch`.
    Git {
        /// Its address.
        git: String,
        /// A tag, a branch or a full commit.
        rev: String,
    },
    /// A folder beside the project, relative to the `wtop.toml` that names it.
    Path(String),
}

/// Reads a `wtop.toml`. Packages with mistakes are left out.
pub fn parse(file: FileId, text: &str) -> (Manifest, Vec<Diagnostic>) {
    let mut reader = Reader { file, manifest: Manifest::default(), diagnostics: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.file(table.get_ref()),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let reason = error.message().lines().collect::<Vec<_>>().join("; ");
            let span = Span::new(file, range.start, range.end);
            reader.report(Diagnostic::new(&codes::E0909, span, format!("`wtop.toml` is not TOML: {reason}"), "here"));
            reader.manifest.unreadable = true;
        }
    }
    (reader.manifest, reader.diagnostics)
}

struct Reader {
    file: FileId,
    manifest: Manifest,
    diagnostics: Vec<Diagnostic>,
}

type Key<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl Reader {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        let range = spanned.span();
        Span::new(self.file, range.start, range.end)
    }

    fn file(&mut self, table: &DeTable) {
        for (key, value) in table {
            if key.get_ref() != PACKAGES {
                self.unknown_key(key, "`wtop.toml`", &[PACKAGES]);
                self.manifest.unreadable = true;
                continue;
            }
            match value.get_ref() {
                DeValue::Table(packages) => packages.iter().for_each(|(name, value)| self.package(name, value)),
                other => {
                    let message = format!("`packages` is {}, and must be a table", kind(other));
                    let diagnostic = Diagnostic::new(&codes::E0911, self.span(value), message, "not a table");
                    self.report(
                        diagnostic.help("write `[packages]` on a line of its own, and a package on each line below"),
                    );
                    self.manifest.unreadable = true;
                }
            }
        }
    }

    fn unknown_key(&mut self, key: &Key, owner: &str, known: &[&str]) {
        let written = key.get_ref();
        let span = self.span(key);
        let diagnostic = Diagnostic::new(&codes::E0910, span, format!("{owner} has no `{written}`"), "unknown");
        self.report(match closest(written, known.iter().copied()) {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), span, meant)
            }
            None => diagnostic.help(format!("it has: {}", known.join(", "))),
        });
    }

    fn package(&mut self, name: &Key, value: &Value) {
        let text = SmolStr::new(name.get_ref());
        let span = self.span(name);
        let before = self.diagnostics.len();
        self.check_name(&text, span);
        let origin = self.origin(name, value);
        match origin {
            Some(origin) if self.diagnostics.len() == before => {
                self.manifest.packages.insert(text, Package { span, origin });
            }
            _ => {
                self.manifest.failed.insert(text);
            }
        }
    }

    fn check_name(&mut self, name: &str, span: Span) {
        let (message, label, help) = if name == "std" {
            ("`std` is the library that comes with wtop", "taken", "give the package another name")
        } else if !is_name(name) {
            let help = "letters, digits, `_`, and `-` inside, with a letter first";
            ("the name of a package must be one that `use` can say", "not a name", help)
        } else {
            return;
        };
        self.report(Diagnostic::new(&codes::E0912, span, message, label).help(help));
    }

    fn origin(&mut self, name: &Key, value: &Value) -> Option<Origin> {
        let DeValue::Table(table) = value.get_ref() else {
            let message = format!("the package `{}` is {}, and must be a table", name.get_ref(), kind(value.get_ref()));
            self.report(Diagnostic::new(&codes::E0911, self.span(value), message, "not a table").help(FORM));
            return None;
        };
        let before = self.diagnostics.len();
        for (key, _) in table.iter().filter(|(key, _)| !KEYS.contains(&&**key.get_ref())) {
            self.unknown_key(key, "a package", &KEYS);
        }
        let [git, rev, path] = KEYS.map(|key| self.string(name, table, key));
        if self.diagnostics.len() > before {
            return None;
        }
        match (git, rev, path) {
            (Some(git), Some(rev), None) => {
                self.check(git, address_problem);
                self.check(rev, revision_problem);
                Some(Origin::Git { git: git.0.to_owned(), rev: rev.0.to_owned() })
            }
            (None, None, Some(path)) => {
                self.check(path, path_problem);
                Some(Origin::Path(path.0.to_owned()))
            }
            (git, rev, path) => {
                let missing = match (git, rev, path) {
                    (Some(_), None, None) => "has no `rev`: which tag, branch or commit?",
                    (None, Some(_), None) => "has no `git`: at which address?",
                    (None, None, None) => "says not where it comes from",
                    _ => "has a `path` and is fetched by git too",
                };
                let message = format!("the package `{}` {missing}", name.get_ref());
                self.report(Diagnostic::new(&codes::E0911, self.span(name), message, "this package").help(FORM));
                None
            }
        }
    }

    /// The string that a key of a package has, and where.
    fn string<'t>(&mut self, name: &Key, table: &'t DeTable, key: &str) -> Option<(&'t str, Span)> {
        let value = table.get(key)?;
        let span = self.span(value);
        match value.get_ref() {
            DeValue::String(text) => Some((text, span)),
            other => {
                let message = format!("`{key}` of `{}` is {}, and must be a string", name.get_ref(), kind(other));
                self.report(Diagnostic::new(&codes::E0911, span, message, "not a string"));
                None
            }
        }
    }

    fn check(&mut self, (text, span): (&str, Span), problem: fn(&str) -> Option<(String, &'static str)>) {
        if let Some((message, help)) = problem(text) {
            self.report(Diagnostic::new(&codes::E0911, span, message, "not taken").help(help));
        }
    }
}

/// What is wrong with an address, and what to do.
fn address_problem(text: &str) -> Option<(String, &'static str)> {
    let no_address = || format!("`{text}` is no address that packages are fetched from");
    let scheme = text.split_once("://").filter(|(scheme, _)| SCHEMES.contains(scheme));
    let Some((scheme, rest)) = scheme else {
        let help = "addresses begin with `https://`, `ssh://` or `file://`; `git@host:path` is `ssh://git@host/path`";
        return Some((no_address(), help));
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    if user.is_some_and(|user| scheme != "ssh" || user.contains(':')) {
        // Not shown: it may be a password.
        let message = "the address holds a user or password".to_owned();
        return Some((message, "leave it out; git asks its credential helper, or ssh its agent"));
    }
    let is_odd = |character: char| character.is_whitespace() || character.is_control();
    if rest.is_empty() || authority.starts_with('-') || text.contains(is_odd) {
        return Some((no_address(), "it is what `git clone` takes"));
    }
    None
}

/// What is wrong with a revision, and what to do.
fn revision_problem(text: &str) -> Option<(String, &'static str)> {
    let begins = text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    let inside = |character: char| character.is_ascii_alphanumeric() || "._/+-".contains(character);
    let fits = begins && text.chars().all(inside) && !text.contains("..");
    (!fits).then(|| (format!("`{text}` is no revision"), "name a tag, a branch, or all digits of a commit"))
}

/// What is wrong with the path of a local package, and what to do.
fn path_problem(text: &str) -> Option<(String, &'static str)> {
    let is_absolute = text.starts_with('/') || text.contains([':', '\\']);
    let help = "paths are relative to this `wtop.toml`, with `/` between folders";
    (text.is_empty() || is_absolute).then(|| (format!("`{text}` is no path of a package"), help))
}

/// What a value is, for messages.
fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::fix::assert_fixes_mend;
    use crate::diagnostics::render::{TextOptions, text};
    use crate::source::Sources;

    #[test]
    fn both_kinds_of_packages() {
        let (manifest, said) = parse(
            FileId(0),
            "[packages]\na = { git = \"ssh://git@git.example/a\", rev = \"v1.2+x\" }\n[packages.b-c]\npath = \"../b\"\n",
        );
        assert_eq!(said, []);
        let origins: Vec<_> =
            manifest.packages.iter().map(|(name, package)| (name.as_str(), &package.origin)).collect();
        let git = Origin::Git { git: "ssh://git@git.example/a".to_owned(), rev: "v1.2+x".to_owned() };
        assert_eq!(origins, [("a", &git), ("b-c", &Origin::Path("../b".to_owned()))]);
    }

    const WRONG: &str = r#"package = { x = 1 }
[packages]
std = { path = "std" }
2x = { path = "x" }
a = "https://git.example/a"
b = { git = "https://git.example/a" }
c = { rev = "v1" }
d = {}
e = { git = "https://git.example/a", rev = "v1", path = "a" }
f = { git = "https://git.example/a", rev = 1 }
g = { git = "https://git.example/a", revision = "v1" }
h = { git = "git@git.example:a", rev = "v1" }
i = { git = "https://me:secret@git.example/a", rev = "v1" }
j = { git = "ext::sh -c id", rev = "--upload-pack=id" }
k = { path = "/etc" }
"#;

    #[test]
    fn each_mistake_has_its_place() {
        let mut sources = Sources::default();
        let file = sources.add("wtop.toml", "wtop.toml", WRONG);
        let (manifest, said) = parse(file, WRONG);
        assert!(manifest.packages.is_empty() && manifest.failed.len() == 13);
        insta::assert_snapshot!(text(&said, &sources, &TextOptions::default()));
        assert_fixes_mend(WRONG, |text| parse(FileId(0), text).1);
    }

    #[test]
    fn what_is_not_toml_is_one_mistake() {
        for text in ["<<<<<<< HEAD\n", "[packages]\na = 1\na = 2\n", "packages = [", "packages = 1"] {
            let (manifest, said) = parse(FileId(0), text);
            assert!(manifest.unreadable && said.len() == 1, "{text}: {said:?}");
        }
    }
}
