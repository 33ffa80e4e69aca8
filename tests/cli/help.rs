//! The way in, help, and wrong arguments.

use crate::folder::Folder;
use insta::assert_snapshot;

#[test]
fn alone() {
    assert_snapshot!(Folder::new().run(""));
}

#[test]
fn help() {
    assert_snapshot!(Folder::new().run("--help"));
}

#[test]
fn help_of_a_command_has_examples() {
    assert_snapshot!(Folder::new().run("new --help"));
}

#[test]
fn wrong_arguments_end_with_2() {
    let folder = Folder::new();
    assert_snapshot!(folder.run("chek"));
    assert_snapshot!(folder.run("new"));
    assert_snapshot!(folder.run("explain --format yaml"));
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let told = Folder::new().run(&format!("completions {shell}"));
        assert!(told.contains("explain") && told.ends_with("--- exit 0\n"), "{shell}: {told}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    assert_eq!(folder.run("man pages"), "--- exit 0\n");
    assert_snapshot!(folder.list());
    assert!(folder.read("pages/wtop-new.1").contains("Start a lab"));
}
