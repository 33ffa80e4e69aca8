//! Checksums: `sha256:…` and `sha512:…`.

use super::{Problem, Progress, Step};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};
use std::fmt::{self, Write};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

/// How a checksum is computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The algorithms' names.
pub enum Algorithm {
    Sha256,
    Sha512,
}

/// What a file must hash to. Its text is `sha256:` or `sha512:` with the digest in hexadecimal; the digest alone is
/// understood too, as publishers write it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Checksum {
    /// How it is computed.
    pub algorithm: Algorithm,
    /// In lower-case hexadecimal.
    digest: String,
}

impl FromStr for Checksum {
    type Err = String;

    fn from_str(text: &str) -> Result<Checksum, String> {
        let text = text.trim().to_ascii_lowercase();
        let (name, digest) = text.split_once(':').unwrap_or(("", &text));
        let algorithm = match (name, digest.len()) {
            ("sha256" | "", 64) => Algorithm::Sha256,
            ("sha512" | "", 128) => Algorithm::Sha512,
            ("sha256", length) => return Err(format!("a SHA-256 has 64 hexadecimal digits, and this has {length}")),
            ("sha512", length) => return Err(format!("a SHA-512 has 128 hexadecimal digits, and this has {length}")),
            _ => return Err("a checksum is `sha256:` or `sha512:` with its hexadecimal digits".to_owned()),
        };
        if !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("a checksum has hexadecimal digits only".to_owned());
        }
        Ok(Checksum { algorithm, digest: digest.to_owned() })
    }
}

impl TryFrom<String> for Checksum {
    type Error = String;

    fn try_from(text: String) -> Result<Checksum, String> {
        text.parse()
    }
}

impl From<Checksum> for String {
    fn from(checksum: Checksum) -> String {
        checksum.to_string()
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let name = match self.algorithm {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        };
        write!(out, "{name}:{}", self.digest)
    }
}

/// A checksum that is being computed.
pub(super) enum Hasher {
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl Hasher {
    pub(super) fn new(algorithm: Algorithm) -> Hasher {
        match algorithm {
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha512 => Hasher::Sha512(Box::default()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha256(hash) => hash.update(bytes),
            Hasher::Sha512(hash) => hash.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Checksum {
        let (algorithm, digest) = match self {
            Hasher::Sha256(hash) => (Algorithm::Sha256, hexadecimal(&hash.finalize())),
            Hasher::Sha512(hash) => (Algorithm::Sha512, hexadecimal(&hash.finalize())),
        };
        Checksum { algorithm, digest }
    }
}

/// The beginning of the SHA-256 of a text: a name for a file about it.
pub(super) fn short_name(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    hexadecimal(digest.get(..8).unwrap_or_default())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing into memory cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The checksum of a file.
pub(super) fn of_file(path: &Path, algorithm: Algorithm, progress: Progress) -> Result<Checksum, Problem> {
    let problem = |error| Problem::io("read", path, &error);
    let mut file = File::open(path).map_err(problem)?;
    let total = Some(file.metadata().map_err(problem)?.len());
    let mut hasher = Hasher::new(algorithm);
    let mut buffer = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        let count = file.read(&mut buffer).map_err(problem)?;
        if count == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
        done += count as u64;
        progress(Step { doing: "checking", done, total });
    }
}

/// Is a file what it should be?
///
/// # Errors
/// It cannot be read, or is something else.
pub(super) fn demand(path: &Path, wanted: &Checksum, shown: &str, progress: Progress) -> Result<(), Problem> {
    let found = of_file(path, wanted.algorithm, progress)?;
    if found == *wanted {
        return Ok(());
    }
    Err(Problem::new(format!("`{shown}` is not what its checksum says: it has {found}, and should have {wanted}")).help(
        "look for the checksum at its publisher again; if that is right, the file was damaged or exchanged: do not use it",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let checksum: Checksum = empty.to_uppercase().parse().unwrap();
        assert_eq!(checksum.to_string(), format!("sha256:{empty}"));
        assert_eq!(Hasher::new(Algorithm::Sha256).finish(), checksum);
        let long = Hasher::new(Algorithm::Sha512).finish();
        assert_eq!(long.to_string().parse::<Checksum>().unwrap(), long);
        let wrong = |text: &str| text.parse::<Checksum>().unwrap_err();
        insta::assert_snapshot!(wrong("sha256:12"), @"a SHA-256 has 64 hexadecimal digits, and this has 2");
        insta::assert_snapshot!(wrong("md5:12"), @"a checksum is `sha256:` or `sha512:` with its hexadecimal digits");
        insta::assert_snapshot!(wrong(&"x".repeat(64)), @"a checksum has hexadecimal digits only");
    }
}
