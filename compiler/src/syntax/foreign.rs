//! Files of another language, about which one sentence says more than an error for each line.

use super::report::Reports;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::syntax as codes;

/// In so many lines another language is looked for.
const MOST_LINES: usize = 100;

/// Keys that topologies in YAML have, alone on their line.
const YAML_KEYS: [&str; 3] = ["topology:", "nodes:", "links:"];

/// What is said about a text in YAML, as other tools describe labs in it; `None` for every other text.
pub fn foreign_language(text: &str, reports: &Reports) -> Option<Diagnostic> {
    let mut start = 0;
    for line in text.split_inclusive('\n').take(MOST_LINES) {
        let written = line.split(" #").next().unwrap_or(line).trim();
        if YAML_KEYS.contains(&written) || (written == "---" && start == 0) {
            let first = start + line.len() - line.trim_start().len();
            let span = reports.span(first as u32, (first + written.len()) as u32);
            let message = "this is YAML, as containerlab and other tools write it, and not wtop";
            let help = "in wtop each node and each link is a line: `node r1: debian`, `link r1:eth1 <-> r2:eth1`; \
                        `wtop new` writes a lab to start from";
            return Some(Diagnostic::new(&codes::E0147, span, message, "a key of YAML").help(help));
        }
        start += line.len();
    }
    None
}
