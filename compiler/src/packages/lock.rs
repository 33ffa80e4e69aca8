//! `wtop.lock`: what `wtop fetch` found for the packages of a project.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The first line of the file.
const HEADER: &str = "# What `wtop fetch` found for the packages of wtop.toml. Keep it beside that file.\n\n";

/// All packages that were fetched for a project, those that its packages use included.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageLock {
    /// Sorted by address and revision.
    #[serde(default, rename = "package")]
    packages: Vec<LockedPackage>,
}

/// What was found at an address for a revision.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedPackage {
    /// The address, as `wtop.toml` has it.
    pub git: String,
    /// The tag, branch or commit, as `wtop.toml` has it.
    pub rev: String,
    /// The commit that it was, in lower-case hexadecimal.
    pub commit: String,
    /// [`content_hash`](super::content_hash) of its files.
    pub sha256: String,
}

/// Why a text is no lock of packages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockProblem {
    /// In words that stand after "`wtop.lock` cannot be read: ".
    pub reason: String,
    /// Where, in bytes.
    pub range: Range<usize>,
}

impl PackageLock {
    /// Reads the file.
    ///
    /// # Errors
    /// The first place that is not as `wtop fetch` writes it.
    pub fn parse(text: &str) -> Result<PackageLock, LockProblem> {
        let lock: PackageLock = toml::from_str(text).map_err(|error| LockProblem {
            reason: error.message().lines().collect::<Vec<_>>().join("; "),
            range: error.span().unwrap_or(0..0),
        })?;
        // A commit is the name of a folder too.
        let is_wrong = |package: &&LockedPackage| !(is_commit(&package.commit) && is_hex(&package.sha256, 64));
        match lock.packages.iter().find(is_wrong) {
            None => Ok(lock),
            Some(package) => {
                let start = [&package.commit, &package.sha256]
                    .into_iter()
                    .filter(|text| !is_commit(text))
                    .find_map(|wrong| text.find(wrong.as_str()).map(|start| start..start + wrong.len()));
                let reason = "a `commit` has 40 or 64 hexadecimal digits, and a `sha256` has 64".to_owned();
                Err(LockProblem { reason, range: start.unwrap_or(0..0) })
            }
        }
    }

    /// What was found for a revision.
    pub fn find(&self, git: &str, rev: &str) -> Option<&LockedPackage> {
        self.packages.iter().find(|package| package.git == git && package.rev == rev)
    }

    /// With these packages.
    pub fn new(packages: impl IntoIterator<Item = LockedPackage>) -> PackageLock {
        let mut packages: Vec<LockedPackage> = packages.into_iter().collect();
        packages.sort();
        packages.dedup();
        PackageLock { packages }
    }

    /// The file; empty if there is nothing in it.
    pub fn text(&self) -> String {
        match toml::to_string(self) {
            Ok(text) if !self.packages.is_empty() => format!("{HEADER}{text}"),
            _ => String::new(),
        }
    }
}

/// Is it the full name of a commit, as git prints it?
fn is_commit(text: &str) -> bool {
    is_hex(text, 40) || is_hex(text, 64)
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(rev: &str) -> LockedPackage {
        LockedPackage {
            git: "https://git.example/devices.git".to_owned(),
            rev: rev.to_owned(),
            commit: "0123456789".repeat(4),
            sha256: "abcdef01".repeat(8),
        }
    }

    #[test]
    fn reads_what_it_writes() {
        let lock = PackageLock::new([package("v2"), package("v1"), package("v2")]);
        insta::assert_snapshot!(lock.text(), @r#"
        # What `wtop fetch` found for the packages of wtop.toml. Keep it beside that file.

        [[package]]
        git = "https://git.example/devices.git"
        rev = "v1"
        commit = "0123456789012345678901234567890123456789"
        sha256 = "abcdef01abcdef01abcdef01abcdef01abcdef01abcdef01abcdef01abcdef01"

        [[package]]
        git = "https://git.example/devices.git"
        rev = "v2"
        commit = "0123456789012345678901234567890123456789"
        sha256 = "abcdef01abcdef01abcdef01abcdef01abcdef01abcdef01abcdef01abcdef01"
        "#);
        assert_eq!(PackageLock::parse(&lock.text()), Ok(lock));
        assert_eq!(PackageLock::default().text(), "");
        assert_eq!(PackageLock::parse(""), Ok(PackageLock::default()));
    }

    #[test]
    fn refuses_what_it_does_not_write() {
        let text = PackageLock::new([package("v1")]).text();
        let wrong = [
            text.replace("sha256", "sha"),
            text.replace("rev = ", "revision = "),
            text.replace("0123", "../"),
            text.replace("abcdef", "ABCDEF"),
            text.replace("[[package]]", "<<<<<<< HEAD"),
        ];
        let told = wrong.map(|text| {
            let problem = PackageLock::parse(&text).unwrap_err();
            format!("{}: {:?}", problem.reason, text.get(problem.range).unwrap())
        });
        insta::assert_snapshot!(told.join("\n"));
    }
}
