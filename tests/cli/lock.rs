//! The lock file: what was chosen stays.

use crate::folder::Folder;
use insta::assert_snapshot;

const LAB: &str = "topology lab\npool wires = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\nnode c: debian\n\
                   link a:eth1 <-> b:eth1 { subnet = from wires }\nlink b:eth2 <-> c:eth1 { subnet = from wires }\n";

fn lab() -> Folder {
    Folder::with(&[("lab.wtop", LAB)])
}

#[test]
fn is_written_once() {
    let folder = lab();
    assert_snapshot!(folder.run("lock lab.wtop"), @r"
    --- standard error
    `lab.wtop.lock` is written
    --- exit 0
    ");
    assert_snapshot!(folder.read("lab.wtop.lock"), @r"
    # What wtop chose for this lab. Keep it beside the source; see `wtop lock`.
    management a = 100.101.0.2/16
    management b = 100.101.0.3/16
    management c = 100.101.0.4/16
    pool link a:eth1--b:eth1 subnet 0 = 10.0.0.0/31
    pool link b:eth2--c:eth1 subnet 0 = 10.0.0.2/31
    ");
    assert_snapshot!(folder.run("lock lab.wtop"), @r"
    --- standard error
    `lab.wtop.lock` is up to date
    --- exit 0
    ");
    assert_eq!(folder.run("lock lab.wtop --check"), "--- exit 0\n");
}

#[test]
fn what_is_in_it_stays() {
    let folder = lab();
    folder.run("lock lab.wtop");
    let second = "pool link b:eth2--c:eth1 subnet 0 = 10.0.0.2/31";
    assert!(folder.read("lab.wtop.lock").contains(second));
    // Without its first link, the second one keeps its prefix.
    folder.write("lab.wtop", LAB.replace("link a:eth1 <-> b:eth1 { subnet = from wires }\n", ""));
    folder.run("lock lab.wtop");
    assert!(folder.read("lab.wtop.lock").contains(second));
    assert!(folder.read("lab.wtop.lock").contains("a:eth1--b:eth1"));
    assert_snapshot!(folder.run("lock lab.wtop --prune"), @r#"
    --- standard error
    warning[W0505]: `a` is linked to nothing
       ╭─[ lab.wtop:3:6 ]
       │
     3 │ node a: debian
       │      ┬
       │      ╰── no link
       │
       │ help: link it, or say that it is meant: `allow { W0505 = "a spare" }`
    ───╯

    1 warning
    `lab.wtop.lock` is written
    --- exit 0
    "#);
    assert!(!folder.read("lab.wtop.lock").contains("a:eth1--b:eth1"));
    assert!(folder.read("lab.wtop.lock").contains(second));
}

#[test]
fn a_value_can_be_chosen_again() {
    let folder = lab();
    folder.run("lock lab.wtop");
    folder.write("lab.wtop.lock", folder.read("lab.wtop.lock").replace("10.0.0.2/31", "10.0.0.8/31"));
    assert_eq!(folder.run("lock lab.wtop --check"), "--- exit 0\n");
    let released = |key: &str| {
        let mut command = folder.command("lock lab.wtop --release");
        crate::folder::told(&command.arg(key).output().unwrap())
    };
    assert_snapshot!(released("pool link b:eth2--c:eth2 subnet 0"), @r"
    --- standard error
    error: `lab.wtop.lock` has no entry `pool link b:eth2--c:eth2 subnet 0`
    help: did you mean `pool link b:eth2--c:eth1 subnet 0`?
    --- exit 2
    ");
    assert_snapshot!(released("pool link b:eth2--c:eth1 subnet 0"), @r"
    --- standard error
    `lab.wtop.lock` is written
    --- exit 0
    ");
    assert!(folder.read("lab.wtop.lock").contains("pool link b:eth2--c:eth1 subnet 0 = 10.0.0.2/31"));
}

#[test]
fn nothing_new_is_chosen_where_it_is_forbidden() {
    let folder = lab();
    assert_snapshot!(folder.run("build lab.wtop --target json -o out --locked"), @r"
    --- standard error
    error: `lab.wtop.lock` is out of date
    help: `wtop lock lab.wtop` writes it
      management a: 100.101.0.2/16 is new
      management b: 100.101.0.3/16 is new
      management c: 100.101.0.4/16 is new
      pool link a:eth1--b:eth1 subnet 0: 10.0.0.0/31 is new
      pool link b:eth2--c:eth1 subnet 0: 10.0.0.2/31 is new
    --- exit 1
    ");
    assert_eq!(folder.list(), "lab.wtop");
    assert_snapshot!(folder.run("lock lab.wtop --check"), @r"
    --- standard error
    error: `lab.wtop.lock` is out of date
    help: `wtop lock lab.wtop` writes it
      management a: 100.101.0.2/16 is new
      management b: 100.101.0.3/16 is new
      management c: 100.101.0.4/16 is new
      pool link a:eth1--b:eth1 subnet 0: 10.0.0.0/31 is new
      pool link b:eth2--c:eth1 subnet 0: 10.0.0.2/31 is new
    --- exit 1
    ");
    folder.run("lock lab.wtop");
    assert!(folder.run("build lab.wtop --target json -o out --locked").ends_with("--- exit 0\n"));
}

#[test]
fn a_broken_lock_is_shown() {
    let folder = lab();
    folder.write("lab.wtop.lock", "<<<<<<< HEAD\n");
    assert_snapshot!(folder.run("lock lab.wtop"), @r"
    --- standard error
    error[E0611]: line 1 of `lab.wtop.lock` is no entry of a lock file
       ╭─[ lab.wtop.lock:1:1 ]
       │
     1 │ <<<<<<< HEAD
       │ ──────┬─────
       │       ╰── not `key = value`
       │
       │ help: entries are `key = value`; delete the line, or the file to choose
       │       everything anew
    ───╯

    1 error
    --- exit 1
    ");
}

#[test]
fn standard_input_has_none() {
    assert_snapshot!(Folder::new().run_with("lock -", LAB), @r"
    --- standard error
    error: a lock lies beside its file, and standard input has none
    --- exit 2
    ");
}
