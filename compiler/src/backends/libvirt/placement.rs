//! Which of the host's CPUs and memory a machine gets: the target's `pinning` and `numa`.

use super::xml::Xml;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::E0811;
use crate::lab::{Lab, LabMachine};
use crate::value::Value;

/// The most CPUs that a host has, as far as a set of them is concerned.
const MOST_CPUS: usize = 4096;

/// Where a machine runs on its host.
#[derive(Default)]
pub struct Placement {
    /// The host's CPUs, as written (`2-5,8`) and one by one.
    cpus: Option<(String, Vec<usize>)>,
    /// The NUMA node of its memory.
    numa: Option<i64>,
}

impl Placement {
    /// What the target says for the machine.
    pub fn of(lab: &Lab<'_>, machine: &LabMachine<'_>, diagnostics: &mut Vec<Diagnostic>) -> Placement {
        let mut placement = Placement::default();
        let Some(target) = lab.target else { return placement };
        if let Some(Value::Int(node)) = machine.said_by(target, "numa") {
            placement.numa = Some(*node).filter(|node| *node >= 0);
        }
        if let Some(Value::String(written)) = machine.said_by(target, "pinning") {
            match cpu_set(written) {
                Some(cpus) => placement.cpus = Some((written.to_string(), cpus)),
                None => {
                    let message =
                        format!("`{written}`, to which `{}` is pinned, is no set of CPUs", machine.machine.path);
                    let diagnostic = Diagnostic::new(
                        &E0811,
                        target.origin.attribute("pinning").unwrap_or(target.origin.span),
                        message,
                        "pins it",
                    );
                    diagnostics.push(diagnostic.help("write numbers and ranges of the host's CPUs: `\"2-5,8\"`"));
                }
            }
        }
        placement
    }

    /// Writes it with the number of virtual CPUs and their quota (period, quota).
    pub fn write(&self, xml: &mut Xml, cpu: u32, quota: Option<(u64, u64)>) {
        match &self.cpus {
            Some((written, _)) => xml.text("vcpu", &[("placement", &"static"), ("cpuset", written)], cpu),
            None => xml.text("vcpu", &[], cpu),
        }
        // With one for each, every virtual CPU has its own; else they share what there is.
        let wanted = usize::try_from(cpu).unwrap_or(usize::MAX);
        let own = self.cpus.as_ref().map(|(_, cpus)| cpus).filter(|cpus| cpus.len() >= wanted);
        if own.is_some() || quota.is_some() {
            xml.open("cputune", &[]);
            for (number, host) in own.into_iter().flatten().take(wanted).enumerate() {
                xml.leaf("vcpupin", &[("vcpu", &number), ("cpuset", host)]);
            }
            if let Some((period, quota)) = quota {
                xml.text("period", &[], period);
                xml.text("quota", &[], quota);
            }
            xml.close();
        }
        if let Some(node) = self.numa {
            xml.open("numatune", &[]);
            xml.leaf("memory", &[("mode", &"strict"), ("nodeset", &node)]);
            xml.close();
        }
    }
}

/// `2-5,8` as numbers.
fn cpu_set(text: &str) -> Option<Vec<usize>> {
    let mut cpus = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number < MOST_CPUS);
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return None;
        }
        cpus.extend(first..=last);
    }
    Some(cpus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_cpus() {
        assert_eq!(cpu_set("2-4,8"), Some(vec![2, 3, 4, 8]));
        for wrong in ["", "a", "4-2", "1,", "1-", "-1", "1 2", "99999999"] {
            assert_eq!(cpu_set(wrong), None, "{wrong}");
        }
    }
}
