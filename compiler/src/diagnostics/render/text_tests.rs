use super::*;
use crate::diagnostics::codes::syntax::E0101;
use crate::diagnostics::{Code, TextEdit};
use crate::source::Span;
use insta::assert_snapshot;

/// A warning, to see how one looks.
static WARNING: Code = Code { id: "W0999", title: "", explanation: "", wrong: "", right: "" };

const LAB: &str = "topology lab\n\nnode a: debian { notes = \"edge }\nnode b: debian\nlink a:eth1 <-> b:eth1\nlink a:eth1 <-> b:eth2\n";

/// The sources of one file.
fn one(text: &str) -> (Sources, FileId) {
    let mut sources = Sources::default();
    let file = sources.add("lab.wtop", "lab.wtop", text);
    (sources, file)
}

/// The `count`-th occurrence of a word, from 0.
fn nth(file: FileId, text: &str, word: &str, count: usize) -> Span {
    let (start, _) = text.match_indices(word).nth(count).unwrap();
    Span::new(file, start, start + word.len())
}

fn shown(diagnostic: Diagnostic, sources: &Sources, width: usize) -> String {
    text(&[diagnostic], sources, &TextOptions { colour: false, width })
}

/// An interface used twice: two labels on two lines, help and a fix.
fn used_twice() -> (Diagnostic, Sources) {
    let (sources, file) = one(LAB);
    let second = nth(file, LAB, "a:eth1", 1);
    let diagnostic =
        Diagnostic::new(&E0101, second, "the interface `eth1` of `a` is linked twice", "linked again here")
            .label(nth(file, LAB, "a:eth1", 0), "first linked here, to `b:eth1`")
            .help("an interface carries one link; choose another one, or leave it out to get the next free one")
            .fix("Write `a:eth2`", second, "a:eth2");
    (diagnostic, sources)
}

#[test]
fn labels_help_and_fix() {
    let (diagnostic, sources) = used_twice();
    assert_snapshot!(shown(diagnostic, &sources, 100));
}

#[test]
fn narrow_terminals() {
    let (diagnostic, sources) = used_twice();
    assert_snapshot!(shown(diagnostic.clone(), &sources, 60));
    assert_snapshot!(shown(diagnostic, &sources, 40));
}

#[test]
fn colours() {
    let (diagnostic, sources) = used_twice();
    let plain = shown(diagnostic.clone(), &sources, 100);
    let coloured = text(&[diagnostic], &sources, &TextOptions { colour: true, width: 100 });
    assert_snapshot!(coloured.replace('\x1b', "ESC"));
    let without = |part: &str| part.split_once('m').filter(|(sgr, _)| sgr.starts_with('[')).map(|(_, rest)| rest.len());
    let stripped = coloured.split('\x1b').map(|part| &part[part.len() - without(part).unwrap_or(part.len())..]);
    assert_eq!(stripped.collect::<String>(), plain);
}

#[test]
fn an_insertion_shows_only_what_it_adds() {
    let (sources, file) = one(LAB);
    let string = nth(file, LAB, "\"edge }", 0);
    let diagnostic = Diagnostic::new(&E0101, string, "this text has no closing `\"`", "it starts here")
        .help("put `\"` where the text ends")
        .fix("Close it at the end of the line", string.at_end(), "\"");
    assert_snapshot!(shown(diagnostic, &sources, 80));
}

#[test]
fn spans_over_several_lines() {
    let (sources, file) = one(LAB);
    let nodes = nth(file, LAB, "node a: debian { notes = \"edge }\nnode b: debian", 0);
    let most = nth(file, LAB, "lab\n\nnode a: debian { notes = \"edge }\nnode b: debian\nlink", 0);
    let diagnostic = Diagnostic::new(&WARNING, nodes, "these nodes are alike", "all of these lines")
        .label(most, "they stand in this part of the file, which goes on for a while")
        .label(nth(file, LAB, "topology", 0), "the topology")
        .label(Span::new(file, LAB.len(), LAB.len()), "the end of the file");
    assert_snapshot!(shown(diagnostic, &sources, 60));
}

#[test]
fn several_files() {
    let (mut sources, file) = one(LAB);
    let device = "pub device switch {\n  nic eth0\n}\n".repeat(40);
    let other = sources.add("switch.wtop", "devices/switch.wtop", device.as_str());
    let diagnostic = Diagnostic::new(&E0101, nth(file, LAB, "eth2", 0), "`b` has no interface `eth2`", "not there")
        .label(nth(other, &device, "nic eth0", 39), "the only interface of its device")
        .label(nth(file, LAB, "node b: debian", 0), "the node")
        .fix_all(
            "Add `eth2` to the device",
            vec![
                TextEdit { span: nth(other, &device, "nic eth0", 39).at_end(), text: "\n  nic eth2".to_owned() },
                TextEdit { span: nth(file, LAB, "node b: debian\n", 0), text: String::new() },
            ],
        );
    assert_snapshot!(shown(diagnostic, &sources, 80));
}

