//! From a file to what is wrong with it and to what is built from it.

use crate::arguments::DiagnosticFormat;
use crate::exit::{Exit, Failure};
use crate::inputs::{Input, repository_of};
use crate::packages;
use crate::report::Report;
use crate::terminal::Terminal;
use wtop_compiler::backends::{Artifact, build as build_lab, json};
use wtop_compiler::diagnostics::{closest, has_errors};
use wtop_compiler::lab::TargetKind;
use wtop_compiler::source::FileSystem;
use wtop_compiler::topology::{Answers, Target, Topology};
use wtop_compiler::{Compilation, CompileOptions, LockUse};

/// What `--target` calls the JSON form, which needs no target.
const JSON: &str = "json";

/// The targets that need no declaration: the names of their kinds.
const KINDS: [TargetKind; 2] = [TargetKind::Kvm, TargetKind::Heat];

/// A file with values for its parameters.
#[derive(Debug)]
pub struct Job<'a> {
    /// The file.
    pub input: &'a Input,
    /// Values for its parameters, as expressions.
    pub params: &'a [(String, String)],
}

impl Job<'_> {
    /// Compiles the file, for a target if one is named. The lock beside standard input is nobody's.
    pub fn compile(&self, target: Option<&str>) -> Compilation {
        self.compile_from(self.input, target)
    }

    /// The same, with its files read in another way.
    pub fn compile_from(&self, files: &dyn FileSystem, target: Option<&str>) -> Compilation {
        wtop_compiler::compile(files, &self.options(target))
    }

    /// The same, with a public key for the login of every node.
    pub fn compile_with_key(&self, target: Option<&str>, key: String) -> Compilation {
        let options = CompileOptions { ssh_keys: vec![key], ..self.options(target) };
        wtop_compiler::compile(self.input, &options)
    }

    /// The same with what the running lab answered to what it was asked.
    pub fn compile_with_answers(&self, target: Option<&str>, answers: Answers) -> Compilation {
        let options = CompileOptions { answers, ..self.options(target) };
        wtop_compiler::compile(self.input, &options)
    }

    fn options(&self, target: Option<&str>) -> CompileOptions {
        let project = self.input.project();
        CompileOptions {
            file: self.input.path.clone(),
            repository: Some(repository_of(&project)),
            project: Some(project),
            package_cache: packages::cache(),
            params: self.params.to_vec(),
            target: target.map(str::to_owned),
            lock: if self.input.is_stdin() { LockUse::Ignore } else { LockUse::Read },
            ssh_keys: Vec::new(),
            answers: Answers::new(),
            without: Vec::new(),
        }
    }

    /// Reports all that is wrong: for one target, else for each that the file declares.
    ///
    /// # Errors
    /// There is no such target.
    pub fn check(&self, target: Option<&str>, report: &mut Report) -> Result<(), Failure> {
        let plain = self.compile(target);
        let declared = plain.topology.iter().flat_map(|topology| &topology.targets);
        let names: Vec<String> = match target {
            Some(wanted) => vec![wanted.to_owned()],
            None => declared.filter(|target| kind_of(target).is_some()).map(|target| target.name.clone()).collect(),
        };
        let is_broken = plain.topology.is_none() || has_errors(&plain.diagnostics);
        report.add((plain.sources, plain.diagnostics));
        if is_broken {
            return Ok(());
        }
        for name in names {
            let Build { compilation, .. } = self.build(Some(&name))?;
            report.add((compilation.sources, compilation.diagnostics));
        }
        Ok(())
    }

    /// Builds the file for a target; without a name, for its default or only one.
    ///
    /// # Errors
    /// There is no such target, or nothing to build.
    pub fn build(&self, wanted: Option<&str>) -> Result<Build, Failure> {
        let mut compilation = self.compile(wanted);
        if let (Some(topology), None) = (&compilation.topology, wanted) {
            let name = default_target(topology)?.to_owned();
            compilation = self.compile(Some(&name));
        }
        let Some(topology) = &compilation.topology else {
            if has_errors(&compilation.diagnostics) {
                return Ok(Build { compilation, goal: String::new(), artifacts: Vec::new() });
            }
            return Err(no_topology(self.input));
        };
        let target = topology.target.as_deref().and_then(|name| topology.find_target(name));
        let goal = target.map(|target| target.name.as_str()).or(wanted).unwrap_or_default().to_owned();
        let (artifacts, problems) = match (target, &*goal) {
            (None, JSON) => (vec![json::build(topology, &compilation.sources)], Vec::new()),
            (Some(target), _) => build_lab(topology, Some(target), kind_of(target).ok_or_else(|| no_backend(target))?),
            (None, goal) => {
                build_lab(topology, None, TargetKind::from_name(goal).ok_or_else(|| unknown(topology, goal))?)
            }
        };
        compilation.extend(problems);
        Ok(Build { compilation, goal, artifacts })
    }
}

