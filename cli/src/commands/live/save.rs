//! `wtop save`: what nodes run, as files.

use super::lab::{self, Deployment};
use super::ssh::{asked, each};
use super::ways::Save;
use crate::commands::export::SAVED;
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::Input;
use crate::terminal::Terminal;
use crate::write;
use std::fs;
use std::path::Path;

pub fn run(arguments: &Save, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let nodes = meant(&deployment, &arguments.only)?;
    let input = Input::lab(&arguments.place.file)?;
    let beside = input.path.parent().unwrap_or(Path::new("")).join(SAVED);
    let folder = arguments.output.clone().unwrap_or(beside);
    fs::create_dir_all(&folder).map_err(|error| Failure::io("make", &folder, &error))?;
    let mut exit = Exit::Ok;
    let configuration = |(node, command): &(String, String)| configuration(&deployment, node, command);
    let said = each(&nodes, configuration, || Err("it could not be asked".to_owned()));
    for ((node, _), said) in nodes.iter().zip(said) {
        match said {
            Ok(text) => {
                let path = folder.join(format!("{}.conf", node.replace('/', "-")));
                write::file(&path, &text)?;
                terminal.print(&format!("{node}: {}\n", path.display()))?;
            }
            Err(trouble) => {
                exit = Exit::Environment;
                terminal.tell(&format!("{node}: not saved, and what was saved before is left: {trouble}\n"));
            }
        }
    }
    Ok(exit)
}

/// The nodes to save, each with its command.
fn meant(deployment: &Deployment, only: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let mut nodes: Vec<(String, String)> = Vec::new();
    for machine in &deployment.wanted.machines {
        let is_meant = only.is_empty() || only.contains(&machine.node);
        let is_known = nodes.iter().any(|(node, _)| *node == machine.node);
        if let (true, false, Some(command)) = (is_meant, is_known, &machine.save) {
            nodes.push((machine.node.clone(), command.clone()));
        }
    }
    if let Some(other) = only.iter().find(|name| nodes.iter().all(|(node, _)| node != *name)) {
        let is_there = deployment.wanted.machines.iter().any(|machine| machine.node == *other);
        return Err(match is_there {
            true => Failure::usage(format!("nobody says how the configuration of `{other}` is printed"))
                .help("write the command at the node or its device: `save = \"show running-config\"`"),
            false => Failure::usage(format!("`{}` has no node `{other}`", deployment.wanted.topology))
                .help("`wtop status` lists the nodes"),
        });
    }
    if nodes.is_empty() {
        return Err(Failure::usage("no node says how its configuration is printed")
            .help("write the command at a node or its device: `save = \"show running-config\"`"));
    }
    Ok(nodes)
}

fn configuration(deployment: &Deployment, node: &str, command: &str) -> Result<Vec<u8>, String> {
    let output = asked(deployment, node, command)?;
    if output.status.success() && !output.stdout.is_empty() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().last().unwrap_or("it printed nothing").trim().to_owned();
    Err(format!("`{command}`: {said}"))
}
