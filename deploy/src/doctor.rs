//! What a machine needs to run labs, whether it has it, and the command that mends what is missing.

use crate::kvm::{Kvm, probe};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub what: String,
    /// What is wrong, if anything is.
    pub wrong: Option<String>,
    /// Can labs run all the same?
    pub bearable: bool,
    /// The command that mends it, or what to do.
    pub cure: String,
}

/// Families of Linux distributions, by how they install packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Debian, Ubuntu and what comes of them.
    Debian,
    /// Fedora and its like.
    Fedora,
    /// Arch and its like.
    Arch,
    /// Something else.
    Other,
}

/// What `/etc/os-release` says.
pub fn family(os_release: &str) -> Family {
    let said = os_release.lines().filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")));
    let words: Vec<String> =
        said.flat_map(|value| value.trim_matches('"').split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    let is = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    match () {
        () if is(&["debian", "ubuntu"]) => Family::Debian,
        () if is(&["fedora", "rhel", "centos"]) => Family::Fedora,
        () if is(&["arch"]) => Family::Arch,
        () => Family::Other,
    }
}

/// The command that installs a program.
pub fn install(family: Family, program: &str) -> String {
    let names = match program {
        "qemu-system-x86_64" => ["qemu-system-x86", "qemu-system-x86-core", "qemu-system-x86"],
        "libvirtd" => ["libvirt-daemon-system", "libvirt-daemon-kvm", "libvirt"],
        "dnsmasq" => ["dnsmasq-base", "dnsmasq", "dnsmasq"],
        "qemu-img" => ["qemu-utils", "qemu-img", "qemu-img"],
        "ping" => ["iputils-ping", "iputils", "iputils"],
        "ssh" => ["openssh-client", "openssh-clients", "openssh"],
        "ip" => ["iproute2", "iproute", "iproute2"],
        "tc" => ["iproute2", "iproute-tc", "iproute2"],
        other => [other, other, other],
    };
    let [debian, fedora, arch] = names;
    match family {
        Family::Debian => format!("sudo apt install {debian}"),
        Family::Fedora => format!("sudo dnf install {fedora}"),
        Family::Arch => format!("sudo pacman -S {arch}"),
        Family::Other => format!("install `{program}`"),
    }
}

/// Programs that labs need.
const NEEDED: [&str; 4] = ["qemu-system-x86_64", "libvirtd", "dnsmasq", "ip"];
/// Programs that some things need, and which.
const USEFUL: [(&str, &str); 5] = [
    ("tc", "delay or loss on links"),
    ("qemu-img", "`wtop image convert`"),
    ("tcpdump", "`wtop capture`"),
    ("ssh", "`wtop ssh`, `exec` or `cp`"),
    ("ping", "waiting until nodes answer a ping"),
];

/// Looks at the programs, the kernel and the virtualisation of this machine.
pub fn examine() -> Vec<Finding> {
    let family = family(&fs::read_to_string("/etc/os-release").unwrap_or_default());
    let mut findings = Vec::new();
    for program in NEEDED {
        // Where libvirt's daemon is in parts, that for QEMU has a name of its own.
        let is_there = has(program) || (program == "libvirtd" && has("virtqemud"));
        findings.push(finding(program, !is_there, "is not installed", &install(family, program)));
    }
    for (program, purpose) in USEFUL {
        let wrong = format!("is not installed, and without it there is no {purpose}");
        findings.push(finding(program, !has(program), &wrong, &install(family, program)).bearable());
    }
    findings.extend(kernel(family));
    let kvm = probe();
    findings.push(emulation(&kvm));
    if kvm == Kvm::Works {
        findings.push(nested());
    }
    findings
}

/// The parts of the kernel that networks take.
fn kernel(family: Family) -> Vec<Finding> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let folder = Path::new("/lib/modules").join(release.trim());
    let loadable = fs::read_to_string(folder.join("modules.dep")).unwrap_or_default();
    // The functions of the kernel with all modules that are loaded: what is built in stands in no list that is always there.
    let functions = fs::read_to_string("/proc/kallsyms").unwrap_or_default();
    let lacks = |module: &str, function: &str| {
        let is_there = |line: &str| line.split_ascii_whitespace().nth(2) == Some(function);
        !functions.is_empty() && !loadable.contains(&format!("/{module}.ko")) && !functions.lines().any(is_there)
    };
    let bridges = lacks("bridge", "br_add_if") || lacks("tun", "tun_chr_open");
    let netem = lacks("sch_netem", "netem_enqueue");
    let more = match family {
        Family::Debian => "sudo apt install linux-modules-extra-$(uname -r)",
        Family::Fedora => "sudo dnf install kernel-modules-extra",
        Family::Arch | Family::Other => "boot the distribution's own kernel",
    };
    vec![
        finding("bridges and taps", bridges, "are no part of this kernel", "boot the distribution's own kernel"),
        finding("netem", netem, "is no part of this kernel: links can have no delays and losses", more).bearable(),
    ]
}

