//! Tokens, concatenated, are the file.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut whole = String::with_capacity(text.len());
    for token in wtop_compiler::syntax::tokens(text) {
        whole.push_str(&text[token.range()]);
    }
    assert_eq!(whole, text);
});
