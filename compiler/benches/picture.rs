//! From a topology to an SVG, for a hierarchy and for a mesh: what `docs/performance.md` reports.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use wtop_compiler::backends::picture::{Scene, Theme, drawing, svg};
use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::topology::Topology;
use wtop_compiler::{CompileOptions, compile};

const HEAD: &str = "topology lab\npool wires = 10.0.0.0/8 per /31\n";

/// Core, distribution, access and hosts.
fn tiers(count: usize) -> String {
    let (distributions, accesses) = (count.div_ceil(40) * 2, count / 10);
    let hosts = count - 2 - distributions - accesses;
    let mut text = format!(
        "{HEAD}node core[1..2]: vmx\nnode dist[1..{distributions}]: vmx\nnode access[1..{accesses}]: vmx\n\
         node host[1..{hosts}]: debian\nlink each dist <-> each core {{ subnet = from wires }}\n"
    );
    for access in 0..accesses {
        let pair = access * (distributions / 2) / accesses * 2;
        for dist in [pair + 1, pair + 2] {
            let _ = writeln!(text, "link access[{}] <-> dist[{dist}] {{ subnet = from wires }}", access + 1);
        }
    }
    for host in 0..hosts {
        let access = host % accesses + 1;
        let _ = writeln!(text, "link host[{}] <-> access[{access}] {{ subnet = from wires }}", host + 1);
    }
    text
}

/// A connected mesh with a quarter more links than nodes, by the numbers of a fixed series.
fn mesh(count: usize) -> String {
    let mut text = format!("{HEAD}node r[0..{}]: vmx\n", count - 1);
    let mut seed = 7_usize;
    let mut below = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % limit
    };
    for n in 1..count * 5 / 4 {
        let (a, b) = if n < count { (n, n - 1 - below(n.min(30))) } else { (below(count), below(count)) };
        if a != b {
            let _ = writeln!(text, "link r[{a}] <-> r[{b}] {{ subnet = from wires }}");
        }
    }
    text
}

fn topology(text: &str) -> Topology {
    let fs = MemoryFileSystem::new([("lab.wtop", text)]);
    let compilation = compile(&fs, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() });
    let message = compilation.diagnostics.first().map(|diagnostic| diagnostic.message.clone());
    compilation.topology.unwrap_or_else(|| panic!("{message:?}"))
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("picture");
    group.sample_size(10);
    for count in [50, 500, 1_000] {
        for (form, text) in [("tiers", tiers(count)), ("mesh", mesh(count))] {
            let topology = topology(&text);
            group.throughput(Throughput::Elements(count as u64));
            group.bench_with_input(BenchmarkId::new(form, count), &topology, |bencher, topology| {
                bencher.iter(|| svg(&Scene::of(&drawing(black_box(topology)), None), Theme::Auto));
            });
        }
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
