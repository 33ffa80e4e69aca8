//! Secrets are known by where they are fetched: that reference goes where a secret may stand, in its own form, and
//! nowhere else; and nothing that shapes a lab depends on one.

use proptest::prelude::*;
use proptest::sample::select;
use wtop_compiler::backends::{build, json};
use wtop_compiler::diagnostics::{Diagnostic, has_errors};
use wtop_compiler::lab::TargetKind;
use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::value::Value;
use wtop_compiler::{Compilation, CompileOptions, compile};

/// A name that stands nowhere else.
const NAME: &str = "QX7_HIDDEN";

fn compiled(program: &str) -> Compilation {
    compiled_with(program, "user {{ node.vars.word }};\n")
}

/// With a template `t.j2`.
fn compiled_with(program: &str, template: &str) -> Compilation {
    let files = MemoryFileSystem::new([("lab.wtop", program), ("t.j2", template)]);
    compile(&files, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() })
}

/// Two hosts; `attributes` are the first one's, `items` stand beside them.
fn lab(attributes: &str, items: &str) -> String {
    format!(
        "topology t\nlet word = secret(\"env:{NAME}\")\nnode a: debian {{\n  {attributes}\n}}\nnode b: debian\n\
         link a <-> b\n{items}\ntarget here: kvm {{ images {{ debian = \"d.qcow2\" }} }}\n\
         target cloud: heat {{ external = \"public\", images {{ debian = \"d\" }} }}\n"
    )
}

/// Ways to write a text that is, or holds, the secret.
const SHAPES: &[&str] = &[
    "word",
    "(word)",
    "\"before ${word}\"",
    "\"${word}${word}\"",
    "\"<&>'\\\" ${word}: {{ x }} #\"",
    "\"a\" + word",
    "word + \"\\n\" + word",
    "if true then word else \"x\"",
    "[word, \"x\"][0]",
    "null ?? word",
];

/// Attributes of a node that may hold a secret.
const ALLOWED: &[&str] = &[
    "users { ops { password = SECRET } }",
    "login { user = \"me\", password = SECRET }",
    "files { \"/etc/key\" = SECRET }",
    "run = [SECRET]",
    "run_each_boot = SECRET",
    "env { KEY = SECRET }",
    "license = SECRET",
    "vars { key = SECRET }",
    "vars { deep { list = [1, SECRET] } }",
    "vars { word = SECRET }, files { \"/x\" = template(\"t.j2\") }",
];

/// Attributes of a node that may not.
const REFUSED: &[&str] = &[
    "label = SECRET",
    "hostname = SECRET",
    "notes = SECRET",
    "tags = [SECRET]",
    "group = SECRET",
    "version = SECRET",
    "image = SECRET",
    "smbios { serial = SECRET }",
    "uuid = SECRET",
    "cpu_model = SECRET",
    "packages = [SECRET]",
    "ssh_keys = SECRET",
    "ready { console = SECRET }",
    "apart = SECRET",
    "cpu = len(SECRET)",
    "cpu = if SECRET == \"x\" then 1 else 2",
    "cpu = if SECRET in [\"x\"] then 1 else 2",
    "cpu = if SECRET < \"x\" then 1 else 2",
    "cpu = if SECRET then 1 else 2",
    "if SECRET != \"x\" { cpu = 2 }",
    "notes = upper(SECRET)",
    "notes = sha256(SECRET)",
    "notes = json({ key = SECRET })",
    "notes = file(SECRET)",
    "files { \"/${SECRET}\" = \"x\" }",
    "interface \"eth${SECRET}\" { mtu = 1500 }",
];

