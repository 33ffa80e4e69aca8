//! `wtop test`: asks the running lab what its file expects of it.

use super::lab::{self, Deployment};
use super::ssh::{asked, each};
use super::ways::Test;
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::Input;
use crate::pipeline::Job;
use crate::terminal::Terminal;
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};
use wtop_compiler::diagnostics::has_errors;
use wtop_compiler::topology::{Answers, Expectation, Probe};
use wtop_compiler::value::Value;
use wtop_deploy::probe::{answer, line};

/// Between two tries of what may still come true.
const PAUSE: Duration = Duration::from_millis(500);

/// How an expectation came out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Verdict {
    /// Its name, else its condition, with the variables of loops.
    name: String,
    /// Why it does not hold, if it does not.
    failure: Option<String>,
    /// How long that took.
    time: Duration,
}

pub fn run(arguments: &Test, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let input = Input::lab(&arguments.place.file)?;
    let params = arguments.place.site.parameters.values()?;
    let asked = Asking {
        deployment: &deployment,
        job: &Job { input: &input, params: &params },
        target: arguments.place.site.target.as_deref(),
    };
    let verdicts = asked.verdicts(terminal)?;
    if verdicts.is_empty() {
        terminal.print("nothing is expected of this lab: `expect ping(a, b)` in its file would be\n")?;
    }
    if let Some(path) = &arguments.junit {
        let text = junit(&deployment.wanted.topology, &verdicts);
        std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))?;
    }
    let failed = verdicts.iter().filter(|verdict| verdict.failure.is_some()).count();
    terminal.print(&format!("{} passed, {failed} failed\n", verdicts.len() - failed))?;
    Ok(if failed == 0 { Exit::Ok } else { Exit::Diagnostics })
}

struct Asking<'a> {
    deployment: &'a Deployment,
    job: &'a Job<'a>,
    target: Option<&'a str>,
}

impl Asking<'_> {
    /// Asks until all expectations hold or their time is over, and tells of each as it is known.
    fn verdicts(&self, terminal: &Terminal) -> Result<Vec<Verdict>, Failure> {
        let begin = Instant::now();
        let mut verdicts: BTreeMap<usize, Verdict> = BTreeMap::new();
        loop {
            let (expectations, troubles) = self.ask(&verdicts)?;
            for (index, expected) in expectations.iter().enumerate() {
                let time = begin.elapsed();
                let is_over = time >= Duration::from_nanos(expected.within);
                let is_known = verdicts.contains_key(&index);
                if is_known || (expected.holds != Some(true) && !is_over) {
                    continue;
                }
                let failure = (expected.holds != Some(true)).then(|| why(expected, &troubles));
                let verdict = Verdict { name: name(expected), failure, time };
                terminal.print(&shown(&verdict))?;
                verdicts.insert(index, verdict);
            }
            if verdicts.len() == expectations.len() {
                return Ok(verdicts.into_values().collect());
            }
            thread::sleep(PAUSE);
        }
    }

    /// Asks all that the open expectations want to know: one answer may lead to the next question.
    fn ask(&self, known: &BTreeMap<usize, Verdict>) -> Result<(Vec<Expectation>, BTreeMap<Probe, String>), Failure> {
        let mut answers = Answers::new();
        let mut troubles = BTreeMap::new();
        loop {
            let compiled = self.job.compile_with_answers(self.target, answers.clone());
            let expectations = compiled.topology.map(|topology| topology.expectations).unwrap_or_default();
            if has_errors(&compiled.diagnostics) {
                let first =
                    compiled.diagnostics.iter().find(|diagnostic| has_errors(std::slice::from_ref(*diagnostic)));
                let message = first.map(|diagnostic| diagnostic.message.clone()).unwrap_or_default();
                return Err(Failure::environment(format!(
                    "with what the lab answers, an expectation makes no sense: {message}"
                ))
                .help("`string(…)` and `int(…)` make values of one type of those of another"));
            }
            let open = expectations.iter().enumerate().filter(|(index, _)| !known.contains_key(index));
            let mut probes: Vec<Probe> = open.flat_map(|(_, expected)| expected.asks.clone()).collect();
            probes.sort();
            probes.dedup();
            probes.retain(|probe| !answers.contains_key(probe) && !troubles.contains_key(probe));
            if probes.is_empty() {
                return Ok((expectations, troubles));
            }
            for (probe, said) in self.ask_guests(&probes) {
                match said {
                    Ok(value) => drop(answers.insert(probe, value)),
                    Err(trouble) => drop(troubles.insert(probe, trouble)),
                }
            }
        }
    }

    fn ask_guests(&self, probes: &[Probe]) -> Vec<(Probe, Result<Value, String>)> {
        let said = each(probes, |probe| self.ask_guest(probe), || Err("it could not be asked".to_owned()));
        probes.iter().cloned().zip(said).collect()
    }

    fn ask_guest(&self, probe: &Probe) -> Result<Value, String> {
        let output = asked(self.deployment, &probe.node, &line(&probe.question))?;
        if output.status.code() == Some(255) {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`{}` cannot be asked: {}", probe.node, said.trim()));
        }
        Ok(answer(&probe.question, &String::from_utf8_lossy(&output.stdout), output.status.success()))
    }
}

