//! `grammar/wtop.tmLanguage.json` is in itself consistent and knows every word of the language. What scopes it gives is
//! tested by `scripts/grammar textmate`, where node is installed.

#[path = "../../../compiler/tests/grammar/ebnf.rs"]
#[allow(dead_code)] // The compiler's own test uses all of it.
mod ebnf;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Gives all strings below a value, each with the key that it stands at.
fn strings<'a>(value: &'a Value, key: &'a str, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) => found.push((key, text)),
        Value::Array(values) => values.iter().for_each(|value| strings(value, key, found)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| strings(value, key, found)),
        _ => {}
    }
}

#[test]
fn rules_are_there_and_used() {
    let grammar = read("wtop.tmLanguage.json");
    let mut found = Vec::new();
    strings(&grammar, "", &mut found);
    let included: BTreeSet<&str> =
        found.iter().filter(|(key, _)| *key == "include").filter_map(|(_, rule)| rule.strip_prefix('#')).collect();
    let rules: BTreeSet<&str> = grammar["repository"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(included, rules);
}

#[test]
fn scopes_are_named_by_the_language() {
    let grammar = read("wtop.tmLanguage.json");
    let mut found = Vec::new();
    strings(&grammar["repository"], "", &mut found);
    let scopes: Vec<&str> =
        found.iter().filter(|(key, _)| matches!(*key, "name" | "contentName")).map(|(_, scope)| *scope).collect();
    assert!(scopes.len() > 50);
    let others: Vec<&&str> = scopes.iter().filter(|scope| !scope.ends_with(".wtop")).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn every_word_of_the_language_is_known() {
    let grammar = read("wtop.tmLanguage.json");
    let mut found = Vec::new();
    strings(&grammar["repository"], "", &mut found);
    let patterns: String = found
        .iter()
        .filter(|(key, _)| matches!(*key, "match" | "begin"))
        .map(|(_, pattern)| format!("{pattern}\n"))
        .collect();
    let words: BTreeSet<&str> = patterns.split(|char: char| !char.is_ascii_alphanumeric()).collect();
    let ebnf = include_str!("../../wtop.ebnf");
    let literals = ebnf::Grammar::read(ebnf).literals();
    let unknown: Vec<&String> = literals
        .iter()
        .filter(|literal| literal.chars().all(char::is_alphabetic) && !words.contains(literal.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn editors_are_told_about_brackets_and_comments() {
    let configuration = read("language-configuration.json");
    assert_eq!(configuration["comments"]["lineComment"], "//");
    assert_eq!(configuration["brackets"].as_array().map(Vec::len), Some(4));
}
