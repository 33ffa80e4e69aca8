//! Taking a file into the store: its checksum, unpacking, and a look at what it is.

use super::checksum::{Algorithm, Checksum, Hasher, demand, of_file};
use super::probe::{Probe, probe_as};
use super::store::Store;
use super::{Problem, Progress, Step};
use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// How a file is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Compression {
    Gzip,
    Xz,
    Zstd,
    Bzip2,
}

/// How a file is packed that begins so.
pub(super) fn compression(head: &[u8]) -> Option<Compression> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Compression::Gzip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Compression::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => Some(Compression::Bzip2),
        _ => None,
    }
}

/// A file that is complete, and lacks only its name.
pub(super) struct Taken {
    pub file: NamedTempFile,
    pub probe: Probe,
    /// Of the file as it is now.
    pub checksum: Checksum,
    pub size: u64,
}

/// What shall be taken.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub path: &'a Path,
    /// How its user knows it.
    pub shown: &'a str,
    /// Is it ours, so that it need not be copied?
    pub is_ours: bool,
    /// What it must have.
    pub checksum: Option<&'a Checksum>,
}

/// Takes a file into the store. One of ours is gone afterwards, unless only the disk was too full.
///
/// # Errors
/// It is not what it should be, cannot be unpacked, or is no image that stands alone.
pub(super) fn take(input: Input, store: &Store, progress: Progress) -> Result<Taken, Problem> {
    let discard = || {
        if input.is_ours {
            // What is left is written over by the next try.
            let _ = fs::remove_file(input.path);
        }
    };
    if let Some(wanted) = input.checksum {
        demand(input.path, wanted, input.shown, progress).inspect_err(|_| discard())?;
    }
    let packed = packing(input.path)?;
    let mut file = store.temporary()?;
    let checksum = if packed.is_none() && input.is_ours {
        fs::rename(input.path, file.path()).map_err(|error| Problem::io("rename", input.path, &error))?;
        match input.checksum {
            Some(checksum) => checksum.clone(),
            None => of_file(file.path(), Algorithm::Sha256, progress)?,
        }
    } else {
        copy(input, packed, &mut file, progress)?
    };
    let probe = probe_as(file.path(), input.shown).inspect_err(|_| discard())?;
    let size = fs::metadata(file.path()).map_err(|error| Problem::io("read", file.path(), &error))?.len();
    discard();
    Ok(Taken { file, probe, checksum, size })
}

fn packing(path: &Path) -> Result<Option<Compression>, Problem> {
    let mut head = Vec::new();
    let problem = |error| Problem::io("read", path, &error);
    let file = File::open(path).map_err(problem)?;
    if !file.metadata().map_err(problem)?.is_file() {
        return Err(Problem::new(format!("`{}` is no regular file", path.display())).help("name the file of an image"));
    }
    file.take(16).read_to_end(&mut head).map_err(problem)?;
    Ok(compression(&head))
}

/// Copies a file, unpacked. The answer is the checksum of what was written.
fn copy(
    input: Input,
    packed: Option<Compression>,
    out: &mut NamedTempFile,
    progress: Progress,
) -> Result<Checksum, Problem> {
    let unreadable = |error: io::Error| match packed {
        Some(_) if error.raw_os_error().is_none() => {
            Problem::new(format!("`{}` cannot be unpacked: {error}", input.shown))
                .help("it is cut off or damaged: fetch it again, and compare its checksum with its publisher's")
        }
        _ => Problem::io("read", input.path, &error),
    };
    let file = File::open(input.path).map_err(unreadable)?;
    let total = Some(file.metadata().map_err(unreadable)?.len());
    let count = Cell::new(0);
    let mut reader = unpacked(BufReader::new(Counted { file, count: &count }), packed).map_err(unreadable)?;
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut buffer = vec![0; 256 << 10];
    let doing = if packed.is_some() { "unpacking" } else { "copying" };
    let folder = out.path().parent().unwrap_or(Path::new(".")).to_path_buf();
    let unwritable = |error: io::Error| Problem::io("write into", &folder, &error);
    let out = out.as_file_mut();
    loop {
        let length = reader.read(&mut buffer).map_err(unreadable)?;
        let bytes = buffer.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        write_sparse(out, bytes).map_err(unwritable)?;
        progress(Step { doing, done: count.get(), total });
    }
    let end = out.stream_position().map_err(unwritable)?;
    out.set_len(end).map_err(unwritable)?;
    Ok(hasher.finish())
}