#[test]
fn wide_characters_tabs_line_ends_and_controls() {
    let lab = "node \u{feff}日本\u{1b}x\t= \"👩 e\u{301}\" \u{202e}\r\n\tnext\r\n";
    let (sources, file) = one(lab);
    let diagnostic = Diagnostic::new(&WARNING, nth(file, lab, "日本", 0), "characters of all kinds", "wide")
        .label(nth(file, lab, "👩", 0), "an emoji")
        .label(nth(file, lab, "e\u{301}", 0), "two characters in one column")
        .label(nth(file, lab, "\r\n", 0), "the end of the line")
        .label(nth(file, lab, "next", 0), "after a tab")
        .label(Span::new(file, lab.len(), lab.len()), "the end of the file");
    assert_snapshot!(shown(diagnostic, &sources, 80));
}

#[test]
fn long_lines_are_cut_around_what_matters() {
    let lab = format!("{}HERE{}THERE{}", "a".repeat(500_000), "b".repeat(500), "c".repeat(500_000));
    let (sources, file) = one(&lab);
    let (here, there) = (nth(file, &lab, "HERE", 0), nth(file, &lab, "THERE", 0));
    let edits =
        vec![TextEdit { span: here, text: "NOWHERE".to_owned() }, TextEdit { span: there, text: "THEN".to_owned() }];
    let diagnostic = Diagnostic::new(&WARNING, here, "two places on one line", "this one is wrong")
        .label(there, "as this one came first")
        .fix_all("Change both", edits)
        .fix("Change the first", here, "NOWHERE");
    let shown = shown(diagnostic, &sources, 60);
    assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
    assert_snapshot!(shown);
}

#[test]
fn many_labels_and_edits_are_counted() {
    let (sources, file) = one(LAB);
    let place = |index| Span::new(file, index, index + 1);
    let mut diagnostic = Diagnostic::new(&E0101, place(9), "too much", "here");
    for index in 15..40 {
        diagnostic = diagnostic.label(place(index), "and here");
    }
    let everywhere = "\n".repeat(20);
    let diagnostic = diagnostic.fix("Say it in one line", Span::new(file, 0, LAB.len()), everywhere);
    assert_snapshot!(shown(diagnostic, &sources, 80));
}

#[test]
fn without_a_place_the_message_stands_alone() {
    let (sources, _) = one(LAB);
    let nowhere = Span::new(FileId(9), 3, 4);
    let diagnostic = Diagnostic::new(&E0101, nowhere, "no topology was found", "here").help("write `topology NAME`");
    assert_snapshot!(shown(diagnostic, &sources, 80), @r"
    error[E0101]: no topology was found
       │
       │ help: write `topology NAME`
    ───╯
    ");
}

#[test]
fn spans_outside_the_text_and_within_characters_are_clamped() {
    let (sources, file) = one("日本\n");
    for span in [Span { file, start: 1, end: 2 }, Span { file, start: 5, end: 900 }, Span { file, start: 900, end: 3 }]
    {
        let diagnostic = Diagnostic::new(&E0101, span, "clamped", "").fix("Remove it", span, "");
        let shown = shown(diagnostic, &sources, 80);
        assert!(shown.contains("here"), "{shown}");
    }
}

#[test]
fn what_is_shown_does_not_grow_with_the_file() {
    let lab = "node abc: debian { notes = \"edge\" }\n".repeat(300_000);
    let (sources, file) = one(&lab);
    let whole = |index: usize| {
        let span = Span::new(file, index, lab.len() - index);
        Diagnostic::new(&E0101, span, "all of it", "from here to there").fix("Remove it", span, "")
    };
    let diagnostics: Vec<Diagnostic> = (0..100).map(whole).collect();
    let shown = text(&diagnostics, &sources, &TextOptions::default());
    assert!(shown.len() < 100_000, "{} bytes", shown.len());
    assert!(shown.contains("300000 │"), "the true line numbers");
}

#[test]
fn sums_up() {
    let (error, _) = used_twice();
    let warning = Diagnostic::new(&WARNING, error.span(), "m", "l");
    assert_eq!(summary(&[]), "no errors, no warnings");
    assert_eq!(summary(&[warning.clone(), warning.clone()]), "2 warnings");
    assert_eq!(summary(std::slice::from_ref(&error)), "1 error");
    assert_eq!(summary(&[error.clone(), warning, error]), "2 errors, 1 warning");
}
