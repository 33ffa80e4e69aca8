//! The boot media of a machine: its cloud-init seed, and what its device makes from configuration.

use super::{MediaError, Reveal, archive, cloud_init, config_drive, ext4, fat, iso, text};
use crate::lab::{Lab, LabMachine};
use crate::topology::{ArchiveFormat, Media, MediaContent, MediaFile, MediaFormat, MediaLayout};
use std::borrow::Cow;

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
    pub files: Vec<(String, FileContent)>,
}

/// What a file of a medium holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileContent {
    /// These bytes.
    Bytes(Vec<u8>),
    /// An archive of these files.
    Archive(ArchiveFormat, Vec<(String, FileContent)>),
}

impl FileContent {
    /// The file's bytes; an archive is written.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, MediaError> {
        match self {
            FileContent::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            FileContent::Archive(format, files) => archive::write(*format, files).map(Cow::Owned),
        }
    }
}

impl From<String> for FileContent {
    fn from(text: String) -> FileContent {
        FileContent::Bytes(text.into_bytes())
    }
}

impl BootMedium {
    /// The medium's bytes.
    pub fn write(&self) -> Result<Vec<u8>, MediaError> {
        let mut contents = Vec::with_capacity(self.files.len());
        for (path, content) in &self.files {
            contents.push((path.as_str(), content.bytes()?));
        }
        let files: Vec<(&str, &[u8])> = contents.iter().map(|(path, bytes)| (*path, bytes.as_ref())).collect();
        match self.format {
            MediaFormat::Iso => iso::write(&self.label, &files),
            MediaFormat::Vfat => fat::write(&self.label, &files),
            MediaFormat::Ext4 => ext4::write(&self.label, &files),
        }
    }
}

/// The media of a machine, in order: the seed first. A config drive takes the seed's place.
pub fn boot_media(lab: &Lab<'_>, machine: &LabMachine<'_>, reveal: &Reveal<'_>) -> Vec<BootMedium> {
    let media = &machine.machine.media;
    let has_drive = media.iter().any(|medium| medium.layout == MediaLayout::ConfigDrive);
    let seed = (machine.machine.cloud_init && !has_drive).then(|| seed_medium(lab, machine, reveal));
    let media = media.iter().map(|medium| device_medium(lab, machine, medium, reveal));
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
        files: files.into_iter().map(|(path, content)| (path.to_owned(), content.into())).collect(),
    }
}

fn device_medium(lab: &Lab<'_>, machine: &LabMachine<'_>, media: &Media, reveal: &Reveal<'_>) -> BootMedium {
    let mut files = contents(&media.files, reveal);
    if media.layout == MediaLayout::ConfigDrive {
        for (path, text) in config_drive::files(lab, machine, reveal) {
            if !files.iter().any(|(written, _)| written == path) {
                files.push((path.to_owned(), text.into()));
            }
        }
    }
    let label = match (media.label.as_str(), media.layout) {
        ("", MediaLayout::ConfigDrive) => config_drive::LABEL.to_owned(),
        (label, _) => label.to_owned(),
    };
    BootMedium { name: media.name.clone(), format: media.format, label, bus: Some(media.bus.clone()), files }
}

