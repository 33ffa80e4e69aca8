//! `wtop new`.

use crate::folder::Folder;
use insta::assert_snapshot;

#[test]
fn starts_a_lab() {
    let folder = Folder::new();
    assert_snapshot!(folder.run("new my-lab"), @r"
    Your lab is in my-lab/my-lab.wtop. Now:

      wtop check my-lab/my-lab.wtop
      wtop graph my-lab/my-lab.wtop > lab.svg
      wtop build my-lab/my-lab.wtop
    --- exit 0
    ");
    assert_snapshot!(folder.list(), @r"
    my-lab/.gitignore
    my-lab/README.md
    my-lab/my-lab.wtop
    ");
    assert!(folder.read("my-lab/my-lab.wtop").contains("\ntopology my-lab\n"));
}

#[test]
fn what_it_starts_from_compiles_and_can_be_built() {
    for template in ["lab", "fabric"] {
        let folder = Folder::new();
        folder.run(&format!("new one --template {template}"));
        assert_eq!(folder.run("check one"), "no errors, no warnings\n--- exit 0\n", "{template}");
        let built = folder.run("build one -o out");
        assert!(built.contains("files are in `out`\nnote: nobody can log in to "), "{template}: {built}");

        // As the lines at its top say.
        let lab = folder.read("one/one.wtop").replace("// login", "login").replace("// ssh_keys", "ssh_keys");
        folder.write("one/one.wtop", lab);
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB7rjzTTjPNKhTUDDRHc9cHBJ2vRTbtDhNpYNxIyn0aW me\n";
        folder.write("one/id.pub", key);
        let built = folder.run("build one -o out");
        assert!(built.ends_with("files are in `out`\n--- exit 0\n"), "{template}: {built}");
    }
}

#[test]
fn a_folder_with_several_labs_is_not_one() {
    let folder = Folder::with(&[("labs/a.wtop", "topology a\n"), ("labs/b.wtop", "topology b\n")]);
    for command in ["build", "graph", "inventory", "lock"] {
        let told = folder.run(&format!("{command} labs"));
        let help = "error: `labs` holds 2 labs\nhelp: name the one that is meant: `labs/a.wtop`, `labs/b.wtop`\n";
        assert!(told.contains(help), "{told}");
    }
}

#[test]
fn the_lab_of_a_folder_is_the_one_beside_its_parts() {
    let parts =
        [("lab/lab.wtop", "topology a\n"), ("lab/parts.wtop", "pub let x = 1\n"), ("lab/old/b.wtop", "topology b\n")];
    let folder = Folder::with(&parts);
    assert!(folder.run("inventory lab").ends_with("exit 0\n"));
    let folder = Folder::with(&[parts[1], parts[2]]);
    let told = folder.run("inventory lab");
    assert!(told.contains("error: `lab` holds 2 `.wtop` files\nhelp: name the file that is meant\n"), "{told}");
}

#[test]
fn a_lab_that_is_there_is_left_as_it_is() {
    let folder = Folder::with(&[("lab/lab.wtop", "mine")]);
    assert_snapshot!(folder.run("new lab"), @r"
    --- standard error
    error: `lab/lab.wtop` is there already, and is left as it is
    help: give the folder of the new lab another name
    --- exit 3
    ");
    assert_eq!(folder.list(), "lab/lab.wtop");
    assert_eq!(folder.read("lab/lab.wtop"), "mine");
}

#[test]
fn a_name_that_the_language_does_not_have() {
    assert_snapshot!(Folder::new().run("new 2nd+lab"), @r"
    --- standard error
    error: `2nd+lab` cannot be the name of a lab: letters, digits, `_`, and `-` inside, with a letter first
    help: `lab-2nd-lab` can
    --- exit 2
    ");
    assert_snapshot!(Folder::new().run("new if"), @r"
    --- standard error
    error: `if` cannot be the name of a lab: letters, digits, `_`, and `-` inside, with a letter first
    --- exit 2
    ");
}

#[test]
fn a_file_in_the_way() {
    let folder = Folder::with(&[("file", "")]);
    assert_snapshot!(folder.run("new file/lab"), @r"
    --- standard error
    error: cannot make the folder `file/lab`: a part of the path is a file
    --- exit 3
    ");
}
