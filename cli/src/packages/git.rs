//! Reading one commit of a repository elsewhere, with the program `git`.
//!
//! Files are read out of git's objects and never checked out: so no hook, filter or attribute of the repository or of
//! the user runs or changes a byte, and no link is made. Nothing is asked at the terminal.

use crate::exit::{Failure, reason};
use std::fs::File;
use std::io;
use std::path::{Component, Path};
use std::process::{Command, Output, Stdio};

/// How much a package may hold.
const MAX_FILES: usize = 10_000;
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What the fetched commit is called in the temporary repository.
const FETCHED: &str = "refs/wtop/package";

/// Variables that would lead git to another repository than the temporary one.
const MISLEADING: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// A commit of a repository.
#[derive(Debug)]
pub struct Commit {
    /// Its full name.
    pub name: String,
    /// Its files and links, in git's order. Those of submodules are not among them.
    pub entries: Vec<Entry>,
}

/// A file or link.
#[derive(Debug)]
pub struct Entry {
    /// Its path, with `/`.
    pub path: String,
    /// Is it a symbolic link? Then `bytes` are where it leads.
    pub is_link: bool,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Fetches the commit that a revision means, without those before it.
///
/// # Errors
/// What git said, or what of the repository is refused.
pub fn fetch(address: &str, revision: &str) -> Result<Commit, Failure> {
    let store = tempfile::tempdir()
        .map_err(|error| Failure::environment(format!("cannot make a temporary folder: {}", reason(&error))))?;
    let store = store.path();
    let what = format!("cannot fetch `{revision}` of `{address}`");
    let run = |arguments: &[&str], input: Stdio| run(store, arguments, input, &what);
    run(&["init", "--quiet", "--bare", "--template=", "."], Stdio::null())?;
    let wanted = format!("+{revision}:{FETCHED}");
    let depth = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"];
    run(&[&depth[..], &["--", address, &wanted]].concat(), Stdio::null())?;
    let name = text(run(&["rev-parse", "--verify", &format!("{FETCHED}^{{commit}}")], Stdio::null())?);
    let name = name.trim().to_owned();
    let listed = run(&["ls-tree", "-r", "-z", "-l", "--full-tree", &name], Stdio::null())?;
    let blobs = blobs(&listed).map_err(|problem| Failure::environment(format!("{what}: {problem}")))?;

    let list = store.join("wanted");
    let ids: String = blobs.iter().map(|blob| format!("{}\n", blob.id)).collect();
    let file = std::fs::write(&list, ids).and_then(|()| File::open(&list));
    let file = file.map_err(|error| Failure::io("write", &list, &error))?;
    let contents = run(&["cat-file", "--batch"], Stdio::from(file))?;
    let entries =
        entries(blobs, &contents).ok_or_else(|| Failure::environment(format!("{what}: git told half of it")))?;
    Ok(Commit { name, entries })
}

/// Runs git in the temporary repository; gives what it printed.
fn run(store: &Path, arguments: &[&str], input: Stdio, what: &str) -> Result<Vec<u8>, Failure> {
    let mut command = Command::new("git");
    command.current_dir(store);
    for setting in ["core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false"] {
        command.args(["-c", setting]);
    }
    for variable in MISLEADING {
        command.env_remove(variable);
    }
    command
        .args(arguments)
        .env("GIT_ALLOW_PROTOCOL", "https:ssh:file")
        // Who needs a password or passphrase has a credential helper or an agent; else it is an error, not a question.
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("GCM_INTERACTIVE", "never")
        .env("SSH_ASKPASS", "false")
        .env("SSH_ASKPASS_REQUIRE", "force")
        .stdin(input);
    let Output { status, stdout, stderr } = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::environment(format!("{what}: there is no program `git`"))
            .help("install git; packages are fetched by it"),
        _ => Failure::environment(format!("{what}: git cannot be started: {}", reason(&error))),
    })?;
    if status.success() {
        return Ok(stdout);
    }
    let said = text(stderr);
    let said: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Err(Failure::environment(what.to_owned()).help(format!("git said: {}", said.join("\n  "))))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A file or link in the list of a commit.
