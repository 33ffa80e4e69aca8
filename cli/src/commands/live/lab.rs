//! From a file to what must exist on a hypervisor.

use super::{Named, Place, Site, key};
use crate::arguments::DiagnosticFormat;
use crate::commands::image::catalog;
use crate::exit::{Exit, Failure};
use crate::inputs::Input;
use crate::lock;
use crate::pipeline::{self, Job};
use crate::report::Report;
use crate::terminal::Terminal;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};
use wtop_compiler::backends::{Artifact, libvirt};
use wtop_compiler::diagnostics::has_errors;
use wtop_compiler::lab::{TargetKind, lower};
use wtop_compiler::media::Reveal;
use wtop_compiler::topology::{Origin, Target, Topology};
use wtop_compiler::value::{SecretSource, Value};
use wtop_deploy::connect::{Hypervisor, connect};
use wtop_deploy::desired::{Desired, DesiredMachine, desired};
use wtop_deploy::kvm::{Kvm, probe};
use wtop_deploy::observe::observe;
use wtop_deploy::observed::Observed;
use wtop_deploy::sources::{Image, find};

/// A lab on its hypervisor.
pub struct Deployment {
    /// Where it runs.
    pub hypervisor: Hypervisor,
    /// What must exist.
    pub wanted: Desired,
    /// The project of the lab.
    pub project: PathBuf,
    /// Why machines are emulated, if nobody asked for it.
    pub emulated: Option<String>,
}

impl Deployment {
    /// What exists.
    ///
    /// # Errors
    /// Libvirt does not answer.
    pub fn observe(&self) -> Result<Observed, Failure> {
        observe(&self.hypervisor, &self.wanted.topology, &self.wanted.pool).map_err(Failure::from)
    }

    /// The machine that is meant: a node with one machine, or one by its path.
    ///
    /// # Errors
    /// There is none, or several are meant.
    pub fn machine(&self, said: &str) -> Result<&DesiredMachine, Failure> {
        let machines = &self.wanted.machines;
        if let Some(machine) = machines.iter().find(|machine| machine.path == said) {
            return Ok(machine);
        }
        let of_node: Vec<&DesiredMachine> = machines.iter().filter(|machine| machine.node == said).collect();
        match of_node.as_slice() {
            [machine] => Ok(machine),
            [] => Err(Failure::usage(format!("`{}` has no node `{said}`", self.wanted.topology))
                .help("`wtop status` lists the nodes")),
            several => {
                let paths: Vec<String> = several.iter().map(|machine| format!("`{}`", machine.path)).collect();
                Err(Failure::usage(format!("`{said}` has several machines"))
                    .help(format!("say which: {}", paths.join(", "))))
            }
        }
    }

    /// Says which hypervisor it is.
    pub fn tell(&self, terminal: &Terminal) {
        terminal.tell(&format!("libvirt: {}\n", self.hypervisor.why));
        if let Some(why) = &self.emulated {
            terminal.tell(&format!("machines are emulated, which is slow: KVM does not work here ({why})\n"));
        }
    }
}

/// Which file, and where its lab runs.
pub struct Asked<'a> {
    file: &'a Path,
    site: &'a Site,
}

impl<'a> From<&'a Place> for Asked<'a> {
    fn from(place: &'a Place) -> Asked<'a> {
        Asked { file: &place.file, site: &place.site }
    }
}

impl<'a> From<&'a Named> for Asked<'a> {
    fn from(lab: &'a Named) -> Asked<'a> {
        Asked { file: &lab.file, site: &lab.site }
    }
}

/// What a command needs of a lab.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// All, so that it can be brought up: its images and secrets are there.
    Whole,
    /// What it is called: a lab whose images are gone can still go down.
    Names,
}

/// Compiles a lab and connects to its hypervisor; the exit code where the source has errors.
///
/// # Errors
/// A file, a secret, an image or the hypervisor is not there.
pub fn open<'a>(
    need: Need,
    asked: impl Into<Asked<'a>>,
    terminal: &Terminal,
) -> Result<Result<Deployment, Exit>, Failure> {
    let Asked { file, site } = asked.into();
    let mut input = Input::lab(file)?;
    let params = site.parameters.values()?;
    let target = target_name(&mut input, &params, site.target.as_deref())?;
    let built = Job { input: &input, params: &params }.compile(target.as_deref());
    let topology = built.topology;
    let errors = has_errors(&built.diagnostics);
    let mut report = Report::default();
    let lock_text = built.lock;
    let sources = built.sources;
    let mut diagnostics = built.diagnostics;
    let Some(mut topology) = topology.filter(|_| !errors) else {
        report.add((sources, diagnostics));
        report.print(DiagnosticFormat::Text, terminal)?;
        return if report.exit() == Exit::Ok { Err(pipeline::no_topology(&input)) } else { Ok(Err(report.exit())) };
    };
    leave_images_to_catalogs(&mut topology);
    let declared = target.as_deref().and_then(|name| topology.find_target(name));
    let uri = site.connect.as_deref().or_else(|| declared.and_then(|target| text(target, "uri")));
    let hypervisor = connect(uri)?;
    let (target, emulated) = adapted(declared, &hypervisor);
    let (lab, more) = lower(&topology, Some(&target), TargetKind::Kvm);
    diagnostics.extend(more);
    let missing = RefCell::new(BTreeSet::new());
    let project = input.project();
    let reveal = |source: &SecretSource| secret(source, &project, &missing);
    let (mut artifacts, more) = libvirt::build_with(&lab, &reveal);
    diagnostics.extend(more);
    let errors = has_errors(&diagnostics);
    report.add((sources, diagnostics));
    if errors {
        report.print(DiagnosticFormat::Text, terminal)?;
        return Ok(Err(report.exit()));
    }
    if need == Need::Whole && !hypervisor.is_embedded() {
        let built = Job { input: &input, params: &params };
        if let Some(key) = key::public(&lab.topology.name)? {
            let topology = built.compile_with_key(Some(&target.name), key).topology;
            give_key(&mut artifacts, topology, &target, &reveal);
        }
    }
    let wanted = match need {
        Need::Whole => {
            let (catalog, reach) = (catalog(&project)?, hypervisor.reach());
            let locate = |need: &_, path: &str, format: &str| find(&catalog, reach, need, path, format);
            desired(&lab, &artifacts, &reveal, &locate)?
        }
        Need::Names => desired(&lab, &artifacts, &reveal, &|_, path, format| Ok(Image::file(path, format)))?,
    };
    if let Some(name) = missing.borrow().first().filter(|_| need == Need::Whole) {
        return Err(Failure::environment(format!("the secret `{name}` is not there"))
            .help("set the variable, or write the file, that it names"));
    }
    // What was chosen must stay chosen while the lab runs.
    lock::write(&input, &lock_text)?;
    Ok(Ok(Deployment { hypervisor, wanted, project, emulated }))
}

