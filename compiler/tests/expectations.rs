//! Expectations: where nodes are asked to be reached, and what is shown of those that do not hold.

use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::topology::{Answers, Expectation, Probe, Question};
use wtop_compiler::value::Value;
use wtop_compiler::{Compilation, CompileOptions, compile};

const LAB: &str = "topology t\n\
    node a: debian { loopback = 10.255.0.1/32 }\nnode b: debian\n\
    link a <-> b { subnet = 10.0.0.0/30 }\n";

fn compiled(expectation: &str, answers: Answers) -> Compilation {
    let mut files = MemoryFileSystem::default();
    files.insert("lab.wtop", format!("{LAB}{expectation}\n"));
    compile(&files, &CompileOptions { file: "lab.wtop".into(), answers, ..CompileOptions::default() })
}

fn expectation(text: &str, answers: Answers) -> Expectation {
    let compilation = compiled(text, answers);
    assert!(compilation.diagnostics.is_empty(), "{:?}", compilation.diagnostics);
    compilation.topology.unwrap().expectations.remove(0)
}

fn probe(node: &str, question: Question) -> Probe {
    Probe { node: node.to_owned(), question }
}

#[test]
fn nodes_are_reached_at_their_loopback_else_at_their_first_address() {
    let to_a = probe("b", Question::Ping("10.255.0.1".parse().unwrap()));
    let to_b = probe("a", Question::Tcp("10.0.0.2".parse().unwrap(), 22));
    let asked = expectation("expect ping(b, a) { within = 30s }", Answers::new());
    assert_eq!((asked.asks, asked.holds, asked.within), (vec![to_a], None, 30_000_000_000));
    assert_eq!(expectation("expect tcp(a, b, 22)", Answers::new()).asks, vec![to_b]);
}

#[test]
fn a_comparison_that_does_not_hold_shows_both_sides() {
    let asked = probe("a", Question::Command("hostname".to_owned()));
    let answers = Answers::from([(asked, Value::String("other".into()))]);
    let failed = expectation("expect command(a, \"hostname\") == \"a\"", answers);
    assert_eq!(failed.sides.unwrap(), "\"other\" == \"a\"");
}
