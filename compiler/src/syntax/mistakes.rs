//! The words about characters, strings and brackets that are wrong.

use super::literal::BadLiteral;
use super::text::BadBlock;
use super::token::{TokenKind, Wrong};
use crate::diagnostics::codes::syntax as codes;
use crate::diagnostics::{Diagnostic, TextEdit};
use crate::source::Span;

/// What is said once a file.
#[derive(Debug, Default)]
pub struct Seen {
    line_ends: bool,
}

impl Seen {
    /// The diagnostic about a wrong token, unless the file has had it; `attribute` is what it would be the value of.
    pub fn report(&mut self, wrong: Wrong, text: &str, span: Span, attribute: Option<&str>) -> Option<Diagnostic> {
        if wrong == Wrong::Return && std::mem::replace(&mut self.line_ends, true) {
            return None;
        }
        Some(wrong_token(wrong, text, span, attribute))
    }
}

fn wrong_token(wrong: Wrong, text: &str, span: Span, attribute: Option<&str>) -> Diagnostic {
    let word = |code, meant: &str, title: &str| {
        Diagnostic::new(
            code,
            span,
            format!("`{text}` is not an operator here: write `{meant}`"),
            format!("write `{meant}`"),
        )
        .fix(title, span, meant)
    };
    match wrong {
        Wrong::HashComment => {
            Diagnostic::new(&codes::E0002, span, "a comment starts with `//`, not with `#`", "not a comment").fix(
                "Write `//`",
                Span { end: span.start + 1, ..span },
                "//",
            )
        }
        Wrong::BlockComment => block_comment(text, span),
        Wrong::Space => Diagnostic::new(
            &codes::E0003,
            span,
            "this space is a special character that only looks like one",
            "neither a space nor a tab",
        )
        .fix("Write a space", span, " "),
        Wrong::Return => Diagnostic::new(
            &codes::E0004,
            span,
            "a line ends with a lone carriage return",
            "only LF and CRLF end a line",
        )
        .help("save the file with LF or CRLF line ends"),
        Wrong::Name => foreign_name(text, span),
        Wrong::NameWithHole => name_with_hole(text, span),
        Wrong::Number => wrong_number(text, span, attribute),
        Wrong::Semicolon => semicolon(AfterSemicolon::Nothing, span),
        Wrong::AndAnd => word(&codes::E0013, "and", "Write `and`"),
        Wrong::OrOr => word(&codes::E0013, "or", "Write `or`"),
        Wrong::Bang => Diagnostic::new(&codes::E0013, span, "`!` is not an operator here: write `not`", "write `not`")
            .fix("Write `not`", span, "not "),
        Wrong::RangeEqual => {
            Diagnostic::new(&codes::E0014, span, "a range is written `a..b` and includes both ends", "write `..`").fix(
                "Write `..`",
                span,
                "..",
            )
        }
        Wrong::ColonColon => {
            let message = "`::` stands only in IPv6 addresses: the parts of a path are separated by `.`";
            Diagnostic::new(&codes::E0016, span, message, "write `.`, or `:` before an interface")
                .fix("Write `.`", span, ".")
                .fix("Write `:`", span, ":")
        }
        Wrong::Characters => {
            let message = format!("{} not allowed here", characters(text));
            Diagnostic::new(&codes::E0001, span, message, "means nothing outside of a string or comment")
        }
    }
}

/// What follows a `;` on its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterSemicolon {
    /// No item.
    Nothing,
    /// Another item of the same braces.
    Item,
    /// Another item of the file, after so many bytes of space.
    Declaration(u32),
}

/// `;` between or after items.
pub fn semicolon(after: AfterSemicolon, span: Span) -> Diagnostic {
    let message = "`;` is not needed: an item ends with its line";
    let diagnostic = |label: &str| {
        Diagnostic::new(&codes::E0015, span, message, label)
            .help("several items on one line stand in braces, with commas: `{ cpu = 1, memory = 2GiB }`")
    };
    match after {
        AfterSemicolon::Nothing => diagnostic("remove this").fix("Remove `;`", span, ""),
        AfterSemicolon::Item => diagnostic("write a comma").fix("Write `,`", span, ","),
        AfterSemicolon::Declaration(space) => {
            let span = Span { end: span.end + space, ..span };
            diagnostic("start a new line").fix("Start a new line", span, "\n")
        }
    }
}

fn characters(text: &str) -> String {
    let count = text.chars().count();
    let shown: String = text.chars().take(8).map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect();
    match count {
        1 => format!("the character `{shown}` is"),
        2..=8 => format!("the characters `{shown}` are"),
        _ => format!("these {count} characters (`{shown}…`) are"),
    }
}

