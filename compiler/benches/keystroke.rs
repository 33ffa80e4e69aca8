//! What one key costs the compiler: a large lab is parsed and compiled again and again with one letter changed, as the
//! language server does it. Prints milliseconds; a number among the arguments asks for a lab of so many nodes.

// A measurement needs the clock.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

mod fabric;

use std::time::{Duration, Instant};
use wtop_compiler::source::{FileId, MemoryFileSystem};
use wtop_compiler::{CompileCache, CompileOptions, compile_again, syntax};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn measured(what: &str, rounds: usize, mut round: impl FnMut(usize) -> Duration) {
    round(0);
    let mut times: Vec<Duration> = (1..=rounds).map(round).collect();
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!("  {what}: least {:.1} ms, median {:.1} ms, p95 {:.1} ms", at(0), at(50), at(95));
}

fn main() {
    let wanted = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    for nodes in wanted.map_or(vec![1_000, 10_000], |nodes| vec![nodes]) {
        let text = fabric::fabric(nodes);
        let rounds = (50_000 / nodes).clamp(5, 50);
        println!("{nodes} nodes, {} lines", text.lines().count());
        measured("parse", rounds, |_| {
            let start = Instant::now();
            let parse = syntax::parse(FileId(0), &text);
            let time = start.elapsed();
            drop(parse);
            time
        });
        let mut cache = CompileCache::default();
        let options = CompileOptions { file: "fabric.wtop".into(), ..CompileOptions::default() };
        measured("a key", rounds, |round| {
            let letter = char::from(b'a' + u8::try_from(round % 26).unwrap_or_default());
            let fs = MemoryFileSystem::new([("fabric.wtop", format!("{text}// {letter}\n"))]);
            let start = Instant::now();
            let compilation = compile_again(&fs, &options, &mut cache);
            let time = start.elapsed();
            assert!(compilation.topology.is_some(), "the lab compiles");
            time
        });
    }
}
