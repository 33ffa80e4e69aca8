//! What a file is, read from its content.
//!
//! A name proves nothing, and QEMU must not guess either: whoever could write a header into a raw disk would decide what
//! the host opens. So the format is found here, passed on explicitly, and images that lead to other files are refused.

use super::vhdx;
use super::{Problem, unpack};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A format of disk images.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The formats' names.
pub enum Format {
    Qcow2,
    Raw,
    Vmdk,
    Vdi,
    Vhdx,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 5] = [Format::Qcow2, Format::Raw, Format::Vmdk, Format::Vdi, Format::Vhdx];

    /// As QEMU calls it, and as files end.
    pub fn name(self) -> &'static str {
        match self {
            Format::Qcow2 => "qcow2",
            Format::Raw => "raw",
            Format::Vmdk => "vmdk",
            Format::Vdi => "vdi",
            Format::Vhdx => "vhdx",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Probe {
    /// What it is.
    pub format: Format,
    /// Bytes of the disk that a guest sees.
    pub virtual_size: u64,
}

/// So much of a file is looked at; the descriptor of a VMDK lies within.
const HEAD: u64 = 64 << 10;

/// Looks at a file. Raw is what is nothing else.
///
/// # Errors
/// It cannot be read, is no image that wtop knows, or is refused because it would lead QEMU to other files.
pub fn probe(path: &Path) -> Result<Probe, Problem> {
    probe_as(path, &path.display().to_string())
}

/// Looks at a file that its user knows under another name.
pub(super) fn probe_as(path: &Path, shown: &str) -> Result<Probe, Problem> {
    let problem = |error: io::Error| Problem::io("read", path, &error);
    let mut file = File::open(path).map_err(problem)?;
    let metadata = file.metadata().map_err(problem)?;
    if !metadata.is_file() {
        return Err(Problem::new(format!("`{shown}` is no regular file")).help("name the file of an image"));
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(problem)?;
    let refused =
        |refusal: Refusal| Problem::new(format!("`{shown}` {}", refusal.why)).help(refusal.help.replace("FILE", shown));
    let format = format_of(&head, &mut file).map_err(refused)?;
    let virtual_size = match format {
        Format::Qcow2 => qcow2(&head).map_err(refused)?,
        Format::Raw => metadata.len(),
        Format::Vmdk => vmdk(&head).map_err(refused)?,
        Format::Vdi => little(&head, 368).ok_or_else(|| refused(CUT_OFF))?,
        Format::Vhdx => vhdx::virtual_size(&mut file).ok_or_else(|| refused(CUT_OFF))?,
    };
    Ok(Probe { format, virtual_size })
}

/// The virtual size of a disk of a lab, which may have a backing file by right.
pub(super) fn disk_size(path: &Path, format: Format) -> Option<u64> {
    if format != Format::Qcow2 {
        return probe(path).ok().map(|probe| probe.virtual_size);
    }
    let mut head = [0; 32];
    File::open(path).ok()?.read_exact(&mut head).ok()?;
    big(&head, 24)
}

/// Why a file is no image for us: words after its name, and what to do.
struct Refusal {
    why: &'static str,
    help: &'static str,
}

const CUT_OFF: Refusal =
    Refusal { why: "is cut off or damaged", help: "fetch it again, and compare its checksum with its publisher's" };

fn format_of(head: &[u8], file: &mut File) -> Result<Format, Refusal> {
    let refused = |why, help| Err(Refusal { why, help });
    if head.is_empty() {
        return refused("is empty", "fetch it again");
    }
    if unpack::compression(head).is_some() {
        return refused(
            "is compressed",
            "`wtop image add FILE` unpacks it once; if it was packed twice, unpack it first",
        );
    }
    match head {
        [b'Q', b'F', b'I', 0xfb, 0, 0, 0, 2 | 3, ..] => Ok(Format::Qcow2),
        [b'Q', b'F', b'I', 0xfb, ..] => refused(
            "is a qcow of another version than 2 and 3",
            "`qemu-img convert -f qcow -O qcow2 FILE NEW` makes one",
        ),
        _ if head.starts_with(b"KDMV") => Ok(Format::Vmdk),
        _ if is_descriptor(head) => refused(
            "only describes a VMDK whose data lies in other files",
            "`qemu-img convert -f vmdk -O qcow2 FILE NEW`, where all its files are, makes an image of it",
        ),
        _ if head.get(64..68) == Some(&[0x7f, 0x10, 0xda, 0xbe]) => Ok(Format::Vdi),
        _ if head.starts_with(b"vhdxfile") => Ok(Format::Vhdx),
        _ if head.starts_with(b"conectix") || ends_as_vhd(file) => {
            refused("is a VHD", "`qemu-img convert -f vpc -O qcow2 FILE NEW` makes an image that wtop takes")
        }
        _ if head.get(257..262) == Some(b"ustar") || head.starts_with(b"PK\x03\x04") => {
            refused("is an archive, not an image", "unpack it, and add the image that is in it")
        }
        _ if is_page(head) => refused(
            "is a page of the web, not an image",
            "its publisher wants a login or a click first: fetch it with a browser, and add the file",
        ),
        _ if head.starts_with(b"QED\0") || head.starts_with(b"LUKS\xba\xbe") => refused(
            "is in a format that wtop does not take",
            "`qemu-img convert -O qcow2 FILE NEW` makes one that it takes",
        ),
        _ => Ok(Format::Raw),
    }
}

/// The text of a VMDK; QEMU looks past comments and empty lines for it.
fn is_descriptor(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..512.min(head.len())).unwrap_or_default());
    text.starts_with("# Disk DescriptorFile")
        || text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).is_some_and(|line| {
            ["version=1", "version=2", "version=3"].iter().any(|version| line.eq_ignore_ascii_case(version))
        })
}

