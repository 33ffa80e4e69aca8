//! `wtop image`: the images that disks are copies of.

mod list;
mod needs;
mod progress;

use crate::arguments::examples;
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::project_of;
use crate::terminal::Terminal;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use indicatif::BinaryBytes;
use needs::LabChoice;
use progress::watched;
use std::path::Path;
use wtop_deploy::images::{
    self, Catalog, Checksum, Entry, Format, Need, Origin, Removed, Store, Verdict, default_name, resolve,
};

/// Add, fetch, check and convert the images that labs start from
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop image add debian-12.qcow2.xz --name debian", "a file, unpacked"),
    ("wtop image list", "all images that are known"),
    ("wtop image list --lab lab.wtop", "what a lab needs, and what of that is there"),
    ("wtop image pull --lab lab.wtop", "fetch what the catalogs have addresses of"),
]))]
pub struct Image {
    #[command(subcommand)]
    command: ImageCommand,
}

#[derive(Subcommand, Debug)]
enum ImageCommand {
    Add(Add),
    List(list::List),
    Verify(Names),
    Pull(Pull),
    Convert(Convert),
    Remove(Remove),
}

/// Add a file, or what an address gives, unpacked if it is packed
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop image add vsrx.qcow2 --name vsrx", "a file"),
    ("wtop image add https://example.org/a.qcow2 --name a --checksum SHA512", "an address; what was cut off goes on"),
]))]
struct Add {
    /// The file, or an address that begins with `https://` or `http://`
    #[arg(value_name = "FILE|URL", value_hint = clap::ValueHint::AnyPath)]
    source: String,

    /// How labs call it: an image of a device, as `debian`, of a version, as `vsrx@22.4R1`, or what a target names
    /// [default: as the file is called]
    #[arg(long)]
    name: Option<String>,

    /// The SHA-256 or SHA-512 that its publisher gives for the file
    #[arg(long, value_name = "DIGITS")]
    checksum: Option<Checksum>,
}

/// Look whether images are still what they were
#[derive(Args, Debug)]
struct Names {
    /// Images; all without any
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Fetch images that a catalog has the address of
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop image pull", "all that are not here yet"),
    ("wtop image pull debian", "one of them; what was cut off goes on where it was"),
    ("wtop image pull --lab lab.wtop", "those that a lab needs"),
]))]
struct Pull {
    /// Images; all without any
    #[arg(value_name = "NAME", conflicts_with = "lab")]
    names: Vec<String>,

    #[command(flatten)]
    lab: LabChoice,
}

/// Make an image one of another format; no lab may run on it
#[derive(Args, Debug)]
struct Convert {
    /// The image
    name: String,

    /// The format that it shall have
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)))]
    to: String,
}

/// Remove an image; no lab may run on it
#[derive(Args, Debug)]
struct Remove {
    /// The image
    name: String,
}

pub fn run(arguments: &Image, terminal: &Terminal) -> Outcome {
    match &arguments.command {
        ImageCommand::Add(arguments) => add(arguments, terminal),
        ImageCommand::List(arguments) => list::run(arguments, terminal),
        ImageCommand::Verify(arguments) => verify(arguments, terminal),
        ImageCommand::Pull(arguments) => pull(arguments, terminal),
        ImageCommand::Convert(arguments) => convert(arguments, terminal),
        ImageCommand::Remove(arguments) => remove(arguments, terminal),
    }
}

/// The catalogs of the user and of a project.
///
/// # Errors
/// There is no place for the user's, or one of them cannot be read.
pub fn catalog(project: &Path) -> Result<Catalog, Failure> {
    let store = Store::of_user()
        .ok_or_else(|| Failure::environment("there is no folder for images").help("set `HOME`, or `XDG_DATA_HOME`"))?;
    Ok(Catalog::load(store, project)?)
}

fn catalog_here() -> Result<Catalog, Failure> {
    catalog(&project_of(Path::new(".")))
}

fn add(arguments: &Add, terminal: &Terminal) -> Outcome {
    let Add { source, name, checksum } = arguments;
    let name = name.clone().unwrap_or_else(|| default_name(source));
    let catalog = catalog_here()?;
    let added = watched(&name, |progress| images::add(&catalog, source, &name, checksum.as_ref(), progress))?;
    let size = BinaryBytes(added.probe.virtual_size);
    terminal.tell(&format!(
        "added `{name}`: {}, a disk of {size}, in `{}`\n",
        added.probe.format,
        added.path.display()
    ));
    if arguments.name.is_none() {
        terminal.tell(&format!("note: labs take it where their target says so: `images {{ SLOT = \"{name}\" }}`\n"));
    }
    if checksum.is_none() {
        terminal.tell(&format!("note: nobody said which checksum it must have; the file has {}\n", added.checksum));
    }
    Ok(Exit::Ok)
}

