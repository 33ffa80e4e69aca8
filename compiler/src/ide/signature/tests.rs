use super::*;
use crate::source::MemoryFileSystem;
use crate::{CompileOptions, compile};

/// The signature at the mark, with what is being typed in brackets. What was compiled before has no marked line.
fn at(marked: &str) -> String {
    let offset = marked.find("$0").unwrap();
    let text = marked.replace("$0", "");
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let before = format!("{}\n", &text[..line]);
    let fs = MemoryFileSystem::new([("t.wtop", before)]);
    let compilation = compile(&fs, &CompileOptions { file: "t.wtop".into(), ..CompileOptions::default() });
    let parsed = parse(FileId(0), &text);
    let typed = Typed { text: &text, parse: &parsed, known: Some((&compilation, 0)) };
    let Some(found) = signature(typed, u32::try_from(offset).unwrap()) else { return "nothing".to_owned() };
    let mut label = found.label.clone();
    let mut doc = found.doc.unwrap_or_default();
    if let Some(active) = found.active.and_then(|active| found.parameters.get(active)) {
        label.insert(active.label.end, '>');
        label.insert(active.label.start, '<');
        doc = active.doc.clone().unwrap_or(doc);
    }
    format!("{label}: {doc}")
}

#[test]
fn functions_by_place_and_option() {
    insta::assert_snapshot!([
        at("let a = host($0"),
        at("let a = host(10.0.0.0/24, $0)"),
        at("let a = [host(10.0.0.0/24, [1, 2$0"),
        at("let a = \"${upper(\"x$0\")}\""),
        at("node a: debian { files { \"/x\" = file(\"h.sh\", $0) } }"),
        at("check reachable(a, $0"),
        at("let a = len([1, 2]) $0"),
        at("let a = nothing-such($0"),
        at("// host($0"),
    ].join("\n"), @r#"
    host(<prefix: prefix>, n: int) -> cidr: The n-th address of a prefix, with its length; `-1` is the last one that a host can have.
    host(prefix: prefix, <n: int>) -> cidr: The n-th address of a prefix, with its length; `-1` is the last one that a host can have.
    host(prefix: prefix, <n: int>) -> cidr: The n-th address of a prefix, with its length; `-1` is the last one that a host can have.
    upper(<text: string>) -> string: The text in capital letters.
    file(path: string) -> string: The text of a file; in `files`, `mode = "0755"` and `owner = "root"` may follow.
    reachable(from: node | network, <to: node | network>) -> bool: Is there a path over links that are up, through networks and nodes that pass traffic on (all but hosts and servers)?
    nothing
    nothing
    nothing
    "#);
}

#[test]
fn devices_and_modules_by_name() {
    let lab = "topology t\n/// A branch office.\nmodule branch(\n  /// How many.\n  hosts: int where hosts > 0,\n  up: network,\n) {\n}\nnetwork wan\n";
    let at = |line: &str| at(&format!("{lab}{line}"));
    insta::assert_snapshot!([
        at("node o: branch($0"),
        at("node o: branch(up = wan, $0"),
        at("node o: branch(up = wan, hosts = $0)"),
        at("node o[i in 1..2]: branch(\n  up = wan,\n  ho$0"),
        at("node r: vmx($0) { memory = 4GiB }"),
        at("node r: vmx(fpcs = 2) { memory = $0 }"),
        at("link wan (mtu = $0) <-> b"),
        at("node o: branch(up = wan,\nnode b: debian\nlet x = $0"),
    ].join("\n"), @r#"
    branch(<hosts: int>, up: network): How many.

    Where `hosts > 0`.
    branch(<hosts: int>, up: network): How many.

    Where `hosts > 0`.
    branch(<hosts: int>, up: network): How many.

    Where `hosts > 0`.
    branch(<hosts: int>, up: network): How many.

    Where `hosts > 0`.
    vmx(<version: string?>): Version of the device's software; chooses the image `slot@version` of a target.
    nothing
    nothing
    nothing
    "#);
}
