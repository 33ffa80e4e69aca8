//! Devices: their data sheet.

use super::Place;
use super::page::Page;
use crate::ide::show::{count, cut};
use crate::semantics::catalogue::lines::{self, bytes, needs, product};
use crate::semantics::catalogue::{Device, Hardware, describe_declared};
use crate::source::Span;
use crate::topology::Firmware;
use crate::value::Value;

/// So many lines of NICs and interfaces are shown.
const MOST: usize = 16;

/// The data sheet of the device whose name is declared there.
pub fn sheet(place: &Place, name: &str, declared: Span, page: &mut Page) {
    let compilation = place.view.compilation;
    let Some(unit) = compilation.units.iter().position(|unit| unit.file == declared.file) else { return };
    // One with parameters that must be given cannot be made by itself.
    let Some(device) = describe_declared(compilation, unit, name) else { return };
    page.add(format!("{}: {}", product(&device), needs(&device)));
    for machine in &device.machines {
        hardware(machine, page);
    }
    interfaces(&device, page);
    for image in &device.images {
        let notes = match image.attributes.get("notes") {
            Some(Value::String(notes)) => format!(": {}", cut(&notes.replace('\n', " "))),
            _ => String::new(),
        };
        page.point(format!("image `{}`{notes}", image.slot));
    }
    if let Some(user) = &device.default_user {
        page.point(format!("logs in as `{user}`"));
    }
    let limits = device.limits.iter().filter(|(_, value)| !matches!(value, Value::Map(_)));
    let limits: Vec<String> = limits.map(|(name, value)| format!("{name} {}", place.shown().value(value))).collect();
    if !limits.is_empty() {
        page.point(format!("limits: {}", limits.join(", ")));
    }
}

fn hardware(machine: &Hardware, page: &mut Page) {
    let name = machine.part.as_ref().map_or("Machine".to_owned(), |part| format!("Machine `{part}`"));
    let firmware = if machine.firmware == Firmware::Uefi { "UEFI" } else { "BIOS" };
    let size = format!("{}, {}", count(machine.cpu as usize, "CPU"), bytes(machine.memory));
    page.add(format!("**{name}**: {size}, `{}`, {firmware}", machine.machine_type));
    let lines = lines::parts(machine);
    for (what, how) in lines.iter().take(MOST) {
        page.point(format!("{what}: {how}"));
    }
    if lines.len() > MOST {
        page.point(format!("… {} more", lines.len() - MOST));
    }
}

fn interfaces(device: &Device, page: &mut Page) {
    page.add(format!("**{}**", count(device.interfaces.len(), "interface")));
    if let Some(management) = &device.management {
        page.point(format!("`{management}`: management"));
    }
    let lines = lines::interfaces(&device.interfaces);
    for (name, also) in lines.iter().take(MOST) {
        let also = if also.is_empty() { String::new() } else { format!(": {also}") };
        page.point(format!("{name}{also}"));
    }
    if lines.len() > MOST {
        page.point(format!("… {} more", lines.len() - MOST));
    }
}
