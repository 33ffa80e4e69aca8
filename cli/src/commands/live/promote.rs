//! `wtop promote`: an image of a node's disk, in the user's catalog.

use super::{Promote, lab, progress};
use crate::commands::image::catalog;
use crate::exit::{Exit, Outcome};
use crate::terminal::Terminal;
use wtop_deploy::images::{add_volume, check_new};
use wtop_deploy::promote::promote;

pub fn run(arguments: &Promote, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let (wanted, image) = (&deployment.wanted, &arguments.image);
    let catalog = catalog(&deployment.project)?;
    check_new(&catalog, image)?;
    let machine = deployment.machine(&arguments.node)?;
    let _lock = progress::hold(&deployment)?;
    let volume = format!("wtop-image-{image}.qcow2");
    let notes = promote(&deployment.hypervisor, wanted, machine, &volume)?;
    progress::notes(&notes, terminal);
    let source = format!("the disk of `{}` of `{}`", machine.path, wanted.topology);
    add_volume(&catalog, image, &wanted.pool, &volume, &source)?;
    terminal
        .print(&format!("`{image}` is the disk of `{}`, in the volume `{}/{volume}`\n", machine.path, wanted.pool))?;
    Ok(Exit::Ok)
}
