//! `wtop doctor`: what is missing, and what mends it.

use super::{Doctor, Place, Site, lab};
use crate::exit::{Exit, Outcome};
use crate::parameters::Parameters;
use crate::terminal::Terminal;
use wtop_deploy::capacity;
use wtop_deploy::doctor::{Finding, examine, examine_libvirt};
use wtop_deploy::plan::plan;
use wtop_deploy::problem::Problem;

pub fn run(arguments: &Doctor, terminal: &Terminal) -> Outcome {
    let mut findings = examine();
    findings.extend(examine_libvirt());
    if let Some(file) = &arguments.file {
        let parameters = Parameters::default();
        let place = Place { file: file.clone(), site: Site { target: None, connect: None, parameters } };
        // What a lab lacks, such as an image, is what opening it says.
        match lab::open(lab::Need::Whole, &place, terminal) {
            Ok(Ok(deployment)) => {
                let found = deployment.observe()?;
                let room = plan(&deployment.wanted, &found, &[])
                    .and_then(|plan| capacity::check(&deployment.hypervisor, &plan, &deployment.wanted));
                findings.push(of_lab(room.err()));
            }
            Ok(Err(exit)) => return Ok(exit),
            Err(failure) => findings.push(of_lab(Some(Problem { message: failure.message, help: failure.help }))),
        }
    }
    let text: String = findings.iter().map(shown).collect();
    terminal.print(&text)?;
    let is_well = findings.iter().all(|finding| finding.wrong.is_none() || finding.bearable);
    Ok(if is_well { Exit::Ok } else { Exit::Environment })
}

fn of_lab(problem: Option<Problem>) -> Finding {
    let cure = problem.as_ref().and_then(|problem| problem.help.clone()).unwrap_or_default();
    Finding { what: "the lab".to_owned(), wrong: problem.map(|problem| problem.message), bearable: false, cure }
}

fn shown(finding: &Finding) -> String {
    let Some(wrong) = &finding.wrong else { return format!("ok       {}\n", finding.what) };
    let word = if finding.bearable { "warning" } else { "missing" };
    let mut text = format!("{word}  {}: {wrong}\n", finding.what);
    if !finding.cure.is_empty() {
        text.push_str(&format!("         mend it: {}\n", finding.cure));
    }
    text
}
