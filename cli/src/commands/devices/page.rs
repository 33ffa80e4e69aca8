//! The page of one device.

use crate::markdown;
use crate::terminal::{HEADER, LITERAL, Terminal};
use wtop_compiler::semantics::catalogue::lines::{bytes, count, interfaces, needs, parts, product};
use wtop_compiler::semantics::catalogue::{Device, Image, Parameter};
use wtop_compiler::value::Value;

/// All that a lab wants to know of it.
pub fn page(device: &Device, terminal: &Terminal) -> String {
    let title = format!("{}: {}, {}", device.name, product(device), needs(device));
    let mut text = format!("{}\n", terminal.paint(HEADER, &title));
    if let Some(documentation) = &device.documentation {
        text.push_str(&format!("\n{}", markdown::show(documentation, terminal)));
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n{}\n", terminal.paint(HEADER, title)));
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
    };
    section("Images to bring", terminal.columns(&device.images.iter().map(image).collect::<Vec<_>>()));
    section("Parameters", terminal.columns(&device.parameters.iter().map(parameter).collect::<Vec<_>>()));
    section("Interfaces", terminal.columns(&interfaces(&device.interfaces)));
    section("Management", device.management.iter().map(|name| terminal.paint(LITERAL, name)).collect());
    for machine in &device.machines {
        let name = machine.part.as_ref().map_or("Machine".to_owned(), |part| format!("Machine {part}"));
        let title = format!("{name}: {}, {}", count(machine.cpu.into(), "CPU"), bytes(machine.memory));
        section(&title, terminal.columns(&parts(machine)));
    }
    text
}

fn image(image: &Image) -> (String, String) {
    let notes = match image.attributes.get("notes") {
        Some(Value::String(notes)) => notes.to_string(),
        _ => String::new(),
    };
    (image.slot.clone(), notes)
}

fn parameter(parameter: &Parameter) -> (String, String) {
    let default = parameter.default.as_ref().map(|default| format!(" = {default}")).unwrap_or_default();
    let meaning = parameter.documentation.as_ref().map(|meaning| meaning.replace('\n', " "));
    (format!("{}: {}{default}", parameter.name, parameter.r#type), meaning.unwrap_or_default())
}