fn name(expected: &Expectation) -> String {
    let variables: Vec<String> = expected
        .origin
        .variables
        .iter()
        .map(|(name, value)| format!("{name} = {}", wtop_compiler::value::text::shown(value)))
        .collect();
    let name = expected.name.as_ref().unwrap_or(&expected.condition);
    if variables.is_empty() { name.clone() } else { format!("{name} ({})", variables.join(", ")) }
}

fn why(expected: &Expectation, troubles: &BTreeMap<Probe, String>) -> String {
    if let Some(trouble) = expected.asks.iter().find_map(|probe| troubles.get(probe)) {
        return trouble.clone();
    }
    let condition = &expected.condition;
    match &expected.sides {
        Some(sides) => format!("`{condition}` does not hold: {sides}"),
        None => format!("`{condition}` does not hold"),
    }
}

fn shown(verdict: &Verdict) -> String {
    let seconds = verdict.time.as_secs_f32();
    match &verdict.failure {
        None => format!("ok      {} ({seconds:.1} s)\n", verdict.name),
        Some(failure) => format!("FAILED  {} ({seconds:.1} s): {failure}\n", verdict.name),
    }
}

/// The form of JUnit that CI systems read.
fn junit(topology: &str, verdicts: &[Verdict]) -> String {
    let failed = verdicts.iter().filter(|verdict| verdict.failure.is_some()).count();
    let total: f32 = verdicts.iter().map(|verdict| verdict.time.as_secs_f32()).fold(0.0, f32::max);
    let topology = escaped(topology);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{topology}\" tests=\"{}\" \
         failures=\"{failed}\" errors=\"0\" skipped=\"0\" time=\"{total:.3}\">\n",
        verdicts.len()
    );
    for verdict in verdicts {
        let (name, seconds) = (escaped(&verdict.name), verdict.time.as_secs_f32());
        text.push_str(&format!("<testcase classname=\"{topology}\" name=\"{name}\" time=\"{seconds:.3}\""));
        text.push_str(&match &verdict.failure {
            None => "/>\n".to_owned(),
            Some(failure) => format!("><failure message=\"{}\"/></testcase>\n", escaped(failure)),
        });
    }
    text.push_str("</testsuite>\n</testsuites>\n");
    text
}

/// Text for an attribute of XML 1.0, which has no place for most control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junit_as_ci_reads_it() {
        let verdict = |name: &str, failure: Option<&str>| Verdict {
            name: name.to_owned(),
            failure: failure.map(str::to_owned),
            time: Duration::from_millis(1500),
        };
        let verdicts = [
            verdict("ping(a, b)", None),
            verdict("web", Some("`http(a, \"http://b\") == 200` does not hold: 404 == 200")),
        ];
        let report = junit("two-hosts", &verdicts);
        assert!(report.contains("name=\"two-hosts\" tests=\"2\" failures=\"1\""), "{report}");
        assert!(report.contains("classname=\"two-hosts\" name=\"ping(a, b)\" time=\"1.500\"/>"), "{report}");
        assert!(
            report.contains("http(a, &quot;http://b&quot;) == 200` does not hold: 404 == 200\"/></testcase>"),
            "{report}"
        );
    }
}
