//! What is formatted stays as it is.
#![no_main]

use wtop_compiler::syntax::format::format;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let once = format(text).text;
    assert_eq!(format(&once).text, once);
});