fn verify(arguments: &Names, terminal: &Terminal) -> Outcome {
    let catalog = catalog_here()?;
    let mut exit = Exit::Ok;
    for entry in catalog.select(&arguments.names)? {
        let name = &entry.name;
        let told = match watched(name, |progress| images::verify(&catalog, entry, progress)) {
            Ok(Verdict::Right(_)) => format!("`{name}` is right\n"),
            Ok(Verdict::Unknown(found)) => format!("`{name}` has {found}; no catalog says which it must have\n"),
            Ok(Verdict::NotHere) => format!("`{name}` is not looked at: {}\n", absence(entry)),
            Ok(Verdict::Wrong { wanted, found }) => {
                exit = Exit::Environment;
                let help = "start nothing from it; `wtop image remove` it, and add or pull it again";
                terminal
                    .fail(&Failure::environment(format!("`{name}` has {found}, and must have {wanted}")).help(help));
                continue;
            }
            Err(problem) => {
                exit = Exit::Environment;
                terminal.fail(&problem.into());
                continue;
            }
        };
        terminal.print(&told)?;
    }
    Ok(exit)
}

fn absence(entry: &Entry) -> &'static str {
    if matches!(entry.origin, Origin::Volume { .. }) { "it is a volume of libvirt" } else { "it is not here yet" }
}

fn pull(arguments: &Pull, terminal: &Terminal) -> Outcome {
    let (catalog, names, mut exit) = match &arguments.lab.lab {
        None => (catalog_here()?, arguments.names.clone(), Exit::Ok),
        Some(_) => {
            let Some(needed) = arguments.lab.needs(terminal)? else { return Ok(Exit::Diagnostics) };
            let catalog = catalog(&needed.project)?;
            let (names, exit) = known(&catalog, &needed.needs, terminal);
            if names.is_empty() {
                return Ok(exit);
            }
            (catalog, names, exit)
        }
    };
    let wants_all = names.is_empty();
    for entry in catalog.select(&names)? {
        let name = &entry.name;
        let was_here = catalog.store.file(entry).is_some();
        match watched(name, |progress| images::pull(&catalog, entry, progress)) {
            Ok(Some(_)) if was_here => terminal.tell(&format!("`{name}` is here already\n")),
            Ok(Some(path)) => terminal.tell(&format!("fetched `{name}`: `{}`\n", path.display())),
            Ok(None) if wants_all => {}
            Ok(None) => terminal.tell(&format!("`{name}` has no address: it is `{}`\n", catalog.store.shown(entry))),
            Err(problem) => {
                exit = Exit::Environment;
                terminal.fail(&problem.into());
            }
        }
    }
    Ok(exit)
}

/// The images of a lab that a catalog knows. What cannot be had is told at once, before gigabytes come.
fn known(catalog: &Catalog, needs: &[Need], terminal: &Terminal) -> (Vec<String>, Exit) {
    let (mut names, mut exit) = (Vec::new(), Exit::Ok);
    for need in needs {
        match need.names.iter().find(|name| catalog.entries.contains_key(*name)) {
            Some(name) => names.push(name.clone()),
            None => {
                if let Err(problem) = resolve(catalog, need) {
                    exit = Exit::Environment;
                    terminal.fail(&problem.into());
                }
            }
        }
    }
    (names, exit)
}

fn convert(arguments: &Convert, terminal: &Terminal) -> Outcome {
    let Convert { name, to } = arguments;
    let format = Format::ALL.into_iter().find(|format| format.name() == to).unwrap_or(Format::Qcow2);
    let catalog = catalog_here()?;
    let path = watched(name, |progress| images::convert(&catalog, name, format, progress))?;
    terminal.tell(&format!("`{name}` is {to} now: `{}`\n", path.display()));
    Ok(Exit::Ok)
}

fn remove(arguments: &Remove, terminal: &Terminal) -> Outcome {
    let name = &arguments.name;
    let Removed { file, kept, catalog } = images::remove(&catalog_here()?, name)?;
    if let Some(file) = &file {
        terminal.tell(&format!("removed `{}`\n", file.display()));
    }
    match (catalog, kept) {
        (Some(catalog), _) => terminal.tell(&format!("note: `{}` still names `{name}`: edit it\n", catalog.display())),
        (None, Some(kept)) => {
            terminal.tell(&format!("`{name}` is no image any more; its file `{}` stays\n", kept.display()))
        }
        (None, None) => terminal.tell(&format!("`{name}` is no image any more\n")),
    }
    Ok(Exit::Ok)
}