fn emulation(kvm: &Kvm) -> Finding {
    let wrong = match kvm {
        Kvm::Works => None,
        Kvm::Fails(why) => Some(format!("does not work, so machines are emulated, which is slow: {why}")),
    };
    let cure = if Path::new("/dev/kvm").exists() {
        "sudo usermod -aG kvm $USER, then log in again; within a virtual machine, nested virtualisation must be on"
    } else {
        "switch virtualisation on in the firmware, then: sudo modprobe kvm_intel || sudo modprobe kvm_amd"
    };
    Finding { what: "KVM".to_owned(), wrong, bearable: true, cure: cure.to_owned() }
}

/// May guests have guests? Some appliances are hypervisors themselves.
fn nested() -> Finding {
    let modules = ["kvm_intel", "kvm_amd"];
    let said = |module: &&str| fs::read_to_string(format!("/sys/module/{module}/parameters/nested")).ok();
    let (module, said) =
        modules.iter().find_map(|module| Some((*module, said(module)?))).unwrap_or(("kvm", "Y".into()));
    let is_off = !matches!(said.trim(), "Y" | "1");
    let wrong = "is off: appliances that are hypervisors themselves, such as vJunos, do not boot";
    let cure = format!(
        "echo options {module} nested=1 | sudo tee /etc/modprobe.d/kvm-nested.conf, stop all guests, then: \
         sudo modprobe -r {module} && sudo modprobe {module}"
    );
    finding("nested virtualisation", is_off, wrong, &cure).bearable()
}

/// A finding about something that is missing or not.
pub fn finding(what: &str, is_wrong: bool, wrong: &str, cure: &str) -> Finding {
    let wrong = is_wrong.then(|| wrong.to_owned());
    Finding { what: what.to_owned(), wrong, bearable: false, cure: cure.to_owned() }
}

impl Finding {
    /// Labs can run without it.
    #[must_use]
    pub fn bearable(self) -> Finding {
        Finding { bearable: true, ..self }
    }
}

fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    // Daemons lie where users do not look.
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/sbin", "/usr/libexec"].map(PathBuf::from));
    folders.into_iter().any(|folder| folder.join(program).is_file())
}

/// Looks at libvirt: does it answer, and has it what labs need?
#[cfg(feature = "kvm")]
pub fn examine_libvirt() -> Vec<Finding> {
    use crate::connect::{SYSTEM, connect};
    use crate::desired::DEFAULT_POOL;
    let hypervisor = match connect(Some(SYSTEM)) {
        Ok(hypervisor) => hypervisor,
        Err(problem) => {
            let permission = problem.message.to_ascii_lowercase().contains("permission")
                || problem.message.contains("authentication");
            let cure = if permission {
                "sudo usermod -aG libvirt $USER, then log in again"
            } else {
                "sudo systemctl enable --now libvirtd"
            };
            return vec![finding(SYSTEM, true, &problem.message, cure)];
        }
    };
    let pool = hypervisor.connection.lookup_storage_pool_by_name(DEFAULT_POOL);
    let is_off = pool.as_ref().is_ok_and(|pool| !pool.is_active().unwrap_or(false));
    vec![
        finding(SYSTEM, false, "", ""),
        finding("storage pool `default`", is_off, "is not running", "virsh -c qemu:///system pool-start default"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_has_its_command() {
        for (release, command) in [
            ("NAME=x\nID=debian\n", "sudo apt install dnsmasq-base"),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "sudo apt install dnsmasq-base"),
            ("ID=fedora\n", "sudo dnf install dnsmasq"),
            ("ID=manjaro\nID_LIKE=arch\n", "sudo pacman -S dnsmasq"),
            ("", "install `dnsmasq`"),
        ] {
            assert_eq!(install(family(release), "dnsmasq"), command, "{release}");
        }
    }
}