fn block_comment(text: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &codes::E0002,
        span,
        "a comment starts with `//` and ends with its line",
        "`/* … */` is not a comment",
    );
    let body = text.strip_prefix("/*").unwrap_or(text);
    let body = body.strip_suffix("*/").unwrap_or(body);
    let lines: Vec<String> = body.lines().map(|line| format!("// {}", line.trim()).trim_end().to_owned()).collect();
    let mended = lines.join("\n");
    diagnostic.help("put `//` before each line").fix("Write `//`", span, if mended.is_empty() { "//" } else { &mended })
}

fn foreign_name(text: &str, span: Span) -> Diagnostic {
    let message = format!("`{text}` is not a name: names have the letters a to z, digits, `_` and, inside, `-`");
    Diagnostic::new(&codes::E0005, span, message, "has other letters")
        .help("any text may stand in an attribute: `label = \"…\"`")
}

fn name_with_hole(text: &str, span: Span) -> Diagnostic {
    let (name, rest) = text.split_once("${").unwrap_or((text, ""));
    let index = rest.split('}').next().unwrap_or_default().trim();
    let message = format!("a name cannot be put together with `${{…}}`: `{name}` with an index is `{name}[{index}]`");
    Diagnostic::new(&codes::E0006, span, message, "names are written out")
        .help("nodes that are counted are an array: `node leaf[1..4]: vqfx`")
        .fix(format!("Write `{name}[{index}]`"), span, format!("{name}[{index}]"))
}

/// `4G`, `1.5`, `10.0.0`, `4gib`
fn wrong_number(text: &str, span: Span, attribute: Option<&str>) -> Diagnostic {
    let unit_at = text.find(|char: char| !char.is_ascii_digit() && !matches!(char, '.' | '_')).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let dots = number.matches('.').count();
    if text.contains("${") {
        return Diagnostic::new(&codes::E0011, span, format!("`{text}` is not an address"), "not an address")
            .help("an address with `${…}` begins with a digit; others are put together from strings");
    }
    if text.starts_with("0x") {
        return Diagnostic::new(&codes::E0009, span, format!("`{text}` is not a hexadecimal number"), "not a number");
    }
    if dots > 1 || text.contains(':') {
        return Diagnostic::new(&codes::E0011, span, format!("`{text}` is not an address"), "not an address")
            .help("an IPv4 address has four numbers: `10.0.0.1`; an IPv6 address eight groups or `::`: `2001:db8::1`");
    }
    if unit.is_empty() {
        return Diagnostic::new(
            &codes::E0009,
            span,
            format!("`{text}` has decimals, but no unit"),
            "a unit is missing",
        )
        .help("numbers are whole; only quantities have decimals: `1.5Gbps`, `0.1%`");
    }
    if unit.starts_with('/') {
        return Diagnostic::new(&codes::E0009, span, format!("`{text}` is not a number"), "not a number");
    }
    let units = meant_units(unit, attribute);
    let clean = number.replace('_', "");
    let message = if units.contains(&unit) {
        format!("`{text}` has `_` in a quantity")
    } else {
        format!("`{unit}` is not a unit")
    };
    let help = match units.as_slice() {
        [] => "units are B kB MB GB TB KiB MiB GiB TiB, ns us ms s min h d, bps kbps Mbps Gbps Tbps, %".to_owned(),
        units => {
            let meant: Vec<String> = units.iter().map(|unit| format!("`{clean}{unit}`")).collect();
            format!("did you mean {}?", meant.join(" or "))
        }
    };
    let diagnostic = Diagnostic::new(&codes::E0008, span, message, "not a quantity").help(help);
    units.iter().fold(diagnostic, |diagnostic, unit| {
        diagnostic.fix(format!("Write `{clean}{unit}`"), span, format!("{clean}{unit}"))
    })
}

/// The units that may be meant by something else, as the value of an attribute of this name.
pub fn meant_units(written: &str, attribute: Option<&str>) -> Vec<&'static str> {
    let of_attribute = |unit: &&'static str| match attribute {
        Some("memory" | "disk_size" | "size") => unit.ends_with('B'),
        Some("rate") => unit.ends_with("bps"),
        _ => true,
    };
    alike_units(written).into_iter().filter(of_attribute).collect()
}

