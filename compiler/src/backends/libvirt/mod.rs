//! Libvirt: XML of networks, volumes and domains, and the boot media of the domains.
//!
//! Nothing is here that only a running host knows: volumes are named within a storage pool, and deployment fills in
//! what is secret ([`build_with`]). What is ours carries its path in libvirt's metadata ([`METADATA`]).

mod devices;
mod domain;
mod hardware;
mod losses;
mod metadata;
pub mod names;
mod network;
mod nics;
mod pci;
mod placement;
mod raw;
mod volume;
mod xml;

use super::Artifact;
use super::source_map::Mark;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::{E0805, W0801};
use crate::lab::{Lab, LabMachine};
use crate::media::{BootMedium, MediaErrorKind, Reveal, boot_media, marker};
use crate::topology::{MediaFormat, Target};
use crate::value::Value;
use names::Names;
pub use nics::bandwidth;
use xml::Xml;

/// The namespace of our metadata. Its elements and their meaning change only together with [`METADATA_VERSION`].
pub const METADATA: &str = "urn:wtop:1";
/// The version that each of our metadata elements names.
pub const METADATA_VERSION: u32 = 1;

/// What a lab is on libvirt: `networks/`, `volumes/`, `domains/` with one XML document each, and the boot media in
/// `seeds/`. Secrets stand as markers.
pub fn build(lab: &Lab<'_>) -> (Vec<Artifact>, Vec<Diagnostic>) {
    Builder::new(lab).build(None)
}

/// The same with `reveal` in place of the markers: only for deployment, and never written where others can read it.
/// Everything but the boot media is the same as from [`build`].
pub fn build_with(lab: &Lab<'_>, reveal: &Reveal<'_>) -> (Vec<Artifact>, Vec<Diagnostic>) {
    Builder::new(lab).build(Some(reveal))
}

struct Builder<'l> {
    lab: &'l Lab<'l>,
    names: Names,
    artifacts: Vec<Artifact>,
    diagnostics: Vec<Diagnostic>,
}

impl<'l> Builder<'l> {
    fn new(lab: &'l Lab<'l>) -> Builder<'l> {
        Builder { lab, names: Names::new(lab), artifacts: Vec::new(), diagnostics: Vec::new() }
    }

    fn build(mut self, reveal: Option<&Reveal<'_>>) -> (Vec<Artifact>, Vec<Diagnostic>) {
        for index in 0..self.lab.segments.len() {
            if let Some(document) = network::document(self.lab, &self.names, index, &mut self.diagnostics) {
                self.artifacts.push(artifact("networks", self.names.network(index), document));
            }
        }
        for machine in &self.lab.machines {
            self.machine(machine, reveal);
        }
        self.diagnostics.extend(losses::losses(self.lab));
        (self.artifacts, self.diagnostics)
    }

    /// A machine's media, volumes and domain.
    fn machine(&mut self, machine: &LabMachine<'_>, reveal: Option<&Reveal<'_>>) {
        let media = boot_media(self.lab, machine, &marker);
        let revealed = reveal.map(|reveal| boot_media(self.lab, machine, reveal));
        let mut attached = Vec::with_capacity(media.len());
        for (index, medium) in media.iter().enumerate() {
            let filled = revealed.as_ref().and_then(|media| media.get(index)).unwrap_or(medium);
            match filled.write() {
                Ok(bytes) => {
                    let volume = self.names.volume(machine, &medium.name, ending(medium.format));
                    let document = volume::of_medium(machine, &volume, bytes.len());
                    self.artifacts.push(artifact("volumes", &volume, document));
                    self.artifacts.push(Artifact {
                        path: format!("seeds/{volume}"),
                        bytes,
                        marks: vec![Mark { first: 1, last: 1, span: machine.node.origin.span }],
                    });
                    attached.push((medium, volume));
                }
                Err(error) => self.refuse_medium(machine, medium, &error.kind, error.to_string()),
            }
        }
        for disk in &machine.machine.disks {
            let name = self.names.disk(machine, disk);
            let document = volume::of_disk(self.lab, machine, &name, disk);
            self.artifacts.push(artifact("volumes", &name, document));
        }
        let name = self.names.domain(machine);
        let document = domain::document(self.lab, &self.names, machine, &attached, &mut self.diagnostics);
        if document.replaced {
            let message =
                format!("`{}` has text with control characters, which libvirt cannot take", machine.node.path);
            let diagnostic =
                Diagnostic::new(&W0801, machine.node.origin.span, message, "each of them becomes `\u{FFFD}`");
            self.diagnostics.push(diagnostic.help("take the control characters out of its attributes"));
        }
        self.artifacts.push(artifact("domains", &name, document));
    }

    fn refuse_medium(&mut self, machine: &LabMachine<'_>, medium: &BootMedium, kind: &MediaErrorKind, reason: String) {
        let help = match kind {
            MediaErrorKind::TooLarge => "put less on it, or use `format = iso`",
            _ => "change the paths of its files",
        };
        let message = format!("the medium `{}` of `{}` cannot be made: {reason}", medium.name, machine.node.path);
        let diagnostic = Diagnostic::new(&E0805, machine.node.origin.span, message, "has this medium");
        self.diagnostics.push(diagnostic.help(help));
    }
}

/// The ending of a medium's file.
fn ending(format: MediaFormat) -> &'static str {
    match format {
        MediaFormat::Iso => "iso",
        MediaFormat::Vfat | MediaFormat::Ext4 => "img",
    }
}

fn artifact(folder: &str, name: &str, document: Xml) -> Artifact {
    let (text, marks) = document.finish();
    Artifact { path: format!("{folder}/{name}.xml"), bytes: text.into_bytes(), marks }
}

/// A text attribute of the target.
fn target_text<'t>(target: Option<&'t Target>, name: &str) -> Option<&'t str> {
    match target?.attributes.get(name)? {
        Value::String(text) | Value::Member(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