/// Items that may not use one.
const REFUSED_ITEMS: &[&str] = &[
    "title = SECRET",
    "domain = SECRET",
    "node c[SECRET]: debian",
    "node c[1..len(SECRET)]: debian",
    "node c[k in [SECRET]]: debian",
    "if SECRET == \"x\" {\n  node c: debian\n}",
    "check SECRET == \"x\"",
    "network n { subnet = 10.${SECRET}.0.0/16 }",
    "network n { notes = SECRET }",
    "vrf v { rd = SECRET }",
    "override a { label = SECRET }",
    "param p: string = SECRET",
    "param p: int = 1 where SECRET == \"x\"",
    "pool p = [10.0.${SECRET}.0/24 per /31]",
    "device d(n: int = len(SECRET)) extends debian { cpu = n }\nnode c: d",
    "device d extends debian { console { expect SECRET } }\nnode c: d",
    "for x in [1] {\n  if SECRET == \"x\" {\n    node c[x]: debian\n  }\n}",
];

fn told(diagnostics: &[Diagnostic]) -> String {
    let one = |found: &Diagnostic| {
        let labels: Vec<&str> = found.labels.iter().map(|label| label.text.as_str()).collect();
        format!("{} {} [{}] {:?}\n", found.code.id, found.message, labels.join(" | "), found.help)
    };
    diagnostics.iter().map(one).collect()
}

/// Every place in JSON where the reference stands is `{"secret": ["env:NAME", …]}`.
fn assert_hidden_in_json(value: &serde_json::Value) {
    match value {
        serde_json::Value::String(text) => assert!(!text.contains(NAME), "{text}"),
        serde_json::Value::Array(values) => values.iter().for_each(assert_hidden_in_json),
        serde_json::Value::Object(entries) => {
            let is_secret = entries.len() == 1 && entries.contains_key("secret");
            if is_secret {
                for source in entries["secret"].as_array().unwrap() {
                    assert_eq!(source, &format!("env:{NAME}"));
                }
                return;
            }
            for (key, value) in entries {
                assert!(!key.contains(NAME), "{key}");
                assert_hidden_in_json(value);
            }
        }
        _ => {}
    }
}