fn is_page(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..512.min(head.len())).unwrap_or_default()).to_ascii_lowercase();
    ["<!doctype", "<html", "<?xml"].iter().any(|start| text.trim_start().starts_with(start))
}

/// A VHD of fixed size has its only header at the end.
fn ends_as_vhd(file: &mut File) -> bool {
    let mut foot = [0; 8];
    file.seek(SeekFrom::End(-512)).and_then(|_| file.read_exact(&mut foot)).is_ok() && foot == *b"conectix"
}

/// The virtual size of a qcow2 that stands alone. The fields are those of QEMU's `docs/interop/qcow2.txt`.
fn qcow2(head: &[u8]) -> Result<u64, Refusal> {
    let refused = |why, help| Err(Refusal { why, help });
    let version = big(head, 0).ok_or(CUT_OFF)? & 0xffff_ffff;
    let backing = big(head, 8).ok_or(CUT_OFF)?;
    let size = big(head, 24).ok_or(CUT_OFF)?;
    let encryption = big(head, 32).ok_or(CUT_OFF)? >> 32;
    let features = if version >= 3 { big(head, 72).ok_or(CUT_OFF)? } else { 0 };
    let alone = "whoever made it could have QEMU read any file of this machine; where it came from, \
                 `qemu-img convert -O qcow2 FILE NEW` makes an image that stands alone";
    match () {
        () if backing != 0 => refused("needs another file, its backing file", alone),
        () if features & 4 != 0 => refused("keeps its data in another file", alone),
        () if features & 2 != 0 => {
            refused("is marked as damaged", "`qemu-img check -f qcow2 -r all FILE` mends it, if it can")
        }
        () if encryption != 0 => refused("is encrypted", "`qemu-img convert` with its key makes an image that is not"),
        () => Ok(size),
    }
}

/// The virtual size of a VMDK that stands alone: one with a parent names it in its descriptor, and one of no size has
/// QEMU look there for the files with its data.
fn vmdk(head: &[u8]) -> Result<u64, Refusal> {
    let sectors = little(head, 12).ok_or(CUT_OFF)?;
    let hint = b"parentfilenamehint";
    let has_parent = head.windows(hint.len()).any(|part| part.eq_ignore_ascii_case(hint));
    if sectors == 0 || has_parent {
        return Err(Refusal {
            why: "needs other files",
            help: "whoever made it could have QEMU read any file of this machine; where it came from, \
                   `qemu-img convert -f vmdk -O qcow2 FILE NEW` makes an image that stands alone",
        });
    }
    sectors.checked_mul(512).ok_or(CUT_OFF)
}

fn big(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

pub(super) fn little(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::test_tools::{qcow2_header, qemu_img};

    fn told(bytes: &[u8]) -> String {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("image.raw");
        std::fs::write(&path, bytes).unwrap();
        match probe(&path) {
            Ok(Probe { format, virtual_size }) => format!("{format}, {virtual_size} bytes"),
            Err(Problem { message, help }) => {
                let text = format!("{message}\nhelp: {}", help.unwrap_or_default());
                text.replace(&path.display().to_string(), "image.raw")
            }
        }
    }

    #[test]
    fn what_stands_alone_is_taken_whatever_its_name() {
        assert_eq!(told(&qcow2_header(1 << 30)), "qcow2, 1073741824 bytes");
        assert_eq!(told(&[0; 1024]), "raw, 1024 bytes");
        assert_eq!(told(&[b'K'; 100]), "raw, 100 bytes");
    }

    #[test]
    fn what_leads_to_other_files_is_refused() {
        let with = |at: usize, byte: u8| {
            let mut bytes = qcow2_header(1 << 30);
            bytes[at] = byte;
            told(&bytes)
        };
        let vmdk = [b"KDMV".as_slice(), &[1, 0, 0, 0], &[0; 4], &[8, 0, 0, 0, 0, 0, 0, 0], &[0; 500]].concat();
        assert_eq!(told(&vmdk), "vmdk, 4096 bytes");
        let cases = [
            ("backing file", with(15, 104)),
            ("external data file", with(79, 4)),
            ("damaged", with(79, 2)),
            ("encrypted", with(35, 1)),
            ("version 1", with(7, 1)),
            ("vmdk with a parent", told(&[&*vmdk, b"parentFileNameHint=\"/etc/shadow\""].concat())),
            ("vmdk of no size", told(&[b"KDMV".as_slice(), &[0; 500]].concat())),
            ("descriptor", told(b"# Disk DescriptorFile\nversion=1\n")),
            ("descriptor after a comment", told(b"# x\n\nversion=1\nRW 1 FLAT \"/etc/shadow\" 0\n")),
        ];
        let text: Vec<String> = cases.iter().map(|(what, told)| format!("{what}:\n{told}\n")).collect();
        insta::assert_snapshot!(text.join("\n"));
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let mut vhd = vec![0; 1024];
        vhd[512..520].copy_from_slice(b"conectix");
        let cases = [
            told(b""),
            told(&[0x1f, 0x8b, 8, 0]),
            told(b"\n<!DOCTYPE html><html>log in"),
            told(&tar),
            told(&vhd),
            told(b"QED\0"),
            told(b"QFI\xfb\0\0\0\x03"),
        ];
        insta::assert_snapshot!(cases.join("\n\n"));
    }

    #[test]
    fn it_agrees_with_qemu() {
        let place = tempfile::tempdir().unwrap();
        for format in Format::ALL {
            let path = place.path().join("image");
            qemu_img(&["create", "-q", "-f", format.name(), path.to_str().unwrap(), "24M"]);
            assert_eq!(probe(&path).unwrap(), Probe { format, virtual_size: 24 << 20 });
        }
    }
}
