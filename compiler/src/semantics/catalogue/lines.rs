//! What a device is made of, in lines: what and how. `wtop devices` and editors show the same ones.

use super::{Device, Drive, Hardware, Nic, NicRole, Port};
use crate::value::Unit;

/// Vendor and product: `Juniper vMX`.
pub fn product(device: &Device) -> String {
    match (device.vendor.as_deref(), device.product.as_deref()) {
        (Some(vendor), Some(product)) if product.starts_with(vendor) => product.to_owned(),
        (vendor, product) => vendor.into_iter().chain(product).collect::<Vec<&str>>().join(" "),
    }
}

/// What it takes, in a few words: `2 machines, 4 CPUs, 6 GiB`.
pub fn needs(device: &Device) -> String {
    let cpus = device.machines.iter().map(|machine| u64::from(machine.cpu)).sum();
    let memory = device.machines.iter().map(|machine| machine.memory).sum();
    let machines = device.machines.len() as u64;
    let size = format!("{}, {}", count(cpus, "CPU"), bytes(memory));
    if machines == 1 { size } else { format!("{}, {size}", count(machines, "machine")) }
}

/// Interfaces whose names count up are one line.
pub fn interfaces(ports: &[Port]) -> Vec<(String, String)> {
    let counts_up = |one: &Port, two: &Port| {
        let mut aliases = one.aliases.iter().zip(&two.aliases);
        one.aliases.len() == two.aliases.len()
            && follows(&one.name, &two.name)
            && aliases.all(|(one, two)| follows(one, two))
    };
    let line = |run: &[Port]| {
        let (first, last) = (run.first()?, run.last()?);
        let aliases = first.aliases.iter().zip(&last.aliases).map(|(first, last)| span(first, last));
        let aliases: Vec<String> = aliases.collect();
        let also = if aliases.is_empty() { String::new() } else { format!("also {}", aliases.join(", ")) };
        Some((span(&first.name, &last.name), also))
    };
    ports.chunk_by(counts_up).filter_map(line).collect()
}

/// Disks, media and NICs of a machine; NICs whose names count up are one line.
pub fn parts(machine: &Hardware) -> Vec<(String, String)> {
    let counts_up = |one: &(usize, &Nic), two: &(usize, &Nic)| {
        let roles = match (&one.1.role, &two.1.role) {
            (NicRole::Interface(one), NicRole::Interface(two)) => follows(one, two),
            (one, two) => one == two,
        };
        one.1.model == two.1.model && follows(&one.1.name, &two.1.name) && roles
    };
    let nics: Vec<(usize, &Nic)> = machine.nics.iter().enumerate().collect();
    let line = |run: &[(usize, &Nic)]| {
        let ((at, first), (end, last)) = (run.first()?, run.last()?);
        let numbers = span(&(at + 1).to_string(), &(end + 1).to_string());
        let what = format!("{}, {}, {}", span(&first.name, &last.name), first.model, role(&first.role, &last.role));
        Some((format!("NIC {numbers}"), what))
    };
    let disks = machine.disks.iter().map(|disk| drive("disk", disk));
    let media = machine.media.iter().map(|medium| drive("medium", medium));
    let set_up = [(machine.cloud_init, "by cloud-init"), (machine.console, "typed on the serial console")];
    let set_up = set_up.into_iter().filter(|(is_used, _)| *is_used);
    let set_up = set_up.map(|(_, how)| ("first boot".to_owned(), how.to_owned()));
    disks.chain(media).chain(set_up).chain(nics.chunk_by(counts_up).filter_map(line)).collect()
}

fn drive(kind: &str, drive: &Drive) -> (String, String) {
    let source = match (&drive.image, drive.size) {
        (Some(image), _) => format!(", from {image}"),
        (None, Some(size)) => format!(", empty, {}", bytes(size)),
        (None, None) => String::new(),
    };
    (format!("{kind} {}", drive.name), format!("{}{source}", drive.bus))
}

fn role(first: &NicRole, last: &NicRole) -> String {
    match (first, last) {
        (NicRole::Interface(first), NicRole::Interface(last)) => format!("is {}", span(first, last)),
        (NicRole::Management, _) => "management".to_owned(),
        (NicRole::Internal, _) => "wired inside".to_owned(),
        _ => "not connected, but counted".to_owned(),
    }
}

/// `a`, or `a to b`.
fn span(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("{first} to {last}") }
}

/// Is the second name the first one with its last number one higher?
fn follows(one: &str, two: &str) -> bool {
    let split = |name: &str| -> Option<(String, u64)> {
        let letters = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        Some((letters.to_owned(), name.get(letters.len()..)?.parse().ok()?))
    };
    match (split(one), split(two)) {
        (Some((one, first)), Some((two, second))) => one == two && first.checked_add(1) == Some(second),
        _ => false,
    }
}

/// `1 CPU`, `2 CPUs`.
pub fn count(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// A size as the language writes it.
pub fn bytes(size: u64) -> String {
    Unit::Size.text(size)
}