/// Leaves out what is zero: raw images are mostly empty.
fn write_sparse(out: &mut File, bytes: &[u8]) -> io::Result<()> {
    for block in bytes.chunks(4096) {
        if block.iter().all(|byte| *byte == 0) {
            out.seek(SeekFrom::Current(i64::try_from(block.len()).unwrap_or_default()))?;
        } else {
            out.write_all(block)?;
        }
    }
    Ok(())
}

fn unpacked<'a>(file: impl io::BufRead + 'a, packed: Option<Compression>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match packed {
        None => Box::new(file),
        Some(Compression::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        Some(Compression::Xz) => Box::new(lzma_rust2::XzReader::new(file, true)),
        Some(Compression::Zstd) => Box::new(zstd::stream::read::Decoder::with_buffer(file)?),
        Some(Compression::Bzip2) => Box::new(bzip2::bufread::MultiBzDecoder::new(file)),
    })
}

/// A file that counts what was read of it.
struct Counted<'a> {
    file: File,
    count: &'a Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.count.set(self.count.get() + length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::probe::Format;
    use crate::images::test_tools::{qcow2_header, silent, store};
    use std::process::Command;

    fn take_file(store: &Store, path: &Path) -> Result<Taken, Problem> {
        take(Input { path, shown: "the-input", is_ours: false, checksum: None }, store, &mut silent)
    }

    #[test]
    fn all_packings_are_unpacked() {
        let store = store();
        let mut content = qcow2_header(1 << 30);
        content.resize(300_000, 7);
        let plain = store.folder.join("plain");
        fs::write(&plain, &content).unwrap();
        let wanted = of_file(&plain, Algorithm::Sha256, &mut silent).unwrap();
        for program in ["gzip", "xz", "zstd", "bzip2"] {
            let packed = store.folder.join("image.raw");
            let out = File::create(&packed).unwrap();
            // Programs that are not installed are not compared with.
            let Ok(mut child) = Command::new(program).arg("-c").arg(&plain).stdout(out).spawn() else { continue };
            assert!(child.wait().unwrap().success());
            let taken = take_file(&store, &packed).unwrap();
            assert_eq!((taken.probe.format, taken.checksum, taken.size), (Format::Qcow2, wanted.clone(), 300_000));
            let bytes = fs::read(&packed).unwrap();
            fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
            let problem = take_file(&store, &packed).err().unwrap();
            assert!(problem.message.starts_with("`the-input` cannot be unpacked"), "{program}: {problem:?}");
        }
    }

    #[test]
    fn an_archive_in_a_packing_is_no_image() {
        let store = store();
        let path = store.folder.join("bundle.tgz");
        let mut packer = flate2::write::GzEncoder::new(File::create(&path).unwrap(), flate2::Compression::fast());
        let mut tar = vec![0; 1024];
        tar[257..262].copy_from_slice(b"ustar");
        packer.write_all(&tar).unwrap();
        packer.finish().unwrap();
        insta::assert_debug_snapshot!(take_file(&store, &path).err().unwrap());
    }

    #[test]
    fn empty_blocks_take_no_room() {
        let store = store();
        let path = store.folder.join("raw");
        fs::write(&path, vec![0; 1 << 20]).unwrap();
        let taken = take_file(&store, &path).unwrap();
        assert_eq!(fs::read(taken.file.path()).unwrap(), vec![0; 1 << 20]);
        #[cfg(unix)]
        assert!(std::os::unix::fs::MetadataExt::blocks(&fs::metadata(taken.file.path()).unwrap()) < 64);
    }
}
