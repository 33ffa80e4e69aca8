//! Documents of libvirt with one element changed, and all else as libvirt wrote it.

use crate::document::{child, parse};
use crate::problem::Problem;
use std::fmt::Write;
use wtop_compiler::backends::libvirt::METADATA;
use wtop_compiler::topology::Impairment;

/// An element with another child of this name in place of the one that it has, if it has one.
///
/// # Errors
/// It is no XML.
pub fn with_child(xml: &str, name: &str, new: &str) -> Result<String, Problem> {
    let document = parse(xml)?;
    let root = document.root_element();
    let mut text = xml.to_owned();
    match child(root, name) {
        Some(old) => text.replace_range(old.range(), new),
        None => {
            if let Some(end) = xml.rfind("</") {
                text.insert_str(end, new);
            }
        }
    }
    Ok(text)
}

/// Our label on a machine, with another impairment at the NIC that a port of the host carries.
///
/// # Errors
/// It is no XML.
pub fn with_impairment(label: &str, port: &str, impairment: &Impairment) -> Result<String, Problem> {
    let document = parse(label)?;
    let mut nics = document.root_element().children().filter(|child| child.has_tag_name((METADATA, "nic")));
    let Some(old) = nics.find(|nic| nic.attribute("port") == Some(port)) else { return Ok(label.to_owned()) };
    let mut new = String::from("<wtop:nic");
    for attribute in old.attributes() {
        // Writing into memory cannot fail.
        let _ = write!(new, " {}=\"{}\"", attribute.name(), escaped(attribute.value()));
    }
    let quantities: Vec<String> =
        impairment.quantities().map(|(name, value)| format!(" {name}=\"{}\"", escaped(&value))).collect();
    match quantities.is_empty() {
        true => new.push_str("/>"),
        false => new.push_str(&format!("><wtop:impairment{}/></wtop:nic>", quantities.concat())),
    }
    let mut text = label.to_owned();
    text.replace_range(old.range(), &new);
    Ok(text)
}

/// Text for XML, also between quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&apos;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_child_changes_and_the_rest_stays() {
        let up = "<interface type='network'>\n  <mac address='1'/>\n</interface>";
        let down = with_child(up, "link", "<link state='down'/>").unwrap();
        assert_eq!(down, "<interface type='network'>\n  <mac address='1'/>\n<link state='down'/></interface>");
        assert_eq!(with_child(&down, "link", "").unwrap(), up);
    }

    #[test]
    fn the_impairment_of_one_nic_changes() {
        let label = "<wtop:machine xmlns:wtop=\"urn:wtop:1\" topology=\"lab\">\
                     <wtop:nic name=\"a\" port=\"wn1\"/><wtop:nic name=\"b\" port=\"wn2\"/></wtop:machine>";
        let impairment = Impairment { delay: Some(50_000_000), ..Impairment::default() };
        let slow = with_impairment(label, "wn2", &impairment).unwrap();
        let nic = "<wtop:nic name=\"b\" port=\"wn2\"><wtop:impairment delay=\"50ms\"/></wtop:nic>";
        assert_eq!(slow, label.replace("<wtop:nic name=\"b\" port=\"wn2\"/>", nic));
        assert_eq!(with_impairment(&slow, "wn2", &Impairment::default()).unwrap(), label);
    }
}
