//! `wtop export`: what is packed is all that the lab takes.

use crate::folder::Folder;
use std::process::Command;

fn lab() -> Folder {
    Folder::with(&[
        (
            "lab/lab.wtop",
            "topology small\nuse \"./parts.wtop\".{greeting}\nnode a: debian {\n  files { \"/etc/motd\" = greeting, \"/etc/issue\" = file(\"issue.txt\") }\n}\n",
        ),
        ("lab/parts.wtop", "pub let greeting = \"hello\"\n"),
        ("lab/issue.txt", "a lab\n"),
        ("lab/saved/a.conf", "interface lo\n"),
        ("lab/notes.txt", "nobody reads this\n"),
    ])
}

#[test]
fn an_archive_holds_all_that_the_lab_reads() {
    let folder = lab();
    let told = folder.run("export lab");
    assert!(told.contains("files of `small` are in `small.tar.gz`"), "{told}");
    let listed = Command::new("tar").args(["tzf", "small.tar.gz"]).current_dir(folder.path(".")).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let files: Vec<&str> = listed.lines().filter(|line| !line.ends_with('/')).collect();
    assert_eq!(files, ["small/issue.txt", "small/lab.wtop", "small/parts.wtop", "small/saved/a.conf"]);

    // What was packed is the same lab elsewhere.
    assert!(
        Command::new("tar").args(["xzf", "small.tar.gz"]).current_dir(folder.path(".")).status().unwrap().success()
    );
    assert_eq!(folder.run("inventory lab"), folder.run("inventory small"));
}

#[test]
fn an_archive_has_a_kind() {
    let told = lab().run("export lab -o lab.rar");
    assert!(told.contains("error: `lab.rar` does not say which kind of archive it is"), "{told}");
}
