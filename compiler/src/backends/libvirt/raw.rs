//! Pieces of XML that a target adds to a machine as they are: `raw { fw = """…""" }`. What stands in `<devices>` there
//! becomes a further device; the rest stands beside ours.

use super::xml::Xml;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::E0814;
use crate::lab::{Lab, LabMachine};
use crate::value::Value;
use roxmltree::{Document, Node, ParsingOptions};

/// The namespace of QEMU's own arguments, under its usual name.
pub const QEMU: &str = "http://libvirt.org/schemas/domain/qemu/1.0";

/// More elements than this have no sense in a domain.
const MOST_ELEMENTS: u32 = 10_000;

/// What every domain of ours has once.
const OURS: [&str; 13] = [
    "name",
    "uuid",
    "title",
    "metadata",
    "memory",
    "vcpu",
    "os",
    "features",
    "cpu",
    "clock",
    "on_poweroff",
    "on_reboot",
    "on_crash",
];

/// The pieces of one machine, as text.
#[derive(Default)]
pub struct Raw {
    devices: Vec<String>,
    beside: Vec<String>,
}

impl Raw {
    /// What the target says for the machine.
    pub fn of(lab: &Lab<'_>, machine: &LabMachine<'_>, diagnostics: &mut Vec<Diagnostic>) -> Raw {
        let Some(target) = lab.target else { return Raw::default() };
        let Some(Value::String(text)) = machine.said_by(target, "raw") else { return Raw::default() };
        match read(text) {
            Ok(raw) => raw,
            Err(reason) => {
                let span = target.origin.attribute("raw").unwrap_or(target.origin.span);
                let message =
                    format!("the raw piece for `{}` cannot be put into its XML: {reason}", machine.machine.path);
                let diagnostic = Diagnostic::new(&E0814, span, message, "adds it");
                diagnostics
                    .push(diagnostic.help("write whole elements of libvirt's domain XML, devices in `<devices>`"));
                Raw::default()
            }
        }
    }

    /// Does it need QEMU's namespace?
    pub fn names_qemu(&self) -> bool {
        self.beside.iter().any(|element| element.starts_with("<qemu:"))
    }

    /// Writes the devices.
    pub fn write_devices(&self, xml: &mut Xml) {
        self.devices.iter().for_each(|element| xml.raw(element));
    }

    /// Writes the rest.
    pub fn write_beside(&self, xml: &mut Xml) {
        self.beside.iter().for_each(|element| xml.raw(element));
    }
}

fn read(text: &str) -> Result<Raw, String> {
    let whole = format!("<domain xmlns:qemu=\"{QEMU}\">{text}</domain>");
    let options = ParsingOptions { nodes_limit: MOST_ELEMENTS, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&whole, options).map_err(|error| error.to_string())?;
    let mut raw = Raw::default();
    let source = |node: Node<'_, '_>| whole.get(node.range()).unwrap_or_default().to_owned();
    for element in document.root_element().children() {
        let name = element.tag_name();
        if element.is_text() && element.text().is_some_and(|text| !text.trim().is_empty()) {
            return Err("there is text between its elements".to_owned());
        }
        if !element.is_element() {
            continue;
        }
        if name.namespace().is_none() && OURS.contains(&name.name()) {
            return Err(format!("`<{}>` is there already", name.name()));
        }
        if name.namespace().is_none() && name.name() == "devices" {
            raw.devices.extend(element.children().filter(Node::is_element).map(source));
        } else {
            raw.beside.push(source(element));
        }
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_go_among_the_devices() {
        let raw = read(
            "<devices><sound model='ich9'/></devices>\n<qemu:commandline><qemu:arg value='-s'/></qemu:commandline>",
        )
        .unwrap();
        assert_eq!(raw.devices, ["<sound model='ich9'/>"]);
        assert_eq!(raw.beside, ["<qemu:commandline><qemu:arg value='-s'/></qemu:commandline>"]);
        assert!(raw.names_qemu());
    }

    #[test]
    fn what_breaks_the_document_is_refused() {
        for wrong in ["<a>", "</domain><domain>", "text", "<cpu/>", "<x:y/>", "<a b=1/>", "&unknown;"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
