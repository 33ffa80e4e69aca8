//! What nobody means to write, given to the whole compiler: each is told clearly and soon, without a panic.
//!
//! No test measures time: what is not bounded takes hours here, or all memory.

use std::fmt::Write as _;
use std::path::Path;
use wtop_compiler::backends::{build, json};
use wtop_compiler::lab::TargetKind;
use wtop_compiler::semantics::schema::{self, Kind};
use wtop_compiler::source::{DiskFileSystem, FileSystem, MemoryFileSystem};
use wtop_compiler::{Compilation, CompileOptions, compile};

fn compiled_in(fs: &dyn FileSystem, file: &Path) -> Compilation {
    compile(fs, &CompileOptions { file: file.into(), ..CompileOptions::default() })
}

/// The errors of a program: each code once, in order.
fn errors(program: &str) -> Vec<&'static str> {
    let fs = MemoryFileSystem::new([("lab.wtop", program)]);
    let found = compiled_in(&fs, Path::new("lab.wtop")).diagnostics;
    assert!(found.len() < 100, "{} diagnostics", found.len());
    let mut ids: Vec<&str> = found.iter().map(|found| found.code.id).filter(|id| id.starts_with('E')).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[test]
fn ranges_are_counted_before_they_are_unrolled() {
    for (item, code) in [
        ("for i in 1..1000000000000 {\n  node h[i]: debian\n}", "E0209"),
        ("node h[1..1000000000000]: debian", "E0209"),
        ("network n[1..1000000000000]", "E0209"),
        ("node h[1..1000, 1..1000, 1..1000]: debian", "E0209"),
        ("node h: debian { cpu = len([i for i in 1..1000000000000]) }", "E0209"),
        ("node h: debian { for i in 1..1000000000000 { vars { x = i } } }", "E0209"),
        ("device d {\n  nic p[1..1000000000000]\n}\nnode h: d", "E0417"),
        ("device d {\n  nic p[1..4]\n  interface \"p${n}\" for n in 1..1000000000000 = p[n]\n}\nnode h: d", "E0209"),
        ("node a[1..2000]: debian\nlink each a <-> each a", "E0209"),
    ] {
        assert_eq!(errors(&format!("topology t\n{item}\n")), [code], "{item}");
    }
    assert_eq!(errors("topology t\nlet all = 1..1000000000000\nnode h: debian { vars { n = len(all) } }\n"), [""; 0]);
}

#[test]
fn loops_of_a_million_turns_end() {
    assert_eq!(errors("topology t\nfor i in 1..1000000 {\n  node h[i]: debian\n}\n"), ["E0209"]);
    assert_eq!(errors("topology t\nfor i in 1..1000000 {\n  let x = i\n}\n"), [""; 0]);
    let nested =
        |inside: &str| format!("for x in 1..1000 {{\nfor y in 1..1000 {{\nfor z in 1..1000 {{\n{inside}\n}}\n}}\n}}");
    for item in [
        nested("let n = z"),
        "node h: debian { vars { n = [a for a in 1..1000 for b in 1..1000 for c in 1..1000 if false] } }".to_owned(),
        format!("node h: debian {{ vars {{ {} }} }}", nested("n = z")),
        format!("device d extends debian {{ {} }}\nnode h: d", nested("if false { nic p }")),
        format!("device d extends debian {{ console {{ {} }} }}\nnode h: d", nested("if false { send \"x\" }")),
    ] {
        assert_eq!(errors(&format!("topology t\n{item}\n")), ["E0209"], "{item}");
    }
}

#[test]
fn long_values_are_not_walked_again_and_again() {
    for each in ["len(long) == 0", "-1 in long", "[long] == []", "sum(1..1000000) == 0"] {
        let program = format!(
            "topology t\nlet long = [i for i in 1..900000]\n\
             node h: debian {{ vars {{ n = [1 for i in 1..1000000 if {each}] }} }}\n"
        );
        assert_eq!(errors(&program), ["E0209"], "{each}");
    }
}

#[test]
fn long_chains_of_values_are_refused() {
    let mut program = "topology t\nlet a0 = 0\n".to_owned();
    for i in 1..=30_000 {
        let _ = writeln!(program, "let a{i} = a{} + 1", i - 1);
    }
    program.push_str("node h: debian { vars { n = a30000 } }\n");
    assert_eq!(errors(&program), ["E0218"]);
    // Asked for from the beginning, no chain is long.
    let forwards = program.replace("n = a30000", "n = a10");
    assert_eq!(errors(&forwards), [""; 0]);
}