/// What was built. With errors among the diagnostics, nobody should use the artifacts.
#[derive(Debug)]
pub struct Build {
    /// What it was built from, with all that is wrong.
    pub compilation: Compilation,
    /// The name of the target, its kind, or `json`.
    pub goal: String,
    /// The files, without their manifest.
    pub artifacts: Vec<Artifact>,
}

/// The topology of what was compiled, and the exit code of what is wrong with it, which is told; only the exit code where
/// a part of the lab could not be made.
///
/// # Errors
/// It is a library.
pub fn told(
    compilation: Compilation,
    input: &Input,
    terminal: &Terminal,
) -> Result<Result<(Topology, Exit), Exit>, Failure> {
    let mut report = Report::default();
    report.add((compilation.sources, compilation.diagnostics));
    report.print(DiagnosticFormat::Text, terminal)?;
    if !report.is_whole() {
        return Ok(Err(report.exit()));
    }
    let topology = compilation.topology.ok_or_else(|| no_topology(input))?;
    Ok(Ok((topology, report.exit())))
}

/// A library was given where a lab is needed.
pub fn no_topology(input: &Input) -> Failure {
    let message = format!("`{}` is a library: it has no topology", input.path.display());
    Failure::usage(message).help("a line `topology NAME` makes it a lab")
}

/// Can one build for this target?
///
/// # Errors
/// There is none of this name.
pub fn known_target(topology: &Topology, wanted: &str) -> Result<(), Failure> {
    if known(topology).contains(&wanted) { Ok(()) } else { Err(unknown(topology, wanted)) }
}

fn kind_of(target: &Target) -> Option<TargetKind> {
    TargetKind::from_name(&target.kind)
}

/// The target that is meant where none is named.
fn default_target(topology: &Topology) -> Result<&str, Failure> {
    let default = topology.targets.iter().find(|target| target.default);
    match (default, topology.targets.as_slice()) {
        (Some(target), _) | (None, [target]) => Ok(&target.name),
        _ => Err(Failure::usage("which target is meant?")
            .help(format!("`--target` with one of: {}", known(topology).join(", ")))),
    }
}

/// What `--target` may say.
fn known(topology: &Topology) -> Vec<&str> {
    let declared = topology.targets.iter().map(|target| target.name.as_str());
    declared.chain(KINDS.map(TargetKind::name)).chain([JSON]).collect()
}

fn unknown(topology: &Topology, wanted: &str) -> Failure {
    let known = known(topology);
    let failure = Failure::usage(format!("there is no target `{wanted}`"));
    match closest(wanted, known.iter().copied()) {
        Some(meant) => failure.help(format!("did you mean `{meant}`?")),
        None => failure.help(format!("there are: {}", known.join(", "))),
    }
}

fn no_backend(target: &Target) -> Failure {
    Failure::usage(format!("nothing is built for `{}` yet, which `{}` is", target.kind, target.name))
}
