//! Which value wins, where several are written for one attribute.

use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::{CompileOptions, compile};

/// A base, a device built on it, and nodes of that device; then what is written besides, and who has how many CPUs.
fn assert_cpus(written: &str, expected: &str) {
    let program = format!(
        "topology t\ndevice base extends debian {{ cpu = 1 }}\ndevice near extends base {{ cpu = 2 }}\n{written}\n\
         check {expected}\n"
    );
    let fs = MemoryFileSystem::new([("lab.wtop", program.as_str())]);
    let options = CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() };
    let told: Vec<_> = compile(&fs, &options).diagnostics.into_iter().map(|told| told.message).collect();
    assert!(told.is_empty(), "{program}{told:#?}");
}

#[test]
fn a_device_is_stronger_than_its_base() {
    assert_cpus("node n: near", "n.cpu == 2");
}

#[test]
fn defaults_are_stronger_the_more_they_say_of_whom() {
    let all = "defaults node { cpu = 3 }";
    let base = "defaults node: base { cpu = 4 }";
    let near = "defaults node: near { cpu = 5 }";
    let tags = "defaults node tagged \"x\" { cpu = 6 }\ndefaults node tagged \"y\" { cpu = 7 }";
    assert_cpus(&format!("{all}\nnode n: near"), "n.cpu == 3");
    assert_cpus(&format!("{base}\n{all}\nnode n: near"), "n.cpu == 4");
    assert_cpus(&format!("{near}\n{base}\n{all}\nnode n: near"), "n.cpu == 5");
    assert_cpus(&format!("{tags}\n{near}\n{base}\nnode n: near {{ tags = [\"y\", \"x\"] }}"), "n.cpu == 7");
}

#[test]
fn inner_defaults_are_stronger_than_outer_ones() {
    let inner = "module m() {\n  defaults node { cpu = 4 }\n  pub node n: near { tags = [\"x\"] }\n}";
    assert_cpus(&format!("defaults node tagged \"x\" {{ cpu = 3 }}\n{inner}\nnode k: m()"), "k.n.cpu == 4");
    let without = "module m() {\n  pub node n: near\n}";
    assert_cpus(&format!("defaults node {{ cpu = 3 }}\n{without}\nnode k: m()"), "k.n.cpu == 3");
}

#[test]
fn a_block_is_stronger_than_defaults_and_an_override_than_both() {
    let tagged = "defaults node tagged \"x\" { cpu = 6 }\nnode n: near { tags = [\"x\"], cpu = 8 }";
    assert_cpus(tagged, "n.cpu == 8");
    assert_cpus(&format!("override n {{ cpu = 9 }}\n{tagged}"), "n.cpu == 9");
}

#[test]
fn an_element_is_stronger_than_a_slice_and_a_slice_than_its_array() {
    assert_cpus(
        "override n[1] { cpu = 11 }\noverride n[1..2] { cpu = 10 }\noverride n { cpu = 9 }\nnode n[1..3]: near",
        "[h.cpu for h in n] == [11, 10, 9]",
    );
}

#[test]
fn lists_are_added_to_and_records_merged() {
    let written = "defaults node { packages = [\"a\"], vars { a = 1, b = 2 } }\n\
                   node n: near { packages += [\"b\"], vars { b = 3 } }\noverride n { packages += [\"c\"] }";
    assert_cpus(written, "n.packages == [\"a\", \"b\", \"c\"] and n.vars == { a = 1, b = 3 }");
    assert_cpus("defaults node { vars { a = 1 } }\nnode n: near { vars = { b = 3 } }", "n.vars == { b = 3 }");
}
