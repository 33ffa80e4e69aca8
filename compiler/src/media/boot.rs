//! The boot media of a machine: its cloud-init seed, and what its device makes from configuration.

use super::{MediaError, MediaErrorKind, Reveal, cloud_init, fat, iso, text};
use crate::lab::{Lab, LabMachine};
use crate::topology::{Media, MediaFormat};

/// A medium, not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootMedium {
    /// `seed`, or the name of the device's part.
    pub name: String,
    /// What it is formatted as.
    pub format: MediaFormat,
    /// Volume label.
    pub label: String,
    /// How the device wants it attached; the seed is attached like the boot disk.
    pub bus: Option<String>,
    /// Path and content of its files.
    pub files: Vec<(String, String)>,
}

impl BootMedium {
    /// The medium's bytes.
    pub fn write(&self) -> Result<Vec<u8>, MediaError> {
        let files: Vec<(&str, &[u8])> =
            self.files.iter().map(|(path, content)| (path.as_str(), content.as_bytes())).collect();
        match self.format {
            MediaFormat::Iso => iso::write(&self.label, &files),
            MediaFormat::Vfat => fat::write(&self.label, &files),
            MediaFormat::Ext4 => Err(MediaError { path: String::new(), kind: MediaErrorKind::Format }),
        }
    }
}

/// The media of a machine, in order: the seed first.
pub fn boot_media(lab: &Lab<'_>, machine: &LabMachine<'_>, reveal: &Reveal<'_>) -> Vec<BootMedium> {
    let seed = machine.machine.cloud_init.then(|| seed_medium(lab, machine, reveal));
    let media = machine.machine.media.iter().map(|media| device_medium(media, reveal));
    seed.into_iter().chain(media).collect()
}

/// A NoCloud seed: cloud-init finds it by its label.
fn seed_medium(lab: &Lab<'_>, machine: &LabMachine<'_>, reveal: &Reveal<'_>) -> BootMedium {
    let seed = cloud_init::seed(lab, machine, reveal);
    let files = [("meta-data", seed.meta_data), ("network-config", seed.network_config), ("user-data", seed.user_data)];
    BootMedium {
        name: "seed".to_owned(),
        format: MediaFormat::Iso,
        label: "cidata".to_owned(),
        bus: None,
        files: files.into_iter().map(|(path, content)| (path.to_owned(), content)).collect(),
    }
}

fn device_medium(media: &Media, reveal: &Reveal<'_>) -> BootMedium {
    BootMedium {
        name: media.name.clone(),
        format: media.format,
        label: media.label.clone(),
        bus: Some(media.bus.clone()),
        files: media.files.iter().map(|file| (file.path.clone(), text(&file.content, reveal))).collect(),
    }
}
