//! `wtop devices`.

use crate::folder::Folder;
use insta::assert_snapshot;

#[test]
fn the_library() {
    let told = Folder::new().run("devices");
    let line = told.lines().find(|line| line.starts_with("vqfx ")).unwrap_or_default();
    assert!(line.contains("Juniper vQFX") && line.ends_with("2 machines, 2 CPUs, 4GiB"), "{told}");
    assert!(Folder::new().run("devices --format json").contains("\"name\": \"debian\""));
}

#[test]
fn what_a_device_is_made_of() {
    assert_snapshot!(Folder::new().run("devices show vmx"));
}

#[test]
fn for_programs() {
    let told = Folder::new().run("devices show vqfx --format json");
    let device: serde_json::Value = serde_json::from_str(told.strip_suffix("--- exit 0\n").unwrap()).unwrap();
    assert_eq!(device["path"], "std.juniper.vqfx");
    assert_eq!(device["machines"][0]["nics"][1]["role"], "internal");
}

#[test]
fn an_unknown_device() {
    assert_snapshot!(Folder::new().run("devices show vmxx"), @r"
    --- standard error
    error: the library has no device `vmxx`
    help: did you mean `vmx`? `wtop devices` lists all
    --- exit 2
    ");
}
