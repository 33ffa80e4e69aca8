//! Puts the preview page into the program, if it was built (`scripts/preview`). It is not in the repository, and `cargo
//! build` needs no node: without it, the page says how to build it.

use std::path::Path;
use std::{env, fs, io};

const MISSING: &str = "document.body.textContent = \
    'This wtop was built without its preview page. Run scripts/preview, then build wtop again.';\n";

fn main() -> io::Result<()> {
    let built = Path::new("../editors/preview/dist");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    println!("cargo::rerun-if-changed={}", built.display());
    for (name, instead) in [("preview.js", MISSING), ("preview.css", "")] {
        let file = built.join(name);
        let text = if file.exists() { fs::read_to_string(&file)? } else { instead.to_owned() };
        fs::write(Path::new(&out).join(name), text)?;
    }
    Ok(())
}
