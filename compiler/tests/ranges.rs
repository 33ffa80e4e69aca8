//! A range stands wherever a list of numbers does, and is not walked where its ends tell enough.

use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::{Compilation, CompileOptions, compile};

fn compiled(items: &str) -> Compilation {
    let program = format!("topology t\nnode a: debian\nnode b: debian\n{items}\n");
    let files = MemoryFileSystem::new([("lab.wtop", program.as_str())]);
    compile(&files, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() })
}

/// The topology as JSON, of a program without a mistake.
fn topology(items: &str) -> serde_json::Value {
    let compilation = compiled(items);
    assert!(compilation.diagnostics.is_empty(), "{:#?}", compilation.diagnostics);
    serde_json::to_value(compilation.topology.unwrap()).unwrap()
}

fn errors(items: &str) -> Vec<String> {
    compiled(items).diagnostics.iter().map(|found| format!("{} {}", found.code.id, found.message)).collect()
}

#[test]
fn a_trunk_carries_a_range() {
    let ends = |items| {
        let topology = topology(items);
        [0, 1].map(|node| topology["nodes"][node]["interfaces"][0]["trunk"].to_string())
    };
    assert_eq!(ends("link a <-> b { trunk = 100..103 }"), ["[100,101,102,103]", "[100,101,102,103]"]);
    assert_eq!(ends("link a (trunk = 7..8) <-> b (trunk = [9])"), ["[7,8]", "[9]"]);
    assert_eq!(ends("let shared = 5..6\nlink a <-> b { trunk = shared + [9] }"), ["[5,6,9]", "[5,6,9]"]);
}

#[test]
fn a_range_out_of_bounds_is_one_mistake() {
    let wrong = ["E0407 `trunk` of link `a--b` is 1000000000000, which is out of bounds"];
    assert_eq!(errors("link a <-> b { trunk = 1..1000000000000 }"), wrong);
}

#[test]
fn a_pool_reserves_ranges() {
    let number = |pool: &str| {
        let topology = topology(&format!("{pool}\noverride a {{ vars {{ n = from p }} }}\nlink a <-> b"));
        topology["nodes"][0]["attributes"]["vars"]["n"].to_string()
    };
    assert_eq!(number("pool p = 100..199 { reserve = 100..109 }"), "110");
    assert_eq!(number("pool p = 100..199 { reserve = 1..109 }"), "110");
    assert_eq!(number("pool p = 1..1000000000000 { reserve = 1..999999999999 }"), "1000000000000");
    assert_eq!(number("pool p = 10.0.0.0/8 per /32 { reserve = 10.0.0.0/9 }"), "\"10.128.0.0/32\"");
    assert_eq!(number("pool p = fd00::/16 per /64 { reserve = fd00::/17 }"), "\"fd00:8000::/64\"");
}

#[test]
fn a_dhcp_range_may_reach_the_end_of_a_large_prefix() {
    let address = |network: &str| {
        let topology = topology(&format!("network n {{ {network} }}\nlink each [a, b] <-> n"));
        topology["nodes"][0]["interfaces"][0]["addresses"].to_string()
    };
    // `a` has the first address, `b` the second.
    assert_eq!(address("subnet = 10.0.0.0/8, dhcp { range = 3..16777214 }"), "[\"10.0.0.1/8\"]");
    assert_eq!(address("subnet = 10.0.0.0/8, dhcp { range = [10.0.0.3, 10.255.255.254] }"), "[\"10.0.0.1/8\"]");
    let last = "fd00::ffff:ffff:ffff:ffff";
    assert_eq!(address(&format!("subnet = fd00::/64, dhcp {{ range = [fd00::3, {last}] }}")), "[\"fd00::1/64\"]");
    let nothing_left =
        format!("network n {{ subnet = fd00::/64, dhcp {{ range = [fd00::1, {last}] }} }}\nlink each [a, b] <-> n");
    assert_eq!(errors(&nothing_left), ["E0603 fd00::/64 has no address left for `a:eth1`"]);
}