#[test]
fn texts_lists_and_records_do_not_grow_without_end() {
    let doubling = |first: &str, twice: fn(usize) -> String| {
        let mut program = format!("topology t\nlet a0 = {first}\n");
        for i in 1..=60 {
            let _ = writeln!(program, "let a{i} = {}", twice(i - 1));
        }
        program + "node h: debian { vars { x = a60 } }\n"
    };
    assert_eq!(errors(&doubling("\"0123456789\"", |i| format!("\"${{a{i}}}${{a{i}}}\""))), ["E0313"]);
    assert_eq!(errors(&doubling("[1]", |i| format!("a{i} + a{i}"))), ["E0313"]);
    let nested = errors(&doubling("1", |i| format!("[a{i}, a{i}]")));
    assert!(nested.is_empty() || nested == ["E0313"], "{nested:?}");
}

#[test]
fn modules_are_nested_a_bounded_number_of_times() {
    let nested = |depth: usize| {
        let mut program = format!("topology t\nmodule m{depth}() {{\n  node x: debian\n}}\n");
        for i in 0..depth {
            let _ = writeln!(program, "module m{i}() {{\n  node x: m{}\n}}", i + 1);
        }
        program + "node top: m0\n"
    };
    assert_eq!(errors(&nested(20)), [""; 0]);
    assert_eq!(errors(&nested(200)), ["E0532"]);
    let mut wide = "topology t\nmodule m8() {\n  node x: debian\n}\n".to_owned();
    for i in 0..8 {
        let _ = writeln!(wide, "module m{i}() {{\n  node x[1..10]: m{}\n}}", i + 1);
    }
    assert_eq!(errors(&(wide + "node top: m0\n")), ["E0209"]);
}

/// So many mistakes that looking at all pairs of them takes minutes.
const MANY: usize = 4_000;

/// Programs that are wrong in thousands of places: the time goes with the mistakes, not with their square.
#[test]
fn many_mistakes_are_all_told() {
    let lines = |line: &dyn Fn(usize) -> String| (0..MANY).map(line).collect::<String>();
    let nodes = lines(&|i| format!("node host-number-{i}: debian\n"));
    for (program, code) in [
        (nodes + &lines(&|i| format!("link host-numbre-{i} <-> host-number-0\n")), "E0203"),
        (format!("node h[1..{MANY}]: debian\n") + &lines(&|i| format!("link h[{i}0000] <-> h[1]\n")), "E0214"),
        (lines(&|i| format!("let a{i} = b{i}\n")), "E0203"),
        (lines(&|i| format!("defaults node tagged \"y{i}\" {{ cpu = 1 }}\n")), "E0512"),
    ] {
        let program = format!("topology t\n{program}");
        let fs = MemoryFileSystem::new([("lab.wtop", program.as_str())]);
        let found = compiled_in(&fs, Path::new("lab.wtop")).diagnostics;
        let count = found.iter().filter(|found| found.code.id == code).count();
        assert!(count >= MANY - 1, "{count} {code} of {}", found.len());
    }
}

#[test]
fn a_mistake_in_a_loop_is_told_of_its_first_turns() {
    let program =
        "topology t\nnode a: debian\nfor i in 1..100000 {\n  link a <-> b[i]\n  let x = y\n  check x == i\n}\n";
    let fs = MemoryFileSystem::new([("lab.wtop", program)]);
    let found = compiled_in(&fs, Path::new("lab.wtop")).diagnostics;
    assert!((1..100).contains(&found.len()), "{}", found.len());
}

#[test]
fn no_name_is_too_long() {
    let (one, other) = ("a".repeat(1_000_000), "b".repeat(1_000_000));
    assert_eq!(errors(&format!("topology t\nlet {one} = 1\nnode h: debian {{ cpu = {other} }}\n")), ["E0203"]);
}

