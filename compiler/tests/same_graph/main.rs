//! The libvirt XML, the HEAT template and the JSON form of a lab are one graph.
//!
//! Each artifact is read back from its bytes, with nothing of the code that wrote it: `libvirt.rs` reads domains, networks
//! and boot media, `heat.rs` the template, `json.rs` the topology. Each gives a `Graph`: machines, their NICs in the order
//! that the guest counts, who shares a segment, and addresses. `Graph::differences` compares them and says what differs.
//!
//! It is done for every example and for random labs (`random.rs`); `mutants.rs` shows that what is wrong is noticed.

mod graph;
mod heat;
mod iso;
mod json;
mod libvirt;
mod mutants;
mod netplan;
mod random;

use std::path::{Path, PathBuf};
use wtop_compiler::backends;
use wtop_compiler::diagnostics::{Diagnostic, Severity};
use wtop_compiler::lab::TargetKind;
use wtop_compiler::source::{DiskFileSystem, FileSystem};
use wtop_compiler::topology::Topology;
use wtop_compiler::{Compilation, CompileOptions, compile};

/// Path and content of a file.
pub type File = (String, Vec<u8>);

/// What one lab compiles to.
pub struct Artifacts {
    /// The topology.
    pub json: Vec<u8>,
    /// The files for libvirt, by the name of the target.
    pub libvirt: Vec<(String, Vec<File>)>,
    /// The template, by the name of the target.
    pub heat: Vec<(String, Vec<u8>)>,
}

impl Artifacts {
    /// How the artifacts differ; nothing: they are one graph.
    pub fn differences(&self) -> Vec<String> {
        let wanted = json::read(&self.json);
        let libvirt = self.libvirt.iter().map(|(target, files)| (format!("libvirt ({target})"), libvirt::read(files)));
        let heat = self.heat.iter().map(|(target, template)| (format!("HEAT ({target})"), heat::read(template)));
        libvirt.chain(heat).flat_map(|(name, graph)| wanted.differences(&name, &graph)).collect()
    }
}

/// Everything that a lab compiles to, for each target that it declares, and for both kinds at least; or its errors.
pub fn artifacts(fs: &dyn FileSystem, options: &CompileOptions) -> Result<Artifacts, Vec<String>> {
    let plain = compile(fs, options);
    let topology = without_errors(&plain, &plain.diagnostics)?;
    let mut made =
        Artifacts { json: backends::json::build(topology, &plain.sources).bytes, libvirt: vec![], heat: vec![] };
    for kind in [TargetKind::Kvm, TargetKind::Heat] {
        let declared = topology.targets.iter().filter(|target| target.kind == kind.name());
        let mut names: Vec<String> = declared.map(|target| target.name.clone()).collect();
        if names.is_empty() {
            names.push(kind.name().to_owned());
        }
        for name in names {
            let compilation = compile(fs, &CompileOptions { target: Some(name.clone()), ..options.clone() });
            let topology = without_errors(&compilation, &compilation.diagnostics)?;
            let target = topology.targets.iter().find(|target| target.name == name);
            let (files, diagnostics) = backends::build(topology, target, kind);
            without_errors(&compilation, &diagnostics)?;
            let mut files = files.into_iter().map(|file| (file.path, file.bytes));
            match kind {
                TargetKind::Kvm => made.libvirt.push((name, files.collect())),
                TargetKind::Heat => made.heat.push((name, files.next().expect("a template").1)),
            }
        }
    }
    Ok(made)
}

fn without_errors<'c>(compilation: &'c Compilation, found: &[Diagnostic]) -> Result<&'c Topology, Vec<String>> {
    let errors = found.iter().filter(|diagnostic| diagnostic.code.severity() == Severity::Error);
    let errors: Vec<String> = errors.map(|diagnostic| diagnostic.message.clone()).collect();
    compilation.topology.as_ref().filter(|_| errors.is_empty()).ok_or(errors)
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// Every lab in the folder of examples and below.
#[allow(clippy::disallowed_methods)] // The compiler itself opens no folder.
fn labs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(labs(&path));
        } else if path.extension().is_some_and(|extension| extension == "wtop") {
            let is_lab = std::fs::read_to_string(&path).unwrap().lines().any(|line| line.starts_with("topology "));
            found.extend(is_lab.then_some(path));
        }
    }
    found.sort();
    found
}

fn example(path: &Path, params: &[(&str, &str)]) -> Artifacts {
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let project = Some(examples());
    let options = CompileOptions { file: path.to_owned(), project, params, ..CompileOptions::default() };
    artifacts(&DiskFileSystem, &options).unwrap_or_else(|errors| panic!("{}: {errors:#?}", path.display()))
}

#[test]
fn every_example_is_one_graph() {
    let labs = labs(&examples());
    assert!(labs.len() >= 10, "the examples are not where they were");
    for lab in labs {
        let differences = example(&lab, &[]).differences();
        assert!(differences.is_empty(), "{}:\n{}", lab.display(), differences.join("\n"));
    }
}

#[test]
#[allow(clippy::disallowed_methods)] // The compiler itself opens no file.
fn a_campus_of_three_hundred_nodes_is_one_graph() {
    let folder = examples().join("campus");
    let params = std::fs::read_to_string(folder.join("large.params")).unwrap();
    let (name, value) = params.lines().last().and_then(|line| line.split_once(" = ")).unwrap();
    let campus = example(&folder.join("campus.wtop"), &[(name, value)]);
    assert_eq!(json::read(&campus.json).machines.len(), 301);
    assert_eq!(campus.differences(), [] as [String; 0]);
}

#[test]
fn the_boards_of_a_chassis_share_its_backplane() {
    let graph = json::read(&example(&examples().join("chassis.wtop"), &[]).json);
    let segment = |path: &str, nic: usize| graph.machines[path][nic].segment.clone().expect("it is plugged in");
    let backplane = segment("core/control0", 1);
    for (path, nic) in [("core/control1", 1), ("core/card0", 0), ("core/card2", 0)] {
        assert_eq!(segment(path, nic), backplane, "{path}");
    }
    assert_ne!(segment("edge1/card0", 0), backplane);
    assert_eq!(segment("core/control0", 0), segment("core/control1", 0));
}

#[test]
fn the_index_names_every_example() {
    #[allow(clippy::disallowed_methods)]
    let index = std::fs::read_to_string(examples().join("README.md")).unwrap();
    for lab in labs(&examples()) {
        let path = lab.strip_prefix(examples()).unwrap().display().to_string();
        assert!(index.contains(&format!("({path})")), "examples/README.md does not name {path}");
    }
}
