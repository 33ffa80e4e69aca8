//! Functions that write values in formats of others.

use super::super::limits::MAX_TEXT;
use super::super::operators::depends_on_secret;
use super::super::text::display;
use super::super::{Problem, Value, bounded_text, elements};
use super::{Function, unexpected};
use crate::diagnostics::codes::values as codes;
use base64::Engine;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "json",
        signature: "json(value: any) -> string",
        doc: "The value as JSON on one line. Quantities and addresses are strings, written as `${…}` would.",
        examples: &[(r#"json({ mtu = 9000, dns = [10.0.0.1] })"#, r#""{\"mtu\": 9000, \"dns\": [\"10.0.0.1\"]}""#)],
        body: |arguments| written(arguments, write_json),
    },
    Function {
        name: "yaml",
        signature: "yaml(value: any) -> string",
        doc: "The value as a YAML document. Quantities and addresses are strings, written as `${…}` would.",
        examples: &[(r#"yaml({ mtu = 9000, dns = [10.0.0.1] })"#, r#""mtu: 9000\ndns:\n  - \"10.0.0.1\"\n""#)],
        body: |arguments| written(arguments, |value, out| write_yaml(value, 0, out)),
    },
    Function {
        name: "base64",
        signature: "base64(text: string) -> string",
        doc: "The text in Base64 (RFC 4648, with padding).",
        examples: &[(r#"base64("wtop")"#, r#""d3RvcA==""#)],
        body: |arguments| match arguments {
            [Value::String(text)] => bounded_text(base64::engine::general_purpose::STANDARD.encode(text.as_bytes())),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "sha256",
        signature: "sha256(text: string) -> string",
        doc: "The SHA-256 hash of the text, in hexadecimal digits.",
        examples: &[(r#"sha256("wtop")"#, r#""a4c57c1b815550b18f18b57c65ca0a76a97816710855be307a7e6e3aafb0102f""#)],
        body: |arguments| match arguments {
            [Value::String(text)] => {
                let digits = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
                bounded_text(digits)
            }
            _ => Err(unexpected()),
        },
    },
];

/// Text that takes no more than [`MAX_TEXT`].
struct Limited(String);

impl Write for Limited {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > MAX_TEXT {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

fn written(arguments: &[Value], write: fn(&Value, &mut Limited) -> fmt::Result) -> Result<Value, Problem> {
    let [value] = arguments else { return Err(unexpected()) };
    writable(value)?;
    let mut out = Limited(String::new());
    match write(value, &mut out) {
        Ok(()) => Ok(Value::string(out.0)),
        Err(fmt::Error) => Err(Problem::new(&codes::E0313, "the text is longer than 1 MiB", "this is too large")),
    }
}

/// Are all its parts lists, records and what has a text?
fn writable(value: &Value) -> Result<(), Problem> {
    match value {
        Value::Secret(_) => Err(depends_on_secret()),
        Value::List(values) => values.iter().try_for_each(writable),
        Value::Map(entries) => entries.values().try_for_each(writable),
        Value::Null | Value::Range(..) => Ok(()),
        other => display(other).map(|_| ()),
    }
}

/// Numbers, truth values and null as they are, all else as a string.
fn write_scalar(value: &Value, out: &mut Limited) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(number) => write!(out, "{number}"),
        other => match display(other) {
            Ok(Value::String(text)) => write_string(&text, out),
            _ => Err(fmt::Error),
        },
    }
}

/// A string in quotes, which JSON and YAML read alike.
fn write_string(text: &str, out: &mut Limited) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            // Control characters; those past ASCII YAML does not allow unescaped.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                write!(out, "\\u{:04x}", u32::from(c))?;
            }
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

fn write_json(value: &Value, out: &mut Limited) -> fmt::Result {
    match value {
        Value::List(_) | Value::Range(..) => {
            out.write_char('[')?;
            for (index, value) in items(value)?.iter().enumerate() {
                out.write_str(if index > 0 { ", " } else { "" })?;
                write_json(value, out)?;
            }
            out.write_char(']')
        }
        Value::Map(entries) => {
            out.write_char('{')?;
            for (index, (name, value)) in entries.iter().enumerate() {
                out.write_str(if index > 0 { ", " } else { "" })?;
                write_string(name, out)?;
                out.write_str(": ")?;
                write_json(value, out)?;
            }
            out.write_char('}')
        }
        scalar => write_scalar(scalar, out),
    }
}

fn items(value: &Value) -> Result<Vec<Value>, fmt::Error> {
    elements(value).and_then(Result::ok).ok_or(fmt::Error)
}

/// The value as whole lines, `depth` levels in.
fn write_yaml(value: &Value, depth: usize, out: &mut Limited) -> fmt::Result {
    match value {
        Value::List(_) | Value::Range(..) if !is_empty(value) => items(value)?.iter().try_for_each(|value| {
            write!(out, "{:1$}-", "", depth * 2)?;
            write_yaml_entry(value, depth, out)
        }),
        Value::Map(entries) if !entries.is_empty() => entries.iter().try_for_each(|(name, value)| {
            write!(out, "{:1$}", "", depth * 2)?;
            if plain_key(name) {
                out.write_str(name)?
            } else {
                write_string(name, out)?
            };
            out.write_char(':')?;
            write_yaml_entry(value, depth, out)
        }),
        other => {
            write_json(other, out)?;
            out.write_char('\n')
        }
    }
}

/// What follows `-` or `key:`: on the same line, or a level in on the next.
fn write_yaml_entry(value: &Value, depth: usize, out: &mut Limited) -> fmt::Result {
    match value {
        Value::List(_) | Value::Range(..) | Value::Map(_) if !is_empty(value) => {
            out.write_char('\n')?;
            write_yaml(value, depth + 1, out)
        }
        other => {
            out.write_char(' ')?;
            write_yaml(other, depth, out)
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(values) => values.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Range(first, last) => last < first,
        _ => false,
    }
}

/// May it stand without quotes and still be a string to every YAML reader?
fn plain_key(name: &str) -> bool {
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && !words.iter().any(|word| name.eq_ignore_ascii_case(word))
}
