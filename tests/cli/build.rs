//! `wtop build`, and parameters.

use crate::folder::Folder;
use insta::assert_snapshot;

const LAB: &str = r#"topology lab

param hosts: int = 1
param size: size = 1GiB

network lan { subnet = 10.1.0.0/24 }
node host[1..hosts]: debian { memory = size }
link each host <-> lan

target here: kvm { default = true, images { debian = "debian-12.qcow2" } }
target cloud: heat { images { debian = "debian-12" } }
"#;

fn lab() -> Folder {
    Folder::with(&[("lab.wtop", LAB)])
}

#[test]
fn writes_what_the_default_target_needs() {
    let folder = lab();
    assert_snapshot!(folder.run("build lab.wtop"), @r#"
        --- standard error
        7 files are in `build/lab/here`
        note: nobody can log in to `host1`: write `ssh_keys = [file("id.pub")]`, with your public key beside the lab, or a `login`
        --- exit 0
    "#);
    assert_snapshot!(folder.list(), @r"
    build/lab/here/domains/lab-host1.xml
    build/lab/here/manifest.json
    build/lab/here/networks/lab-lan.xml
    build/lab/here/networks/lab-management.xml
    build/lab/here/seeds/lab-host1-seed.iso
    build/lab/here/volumes/lab-host1-boot.qcow2.xml
    build/lab/here/volumes/lab-host1-seed.iso.xml
    lab.wtop
    lab.wtop.lock
    ");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = lab();
    for target in ["kvm", "heat", "json"] {
        folder.run(&format!("build lab.wtop --target {target} -o one"));
        folder.run(&format!("build lab.wtop --target {target} -o two"));
        // Paths and hashes of all files.
        assert_eq!(folder.read("one/manifest.json"), folder.read("two/manifest.json"), "{target}");
    }
}

#[test]
fn targets_are_chosen_by_name_or_kind() {
    let folder = lab();
    assert_snapshot!(folder.run("build lab.wtop --target cloud"), @r"
    --- standard error
    2 files are in `build/lab/cloud`
    --- exit 0
    ");
    assert_snapshot!(folder.run("build lab.wtop --target json -o out"), @r"
    --- standard error
    2 files are in `out`
    --- exit 0
    ");
    assert_snapshot!(folder.run("build lab.wtop --target clod"), @r"
    --- standard error
    error: there is no target `clod`
    help: did you mean `cloud`?
    --- exit 2
    ");
    folder.write("two.wtop", LAB.replace("default = true, ", ""));
    assert_snapshot!(folder.run("build two.wtop"), @r"
    --- standard error
    error: which target is meant?
    help: `--target` with one of: here, cloud, kvm, heat, json
    --- exit 2
    ");
    folder.write("library.wtop", "pub type name = string\n");
    assert_snapshot!(folder.run("build library.wtop"), @r"
    --- standard error
    error: `library.wtop` is a library: it has no topology
    help: a line `topology NAME` makes it a lab
    --- exit 2
    ");
}

#[test]
fn one_file_can_go_to_standard_output() {
    let folder = lab();
    let json = folder.run("build lab.wtop --target json -o -");
    assert!(json.starts_with("{\n  \"version\": 1,") && json.ends_with("}\n--- exit 0\n"), "{json}");
    assert_snapshot!(folder.run("build lab.wtop --target kvm -o -"), @r"
    --- standard error
    error: standard output holds one file, and `here` has 6
    help: name a folder: `-o DIR`
    --- exit 2
    ");
    assert_snapshot!(folder.run("build - --target json -o there").lines().last().unwrap_or_default(), @"--- exit 2");
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let folder = Folder::with(&[("lab.wtop", "topology lab\nnode h: debian\nlink h <->\n")]);
    let told = folder.run("build lab.wtop --target kvm --format json");
    assert!(told.contains("\"errors\": 1,") && told.ends_with("--- exit 1\n"), "{told}");
    assert_eq!(folder.list(), "lab.wtop");
}

#[test]
fn a_folder_of_others_is_left() {
    let folder = lab();
    folder.write("out/thesis.tex", "years of work");
    assert_snapshot!(folder.run("build lab.wtop -o out"), @r"
    --- standard error
    error: `out` holds files that wtop did not write, and is left as it is
    help: build into another folder with `-o`, or empty this one
    --- exit 3
    ");
    assert_eq!(folder.list(), "lab.wtop\nout/thesis.tex");
    assert_snapshot!(folder.run("build lab.wtop -o lab.wtop"), @r"
    --- standard error
    error: cannot write into `lab.wtop`: a part of the path is a file
    --- exit 3
    ");
}

/// The memory of hosts in the JSON form, and how many there are.
fn hosts(folder: &Folder, arguments: &str) -> (usize, bool) {
    let told = folder.run(&format!("build lab.wtop --target json -o - {arguments}"));
    assert!(told.ends_with("--- exit 0\n"), "{told}");
    (told.matches("\"device\": \"debian\"").count(), told.contains("\"memory\": 2147483648"))
}

#[test]
fn parameters() {
    let folder = lab();
    folder.write("small.wtop", "// fewer\nhosts = 2\nsize = 2GiB\n");
    folder.write("large.json", "{ \"hosts\": 3 }");
    assert_eq!(hosts(&folder, ""), (1, false));
    assert_eq!(hosts(&folder, "--set hosts=4 --set size=2GiB"), (4, true));
    assert_eq!(hosts(&folder, "--params small.wtop"), (2, true));
    assert_eq!(hosts(&folder, "--params small.wtop --params large.json"), (3, true));
    assert_eq!(hosts(&folder, "--set hosts=5 --params small.wtop"), (5, true));
}

#[test]
fn wrong_parameters() {
    let folder = lab();
    assert_snapshot!(folder.run("check lab.wtop --set hosts"), @r"
    --- standard error
    error: invalid value 'hosts' for '--set <NAME=VALUE>': write it as NAME=VALUE

    For more information, try '--help'.
    --- exit 2
    ");
    assert_snapshot!(folder.run("check lab.wtop --set hots=2"), @r"
    error[E0515]: this file has no parameter `hots`
       ╭─[ --set hots:1:1 ]
       │
     1 │ 2
       │ ┬
       │ ╰── unknown parameter
       │
       │ help: did you mean `hosts`?
    ───╯

    1 error
    --- exit 1
    ");
    assert_snapshot!(folder.run("check lab.wtop --set hosts=2GiB --target here"), @r"
    error[E0301]: `hosts` should be a whole number; 2GiB is a size
       ╭─[ --set hosts:1:1 ]
       │
     1 │ 2GiB
       │ ──┬─
       │   ╰── a size
       │
       │ help: write the number without a unit
    ───╯

    1 error
    --- exit 1
    ");
    folder.write("p.wtop", "hosts = 2\nnode h: debian\n");
    assert_snapshot!(folder.run("check lab.wtop --params p.wtop"), @r"
    --- standard error
    error: `p.wtop` gives no parameters: line 2 is not `NAME = VALUE`
    --- exit 2
    ");
    folder.write("q.wtop", "hosts = [1\n");
    assert_snapshot!(folder.run("check lab.wtop --params q.wtop"), @r"
    --- standard error
    error: `q.wtop` gives no parameters: 1 error

    error[E0110]: this `[` is never closed
       ╭─[ q.wtop:1:9 ]
       │
     1 │ hosts = [1
       │         ┬
       │         ╰── no `]` for it
    ───╯
    --- exit 2
    ");
    folder.write("p.json", "[1, 2]");
    assert_snapshot!(folder.run("check lab.wtop --params p.json"), @r"
    --- standard error
    error: `p.json` gives no parameters: it is not a JSON object
    --- exit 2
    ");
}

#[test]
fn lines_know_where_they_come_from() {
    let lab =
        "topology lab\nnode h1: debian { memory = 1GiB }\nnode h2: debian\nlink h1 <-> h2 { subnet = 10.0.0.0/30 }\n";
    let folder = Folder::with(&[("lab.wtop", lab)]);
    assert_snapshot!(folder.run("build lab.wtop --target kvm --explain domain/h1.xml"));
    let told = folder.run("build lab.wtop --target kvm --explain domains/lab-h1.xml:9000");
    assert!(told.contains("has no line 9000\nhelp: its last line is ") && told.ends_with("--- exit 2\n"), "{told}");
    assert_snapshot!(folder.run("build lab.wtop --target kvm --explain domains/lab-h1.xml:2"));
    assert_snapshot!(folder.run("build lab.wtop --target kvm --explain seeds/lab-h2-seed.iso"));
    assert_eq!(folder.list(), "lab.wtop", "nothing is written");
}

#[test]
fn attributes_and_ends_of_links_are_found_in_both_backends() {
    let lab = "topology lab\ndefaults node { memory = 1GiB }\nnode h1: debian\nnode h2: debian\n\
               link h1 <-> h2 { subnet = 10.0.0.0/30 }\nnetwork n { subnet = 10.1.0.0/24, forward = nat }\nlink h2 <-> n\n";
    let folder = Folder::with(&[("lab.wtop", lab)]);
    let mut told = String::new();
    for (target, file, text) in [
        ("kvm", "domains/lab-h1.xml", "<memory "),
        ("kvm", "domains/lab-h1.xml", "<model type=\"virtio\"/>"),
        ("kvm", "domains/lab-h2.xml", "<source network=\"lab-n\"/>"),
        ("kvm", "networks/lab-n.xml", "<ip "),
        ("heat", "template.yaml", "      flavor:"),
        ("heat", "template.yaml", "      cidr: 10.1.0.0/24"),
    ] {
        folder.run(&format!("build lab.wtop --target {target} -o {target}"));
        let written = folder.read(&format!("{target}/{file}"));
        let line = written.lines().position(|line| line.contains(text)).unwrap() + 1;
        let explained = folder.run(&format!("build lab.wtop --target {target} --explain {file}:{line}"));
        let origins = explained.lines().filter(|line| line.starts_with("  from "));
        told.push_str(&format!("{file}: {text}\n{}\n", origins.collect::<Vec<_>>().join("\n")));
    }
    assert_snapshot!(told);
}
