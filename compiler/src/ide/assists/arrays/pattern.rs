//! What changes from one item to the next, as a formula of a loop's variable.

use crate::ide::assists::Context;
use crate::source::Span;
use crate::syntax::ast::Item;
use crate::syntax::token::{Quotes, Token, TokenKind};

/// A loop over numbers that writes some items.
pub struct Pattern {
    /// The first and last number.
    pub range: (i64, i64),
    /// Of the first item, the spans that change and what stands there in the loop.
    pub changes: Vec<(Span, String)>,
}

/// The loop that writes these items, if they differ only in numbers that go up or down evenly.
pub fn pattern(context: &Context, items: &[Item], variable: &str) -> Option<Pattern> {
    let rows: Vec<Vec<Token>> = items.iter().map(|item| words(context, item)).collect();
    let (first, others) = rows.split_first()?;
    let same_shape = |row: &Vec<Token>| row.iter().map(|token| token.kind).eq(first.iter().map(|token| token.kind));
    if others.is_empty() || !others.iter().all(same_shape) {
        return None;
    }
    let mut found = Vec::new();
    for (column, token) in first.iter().enumerate() {
        let texts: Vec<&str> = rows.iter().map(|row| text(context, row, column)).collect();
        if texts.windows(2).any(|pair| pair.first() != pair.last()) {
            found.push((column, *token, series(token.kind, &texts)?));
        }
    }
    let counted = found.iter().map(|(_, _, series)| series).find(|series| series.step == 1);
    let start = counted.map_or(1, |series| series.start);
    let count = i64::try_from(items.len()).ok()?;
    let file = context.file();
    let changes = found.iter().map(|(column, token, series)| {
        let formula = series.formula(variable, start);
        let is_alone = token.kind != TokenKind::Int || formula == variable || stands_alone(first, *column);
        let text = match token.kind {
            TokenKind::Int if is_alone => formula,
            TokenKind::Int => format!("({formula})"),
            _ => format!("{}${{{formula}}}{}", series.before, series.after),
        };
        (Span::new(file, token.start as usize, token.end as usize), text)
    });
    let changes: Vec<(Span, String)> = changes.collect();
    (!changes.is_empty()).then_some(Pattern { range: (start, start + count - 1), changes })
}

/// The tokens of an item that are neither space nor line ends; without any, where there is a comment or text that takes
/// no holes.
fn words(context: &Context, item: &Item) -> Vec<Token> {
    let tokens = context.tokens(item.span);
    let is_raw = |token: &Token| match token.kind {
        TokenKind::StringOpen(quotes) => quotes.raw() || quotes == Quotes::Foreign,
        _ => false,
    };
    if context.has_comment(item.span) || tokens.iter().any(is_raw) {
        return Vec::new();
    }
    tokens.iter().filter(|token| !token.kind.is_trivia()).copied().collect()
}

fn text<'a>(context: &Context<'a>, row: &[Token], column: usize) -> &'a str {
    row.get(column).and_then(|token| context.text.get(token.range())).unwrap_or_default()
}

/// Numbers in the same place of several texts.
struct Series<'a> {
    before: &'a str,
    after: &'a str,
    start: i64,
    step: i64,
}

impl Series<'_> {
    /// The number, from a variable that begins with `from`.
    fn formula(&self, variable: &str, from: i64) -> String {
        let rest = self.start - self.step * from;
        let product = match self.step {
            1 => variable.to_owned(),
            -1 => return format!("{rest} - {variable}"),
            step => format!("{variable} * {step}"),
        };
        match rest {
            0 => product,
            rest if rest < 0 => format!("{product} - {}", rest.unsigned_abs()),
            rest => format!("{product} + {rest}"),
        }
    }
}

/// What differs between the texts of a token, if it is one number.
fn series<'a>(kind: TokenKind, texts: &[&'a str]) -> Option<Series<'a>> {
    let (one, two) = (*texts.first()?, *texts.get(1)?);
    let is_ip = matches!(kind, TokenKind::Address | TokenKind::AddressPart);
    let takes = matches!(kind, TokenKind::Int | TokenKind::PortText | TokenKind::StringText) || is_ip;
    if !takes || is_ip && texts.iter().any(|text| text.contains(':')) {
        return None;
    }
    let digit = |char: char| char.is_ascii_digit();
    let same = one.bytes().zip(two.bytes()).take_while(|(one, two)| one == two).count();
    let before = one.get(..same)?.trim_end_matches(digit);
    let (one_rest, two_rest) = (one.get(before.len()..)?, two.get(before.len()..)?);
    let ends = one_rest.bytes().rev().zip(two_rest.bytes().rev());
    let same = ends.take_while(|(one, two)| one == two).count();
    let after = one_rest.get(one_rest.len() - same..)?.trim_start_matches(digit);
    let number = |text: &str| -> Option<i64> {
        let digits = text.strip_prefix(before)?.strip_suffix(after)?;
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_short = digits == "0" || !digits.starts_with('0');
        (plain && is_short && digits.len() < 10).then(|| digits.parse().ok()).flatten()
    };
    let numbers = texts.iter().map(|text| number(text)).collect::<Option<Vec<i64>>>()?;
    let (start, step) = (*numbers.first()?, numbers.get(1)? - numbers.first()?);
    let even = numbers.windows(2).all(|pair| pair.last().zip(pair.first()).is_some_and(|(b, a)| b - a == step));
    let begins_address = is_ip && kind == TokenKind::Address && before.is_empty();
    (even && step != 0 && step > -2 && !begins_address).then_some(Series { before, after, start, step })
}

/// Is a token next to nothing that would bind tighter than an operator?
fn stands_alone(row: &[Token], column: usize) -> bool {
    use TokenKind::*;
    let before = column.checked_sub(1).and_then(|before| row.get(before)).map(|token| token.kind);
    let after = row.get(column + 1).map(|token| token.kind);
    matches!(before, Some(OpenBracket | OpenParen | Comma | Equal))
        && matches!(after, None | Some(CloseBracket | CloseParen | CloseBrace | Comma | Name))
}
