//! The images that a lab needs.

use crate::arguments::DiagnosticFormat;
use crate::exit::Failure;
use crate::inputs::Input;
use crate::parameters::Parameters;
use crate::pipeline::{self, Job};
use crate::report::Report;
use crate::terminal::Terminal;
use clap::Args;
use std::path::PathBuf;
use wtop_compiler::lab::{TargetKind, lower};
use wtop_compiler::semantics::catalogue::describe;
use wtop_compiler::topology::{Target, Topology};
use wtop_compiler::value::Value;
use wtop_deploy::images::{self, Need};

/// A lab whose images are meant.
#[derive(Args, Debug)]
pub struct LabChoice {
    /// The images that this lab needs on KVM
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub lab: Option<PathBuf>,

    /// A target of the lab, of the kind kvm [default: the lab's default or only one]
    #[arg(long, value_name = "NAME", requires = "lab")]
    target: Option<String>,

    #[command(flatten)]
    parameters: Parameters,
}

/// What a lab needs.
pub struct Needed {
    /// The project that it belongs to.
    pub project: PathBuf,
    /// Its images.
    pub needs: Vec<Need>,
    topology: Topology,
}

impl LabChoice {
    /// What the lab needs; none if it has errors, which are printed then.
    ///
    /// # Errors
    /// It cannot be read, is no lab, or has no such target.
    pub fn needs(&self, terminal: &Terminal) -> Result<Option<Needed>, Failure> {
        let Some(lab) = &self.lab else { return Ok(None) };
        let input = Input::lab(lab)?;
        let params = self.parameters.values()?;
        let job = Job { input: &input, params: &params };
        let mut compilation = job.compile(self.target.as_deref());
        let chosen = compilation.topology.as_ref().and_then(kvm_target).map(|target| target.name.clone());
        if let (Some(chosen), None) = (&chosen, &self.target) {
            compilation = job.compile(Some(chosen));
        }
        let mut report = Report::default();
        report.add((compilation.sources, compilation.diagnostics));
        if !report.is_whole() {
            report.print(DiagnosticFormat::Text, terminal)?;
            return Ok(None);
        }
        let topology = compilation.topology.ok_or_else(|| pipeline::no_topology(&input))?;
        if let Some(wanted) = &self.target {
            pipeline::known_target(&topology, wanted)?;
        }
        let target = self.target.as_ref().or(chosen.as_ref()).and_then(|name| topology.find_target(name));
        let needs = images::needs(&lower(&topology, target, TargetKind::Kvm).0);
        Ok(Some(Needed { project: input.project(), needs, topology }))
    }
}

impl Needed {
    /// Where one gets an image, in the words of the device that needs it.
    pub fn notes(&self, need: &Need) -> Option<String> {
        let node = self.topology.nodes.iter().find(|node| need.nodes.contains(&node.path))?;
        let images = describe([node.device.as_str()]).pop()?.images;
        let image = images.into_iter().find(|image| need.names.contains(&image.slot))?;
        match image.attributes.get("notes") {
            Some(Value::String(notes)) => Some(notes.to_string()),
            _ => None,
        }
    }
}

/// The target that is meant where none is named.
fn kvm_target(topology: &Topology) -> Option<&Target> {
    let mut targets = topology.targets.iter().filter(|target| target.kind == TargetKind::Kvm.name());
    let first = targets.clone().find(|target| target.default);
    first.or_else(|| targets.next().filter(|_| targets.next().is_none()))
}