#[test]
fn circles_end() {
    for (item, code) in [
        ("let a = b\nlet b = a\nnode h: debian { vars { x = a } }", "E0208"),
        ("type t = { next: t? }\nparam p: t = {}\nnode h: debian { vars { x = p } }", "E0208"),
        ("type a = [b]\ntype b = [a]\nparam p: a = []\nnode h: debian { vars { x = p } }", "E0208"),
        ("device a extends b {}\ndevice b extends c {}\ndevice c extends a {}\nnode h: a", "E0411"),
        ("device a extends a {}\nnode h: a", "E0411"),
        ("module a() {\n  node x: b\n}\nmodule b() {\n  node x: a\n}\nnode h: a", "E0509"),
        ("node h: debian { cpu = self.cpu }", "E0405"),
        ("node a: debian { after = [b] }\nnode b: debian { after = [a] }\nlink a <-> b", "E0530"),
    ] {
        assert_eq!(errors(&format!("topology t\n{item}\n")), [code], "{item}");
    }
}

#[test]
fn numbers_at_the_edge_do_not_overflow() {
    let most = i64::MAX;
    for item in [
        format!(
            "pool p = -{most}..{most} {{ reserve = [{most}, -{most}] }}\nnode h: debian {{ vars {{ n = from p }} }}"
        ),
        format!("pool p = ::/0 per /128\nnode h: debian {{ vars {{ n = from p at {most} }} }}"),
        format!(
            "network n {{ subnet = ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124, dhcp {{ range = [1, {most}] }} }}\n\
             node h: debian\nlink h <-> n"
        ),
        "network n { subnet = 0.0.0.0/0 }\nnode h: debian\nlink h <-> n".to_owned(),
        "network n { subnet = ::/0 }\nnode h: debian\nlink h <-> n".to_owned(),
        "network n { subnet = 255.255.255.255/32 }\nnode h[1..2]: debian\nlink each h <-> n".to_owned(),
        "management { subnet = 255.255.255.254/31 }\nnode h[1..4]: debian".to_owned(),
        format!("node h[-{most}..-{most}]: debian"),
        format!("node h: debian {{ vars {{ n = [1, 2][{most}], m = host(10.0.0.0/24, -{most}) }} }}"),
        "node h: debian { base_mac = fe:ff:ff:ff:ff:ff }\nnode g: debian\nlink h <-> g".to_owned(),
    ] {
        errors(&format!("topology t\n{item}\n"));
    }
}

#[test]
fn files_outside_the_project_are_not_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/broken/meaning").canonicalize().unwrap();
    for call in [
        "file(\"../../../../../../../../etc/passwd\")",
        "file(\"/etc/passwd\")",
        "dir(\"/\")",
        "dir(\"..\")",
        "file(\"lib/../../meaning/../names.wtop\")",
        "template(\"/etc/hostname\")",
        "file(\"\")",
        "file(\"lib\")",
        "file(\"lib/\\u{0}\")",
    ] {
        let program = format!("topology t\nnode h: debian {{ files {{ \"/x\" = {call} }} }}\n");
        let overlay = Overlay { file: folder.join("hostile.wtop"), text: program };
        let found = compiled_in(&overlay, &overlay.file).diagnostics;
        let codes: Vec<&str> = found.iter().map(|found| found.code.id).collect();
        assert_eq!(codes, ["E0901"], "{call}: {found:#?}");
        assert!(!found[0].message.contains("root:"), "{call}");
    }
}

/// The disk, with one file more.
struct Overlay {
    file: std::path::PathBuf,
    text: String,
}