fn alike_units(written: &str) -> Vec<&'static str> {
    match written {
        "K" | "k" | "KB" | "kb" | "Kb" => vec!["kB", "KiB"],
        "M" | "Mb" | "mb" => vec!["MB", "MiB", "Mbps"],
        "G" | "Gb" | "gb" | "g" => vec!["GB", "GiB", "Gbps"],
        "T" | "t" => vec!["TB", "TiB", "Tbps"],
        "Mbit" | "mbit" => vec!["Mbps"],
        "Gbit" | "gbit" => vec!["Gbps"],
        "m" => vec!["min", "ms"],
        "sec" | "secs" | "seconds" | "second" => vec!["s"],
        "mins" | "minutes" | "minute" => vec!["min"],
        "hours" | "hour" | "hr" => vec!["h"],
        "days" | "day" => vec!["d"],
        "msec" | "millis" => vec!["ms"],
        _ => super::lexer::UNITS.iter().copied().filter(|unit| unit.eq_ignore_ascii_case(written)).collect(),
    }
}

/// A number, quantity or address without a value.
pub fn literal(bad: BadLiteral, text: &str, span: Span) -> Diagnostic {
    match bad {
        BadLiteral::TooLarge => {
            Diagnostic::new(&codes::E0010, span, format!("`{text}` is too large"), "larger than can be counted")
        }
        BadLiteral::TooFine => Diagnostic::new(
            &codes::E0010,
            span,
            format!("`{text}` is finer than its unit can be divided"),
            "too many decimals",
        )
        .help("use a smaller unit"),
        BadLiteral::Octet => Diagnostic::new(
            &codes::E0011,
            span,
            format!("`{text}` is not an IPv4 address: each of its four numbers is at most 255"),
            "a number above 255",
        ),
        BadLiteral::Length { most } => Diagnostic::new(
            &codes::E0012,
            span,
            format!("`{text}` has a prefix length above {most}"),
            format!("the length is 0 to {most}"),
        ),
        BadLiteral::Address => {
            Diagnostic::new(&codes::E0011, span, format!("`{text}` is not an address"), "not an address")
        }
    }
}

/// `'…'` or typographic quotes.
pub fn foreign_quotes(open: Span, close: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::E0007, open, "strings stand in straight double quotes", "not a `\"`");
    let edits = [Some(open), close].into_iter().flatten().map(|span| TextEdit { span, text: "\"".to_owned() });
    diagnostic.fix_all("Write `\"`", edits.collect())
}

/// A backslash before something else.
pub fn escape(text: &str, span: Span) -> Diagnostic {
    let mended = format!("\\{text}");
    let message = if text.starts_with("\\u") {
        format!("`{text}` is not a character: write `\\u{{…}}` with the hexadecimal number of one")
    } else {
        format!("`{text}` is not an escape")
    };
    Diagnostic::new(&codes::E0017, span, message, "unknown escape")
        .help("escapes are \\n \\t \\r \\\" \\\\ \\$ \\u{…}; `r\"…\"` has none")
        .fix(format!("Write `{mended}`"), span, mended)
}

/// A string without its closing quotes.
pub fn unclosed_string(open: Span, end: Span, text: &str, one_line: bool) -> Diagnostic {
    if !one_line {
        return Diagnostic::new(&codes::E0102, open, "this `\"\"\"` text is never closed", "opened here")
            .label(end, "taken to end here")
            .help("close it with `\"\"\"` on a line of its own");
    }
    let string = Diagnostic::new(
        &codes::E0101,
        open.to(end),
        "this string is never closed",
        "no `\"` up to the end of the line",
    )
    .help("for text of several lines, use `\"\"\"`");
    // The brackets at the end of the line probably belong after the string.
    let kept = text.trim_end_matches(['}', ')', ']', ',', ' ', '\t']);
    let close = Span { start: open.end + kept.len() as u32, end: open.end + kept.len() as u32, ..open };
    if kept.is_empty() { string } else { string.fix("Close the string", close, "\"") }
}

/// `${` without `}`.
pub fn unclosed_hole(open: Span, end: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0103, open, "this `${` is never closed", "opened here")
        .label(end, "a `}` is missing")
        .help("`${…}` puts a value into the text; for the two characters themselves write `\\${`")
        .fix("Insert `}`", end, "}")
}

