//! From a file to what is wrong with it.

use crate::exit::Failure;
use crate::inputs::Input;
use wtop_compiler::diagnostics::Diagnostic;
use wtop_compiler::source::Sources;
use wtop_compiler::syntax::parse;

/// All that is wrong with a file.
///
/// # Errors
/// The file cannot be read.
pub fn check(input: &Input) -> Result<(Sources, Vec<Diagnostic>), Failure> {
    let text = String::from_utf8(input.bytes()?)
        .map_err(|_| Failure::environment(format!("cannot read `{}`: it is not UTF-8 text", input.path.display())))?;
    let mut sources = Sources::default();
    let file = sources.add(&input.path, input.path.display().to_string(), text.as_str());
    Ok((sources, parse(file, &text).diagnostics))
}