/// In an artifact, the reference stands in a marker, or in the name or description of a hidden parameter.
fn assert_marked(path: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for (at, _) in text.match_indices(NAME) {
        let before = &text[..at];
        let forms = ["${secret:env:", "The secret from env:", "secret_env_"];
        let line = before.rsplit('\n').next().unwrap_or_default();
        assert!(forms.iter().any(|form| before.ends_with(form)), "{path}: …{line}{NAME}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_secret_stays_in_its_marker(place in select(ALLOWED), shape in select(SHAPES)) {
        let program = lab(&place.replace("SECRET", shape), "");
        let Compilation { sources, diagnostics, topology, .. } = compiled(&program);
        prop_assert!(!has_errors(&diagnostics), "{program}\n{}", told(&diagnostics));
        prop_assert!(!told(&diagnostics).contains(NAME), "{}", told(&diagnostics));
        let topology = topology.unwrap();
        let written = json::build(&topology, &sources);
        assert_hidden_in_json(&serde_json::from_slice(&written.bytes).unwrap());
        for (index, kind) in [TargetKind::Kvm, TargetKind::Heat].into_iter().enumerate() {
            let (artifacts, diagnostics) = build(&topology, topology.targets.get(index), kind);
            prop_assert!(!told(&diagnostics).contains(NAME), "{}", told(&diagnostics));
            for artifact in artifacts {
                assert_marked(&artifact.path, &artifact.bytes);
            }
        }
    }

    #[test]
    fn nothing_depends_on_a_secret(place in select(REFUSED), shape in select(SHAPES)) {
        assert_refused(&lab(&place.replace("SECRET", &format!("({shape})")), ""))?;
    }

    #[test]
    fn no_part_of_a_lab_depends_on_a_secret(item in select(REFUSED_ITEMS), shape in select(SHAPES)) {
        assert_refused(&lab("cpu = 1", &item.replace("SECRET", &format!("({shape})"))))?;
    }
}

/// E0309, no other error, and the reference in none of the sentences.
fn assert_refused(program: &str) -> Result<(), TestCaseError> {
    let diagnostics = compiled(program).diagnostics;
    let errors: Vec<&str> = diagnostics.iter().map(|found| found.code.id).filter(|id| id.starts_with('E')).collect();
    prop_assert!(errors.contains(&"E0309"), "{program}\n{}", told(&diagnostics));
    prop_assert!(errors.iter().all(|id| *id == "E0309"), "{program}\n{}", told(&diagnostics));
    prop_assert!(!told(&diagnostics).contains(NAME), "{}", told(&diagnostics));
    Ok(())
}

/// What a template does with a secret, and the text that it makes where that is allowed.
#[test]
fn a_template_prints_a_secret_and_does_nothing_else_with_it() {
    let program = lab(
        "vars { word = word, text = \"before ${word}\", list = [word] }, files { \"/x\" = template(\"t.j2\") }",
        "",
    );
    for (template, made) in [
        ("{{ node.vars.word }}", "*"),
        ("{{ node.vars.text }}, {{ node.vars.list[0] }}", "before *, *"),
        ("{{ node.attributes.vars.word }}", "*"),
        ("{% if node.vars.word %}{{ node.vars.word }}{% endif %}", "*"),
        ("{{ node.vars.word or 'none' }} {{ node.vars.other | default('none') }}", "* none"),
        ("{{ node.vars.word | default('none') }}", "*"),
        ("{% for word in node.vars.list %}[{{ word }}]{% endfor %}", "[*]"),
        ("{% set word = node.vars.word %}{{ word }}", "*"),
        ("{% set line %}key {{ node.vars.word }}{% endset %}{{ line }}; {{ line }}", "key *; key *"),
        ("{% macro key(word) %}key {{ word }}{% endmacro %}{{ key(node.vars.word) }}", "key *"),
        ("\u{f5ec}Secret7\u{f5ed}{{ node.vars.word }}", "\u{f5ec}Secret7\u{f5ed}*"),
    ] {
        let Compilation { diagnostics, topology, .. } = compiled_with(&program, template);
        assert!(!has_errors(&diagnostics), "{template}\n{}", told(&diagnostics));
        let file = &topology.unwrap().nodes[0].attributes["files"];
        let Value::Map(files) = file else { panic!("{file:?}") };
        let Value::Secret(text) = &files["/x"] else { panic!("{template}: {files:?}") };
        assert_eq!(text.with_markers().replace(&format!("${{secret:env:{NAME}}}"), "*"), made, "{template}");
    }
    for template in [
        "{{ node.vars.word | upper }}",
        "{{ node.vars.word | replace('a', 'b') }}",
        "{{ node.vars.word | length }}",
        "{{ node.vars.word | trim }}",
        "{{ node.vars.list }}",
        "{{ node.vars }}",
        "{{ node.vars.list | join(', ') }}",
        "{{ node.vars.word[:3] }}",
        "{{ node.vars.word ~ 'x' }}",
        "{{ node.vars.word * 2 }}",
        "{{ node.vars.word.upper() }}",
        "{% if node.vars.word == 'x' %}y{% endif %}",
        "{% if node.vars.word != 'x' %}y{% endif %}",
        "{% if node.vars.word < 'x' %}y{% endif %}",
        "{% if node.vars.word in 'xyz' %}y{% endif %}",
        "{% if 'x' in node.vars.word %}y{% endif %}",
        "{% if node.vars.word is eq('x') %}y{% endif %}",
        "{% for letter in node.vars.word %}{{ letter }}{% endfor %}",
        "{% set text %}{{ node.vars.word }}{% endset %}{{ text | upper }}",
        "{% set text %}{{ node.vars.word }}{% endset %}{{ text | length }}",
        "{% filter upper %}{{ node.vars.word }}{% endfilter %}",
        "{{ node.vars.word | ip }}",
    ] {
        let Compilation { diagnostics, .. } = compiled_with(&program, template);
        let errors: Vec<&str> = diagnostics.iter().map(|found| found.code.id).collect();
        assert_eq!(errors, ["E0309"], "{template}\n{}", told(&diagnostics));
        assert!(!told(&diagnostics).contains(NAME), "{template}");
    }
}
