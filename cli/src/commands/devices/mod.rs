//! `wtop devices`: the device library.

mod page;

use crate::arguments::{AnswerFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use clap::{Args, Subcommand};
use unicode_width::UnicodeWidthStr;
use wtop_compiler::diagnostics::closest;
use wtop_compiler::semantics::catalogue::lines::{needs, product};
use wtop_compiler::semantics::catalogue::{Device, describe};
use wtop_compiler::semantics::library::device_names;

/// List the devices of the library, or show what one is made of
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop devices", "all devices"),
    ("wtop devices show vmx", "its images, interfaces, machines and NICs"),
    ("wtop devices show vmx --format json", "the same for programs"),
]))]
pub struct Devices {
    #[command(subcommand)]
    command: Option<DevicesCommand>,

    /// How to answer
    #[arg(long, value_enum, default_value = "text", global = true)]
    format: AnswerFormat,
}

#[derive(Subcommand, Debug)]
enum DevicesCommand {
    /// Show what a device is made of: images, interfaces, machines, NICs
    Show {
        /// Its name, as a lab writes it
        #[arg(value_name = "DEVICE")]
        name: String,
    },
}

pub fn run(arguments: &Devices, terminal: &Terminal) -> Outcome {
    let text = match &arguments.command {
        None => {
            let devices = describe(device_names());
            match arguments.format {
                AnswerFormat::Text => list(&devices, terminal),
                AnswerFormat::Json => json(&devices),
            }
        }
        Some(DevicesCommand::Show { name }) => {
            let device = describe([name.as_str()]).pop().ok_or_else(|| unknown(name))?;
            match arguments.format {
                AnswerFormat::Text => page::page(&device, terminal),
                AnswerFormat::Json => json(&device),
            }
        }
    };
    terminal.print(&text)?;
    Ok(Exit::Ok)
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("the library has no device `{name}`"));
    match closest(name, device_names()) {
        Some(meant) => failure.help(format!("did you mean `{meant}`? `wtop devices` lists all")),
        None => failure.help("`wtop devices` lists all"),
    }
}

/// A line for each device.
fn list(devices: &[Device], terminal: &Terminal) -> String {
    let products: Vec<String> = devices.iter().map(product).collect();
    let widest = products.iter().map(|product| product.width()).max().unwrap_or(0);
    let row = |(device, product): (&Device, &String)| {
        let gap = " ".repeat(widest - product.width());
        (device.name.clone(), format!("{product}{gap}  {}", needs(device)))
    };
    let rows: Vec<(String, String)> = devices.iter().zip(&products).map(row).collect();
    terminal.columns(&rows).iter().map(|line| format!("{line}\n")).collect()
}

fn json<T: serde::Serialize>(value: &T) -> String {
    // Records of texts and numbers always have a JSON form.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
