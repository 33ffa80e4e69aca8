//! A tree comes out of any text.
#![no_main]

use wtop_compiler::source::FileId;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let parse = wtop_compiler::syntax::parse(FileId(0), text);
    for diagnostic in &parse.diagnostics {
        let range = diagnostic.span().range();
        assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
    }
});
