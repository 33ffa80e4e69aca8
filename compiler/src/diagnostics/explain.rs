//! The page of a code: what `wtop explain E0123` shows, and what stands in `docs/diagnostics/`.

use super::render::visible;
use super::{Code, Severity, codes};
use std::fmt::Write;

/// The file name of a code's page.
pub fn page_name(code: &Code) -> String {
    format!("{}.md", code.id)
}

/// The page of a code, in Markdown.
pub fn explain(code: &Code) -> String {
    format!(
        "# {id}: {title}\n\n{weight}\n\n{explanation}\n\n## Wrong\n\n{wrong}\n\n## Right\n\n{right}\n",
        id = code.id,
        title = code.title,
        weight = match code.severity() {
            Severity::Error => "This is an **error**: nothing is deployed until it is mended.",
            Severity::Warning => "This is a **warning**: the lab can be deployed, but is probably not what was meant.",
        },
        explanation = code.explanation.trim(),
        wrong = program(code.wrong),
        right = program(code.right),
    )
}

/// A program as a block of code, fenced so that nothing in it ends the block. Characters that cannot be seen, which
/// some programs are about, are shown as stand-ins.
fn program(text: &str) -> String {
    let text: String = text.chars().map(shown).collect();
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}wtop\n{}\n{fence}", text.trim_end())
}

fn shown(character: char) -> char {
    match character {
        ' ' | '\n' | '\t' => character,
        other if other.is_whitespace() && !other.is_control() => '⍽',
        other => visible(other),
    }
}

/// The page that lists all codes, in Markdown: `docs/diagnostics/README.md`.
pub fn index() -> String {
    let mut codes: Vec<&Code> = codes::all().collect();
    codes.sort_by_key(|code| code.id);
    let mut page = String::from(
        "# Diagnostics\n\nEvery error (`E`) and warning (`W`) of the compiler, one page each. `wtop explain CODE` shows the same page.\n\n| code | what it says |\n| --- | --- |\n",
    );
    for code in codes {
        // Writing into a string cannot fail.
        let _ = writeln!(page, "| [{}]({}) | {} |", code.id, page_name(code), code.title.replace('|', "\\|"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn a_page() {
        assert_snapshot!(explain(&codes::syntax::E0101));
    }

    #[test]
    fn a_fence_in_a_program_does_not_end_the_block() {
        assert_eq!(program("a\n````\n"), "`````wtop\na\n````\n`````");
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(program("a\u{a0}b\rc\td\n"), "```wtop\na⍽b␍c\td\n```");
    }

    #[test]
    fn the_index_lists_every_code_once() {
        let index = index();
        for code in codes::all() {
            assert_eq!(index.matches(&format!("[{}]({}.md)", code.id, code.id)).count(), 1, "{}", code.id);
        }
    }
}
