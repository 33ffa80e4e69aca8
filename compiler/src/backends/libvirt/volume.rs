//! Volumes: the disks of machines as overlays of their images, and boot media.

use super::target_text;
use super::xml::Xml;
use crate::lab::{Lab, LabMachine};
use crate::topology::Disk;
use std::path::Path;

/// Where libvirt keeps images unless told otherwise.
const IMAGE_FOLDER: &str = "/var/lib/libvirt/images";

/// A disk: an overlay of its image, or an empty one. An image that is no absolute path lies in the target's
/// `image_folder`.
pub fn of_disk(lab: &Lab<'_>, machine: &LabMachine<'_>, name: &str, disk: &Disk) -> Xml {
    let mut xml = Xml::default();
    xml.from(machine.attribute_span(&["disk", "image"])).open("volume", &[]);
    xml.text("name", &[], name);
    if let Some(size) = disk.size {
        xml.text("capacity", &[("unit", &"bytes")], size);
    }
    xml.open("target", &[]);
    xml.leaf("format", &[("type", &"qcow2")]);
    xml.close();
    if let Some(slot) = &disk.image {
        let image = lab.image(slot);
        xml.open("backingStore", &[]);
        if image.starts_with('/') {
            xml.text("path", &[], image);
        } else {
            let folder = target_text(lab.target, "image_folder").unwrap_or(IMAGE_FOLDER);
            xml.text("path", &[], format_args!("{}/{image}", folder.trim_end_matches('/')));
        }
        xml.leaf("format", &[("type", &format_of(image, slot.format.as_deref()))]);
        xml.close();
    }
    xml
}

/// A boot medium of so many bytes.
pub fn of_medium(machine: &LabMachine<'_>, name: &str, bytes: usize) -> Xml {
    let mut xml = Xml::default();
    xml.from(machine.node.origin.span).open("volume", &[]);
    xml.text("name", &[], name);
    xml.text("capacity", &[("unit", &"bytes")], bytes);
    xml.open("target", &[]);
    xml.leaf("format", &[("type", &"raw")]);
    xml
}

/// The format of an image: by the ending of its name, else what its device says. Without it, whoever writes a guest's
/// disk could have the host open any file (a forged backing file), so QEMU no longer guesses.
fn format_of<'a>(image: &str, said: Option<&'a str>) -> &'a str {
    let ending = Path::new(image).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "raw" => "raw",
        "vmdk" => "vmdk",
        "vdi" => "vdi",
        "vpc" | "vhd" => "vpc",
        "qcow2" => "qcow2",
        _ => said.unwrap_or("qcow2"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_stronger_than_the_device() {
        assert_eq!(format_of("debian.RAW", Some("qcow2")), "raw");
        assert_eq!(format_of("vFPC.img", Some("raw")), "raw");
        assert_eq!(format_of("noble-server-cloudimg-amd64.img", None), "qcow2");
    }
}