/// What is wrong with the lines of a `"""` text. `after_open` is the first byte after the opening quotes.
pub fn block_string(bad: BadBlock, span: Span, after_open: u32, text: &str) -> Diagnostic {
    match bad {
        BadBlock::FirstLine => {
            let place = Span { start: after_open, end: after_open, ..span };
            Diagnostic::new(
                &codes::E0104,
                span,
                "the text of a `\"\"\"` starts on the line below it",
                "text on the same line",
            )
            .help("for text on one line use `\"…\"`")
            .fix("Start a new line", place, "\n")
        }
        BadBlock::LastLine => {
            let close = Span { start: span.end.saturating_sub(3), ..span };
            Diagnostic::new(&codes::E0105, close, "the closing `\"\"\"` stands on a line of its own", "text before it")
                .fix("Start a new line", close.at_start(), "\n")
        }
        BadBlock::Indentation(start) => {
            let line = text.get(start as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
            let place = Span { start, end: start + line.len() as u32, ..span };
            Diagnostic::new(
                &codes::E0106,
                place,
                "this line is indented less than the closing `\"\"\"`",
                "not far enough right",
            )
            .help("the indentation of the closing `\"\"\"` is taken off each line of the text")
        }
    }
}

/// A bracket that is not closed.
pub fn unclosed_bracket(kind: TokenKind, span: Span) -> Diagnostic {
    let (open, close) = match kind {
        TokenKind::OpenBrace => ('{', '}'),
        TokenKind::OpenParen => ('(', ')'),
        _ => ('[', ']'),
    };
    Diagnostic::new(&codes::E0110, span, format!("this `{open}` is never closed"), format!("no `{close}` for it"))
}

/// A closing bracket without an opening one.
pub fn stray_bracket(kind: TokenKind, span: Span) -> Diagnostic {
    let close = match kind {
        TokenKind::CloseBrace => '}',
        TokenKind::CloseParen => ')',
        _ => ']',
    };
    Diagnostic::new(&codes::E0111, span, format!("this `{close}` closes nothing"), "nothing is open here").fix(
        format!("Remove `{close}`"),
        span,
        "",
    )
}

/// More brackets in each other than are read.
pub fn too_deep(span: Span, open: Span) -> Diagnostic {
    let most = super::structure::MOST_NESTED;
    let message = format!("brackets are nested deeper than {most} levels");
    Diagnostic::new(&codes::E0112, open, message, format!("level {}", most + 1))
        .label(span.at_end(), "not read up to here")
        .help("give parts of it a name with `let`")
}

/// One item with too many operators.
pub fn too_many_operators(span: Span) -> Diagnostic {
    let most = super::structure::MOST_WEIGHT;
    Diagnostic::new(&codes::E0112, span, format!("this has more than {most} operators in a row"), "not read")
        .help("give parts of it a name with `let`, or use a list")
}

/// `///` after something.
pub fn doc_after_item(span: Span) -> Diagnostic {
    let marks = Span { end: span.start + 3, ..span };
    Diagnostic::new(&codes::E0113, span, "a `///` stands on the line before what it documents", "documents nothing")
        .help("a remark behind an item is a comment: `//`")
        .fix("Write `//`", marks, "//")
}

/// `//!` after the first item.
pub fn late_file_doc(span: Span) -> Diagnostic {
    let marks = Span { end: span.start + 3, ..span };
    Diagnostic::new(
        &codes::E0114,
        span,
        "a `//!` stands before the first item: it documents the file",
        "not at the start",
    )
    .help("`///` documents the item below it")
    .fix("Write `//`", marks, "//")
}

/// A comma between items of a file.
pub fn comma_outside_braces(span: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::E0115,
        span,
        "a comma separates items only in braces",
        "outside of braces, each item has its line",
    )
    .fix("Start a new line", span, "\n")
}

/// An operator before the line end, and what stands on the next line.
pub fn operator_at_line_end(text: &str, operator: Span, next: Span) -> Diagnostic {
    let moved = vec![
        TextEdit { span: operator, text: String::new() },
        TextEdit { span: next.at_start(), text: format!("{text} ") },
    ];
    let message = format!("a line that ends with `{text}` does not go on: the `{text}` begins the next line");
    Diagnostic::new(&codes::E0144, operator, message, "at the end of its line")
        .label(next, "goes on here")
        .fix_all(format!("Move `{text}` to the next line"), moved)
}

/// `1b` where a name stands.
pub fn name_begins_with_digit(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0121, span, format!("`{text}` is not a name: a name begins with a letter"), "not a name")
}

/// `[1, 2)`
pub fn other_bracket(open: Span, opened: &str, close: Span, closed: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::E0111,
        close,
        format!("`{opened}` is closed with `{meant}`, not with `{closed}`"),
        format!("write `{meant}`"),
    )
    .label(open, "opened here")
    .fix(format!("Write `{meant}`"), close, meant)
}

/// `for i, j in …`
pub fn two_variables(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0137, span, "`for` has one variable", "a second one follows")
        .help("for every pair write one `for` within another: `for i in 1..2 { for j in 1..2 { … } }`")
}
