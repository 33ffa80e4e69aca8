//! `wtop export`: a lab with all that it reads, as one file that others can unpack and bring up.

use crate::arguments::examples;
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::Input;
use crate::parameters::Parameters;
use crate::pipeline::{self, Job};
use crate::terminal::Terminal;
use crate::write;
use clap::Args;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use wtop_compiler::lock_path;
use wtop_compiler::media::{FileContent, archive};
use wtop_compiler::packages::{LOCK, MANIFEST};
use wtop_compiler::source::{FileSystem, ReadError};
use wtop_compiler::topology::ArchiveFormat;
use wtop_deploy::images::PROJECT_CATALOG;

/// The folder beside a lab where `wtop save` puts what nodes run.
pub const SAVED: &str = "saved";

/// Pack a lab with all that it reads, its lock and its saved configurations
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop export my-lab", "into `my-lab.tar.gz`, named after the topology"),
    ("wtop export my-lab -o lab.zip", "as a zip archive"),
]))]
pub struct Export {
    /// The lab
    #[arg(value_name = "FILE", default_value = ".", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// The archive to write: its ending says what it is, `.tar`, `.tar.gz`, `.tgz` or `.zip`
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,

    #[command(flatten)]
    parameters: Parameters,
}

pub fn run(arguments: &Export, terminal: &Terminal) -> Outcome {
    let input = Input::lab(&arguments.file)?;
    let params = arguments.parameters.values()?;
    let job = Job { input: &input, params: &params };
    let read = Reading { input: &input, paths: RefCell::default() };
    let compilation = job.compile_from(&read, None);
    let (topology, _) = match pipeline::told(compilation, &input, terminal)? {
        Ok(told) => told,
        Err(exit) => return Ok(exit),
    };
    // Targets may read files of their own.
    for target in &topology.targets {
        job.compile_from(&read, Some(&target.name));
    }
    let output = arguments.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.tar.gz", topology.name)));
    let format = ArchiveFormat::of_path(&output.to_string_lossy()).ok_or_else(|| {
        Failure::usage(format!("`{}` does not say which kind of archive it is", output.display()))
            .help("end it with `.tar.gz`, `.tar` or `.zip`")
    })?;
    let files = files(&input, read.paths.into_inner(), &topology.name)?;
    let bytes = archive::write(format, &files)
        .map_err(|error| Failure::environment(format!("`{}` cannot be packed: {error}", error.path)))?;
    write::file(&output, &bytes)?;
    terminal.print(&format!("{} files of `{}` are in `{}`\n", files.len(), topology.name, output.display()))?;
    Ok(Exit::Ok)
}

/// Notes what is read.
struct Reading<'i> {
    input: &'i Input,
    paths: RefCell<BTreeSet<PathBuf>>,
}

impl FileSystem for Reading<'_> {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        let bytes = self.input.read(root, path)?;
        self.paths.borrow_mut().insert(path.to_path_buf());
        Ok(bytes)
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        self.input.list(root, directory)
    }
}

/// The files to pack, with their paths in the archive: all in a folder with the lab's name, as they lie in the project.
/// What is fetched from elsewhere is left out: the lock of the packages says what it was.
fn files(input: &Input, mut read: BTreeSet<PathBuf>, name: &str) -> Result<Vec<(String, FileContent)>, Failure> {
    let project = input.project();
    read.extend([input.path.clone(), lock_path(&input.path)]);
    read.extend([MANIFEST, LOCK, PROJECT_CATALOG].map(|file| project.join(file)));
    let beside = input.path.parent().unwrap_or(Path::new("")).join(SAVED);
    let saved = fs::read_dir(&beside).into_iter().flatten().flatten().map(|entry| entry.path());
    read.extend(saved.filter(|path| path.is_file()));
    let mut files = BTreeMap::new();
    for path in read {
        // What is not there, such as a lock that was never written, is none of the lab.
        let Ok(real) = fs::canonicalize(&path) else { continue };
        let Ok(place) = real.strip_prefix(&project) else { continue };
        let bytes = fs::read(&real).map_err(|error| Failure::io("read", &path, &error))?;
        let parts: Vec<String> = place.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        files.insert(format!("{name}/{}", parts.join("/")), FileContent::Bytes(bytes));
    }
    Ok(files.into_iter().collect())
}
