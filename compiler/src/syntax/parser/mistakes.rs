//! The words about items that do not fit the grammar.

use crate::diagnostics::codes::syntax as codes;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// How a construct is called, and how it is written; by the word it begins with.
pub fn form(word: &str) -> (&'static str, &'static str) {
    match word {
        "attribute " => ("an attribute", "`memory = 4GiB`"),
        "group" => ("a group", "`images { debian = \"debian.qcow2\" }`"),
        "part" => ("a part", "`network lan { … }`"),
        "field" => ("a field of a type", "`name: string` or `hosts: int = 2`"),
        "enum" => ("an enum", "`enum { routed, bridged }`"),
        "use name" => ("what is used", "`.{a, b as c}`"),
        "edition" => ("the edition", "`edition 2026`"),
        "topology" => ("a topology", "`topology NAME`"),
        "use" => ("`use`", "`use std.juniper.vsrx`, or `use \"./lib.wtop\".{a, b as c}`"),
        "param" => ("a parameter", "`param spines: int = 2 where spines in 1..4`"),
        "let" => ("a constant", "`let NAME = VALUE`"),
        "type" => ("a type", "`type site = { name: string, hosts: int = 2 }`"),
        "pool" => ("a pool", "`pool p2p = 10.0.0.0/16 per /31`"),
        "node" => ("a node", "`node NAME: DEVICE { … }`"),
        "link" => ("a link", "`link a:eth1 <-> b:eth1 { … }`, with a name `link up: a <-> b`"),
        "lag" => ("a lag", "`lag a:ae0 <-> b:ae0 { link a:eth1 <-> b:eth1 }`"),
        "wire" => ("a wire", "`wire re:em1 <-> pfe:em1`"),
        "for" => ("`for`", "`for x in LIST { … }`"),
        "if" => ("`if`", "`if CONDITION { … } else { … }`"),
        "device" => ("a device", "`device NAME extends BASE { … }`"),
        "module" => ("a module", "`module NAME(hosts: int = 2) { … }`"),
        "interface" => {
            ("an interface", "`interface lo0 { … }`, or in a device `interface \"eth${n}\" for n in 0..3 = re:xe[n]`")
        }
        "defaults" => ("`defaults`", "`defaults node: DEVICE tagged \"TAG\" { … }`"),
        "override" => ("`override`", "`override leaf[1] { … }`"),
        "remove" => ("`remove`", "`remove re:em2`"),
        "attribute" => ("an attribute's declaration", "`attribute asn: int on node`"),
        "check" => ("a check", "`check NAME: CONDITION else \"message\"`"),
        "expect" => ("an expectation", "`expect ping(a, b) { within = 30s }`"),
        "target" => ("a target", "`target NAME: kvm { … }`"),
        _ => ("a value", "`1..4`, `\"text\"`, `[a, b]`"),
    }
}

/// A diagnostic about a construct, with how that is written.
pub fn about(code: &'static Code, word: &str, place: Span, message: String, label: impl Into<String>) -> Diagnostic {
    let (what, example) = form(word);
    let diagnostic = Diagnostic::new(code, place, message, label);
    if word.is_empty() { diagnostic } else { diagnostic.help(format!("{what} is written {example}")) }
}

/// `vlan 10 { … }`
pub fn numbered(place: Span, word: &str, number: &str) -> Diagnostic {
    let help = match word {
        "vlan" => format!("choose a name; the number is an attribute: `vlan red {{ id = {number} }}`"),
        "network" => format!("choose a name; the prefix is an attribute: `network lan {{ subnet = {number} }}`"),
        _ => format!("choose a name: `{word} red {{ … }}`"),
    };
    let message = format!("a name stands behind `{word}`, and `{number}` is none");
    Diagnostic::new(&codes::E0121, place, message, "not a name").help(help)
}

/// Something else than attributes in a record or at the end of a link.
pub fn only_attributes(place: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::E0133,
        place,
        "a value in braces holds only attributes: `{ a = 1, b = 2 }`",
        "not an attribute",
    )
}

/// `${}`
pub fn empty_hole(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0107, place, "there is nothing in this `${…}`", "a value is missing")
        .help("for the two characters themselves write `\\${`")
}

/// No text where a value was asked for.
pub fn no_value(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0120, place, "a value is missing", "nothing here")
}

/// More than one value where one was asked for.
pub fn second_value(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0129, place, "one value was expected, and here begins something else", "not read")
}

/// `///` before nothing.
pub fn doc_without_item(place: Span) -> Diagnostic {
    let marks = Span { end: place.start + 3, ..place };
    Diagnostic::new(&codes::E0113, place, "nothing follows that this `///` could document", "documents nothing").fix(
        "Write `//`",
        marks,
        "//",
    )
}

/// Mended as often as is sensible, and still no item.
pub fn unreadable(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0129, place, "this item has more mistakes than can be told apart", "not read")
}

/// Something that does not fit, in a place where such mistakes are mostly reported with what is around them.
pub fn not_read(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0129, place, "something in this does not fit", "not read")
}

/// `pub` and nothing after it.
pub fn pub_alone(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0132, place, "`pub` stands before what it makes visible", "nothing follows")
        .help("`pub device vqfx { … }`")
}

/// `pub` before something that has no name that others could use.
pub fn pub_here(place: Span, what: &str) -> Diagnostic {
    let with_space = Span { end: place.end + 1, ..place };
    Diagnostic::new(&codes::E0132, place, format!("`pub` has no meaning before {what}"), "remove this")
        .help("`pub` makes a device, module, type, constant or a member of a module visible to others")
        .fix("Remove `pub`", with_space, "")
}

/// A word that begins no declaration.
pub fn unknown_word(place: Span, written: &str, meant: Option<&str>) -> Diagnostic {
    let message = format!("`{written}` does not begin a declaration");
    let diagnostic = Diagnostic::new(&codes::E0125, place, message, "unknown word");
    match meant {
        Some(meant) => {
            diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), place, meant)
        }
        None => diagnostic
            .help("a line begins with a word like `node`, `link`, `network`, or sets an attribute: `name = value`"),
    }
}

/// Something that begins no item.
pub fn no_item(place: Span, written: &str) -> Diagnostic {
    let message = match written.chars().count() {
        0..=20 => format!("a line cannot begin with `{written}`"),
        _ => "a line cannot begin with this".to_owned(),
    };
    Diagnostic::new(&codes::E0125, place, message, "no declaration and no attribute")
        .help("a line begins with a word like `node`, `link`, `network`, or sets an attribute: `name = value`")
}

/// What other languages call `else if`.
pub const ELSE_IF: &[&str] = &["elif", "elsif", "elseif"];

/// `elif` at the start of a line.
pub fn else_if(place: Span, written: &str) -> Diagnostic {
    Diagnostic::new(&codes::E0131, place, format!("`{written}` is written `else if`"), "write `else if`").fix(
        "Write `else if`",
        place,
        "else if",
    )
}

/// `else` that belongs to no `if`.
pub fn else_alone(place: Span) -> Diagnostic {
    Diagnostic::new(&codes::E0131, place, "this `else` belongs to no `if`", "no `if { … }` before it")
        .help("`if CONDITION { … } else { … }`")
}

/// `True`, `None`: words of other languages.
pub fn foreign_word(place: Span, written: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(&codes::E0145, place, format!("`{written}` is written `{meant}`"), format!("write `{meant}`")).fix(
        format!("Write `{meant}`"),
        place,
        meant,
    )
}