impl FileSystem for Overlay {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, wtop_compiler::source::ReadError> {
        if path == self.file { Ok(self.text.clone().into_bytes()) } else { DiskFileSystem.read(root, path) }
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, wtop_compiler::source::ReadError> {
        DiskFileSystem.list(root, directory)
    }
}

/// What XML and YAML take for their own, between two letters that stand nowhere else.
const METACHARACTERS: &str =
    "Ω<a b='c'>&amp;]]>--%: - # {x} [y] | > ! * & @ ` \" \\ \t \u{1} \u{7f} \u{feff} \u{2028} é 日 ? , ~Ω";

/// The attributes of a kind that take a string, alone or among others, each set to [`METACHARACTERS`].
fn strings(kind: Kind) -> Vec<String> {
    let text: String =
        METACHARACTERS.chars().flat_map(|c| if "\"\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
    let set = |name: &'static str| {
        let written = schema::attribute(kind, name)?.ty;
        let value = match written {
            _ if written.starts_with("string") || written.starts_with("[string") => format!("\"{text}\""),
            _ if written.starts_with("map[string") || written == "map[any]" => format!("{{ \"{text}\" = \"{text}\" }}"),
            _ => return None,
        };
        Some(format!("{name} = {value}"))
    };
    schema::names(kind).filter_map(set).collect()
}

/// Every string attribute of every kind, one at a time.
fn programs_of_metacharacters() -> Vec<String> {
    let two = "node a: debian\nnode b: debian";
    let of_kind = |kind, program: &dyn Fn(&str) -> String| -> Vec<String> {
        strings(kind).iter().map(|attribute| format!("topology t\n{}\n", program(attribute))).collect()
    };
    let programs: Vec<String> = [
        of_kind(Kind::Node, &|set| format!("node a: debian {{ {set} }}\nnode b: debian\nlink a <-> b")),
        of_kind(Kind::Network, &|set| format!("node a: debian\nnetwork n {{ {set} }}\nlink a <-> n")),
        of_kind(Kind::Link, &|set| format!("{two}\nlink a <-> b {{ {set} }}")),
        of_kind(Kind::Interface, &|set| format!("{two}\nlink a ({set}) <-> b")),
        of_kind(Kind::Topology, &|set| format!("{set}\n{two}\nlink a <-> b")),
        of_kind(Kind::Target, &|set| format!("node a: debian\ntarget x: kvm {{ {set} }}")),
        of_kind(Kind::Target, &|set| format!("node a: debian\ntarget x: heat {{ {set} }}")),
    ]
    .concat();
    assert!(programs.len() > 40, "{}", programs.len());
    programs
}

/// Where a text has some of the metacharacters, it has all of them: nothing was cut, doubled or taken for syntax.
fn assert_whole(read: &str, place: &str) {
    // What XML cannot hold is replaced there.
    let whole = [METACHARACTERS.to_owned(), METACHARACTERS.replace('\u{1}', "\u{fffd}")];
    let rest = whole.iter().fold(read.to_owned(), |rest, whole| rest.replace(whole, ""));
    assert!(!rest.contains('Ω'), "{place}: {read:?}");
}

fn assert_whole_in_yaml(value: &serde_json::Value, place: &str) {
    match value {
        serde_json::Value::String(text) if text.starts_with("#cloud-config") => read_yaml(text, place),
        serde_json::Value::String(text) => assert_whole(text, place),
        serde_json::Value::Array(values) => values.iter().for_each(|value| assert_whole_in_yaml(value, place)),
        serde_json::Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            assert_whole(key, place);
            assert_whole_in_yaml(value, place);
        }),
        _ => {}
    }
}

fn read_yaml(text: &str, place: &str) {
    let parsed: Result<serde_json::Value, _> = serde_saphyr::from_str(text);
    assert_whole_in_yaml(&parsed.unwrap_or_else(|error| panic!("{place}: {error}\n{text}")), place);
}

fn read_xml(text: &str, place: &str) {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{place}: {error}\n{text}"));
    for node in document.descendants() {
        node.attributes().for_each(|attribute| assert_whole(attribute.value(), place));
        node.text().into_iter().for_each(|text| assert_whole(text, place));
    }
}

#[test]
fn metacharacters_in_strings_reach_artifacts_as_they_are() {
    let mut met = 0;
    for program in programs_of_metacharacters() {
        let fs = MemoryFileSystem::new([("lab.wtop", program.as_str())]);
        let Compilation { topology, sources, .. } = compiled_in(&fs, Path::new("lab.wtop"));
        let Some(topology) = topology else { panic!("{program}") };
        let mut artifacts = vec![json::build(&topology, &sources)];
        for kind in [TargetKind::Kvm, TargetKind::Heat] {
            let target = topology.targets.iter().find(|target| target.kind == kind.name());
            artifacts.extend(build(&topology, target, kind).0);
        }
        for artifact in artifacts {
            let Ok(text) = String::from_utf8(artifact.bytes) else { continue };
            let place = format!("{program}{}", artifact.path);
            met += usize::from(text.contains('Ω'));
            match artifact.path.rsplit('.').next() {
                Some("xml") => read_xml(&text, &place),
                Some("yaml") => read_yaml(&text, &place),
                Some("json") => assert_whole_in_yaml(&serde_json::from_str(&text).unwrap(), &place),
                _ => {}
            }
        }
    }
    assert!(met > 50, "{met}");
}
