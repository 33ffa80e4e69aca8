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
    assert_snapshot!(released("pool link b:eth2--c:eth1 subnets 0"), @r"
    --- standard error
    error: `lab.wtop.lock` has no entry `pool link b:eth2--c:eth1 subnets 0`
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

/// A lab whose lock is written, and then what its author changes.
fn locked_and_edited(lab: &str, edits: &[(&str, &str)]) -> Folder {
    let folder = Folder::with(&[("lab.wtop", lab)]);
    assert!(folder.run("lock lab.wtop").ends_with("--- exit 0\n"));
    let edited = edits.iter().fold(lab.to_owned(), |text, (from, to)| text.replace(from, to));
    assert_ne!(edited, lab);
    folder.write("lab.wtop", edited);
    folder
}

/// Pastes the command that the help of the first diagnostic names, as a shell would read it.
fn paste(folder: &Folder, told: &str) -> String {
    let (_, rest) = told.split_once("  wtop lock --release '").expect("a command");
    let (key, rest) = rest.split_once("' ").expect("a key in quotes");
    let file = rest.lines().next().expect("a file");
    let mut command = folder.command("lock --release");
    crate::folder::told(&command.arg(key).arg(file).output().unwrap())
}

const PAIR: &str = "topology lab\npool wires = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\nnode c: debian\n\
                    link a:eth1 <-> b:eth1 { subnet = from wires }\nlink b:eth2 <-> c:eth1 { subnet = from wires }\n";

#[test]
fn a_written_prefix_that_the_lock_keeps_is_an_error_until_it_is_released() {
    let edit = ("link b:eth2 <-> c:eth1 { subnet = from wires }", "link b:eth2 <-> c:eth1 { subnet = 10.0.0.0/31 }");
    let folder = locked_and_edited(PAIR, &[edit]);
    let told = folder.run("lock lab.wtop");
    assert_snapshot!(told, @r"
    --- standard error
    error[E0612]: 10.0.0.0/31 is written out here, and the lock keeps it for `link
                  a:eth1--b:eth1`
       ╭─[ lab.wtop:7:35 ]
       │
     6 │ …{ subnet = from wires }
       │             ─────┬────
       │                  ╰── the lock has `pool link a:eth1--b:eth1 subnet 0` for
       │                      this
     7 │ link b:eth2 <-> c:eth1 { subnet = 10.0.0.0/31 }
       │                                   ─────┬─────
       │                                        ╰── collides with the lock
       │
       │ help: write another value, or make the lock let go of it:
       │         wtop lock --release 'pool link a:eth1--b:eth1 subnet 0' lab.wtop
    ───╯

    1 error
    --- exit 1
    ");
    assert!(paste(&folder, &told).ends_with("--- exit 0\n"));
    assert!(folder.read("lab.wtop.lock").contains("pool link a:eth1--b:eth1 subnet 0 = 10.0.0.4/31\n"));
    assert_eq!(folder.run("lock lab.wtop --check"), "--- exit 0\n");
}

#[test]
fn writing_out_what_was_chosen_is_no_collision() {
    let lab = "topology lab\npool wires = 10.0.0.0/24 per /31\npool asns = 65001..65100\nattribute asn: int on node\n\
               network lan { subnet = 172.16.0.0/24 }\nnode a: debian { asn = from asns }\nnode b: debian\n\
               link a <-> b { subnet = from wires }\nlink b <-> lan\n";
    let edits = [
        ("asn = from asns", "asn = 65001, management_address = 100.101.0.2"),
        ("link a <-> b { subnet = from wires }", "link a:eth1 <-> b:eth1 { subnet = 10.0.0.0/31 }"),
        ("link b <-> lan", "link b:eth2 (address = 172.16.0.1) <-> lan"),
    ];
    let folder = locked_and_edited(lab, &edits);
    assert_snapshot!(folder.run("lock lab.wtop"), @r"
    --- standard error
    warning[W0508]: the pool `wires` is never used
       ╭─[ lab.wtop:2:6 ]
       │
     2 │ pool wires = 10.0.0.0/24 per /31
       │      ──┬──
       │        ╰── unused
       │
       │ help: remove it, or begin its name with `_`
    ───╯

    warning[W0508]: the pool `asns` is never used
       ╭─[ lab.wtop:3:6 ]
       │
     3 │ pool asns = 65001..65100
       │      ──┬─
       │        ╰── unused
       │
       │ help: remove it, or begin its name with `_`
    ───╯

    2 warnings
    `lab.wtop.lock` is up to date
    --- exit 0
    ");
}

#[test]
fn each_kind_of_value_collides() {
    let lab = "topology lab\npool asns = 65001..65100\npool loops = 10.9.0.0/24 per /32\nattribute asn: int on node\n\
               network lan { subnet = 172.16.0.0/24 }\nnode a: debian { asn = from asns, loopback = from loops }\nnode b: debian\n\
               link a <-> lan\nlink b:eth3 <-> lan\nlink a <-> b\n";
    let edits = [
        ("node b: debian", "node b: debian { asn = 65001, loopback = 10.9.0.1/32, management_address = 100.101.0.2 }"),
        ("link b:eth3 <-> lan", "link b:eth3 (address = 172.16.0.1) <-> lan\nlink b:eth4 <-> a:eth1"),
    ];
    let folder = locked_and_edited(lab, &edits);
    let told = folder.run("check lab.wtop");
    assert_snapshot!(told, @r"
    error[E0612]: 65001 is written out here, and the lock keeps it for `node a`
       ╭─[ lab.wtop:7:24 ]
       │
     6 │ node a: debian { asn = from asns, loopback = from loops }
       │                        ────┬────
       │                            ╰── the lock has `pool node a asn 0` for this
     7 │ …de b: debian { asn = 65001, loopback = 10.9.0.1/32, management_address = …
       │                       ──┬──
       │                         ╰── collides with the lock
       │
       │ help: write another value, or make the lock let go of it:
       │         wtop lock --release 'pool node a asn 0' lab.wtop
    ───╯

    error[E0612]: 10.9.0.1/32 is written out here, and the lock keeps it for `node
                  a`
       ╭─[ lab.wtop:7:42 ]
       │
     6 │ …loopback = from loops }
       │             ─────┬────
       │                  ╰── the lock has `pool node a loopback 0` for this
     7 │ …65001, loopback = 10.9.0.1/32, management_address = 100.101.0.2 }
       │                    ─────┬─────
       │                         ╰── collides with the lock
       │
       │ help: write another value, or make the lock let go of it:
       │         wtop lock --release 'pool node a loopback 0' lab.wtop
    ───╯

    error[E0612]: 100.101.0.2 is written out here, and the lock keeps it for `a`
       ╭─[ lab.wtop:7:76 ]
       │
     6 │ node a: debian { asn = from asns, loopback = from loops }
       │      ┬
       │      ╰── the lock has `management a` for this
     7 │ …agement_address = 100.101.0.2 }
       │                    ─────┬─────
       │                         ╰── collides with the lock
       │
       │ help: write another value, or make the lock let go of it:
       │         wtop lock --release 'management a' lab.wtop
    ───╯

    error[E0612]: 172.16.0.1 is written out here, and the lock keeps it for `a`
       ╭─[ lab.wtop:9:24 ]
       │
     8 │ link a <-> lan
       │      ┬
       │      ╰── the lock has `address a--lan a` for this
     9 │ link b:eth3 (address = 172.16.0.1) <-> lan
       │                        ─────┬────
       │                             ╰── collides with the lock
       │
       │ help: write another value, or make the lock let go of it:
       │         wtop lock --release 'address a--lan a' lab.wtop
    ───╯

    error[E0612]: a:eth1 is written out here, and the lock keeps it for the link
                  `a--lan`
        ╭─[ lab.wtop:10:17 ]
        │
      8 │ link a <-> lan
        │      ┬
        │      ╰── the lock has `interface a--lan a` for this
        ┆
     10 │ link b:eth4 <-> a:eth1
        │                 ───┬──
        │                    ╰── collides with the lock
        │
        │ help: write another value, or make the lock let go of it:
        │         wtop lock --release 'interface a--lan a' lab.wtop
    ────╯

    5 errors
    --- exit 1
    ");
    // Each can be released by itself, in any order, until nothing is in the way.
    let mut told = told;
    for _ in 0..5 {
        told = paste(&folder, &told);
    }
    assert!(told.ends_with("--- exit 0\n"), "{told}");
}

#[test]
fn what_is_kept_for_what_is_gone_collides_until_it_is_pruned() {
    let edits = [
        ("link a:eth1 <-> b:eth1 { subnet = from wires }\n", ""),
        (
            "link b:eth2 <-> c:eth1 { subnet = from wires }",
            "link a:eth1 <-> c:eth1 { subnet = 10.0.0.0/31 }\nlink b:eth1 <-> c:eth2",
        ),
    ];
    let folder = locked_and_edited(PAIR, &edits);
    assert_snapshot!(folder.run("lock lab.wtop"), @r"
    --- standard error
    error[E0612]: 10.0.0.0/31 is written out here, and the lock keeps it for `link
                  a:eth1--b:eth1`, which is gone
       ╭─[ lab.wtop:6:35 ]
       │
     6 │ link a:eth1 <-> c:eth1 { subnet = 10.0.0.0/31 }
       │                                   ─────┬─────
       │                                        ╰── collides with the lock
       │
       │ help: write another value, or make the lock let go of it:
       │         wtop lock --release 'pool link a:eth1--b:eth1 subnet 0' lab.wtop
       │       or of everything that is gone:
       │         wtop lock --prune lab.wtop
    ───╯

    1 error
    --- exit 1
    ");
    assert!(folder.run("lock lab.wtop --prune").ends_with("--- exit 0\n"));
    assert!(!folder.read("lab.wtop.lock").contains("pool"));
}

#[test]
fn a_changed_pool_is_chosen_from_again_with_a_warning() {
    let folder = locked_and_edited(PAIR, &[("10.0.0.0/24 per /31", "10.1.0.0/24 per /31")]);
    let told = folder.run("lock lab.wtop");
    assert_eq!(told.matches("warning[W0601]").count(), 2, "{told}");
    assert!(told.ends_with("--- exit 0\n"));
}

#[test]
fn mistakes_can_be_read_by_programs() {
    let folder = Folder::with(&[("lab.wtop", "topology lab\nnode a: debiann\n")]);
    let told = folder.run("lock lab.wtop --check --format json");
    assert!(told.contains("\"code\": \"E0410\"") && told.ends_with("--- exit 1\n"), "{told}");
}
