//! What can be folded away.

use super::View;
use super::visit::{Part, walk};
use crate::source::{FileId, Span};
use crate::syntax::ast::{ExprKind, Item, ItemKind};
use crate::syntax::token::TokenKind;

/// What stands on several lines and can be shown as one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fold {
    /// From the first byte that stays to the last.
    pub span: Span,
    /// What it is.
    pub kind: FoldKind,
}

/// What is folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FoldKind {
    /// A block, a list, a text of several lines.
    Code,
    /// Comments and documentation on lines that follow each other.
    Comment,
    /// A run of `use`.
    Imports,
}

/// Everything in a file that can be folded, in its order.
pub fn folds(view: View, file: FileId) -> Vec<Fold> {
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return Vec::new() };
    let Some(source) = view.compilation.sources.get(file) else { return Vec::new() };
    let mut folds = Vec::new();
    let line = |offset: u32| source.lines.utf8(offset).line;
    let mut add = |span: Span, kind: FoldKind| {
        if line(span.start) < line(span.end) {
            folds.push(Fold { span, kind });
        }
    };
    walk(unit.items(), &mut |part| {
        match part {
            Part::Block(block) => add(block.span, FoldKind::Code),
            Part::Expr(expr) if is_list(&expr.kind) => add(expr.span, FoldKind::Code),
            _ => {}
        }
        true
    });
    comments(view, file, &mut add);
    imports(unit.items(), &mut add);
    folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end)));
    folds
}

fn is_list(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::List(_) | ExprKind::Comprehension(_) | ExprKind::Call(..) | ExprKind::String(_))
}

/// Comments with nothing but line ends and blanks between them.
fn comments(view: View, file: FileId, add: &mut dyn FnMut(Span, FoldKind)) {
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return };
    let mut run: Option<Span> = None;
    let mut newlines = 0;
    for token in &unit.parse.tokens {
        match token.kind {
            TokenKind::Comment | TokenKind::Doc | TokenKind::FileDoc => {
                let here = Span { file, start: token.start, end: token.end };
                // A line without anything ends a run.
                if let Some(before) = run.take_if(|_| newlines > 1) {
                    add(before, FoldKind::Comment);
                }
                run = Some(run.map_or(here, |before| before.to(here)));
                newlines = 0;
            }
            TokenKind::Newline => newlines += 1,
            TokenKind::Space => {}
            _ => run.take().into_iter().for_each(|run| add(run, FoldKind::Comment)),
        }
    }
    run.into_iter().for_each(|run| add(run, FoldKind::Comment));
}

fn imports(items: &[Item], add: &mut dyn FnMut(Span, FoldKind)) {
    for run in items.chunk_by(|a, b| is_use(a) == is_use(b)).filter(|run| run.first().is_some_and(is_use)) {
        if let [first, .., last] = run {
            add(first.span.to(last.span), FoldKind::Imports);
        }
    }
}

fn is_use(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Use(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn blocks_lists_comments_and_uses() {
        let text = "//! About\n//! it.\ntopology t\nuse std.juniper.vmx\nuse std.juniper.vqfx\n\n// one\n\n// two\n// three\nnode a: vmx {\n  tags = [\n    \"x\",\n  ]\n}\nnode b: vmx { cpu = 1 }\n";
        let fixture = Fixture::new(text);
        let file = fixture.compilation.units[0].file;
        let found: Vec<String> = folds(fixture.view(), file)
            .iter()
            .map(|fold| format!("{:?} {}", fold.kind, fixture.shown(fold.span)))
            .collect();
        insta::assert_snapshot!(found.join("\n"), @r#"
        Comment main.wtop:1:1 //! About⏎//! it.
        Imports main.wtop:4:1 use std.juniper.vmx⏎use std.juniper.vqfx
        Comment main.wtop:9:1 // two⏎// three
        Code main.wtop:11:13 {⏎  tags = [⏎    "x",⏎  ]⏎}
        Code main.wtop:12:10 [⏎    "x",⏎  ]
        "#);
    }
}
