//! `wtop fetch`: the packages that a project uses, into the cache.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::{project_of, repository_of};
use crate::packages::{self, Wanted, is_intact, store};
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write;
use clap::Args;
use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use wtop_compiler::packages::{LOCK, LockedPackage, MANIFEST, Manifest, Origin, PackageLock, cached, parse};
use wtop_compiler::source::{DiskFileSystem, FileSystem, Sources};

/// Fetch the packages that wtop.toml names
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop fetch", "all packages of the project here"),
    ("wtop fetch --update", "look again what tags and branches mean"),
    ("wtop fetch --locked", "in CI: only what wtop.lock names"),
]))]
pub struct Fetch {
    /// A file or folder of the project
    #[arg(value_name = "PATH", default_value = ".", value_hint = clap::ValueHint::AnyPath)]
    path: PathBuf,

    /// Fetch what tags and branches mean now, whatever wtop.lock says
    #[arg(long)]
    update: bool,

    /// Fail if wtop.lock would change
    #[arg(long, conflicts_with = "update")]
    locked: bool,
}

/// So many packages may a project have, with those of its packages.
const MOST_PACKAGES: usize = 100;

pub fn run(arguments: &Fetch, terminal: &Terminal) -> Outcome {
    let path = fs::canonicalize(&arguments.path).map_err(|error| Failure::io("find", &arguments.path, &error))?;
    let project = project_of(if path.is_dir() { &path } else { path.parent().unwrap_or(&path) });
    if !project.join(MANIFEST).exists() {
        let message = format!("there is no `{MANIFEST}` in `{}` or above", arguments.path.display());
        let help = "packages stand in it, below a line `[packages]`: `NAME = { git = \"https://…\", rev = \"v1\" }`";
        return Err(Failure::environment(message).help(help));
    }
    let cache = packages::cache().ok_or_else(|| {
        Failure::environment("there is no folder for packages").help("set `HOME`, or `XDG_CACHE_HOME`")
    })?;
    let lock = project.join(LOCK);
    let before = read(&lock)?;
    // A lock that cannot be read is as good as none: it is written anew.
    let known = PackageLock::parse(&before).ok().filter(|_| !arguments.update).unwrap_or_default();
    let mut run =
        Run { cache, known, locked: arguments.locked, terminal, report: Report::default(), found: Vec::new() };
    run.fetch_all(&project)?;
    run.report.print(DiagnosticFormat::Text, terminal)?;
    if run.report.exit() != Exit::Ok {
        return Ok(run.report.exit());
    }
    let text = PackageLock::new(run.found).text();
    let is_changed = text != before;
    if is_changed && arguments.locked {
        return Err(out_of_date("it names packages that are no longer used"));
    }
    if is_changed {
        write::file(&lock, text.as_bytes())?;
    }
    terminal.tell(&format!("`{LOCK}` is {}\n", if is_changed { "written" } else { "up to date" }));
    Ok(Exit::Ok)
}

/// What a file holds; nothing, if there is none.
fn read(path: &Path) -> Result<String, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

fn out_of_date(why: &str) -> Failure {
    let failure = Failure { exit: Exit::Diagnostics, message: format!("`{LOCK}` is out of date: {why}"), help: None };
    failure.help("`wtop fetch` without `--locked` writes it")
}

fn reads_this_machine(owner: &Owner, git: &str) -> Failure {
    let message = format!("`{}{MANIFEST}` names `{git}`, a repository on this machine", owner.shown);
    Failure::environment(message)
        .help("a package that comes from elsewhere may not read it; name it in your own project")
}

/// The project or a package: what may name packages.
#[derive(Clone, Debug)]
struct Owner {
    /// Where its `wtop.toml` is.
    folder: PathBuf,
    /// What its local packages may not leave.
    boundary: PathBuf,
    /// What its `wtop.toml` is called in messages, but for the name of that file.
    shown: String,
    /// Does it come from another machine?
    is_remote: bool,
}

/// A run over all packages.
struct Run<'a> {
    cache: PathBuf,
    /// What the lock says.
    known: PackageLock,
    /// Is nothing new taken?
    locked: bool,
    terminal: &'a Terminal,
    /// Mistakes in the `wtop.toml` of the project and its packages.
    report: Report,
    /// What was found.
    found: Vec<LockedPackage>,
}

impl Run<'_> {
    /// The packages of a project, then those of these packages.
    fn fetch_all(&mut self, project: &Path) -> Result<(), Failure> {
        let first = Owner {
            folder: project.to_path_buf(),
            boundary: repository_of(project),
            shown: String::new(),
            is_remote: false,
        };
        let mut open = VecDeque::from([first]);
        let mut seen = BTreeSet::new();
        while let Some(owner) = open.pop_front() {
            if !seen.insert(owner.folder.clone()) {
                continue;
            }
            if seen.len() > MOST_PACKAGES {
                return Err(Failure::environment(format!("the project has more than {MOST_PACKAGES} packages")));
            }
            for (name, package) in self.manifest(&owner).packages {
                let shown = format!("<{name}>/");
                match package.origin {
                    Origin::Git { git, rev } => {
                        let is_file = git.starts_with("file:");
                        if is_file && owner.is_remote {
                            return Err(reads_this_machine(&owner, &git));
                        }
                        let commit = self.fetch(&git, &rev)?.commit;
                        let folder = cached(&self.cache, &commit);
                        open.push_back(Owner { boundary: folder.clone(), folder, shown, is_remote: !is_file });
                    }
                    // One that is not there is reported by whoever uses it.
                    Origin::Path(path) => {
                        if let Ok(folder) = fs::canonicalize(owner.folder.join(path)) {
                            open.push_back(Owner { folder, shown, ..owner.clone() });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The `wtop.toml` of an owner, if it has one inside its boundary. Its mistakes are reported.
    fn manifest(&mut self, owner: &Owner) -> Manifest {
        let path = owner.folder.join(MANIFEST);
        let Ok(bytes) = DiskFileSystem.read(&owner.boundary, &path) else { return Manifest::default() };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut sources = Sources::default();
        let file = sources.add(&path, format!("{}{MANIFEST}", owner.shown), text.as_str());
        let (manifest, diagnostics) = parse(file, &text);
        self.report.add((sources, diagnostics));
        manifest
    }

    /// One package, from the network only if it is not in the cache as the lock says.
    fn fetch(&mut self, git: &str, rev: &str) -> Result<LockedPackage, Failure> {
        if let Some(found) = self.found.iter().find(|found| found.git == git && found.rev == rev) {
            return Ok(found.clone());
        }
        let locked = self.known.find(git, rev);
        if locked.is_none() && self.locked {
            return Err(out_of_date(&format!("it does not say what `{rev}` of `{git}` is")));
        }
        let package = match locked {
            Some(locked) if is_intact(&self.cache, locked) => locked.clone(),
            _ => {
                let package = store(&self.cache, Wanted { git, rev, locked })?;
                self.terminal.tell(&format!("fetched `{rev}` of `{git}`: commit {}\n", package.commit));
                package
            }
        };
        self.found.push(package.clone());
        Ok(package)
    }
}
