//! What holds for every renderer, whatever the text, the spans and the words.

use super::*;
use crate::diagnostics::codes::syntax::E0101;
use crate::diagnostics::{Diagnostic, Fix, Label, TextEdit, fix, sort};
use crate::source::{FileId, Sources, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// Pieces that have made trouble somewhere: wide, combining, joined, invisible and control characters, tabs, all kinds
/// of line ends.
fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "node ",
        "日本",
        "é",
        "e\u{301}",
        "😀",
        "👩\u{200d}💻",
        "\t",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\u{2028}",
        "\x1b[31m",
        "\0",
        "\u{feff}",
        "\u{202e}",
        "\u{85}",
        "\x0b",
        "\u{e000}",
        "\u{1}0",
        "{",
        "}",
        "\"",
        "%",
        "::error::",
        "│",
        "┆",
        "xxx",
    ];
    let long = prop_oneof![9 => Just(1), 1 => Just(400usize)];
    let piece = (prop::sample::select(pieces.to_vec()), long).prop_map(|(piece, count)| piece.repeat(count));
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn span() -> impl Strategy<Value = Span> {
    let offset = || prop_oneof![8 => 0u32..120, 1 => 0u32..2000, 1 => Just(u32::MAX)];
    (0u32..3, offset(), offset()).prop_map(|(file, start, end)| Span { file: FileId(file), start, end })
}

fn edit() -> impl Strategy<Value = TextEdit> {
    (span(), text()).prop_map(|(span, text)| TextEdit { span, text })
}

fn diagnostic() -> impl Strategy<Value = Diagnostic> {
    let labels = vec((span(), text()).prop_map(|(span, text)| Label { span, text }), 0..6);
    let fix = (text(), vec(edit(), 0..4), prop::bool::ANY).prop_map(|(title, edits, is_certain)| Fix {
        title,
        edits,
        is_certain,
    });
    let fixes = vec(fix, 0..3);
    let code = prop::bool::ANY.prop_map(|error| if error { &E0101 } else { &samples::WARNING });
    (code, text(), labels, prop::option::of(text()), fixes)
        .prop_map(|(code, message, labels, help, fixes)| Diagnostic { code, message, labels, help, fixes })
}

fn case() -> impl Strategy<Value = (Sources, Vec<Diagnostic>)> {
    // Spans may name a third file, which there is not.
    (text(), text(), vec(diagnostic(), 0..4)).prop_map(|(one, two, diagnostics)| {
        let mut sources = Sources::default();
        sources.add("one.wtop", "one.wtop", one);
        sources.add("two.wtop", "two, of: them.wtop", two);
        (sources, diagnostics)
    })
}

proptest! {
    #[test]
    fn text_is_drawn((sources, diagnostics) in case(), width in 0usize..130) {
        let plain = super::text(&diagnostics, &sources, &TextOptions { colour: false, width });
        prop_assert!(plain.chars().all(|character| character == '\n' || !character.is_control()), "{plain}");
        let heads = plain.lines().filter(|line| line.starts_with("error[E0101]:") || line.starts_with("warning[W0999]:"));
        prop_assert!(heads.count() >= diagnostics.len());
        let coloured = super::text(&diagnostics, &sources, &TextOptions { colour: true, width });
        prop_assert_eq!(plain.lines().count(), coloured.lines().count());
        let columns = |line: &str| ink::row_width(&ink::cells(line, ink::Ink::Plain).collect::<Vec<_>>());
        // The name of a file is never cut, and several labels that meet in a narrow terminal need some columns more.
        let widest = plain.lines().filter(|line| !line.contains("─[ ")).map(columns).max().unwrap_or(0);
        prop_assert!(widest <= width.max(40) + 12, "{widest} columns of {width}:\n{plain}");
    }

    #[test]
    fn every_label_is_drawn((sources, diagnostics) in case()) {
        let mut one = diagnostics;
        one.truncate(1);
        for diagnostic in &mut one {
            diagnostic.fixes.clear();
            diagnostic.labels.retain(|label| sources.get(label.span.file).is_some());
            for (index, label) in diagnostic.labels.iter_mut().enumerate() {
                label.text = format!("<{index}>");
            }
            let count = diagnostic.labels.len();
            let plain = super::text(std::slice::from_ref(diagnostic), &sources, &TextOptions::default());
            for index in 0..count {
                prop_assert_eq!(plain.matches(&format!("─ <{index}>")).count(), 1, "label {} in\n{}", index, plain);
            }
            for label in &diagnostic.labels {
                let file = sources.get(label.span.file).unwrap();
                let line = file.lines.utf8(label.span.start.min(file.text.len() as u32)).line + 1;
                prop_assert!(plain.contains(&format!(" {line} │")), "line {line} in\n{plain}");
            }
        }
    }

    #[test]
    fn documents_are_well_formed((sources, diagnostics) in case()) {
        let document: Value = serde_json::from_str(&json(&diagnostics, &sources)).unwrap();
        prop_assert_eq!(document["diagnostics"].as_array().unwrap().len(), diagnostics.len());
        let log: Value = serde_json::from_str(&sarif(&diagnostics, &sources)).unwrap();
        prop_assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), diagnostics.len());
        let commands = github(&diagnostics, &sources);
        prop_assert_eq!(commands.matches('\n').count(), diagnostics.len());
    }

    #[test]
    fn sorting_forgets_the_order((_, diagnostics) in case()) {
        let (mut one, mut two) = (diagnostics.clone(), diagnostics);
        two.reverse();
        sort(&mut one);
        sort(&mut two);
        prop_assert_eq!(one, two);
    }

    #[test]
    fn fixes_change_only_what_they_name((sources, diagnostics) in case()) {
        let fixed = fix::apply_fixes(&diagnostics, &sources);
        let certain = diagnostics.iter().filter(|diagnostic| diagnostic.certain_fix().is_some()).count();
        prop_assert_eq!(fixed.applied + fixed.left_out, certain);
        prop_assert!(fixed.applied > 0 || fixed.texts.is_empty());
    }
}
