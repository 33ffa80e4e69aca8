//! `--set` and `--params`: values for the parameters of a topology.

use crate::exit::Failure;
use crate::inputs::Input;
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};
use wtop_compiler::diagnostics::render::{TextOptions, summary, text};
use wtop_compiler::source::Sources;
use wtop_compiler::syntax::ast::{Attribute, Item, ItemKind, KeyKind};
use wtop_compiler::syntax::parse;

/// Values for parameters.
#[derive(Args, Debug, Default)]
pub struct Parameters {
    /// Set a parameter, as in `--set leaves=8`; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,

    /// Set parameters from a file: `NAME = VALUE` lines, or a JSON object in a `.json` file
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    params: Vec<PathBuf>,
}

impl Parameters {
    /// Parameters with their values as expressions of the language: of files first, `--set` after them. The last of a
    /// name counts.
    ///
    /// # Errors
    /// A file that cannot be read, or is not what it should be.
    pub fn values(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut values = Vec::new();
        for file in &self.params {
            values.extend(read(file)?);
        }
        values.extend(self.set.iter().cloned());
        Ok(values)
    }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

fn read(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let bytes = Input::open(file)?.bytes()?;
    let Ok(source) = String::from_utf8(bytes) else {
        return Err(Failure::usage(format!("`{}` is not UTF-8 text", file.display())));
    };
    let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if is_json { from_json(&source) } else { from_lines(file, &source) }
        .map_err(|problem| Failure::usage(format!("`{}` gives no parameters: {problem}", file.display())))
}

/// `name = value` lines, in the syntax of the language.
fn from_lines(file: &Path, source: &str) -> Result<Vec<(String, String)>, String> {
    let mut sources = Sources::default();
    let id = sources.add(file, file.display().to_string(), source);
    let parsed = parse(id, source);
    if !parsed.diagnostics.is_empty() {
        let shown = text(&parsed.diagnostics, &sources, &TextOptions::default());
        return Err(format!("{}\n\n{}", summary(&parsed.diagnostics), shown.trim_end()));
    }
    let assignment = |item: &Item| {
        if let ItemKind::Attribute(Attribute { key, append: false, value }) = &item.kind
            && let KeyKind::Name(name) = &key.kind
        {
            return Ok((name.to_string(), sources.text(value.span).to_owned()));
        }
        let line = sources.get(id).map_or(0, |file| file.lines.utf8(item.span.start).line + 1);
        Err(format!("line {line} is not `NAME = VALUE`"))
    };
    parsed.tree.items.iter().map(assignment).collect()
}

fn from_json(source: &str) -> Result<Vec<(String, String)>, String> {
    match serde_json::from_str(source) {
        Ok(Value::Object(fields)) => {
            fields.iter().map(|(name, value)| Ok((name.clone(), expression(value)?))).collect()
        }
        Ok(_) => Err("it is not a JSON object".to_owned()),
        Err(error) => Err(format!("it is not JSON: {error}")),
    }
}

/// A JSON value as an expression. The parser of JSON bounds its depth.
fn expression(value: &Value) -> Result<String, String> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) if number.is_f64() => {
            return Err(format!("{number} is not a whole number"));
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(expression).collect::<Result<Vec<String>, String>>()?.join(", "))
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| Ok(format!("{} = {}", quoted(name), expression(value)?));
            format!("{{ {} }}", fields.iter().map(field).collect::<Result<Vec<String>, String>>()?.join(", "))
        }
    })
}

/// A text as a string of the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' | '$' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_expressions() {
        let source = r#"{ "leaves": 8, "sites": [{ "name": "n\"y$c\n" }], "on": true, "none": null }"#;
        let expected =
            [("leaves", "8"), ("none", "null"), ("on", "true"), ("sites", r#"[{ "name" = "n\"y\$c\u{a}" }]"#)];
        let mut found = from_json(source).unwrap();
        found.sort();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
        assert!(from_json("[1]").is_err());
        assert!(from_json(r#"{ "a": 1.5 }"#).is_err());
    }
}