fn contents(files: &[MediaFile], reveal: &Reveal<'_>) -> Vec<(String, FileContent)> {
    let content = |file: &MediaFile| match &file.content {
        MediaContent::Text(content) => text(content, reveal).into(),
        MediaContent::Archive { archive, files } => FileContent::Archive(*archive, contents(files, reveal)),
    };
    files.iter().map(|file| (file.path.clone(), content(file))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{TargetKind, lower};
    use crate::media::marker;
    use crate::source::MemoryFileSystem;
    use crate::test_tools::{Tool, put, scratch};
    use crate::topology::Topology;
    use crate::{CompileOptions, compile};

    fn topology(program: &str) -> Topology {
        let fs = MemoryFileSystem::new([("/lab/lab.wtop", program)]);
        let options = CompileOptions { file: "/lab/lab.wtop".into(), ..CompileOptions::default() };
        let compilation = compile(&fs, &options);
        assert_eq!(compilation.diagnostics, []);
        compilation.topology.unwrap()
    }

    /// The media of the first machine.
    fn media(topology: &Topology) -> Vec<BootMedium> {
        let (lab, _) = lower(topology, None, TargetKind::Kvm);
        boot_media(&lab, &lab.machines[0], &marker)
    }

    const CLOUD_GUEST: &str = r#"
topology t
ssh_keys = ["ssh-ed25519 AAAA ops"]
management { subnet = [192.0.2.0/24, 2001:db8:f::/64], dns = [192.0.2.53] }
device cloud-guest extends debian {
  media drive { layout = config_drive }
}
node a: cloud-guest {
  routes { "10.9.0.0/16" = 10.0.0.1 }
  interface "eth3.7" { vlan = 7, address = 10.7.0.1/24 }
}
node b: debian
link a:eth1 <-> b { subnet = [10.0.0.0/31, 2001:db8::/127], mtu = 9000 }
link a:eth2 (addressing = dhcp) <-> b
link a:eth3 <-> b
lag bundle: a:bond0 <-> b:bond0 {
  subnet = 10.8.0.0/31
  link a:eth4 <-> b:eth4
  link a:eth5 <-> b:eth5
}
"#;

    #[test]
    fn a_config_drive_tells_what_a_cloud_would() {
        let media = media(&topology(CLOUD_GUEST));
        assert_eq!(media.len(), 1, "no other seed");
        assert_eq!(media[0].label, "config-2");
        let text = |place: usize| String::from_utf8(media[0].files[place].1.bytes().unwrap().into_owned()).unwrap();
        let names: Vec<&str> = media[0].files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            names,
            ["meta_data.json", "network_data.json", "user_data"].map(|name| format!("openstack/latest/{name}"))
        );
        insta::assert_snapshot!("config_drive_meta_data", text(0));
        insta::assert_snapshot!("config_drive_network_data", text(1));
        assert!(text(2).starts_with("#cloud-config\nhostname: a\n"), "{}", text(2));
        let Some(isoinfo) = Tool::find("isoinfo") else { return };
        let path = put(&scratch("config-drive"), "drive.iso", &media[0].write().unwrap());
        assert!(isoinfo.run(&["-d", "-i", &path]).contains("Volume id: config-2"));
        assert_eq!(isoinfo.run(&["-R", "-i", &path, "-x", "/openstack/latest/network_data.json"]), text(1));
    }

    #[test]
    fn a_file_that_the_device_writes_is_not_written_over() {
        let program = CLOUD_GUEST.replace(
            "layout = config_drive",
            "layout = config_drive, label = \"drive\", files { \"/openstack/latest/user_data\" = \"#!/bin/sh\\n\" }",
        );
        let media = media(&topology(&program));
        assert_eq!(media[0].label, "drive");
        let user_data: Vec<&FileContent> =
            media[0].files.iter().filter(|(path, _)| path.ends_with("user_data")).map(|(_, content)| content).collect();
        assert_eq!(user_data, [&FileContent::Bytes(b"#!/bin/sh\n".to_vec())]);
    }

    /// Any file system holds an archive whose files come out as they went in.
    #[test]
    fn archives_are_read_back_from_every_medium() {
        let (Some(tar), Some(mcopy), Some(isoinfo), Some(debugfs)) =
            (Tool::find("tar"), Tool::find("mcopy"), Tool::find("xorriso"), Tool::find("debugfs"))
        else {
            return;
        };
        for format in ["iso", "vfat", "ext4"] {
            let program = format!(
                "topology t\ndevice box {{\n  image os\n  disk = os\n  nic eth0\n  base = \"hostname ${{self.hostname}}\\n\"\n  \
                 media config {{\n    format = {format}, label = \"vmm-data\"\n    \
                 files {{ \"x.tgz\" = {{ \"config/juniper.conf\" = self.config }} }}\n  }}\n}}\n\
                 node a: box\nnode b: box\nlink a <-> b\n"
            );
            let medium = media(&topology(&program)).remove(0);
            let folder = scratch(&format!("archive-on-{format}"));
            let image = put(&folder, "medium", &medium.write().unwrap());
            let archive = put(&folder, "x.tgz", b"");
            match format {
                "iso" => isoinfo.run(&["-osirrox", "on", "-indev", &image, "-extract", "/x.tgz", &archive]),
                "vfat" => mcopy.run(&["-o", "-i", &image, "::x.tgz", &archive]),
                _ => debugfs.run(&["-R", &format!("dump /x.tgz {archive}"), &image]),
            };
            assert_eq!(tar.run(&["-xzOf", &archive, "config/juniper.conf"]), "hostname a\n", "{format}");
        }
    }
}
