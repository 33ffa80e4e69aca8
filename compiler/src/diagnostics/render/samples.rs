//! Diagnostics for the tests of the renderers.

use crate::diagnostics::codes::syntax::E0101;
use crate::diagnostics::{Code, Diagnostic, TextEdit};
use crate::source::{FileId, Sources, Span};

/// A warning, to see how one looks.
pub(super) static WARNING: Code = Code {
    id: "W0999",
    title: "a name is never used",
    explanation: "It stands for nothing.",
    wrong: "topology t\nlet x = 1\n",
    right: "topology t\n",
};

/// An error and a warning in two files, with everything that a diagnostic can have.
pub(super) fn two_files() -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let lab = "topology lab\n// 日本\nnode é: switch { notes = \"😀\" }\nlet spare = 1\n";
    let device = "pub device switch {\n  nic eth0\n}\n";
    let one = sources.add("/home/me/my lab/lab.wtop", "my lab/lab.wtop", lab);
    let two = sources.add("<std>/switch.wtop", "<std>/switch.wtop", device);
    let notes = at(one, lab, "notes");
    let error = Diagnostic::new(&E0101, notes, "`notes`, here, is:\n100% wrong", "wrong")
        .label(at(two, device, "nic eth0"), "the device has only this")
        .label(at(one, lab, "é"), "the node")
        .help("leave it out")
        .fix_all(
            "Leave it out and add a port",
            vec![
                TextEdit { span: at(one, lab, "notes = \"😀\" "), text: String::new() },
                TextEdit { span: at(two, device, "nic eth0").at_end(), text: "\n  nic eth1".to_owned() },
            ],
        )
        .fix("Write `label`", notes, "label");
    let warning = Diagnostic::new(&WARNING, at(one, lab, "let spare = 1\n"), "`spare` is never used", "never used");
    (vec![error, warning], sources)
}

/// The first occurrence of a text.
fn at(file: FileId, text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(file, start, start + part.len())
}
