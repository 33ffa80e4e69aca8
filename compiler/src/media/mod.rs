//! Boot media: the small disks that carry a machine's first configuration.

pub mod archive;
mod boot;
pub mod cloud_init;
pub mod config_drive;
pub mod ext4;
pub mod fat;
pub mod iso;
mod tree;
pub mod yaml;

pub use boot::{BootMedium, FileContent, boot_media};

use crate::topology::TextContent;
use crate::value::{SecretPart, SecretSource};
use std::fmt;

/// What stands in place of a secret: [`marker`] in artifacts on disk, the secret itself only at deployment.
pub type Reveal<'f> = dyn Fn(&SecretSource) -> String + 'f;

/// `${secret:env:NAME}`: deployment fills it in.
pub fn marker(source: &SecretSource) -> String {
    format!("${{secret:{source}}}")
}

/// Text with its secrets as `reveal` gives them.
pub fn text(content: &TextContent, reveal: &Reveal<'_>) -> String {
    match content {
        TextContent::Plain(text) => text.clone(),
        TextContent::Secret(secret) => {
            let part = |part: &SecretPart| match part {
                SecretPart::Plain(text) => text.clone(),
                SecretPart::Secret(source) => reveal(source),
            };
            secret.parts.iter().map(part).collect()
        }
    }
}

/// Why a medium cannot hold a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaError {
    /// The file's path.
    pub path: String,
    /// What is wrong with it.
    pub kind: MediaErrorKind,
}

/// What is wrong with a file on a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaErrorKind {
    /// A part of the path is empty, `.`, `..`, or holds a control character.
    BadName,
    /// A part of the path is longer than so many characters.
    LongName(usize),
    /// More than so many directories deep.
    TooDeep(usize),
    /// There is a file or directory of this name already.
    Twice,
    /// What would be its directory is a file.
    BelowFile(String),
    /// The file system has no names with this character.
    Character(char),
    /// There is more than the file system can hold.
    TooLarge,
}

impl fmt::Display for MediaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.escape_debug();
        match &self.kind {
            MediaErrorKind::BadName => write!(f, "`{path}` is not a path of names joined by `/`"),
            MediaErrorKind::LongName(limit) => write!(f, "`{path}` has a name of more than {limit} characters"),
            MediaErrorKind::TooDeep(limit) => write!(f, "`{path}` is more than {limit} directories deep"),
            MediaErrorKind::Twice => write!(f, "`{path}` is there twice"),
            MediaErrorKind::BelowFile(file) => write!(f, "`{path}` needs a directory where `{file}` is a file"),
            MediaErrorKind::Character(c) => write!(f, "`{path}` holds `{}`", c.escape_debug()),
            MediaErrorKind::TooLarge => write!(f, "there is more to put on it than it can hold"),
        }
    }
}
