//! From any text to artifacts: nothing panics, and the same input gives the same diagnostics.
#![no_main]

use wtop_compiler::backends::{heat, libvirt};
use wtop_compiler::diagnostics::{has_errors, render};
use wtop_compiler::lab::{TargetKind, lower};
use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::{CompileOptions, compile};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let fs = MemoryFileSystem::new([("main.wtop", text)]);
    let options = CompileOptions { file: "main.wtop".into(), ..CompileOptions::default() };
    let compilation = compile(&fs, &options);
    let rendered = render::text(&compilation.diagnostics, &compilation.sources, &render::TextOptions::default());
    assert_eq!(compilation.diagnostics.is_empty(), rendered.is_empty());
    let Some(topology) = &compilation.topology else { return };
    if has_errors(&compilation.diagnostics) {
        return;
    }
    libvirt::build(&lower(topology, None, TargetKind::Kvm).0);
    heat::build(&lower(topology, None, TargetKind::Heat).0);
});