/// Puts the key of the lab, with which a topology was compiled, into the boot media. All else stays as it is without: whose
/// key a machine has is no part of what it is, and nobody's other key has it made anew.
fn give_key(artifacts: &mut Vec<Artifact>, topology: Option<Topology>, target: &Target, reveal: &Reveal<'_>) {
    let Some(mut topology) = topology else { return };
    leave_images_to_catalogs(&mut topology);
    let (lab, _) = lower(&topology, Some(target), TargetKind::Kvm);
    let (keyed, _) = libvirt::build_with(&lab, reveal);
    let is_medium = |file: &Artifact| file.path.starts_with("seeds/") || file.path.starts_with("volumes/");
    artifacts.retain(|file| !is_medium(file));
    artifacts.extend(keyed.into_iter().filter(is_medium));
}

/// What no target binds is what the catalogs call so.
fn leave_images_to_catalogs(topology: &mut Topology) {
    let machines = topology.nodes.iter_mut().flat_map(|node| &mut node.machines);
    for image in machines.flat_map(|machine| &mut machine.disks).filter_map(|disk| disk.image.as_mut()) {
        image.bound.get_or_insert_with(|| image.slot.clone());
    }
}

/// The target that is meant: the one asked for, else the default or only one of our kind, if there is any.
fn target_name(input: &mut Input, params: &[(String, String)], asked: Option<&str>) -> Result<Option<String>, Failure> {
    let plain = Job { input, params }.compile(asked);
    let Some(topology) = plain.topology else { return Ok(asked.map(str::to_owned)) };
    if let Some(name) = asked {
        pipeline::known_target(&topology, name)?;
        return match topology.find_target(name) {
            Some(target) if target.kind != TargetKind::Kvm.name() => Err(Failure::usage(format!(
                "`{name}` is a target of the kind `{}`, and only `kvm` runs from here",
                target.kind
            ))),
            _ => Ok(Some(name.to_owned())),
        };
    }
    Ok(Some(chosen(&topology)?))
}

fn chosen(topology: &Topology) -> Result<String, Failure> {
    let ours: Vec<&Target> = topology.targets.iter().filter(|target| target.kind == TargetKind::Kvm.name()).collect();
    match (ours.iter().find(|target| target.default), ours.as_slice()) {
        (Some(target), _) | (None, [target]) => Ok(target.name.clone()),
        (None, []) => Ok(TargetKind::Kvm.name().to_owned()),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|target| target.name.as_str()).collect();
            Err(Failure::usage("which target is meant?").help(format!("`--target` with one of: {}", names.join(", "))))
        }
    }
}

fn text<'t>(target: &'t Target, name: &str) -> Option<&'t str> {
    match target.attributes.get(name)? {
        Value::String(text) => Some(text),
        Value::Member(text) => Some(text),
        _ => None,
    }
}

/// The target as this hypervisor can do it: emulated, where the lab leaves it open and KVM does not work.
fn adapted(declared: Option<&Target>, hypervisor: &Hypervisor) -> (Target, Option<String>) {
    let mut target = declared.cloned().unwrap_or_else(|| Target {
        name: TargetKind::Kvm.name().to_owned(),
        kind: TargetKind::Kvm.name().to_owned(),
        default: false,
        images: Default::default(),
        flavors: Default::default(),
        networks: Default::default(),
        attributes: Default::default(),
        origin: Origin::default(),
    });
    let kind = "domain_type";
    if hypervisor.is_embedded() {
        target.attributes.insert(kind.into(), Value::String("test".into()));
        return (target, None);
    }
    if target.attributes.contains_key(kind) || !hypervisor.is_local() {
        return (target, None);
    }
    match probe() {
        Kvm::Works => (target, None),
        Kvm::Fails(why) => {
            target.attributes.insert(kind.into(), Value::Member("qemu".into()));
            (target, Some(why))
        }
    }
}

/// What a secret is; its name goes to those that are missing if it is not there.
fn secret(source: &SecretSource, project: &Path, missing: &RefCell<BTreeSet<String>>) -> String {
    let found = match source {
        SecretSource::Environment(name) => env::var(name).ok(),
        SecretSource::File(path) => fs::read_to_string(project.join(PathBuf::from(path))).ok(),
    };
    match found {
        Some(text) => text.strip_suffix('\n').map_or(text.clone(), str::to_owned),
        None => {
            missing.borrow_mut().insert(source.to_string());
            String::new()
        }
    }
}
