//! `wtop plan`: what `wtop up` would do.

use super::{Plan, lab, show};
use crate::arguments::AnswerFormat;
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use wtop_deploy::plan::plan;

pub fn run(arguments: &Plan, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Whole, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let plan = plan(&deployment.wanted, &deployment.observe()?, &arguments.only)?;
    match arguments.format {
        AnswerFormat::Text => {
            deployment.tell(terminal);
            terminal.print(&show::plan(&plan, terminal))?;
        }
        AnswerFormat::Json => {
            let text = serde_json::to_string_pretty(&plan)
                .map_err(|error| Failure::environment(format!("the plan cannot be written: {error}")))?;
            terminal.print(&format!("{text}\n"))?;
        }
    }
    Ok(if plan.is_empty() { Exit::Ok } else { Exit::Changes })
}