#[derive(Debug, PartialEq, Eq)]
struct Blob {
    path: String,
    is_link: bool,
    id: String,
}

/// Reads `MODE TYPE ID SIZE<tab>PATH<zero>` as often as it comes. What is no file or link is left out.
fn blobs(listed: &[u8]) -> Result<Vec<Blob>, String> {
    let mut blobs = Vec::new();
    let mut bytes = 0;
    for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let line = std::str::from_utf8(line).map_err(|_| "the name of a file in it is not UTF-8 text".to_owned())?;
        let (about, path) = line.split_once('\t').ok_or("git told half of it")?;
        let mut about = about.split_ascii_whitespace();
        let (Some(mode), Some("blob"), Some(id), Some(size)) = (about.next(), about.next(), about.next(), about.next())
        else {
            continue;
        };
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(format!("the file `{path}` in it would lie outside"));
        }
        bytes += size.parse::<u64>().unwrap_or(u64::MAX / 2);
        blobs.push(Blob { path: path.to_owned(), is_link: mode == "120000", id: id.to_owned() });
        if blobs.len() > MAX_FILES {
            return Err(format!("it holds more than {MAX_FILES} files"));
        }
        if bytes > MAX_BYTES {
            return Err(format!("its files have more than {} MiB", MAX_BYTES / 1024 / 1024));
        }
    }
    Ok(blobs)
}

/// Reads `ID blob SIZE<newline>CONTENT<newline>` for each.
fn entries(blobs: Vec<Blob>, mut contents: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::with_capacity(blobs.len());
    for Blob { path, is_link, id } in blobs {
        let end = contents.iter().position(|byte| *byte == b'\n')?;
        let about = std::str::from_utf8(&contents[..end]).ok()?;
        let size: usize = about.strip_prefix(&id)?.strip_prefix(" blob ")?.parse().ok()?;
        let rest = &contents[end + 1..];
        let bytes = rest.get(..size)?.to_vec();
        contents = rest.get(size + 1..)?;
        entries.push(Entry { path, is_link, bytes });
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_git() {
        let listed =
            b"100644 blob aa      12\ta b.wtop\x00120000 blob bb       3\tlink\x00160000 commit cc       -\tsub\0";
        let blob = |path: &str, is_link, id: &str| Blob { path: path.to_owned(), is_link, id: id.to_owned() };
        assert_eq!(blobs(listed), Ok(vec![blob("a b.wtop", false, "aa"), blob("link", true, "bb")]));
        for outside in ["../a", "/etc/passwd", "a/../../b"] {
            let listed = format!("100644 blob aa 1\t{outside}\0");
            assert_eq!(blobs(listed.as_bytes()), Err(format!("the file `{outside}` in it would lie outside")));
        }
        assert_eq!(blobs(b"100644 blob aa 99999999999\tbig\0"), Err("its files have more than 64 MiB".to_owned()));
        let many: String = (0..=MAX_FILES).map(|n| format!("100644 blob aa 1\tf{n}\0")).collect();
        assert_eq!(blobs(many.as_bytes()), Err("it holds more than 10000 files".to_owned()));
    }

    #[test]
    fn contents_of_git() {
        let blobs = || blobs(b"100644 blob aa 3\tone\x00100644 blob bb 0\ttwo\0").unwrap();
        let read = entries(blobs(), b"aa blob 3\nx\ny\nbb blob 0\n\n").unwrap();
        assert_eq!(read.iter().map(|entry| entry.bytes.as_slice()).collect::<Vec<_>>(), [&b"x\ny"[..], b""]);
        for broken in [&b"aa blob 3\nx\n"[..], b"aa missing\n", b"bb blob 3\nxyz\n"] {
            assert!(entries(blobs(), broken).is_none());
        }
    }
}
