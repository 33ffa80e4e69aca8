//! Parse, check and lower rings of debian nodes with full addressing: what `docs/performance.md` reports.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use wtop_compiler::backends::{heat, libvirt, picture};
use wtop_compiler::ide::names::Names;
use wtop_compiler::lab::{TargetKind, lower};
use wtop_compiler::source::{FileId, MemoryFileSystem};
use wtop_compiler::{Compilation, CompileOptions, compile};

/// A ring written by a loop, or node by node.
fn ring(count: usize, written_out: bool) -> String {
    let mut text = String::from("topology ring\npool links = 10.0.0.0/8 per /31\npool loops = 172.16.0.0/12 per /32\n");
    if !written_out {
        text.push_str(&format!(
            "node r[1..{count}]: debian {{ loopback = from loops }}\nfor i in 1..{count} {{\n  \
             link r[i]:eth1 <-> r[i % {count} + 1]:eth2 {{ subnet = from links }}\n}}\n"
        ));
        return text;
    }
    for i in 1..=count {
        text.push_str(&format!("node r{i}: debian {{ loopback = from loops }}\n"));
    }
    for i in 1..=count {
        text.push_str(&format!("link r{i}:eth1 <-> r{}:eth2 {{ subnet = from links }}\n", i % count + 1));
    }
    text
}

fn compiled(text: &str) -> Compilation {
    let fs = MemoryFileSystem::new([("ring.wtop", text)]);
    compile(&fs, &CompileOptions { file: "ring.wtop".into(), ..CompileOptions::default() })
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ring");
    group.sample_size(10);
    for count in [10, 100, 1_000] {
        let text = ring(count, true);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::new("parse", count), &text, |bencher, text| {
            bencher.iter(|| wtop_compiler::syntax::parse(FileId(0), black_box(text)));
        });
        group.bench_with_input(BenchmarkId::new("check written out", count), &text, |bencher, text| {
            bencher.iter(|| compiled(black_box(text)));
        });
        let looped = ring(count, false);
        group.bench_with_input(BenchmarkId::new("check by a loop", count), &looped, |bencher, text| {
            bencher.iter(|| compiled(black_box(text)));
        });
        let compilation = compiled(&text);
        group.bench_function(BenchmarkId::new("names", count), |bencher| {
            bencher.iter(|| Names::new(black_box(&compilation.sources), &compilation.units));
        });
        let Some(topology) = &compilation.topology else { continue };
        group.bench_function(BenchmarkId::new("libvirt", count), |bencher| {
            bencher.iter(|| libvirt::build(&lower(black_box(topology), None, TargetKind::Kvm).0));
        });
        group.bench_function(BenchmarkId::new("heat", count), |bencher| {
            bencher.iter(|| heat::build(&lower(black_box(topology), None, TargetKind::Heat).0));
        });
        group.bench_function(BenchmarkId::new("picture", count), |bencher| {
            bencher.iter(|| picture::Scene::of(&picture::drawing(black_box(topology)), None));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
