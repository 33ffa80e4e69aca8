//! From trees to a checked topology: names, types, values, devices, links, allocation.
//!
//! [`compile`] runs the layers one after another (see `world::Phase`). A layer that finds something wrong reports it
//! and goes on with what it could make, so that independent mistakes are all reported.

mod addresses;
mod arrival;
mod assemble;
mod attributes;
mod builtins;
pub mod catalogue;
mod checks;
mod collisions;
mod devices;
mod evaluate;
mod expectations;
pub mod facts;
mod fields;
mod finish;
mod gateways;
mod guests;
mod identity;
mod interfaces;
mod lags;
mod layers;
pub mod library;
mod limits;
mod links;
mod locate;
mod lock;
mod machines;
mod modules;
mod needs;
mod nodes;
mod parameters;
mod picks;
mod pools;
mod program;
mod read;
mod roots;
pub mod schema;
mod scope;
mod spaces;
mod structure;
mod taken;
mod templates;
mod trial;
mod unit;
mod validate;
mod world;

pub(crate) use builtins::options;
pub use builtins::{BUILTINS, Builtin};
pub use finish::Allowed;
pub(crate) use identity::keep_identities;
pub use lock::Lock;
pub(crate) use program::normalized;
pub use roots::{LIBRARY, PROJECT, RootId};
pub use unit::{Import, Unit, UnitId};

use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::codes::structure as codes;
use crate::diagnostics::{Diagnostic, has_errors, sort};
use crate::source::{FileSystem, Sources};
use crate::syntax::ast::{self, ItemKind};
use crate::topology::Answers;
use crate::topology::Topology;
use crate::topology::checks::Wiring;
use facts::Facts;
use program::Program;
use schema::Kind;
use smol_str::SmolStr;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use templates::{Rendered, Templates};
use unit::ParseCache;
use world::{Definitions, Entity, Env, Phase, Stop, World};

/// What to compile, and how.
#[derive(Debug, Clone, Default)]
pub struct CompileOptions {
    /// The main file.
    pub file: PathBuf,
    /// The project: nothing outside is read but packages. By default the file's folder.
    pub project: Option<PathBuf>,
    /// The folder around the project that its local packages may not leave. By default the project.
    pub repository: Option<PathBuf>,
    /// Where `wtop fetch` put the packages of `wtop.toml`, as [`crate::packages::cached`] says. By default, nothing is
    /// fetched.
    pub package_cache: Option<PathBuf>,
    /// Parameters: name and the text of an expression.
    pub params: Vec<(String, String)>,
    /// The target to evaluate for: the name of one that is declared, or a kind.
    pub target: Option<String>,
    /// Is the lock file read?
    pub lock: LockUse,
    /// Public keys for the login of every node beside those of the source: those of who deploys.
    pub ssh_keys: Vec<String>,
    /// What the running lab answered to what its expectations asked.
    pub answers: Answers,
    /// Paths of nodes and links whose wires are down, whatever the source says: what would happen if they failed.
    pub without: Vec<String>,
}

/// What is done with the lock file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LockUse {
    /// It is read where there is one.
    #[default]
    Read,
    /// As if there were none.
    Ignore,
}

/// What one compilation leaves to the next of the same file, which makes only anew what changed. Keep one for each main
/// file: a tree knows its file by its place among the sources.
#[derive(Debug, Default)]
pub struct CompileCache {
    parses: ParseCache,
    rendered: Rendered,
}

/// What came out.
#[derive(Debug, Default)]
pub struct Compilation {
    /// Every file that was read.
    pub sources: Sources,
    /// What was wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Warnings that are there on purpose; those of later stages are dropped by [`Compilation::extend`].
    pub allowed: Vec<Allowed>,
    /// The topology; none for a library, without a file, or beyond the limits. With errors, it is what could be made.
    pub topology: Option<Topology>,
    /// Could something of the lab not be made, which was reported? Then the topology lacks it.
    pub incomplete: bool,
    /// The lock: old entries and those of this run.
    pub lock: Lock,
    /// Every file that was parsed, the main file first, with its tree and what its names mean.
    pub units: Vec<Unit>,
    /// What names are worth, and what pools gave out.
    pub facts: Facts,
}

impl Compilation {
    /// The item that a name means at the top of a file, and the file that declares it: its own, an imported one, or a
    /// device of the library.
    pub fn find(&self, unit: UnitId, name: &str) -> Option<(UnitId, &ast::Item)> {
        unit::find(&self.units, unit, name)
    }

    /// Adds what a later stage found, but for what is allowed on purpose.
    pub fn extend(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        let meant = |diagnostic: &Diagnostic| self.allowed.iter().any(|allowed| allowed.covers(diagnostic));
        self.diagnostics.extend(found.into_iter().filter(|diagnostic| !meant(diagnostic)));
    }
}

/// Compiles a file and everything it needs.
pub fn compile(fs: &dyn FileSystem, options: &CompileOptions) -> Compilation {
    compile_again(fs, options, &mut CompileCache::default())
}

/// Compiles a file that was compiled before with the same cache: what has not changed is not made again.
pub fn compile_again(fs: &dyn FileSystem, options: &CompileOptions, cache: &mut CompileCache) -> Compilation {
    let folder = || options.file.parent().map(PathBuf::from).unwrap_or_default();
    let root = options.project.clone().unwrap_or_else(folder);
    let mut program = program::load(fs, &root, options, &mut cache.parses);
    let mut diagnostics = std::mem::take(&mut program.diagnostics);
    let given = parameters::parse(&mut program, &options.params, &mut diagnostics);
    let lock = read_lock(fs, &root, &mut program, options, &mut diagnostics);
    let name = program.unit(0).and_then(|unit| assemble::topology_name(unit.items()));

    let topology = OnceCell::new();
    let wiring = OnceCell::new();
    let mut world = World::new(&program, fs, lock, name.as_ref().map(|(name, _)| name.clone()));
    world.templates = Templates::new(std::mem::take(&mut cache.rendered));
    world.deployer_keys = &options.ssh_keys;
    world.answers = Some(&options.answers);
    world.incomplete = has_errors(&diagnostics);
    world.diagnostics = diagnostics;
    let (mut checks, mut expectations) = (Vec::new(), Vec::new());
    if !program.units.is_empty() {
        world.target = world.resolve_target(options.target.as_deref());
        world.run(&given);
        if name.is_some() && !world.is_too_large() {
            let management = world.allocate();
            let made = topology.get_or_init(|| assemble::without(world.assemble(management), &options.without));
            world.validate(made);
            (checks, expectations) = world.run_checks(made, wiring.get_or_init(|| Wiring::new(made)));
        }
        if !world.is_too_large() {
            world.try_unused();
            if name.is_some() {
                world.check_unused();
            }
        }
    }
    let allowed = world.finish();
    let incomplete = world.incomplete;
    let (mut diagnostics, lock) = (std::mem::take(&mut world.diagnostics), std::mem::take(&mut world.lock));
    let facts = std::mem::take(&mut world.facts);
    cache.rendered = world.templates.rendered();
    drop(world);
    drop(wiring);
    program.keep_own_fixes(&mut diagnostics);
    sort(&mut diagnostics);
    let topology = topology.into_inner().map(|topology| Topology { checks, expectations, ..topology });
    Compilation {
        sources: program.sources,
        diagnostics,
        allowed,
        topology,
        incomplete,
        lock,
        units: program.units,
        facts,
    }
}

/// Where the lock of a file lies: beside it, with `.lock` added.
pub fn lock_path(file: &std::path::Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn read_lock(
    fs: &dyn FileSystem,
    root: &std::path::Path,
    program: &mut Program,
    options: &CompileOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Lock {
    if options.lock == LockUse::Ignore {
        return Lock::default();
    }
    let path = lock_path(&options.file);
    let Ok(bytes) = fs.read(root, &path) else { return Lock::default() };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match Lock::parse(&text) {
        Ok(lock) => lock,
        Err(line) => {
            let start = text.lines().take(line - 1).map(|line| line.len() + 1).sum::<usize>();
            let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| start + at);
            let name = path.to_string_lossy().replace('\\', "/");
            let file = program.sources.add(&path, name.clone(), text);
            let message = format!("line {line} of `{name}` is no entry of a lock file");
            let help = "entries are `key = value`; delete the line, or the file to choose everything anew";
            let span = crate::source::Span::new(file, start, end);
            let code = &crate::diagnostics::codes::allocation::E0611;
            diagnostics.push(Diagnostic::new(code, span, message, "not `key = value`").help(help));
            Lock::default()
        }
    }
}

impl<'a> World<'a> {
    fn new(program: &'a Program, fs: &'a dyn FileSystem, lock: Lock, name: Option<SmolStr>) -> World<'a> {
        let topology = Entity {
            kind: Kind::Topology,
            words: "the topology".to_owned(),
            this: None,
            scope: 0,
            shared: None,
            own: Definitions::default(),
            values: IndexMap::default(),
            span: Default::default(),
            place: 0,
            variables: Vec::new(),
        };
        World {
            program,
            fs,
            target: None,
            active_images: None,
            is_topology: name.is_some(),
            is_trial: false,
            name: name.unwrap_or_default().to_string(),
            diagnostics: Vec::new(),
            said: IndexMap::default(),
            suggestions: 0,
            incomplete: false,
            phase: Phase::Values,
            scopes: Vec::new(),
            unit_scopes: IndexMap::default(),
            entities: vec![topology],
            topology_entity: 0,
            nodes: Vec::new(),
            networks: Vec::new(),
            links: Vec::new(),
            lags: Vec::new(),
            vlans: Vec::new(),
            vrfs: Vec::new(),
            pools: Vec::new(),
            modules: Vec::new(),
            pending_links: Vec::new(),
            defaults: Vec::new(),
            overrides: Vec::new(),
            target_defaults: Vec::new(),
            target_overrides: Vec::new(),
            checks: Vec::new(),
            targets: Vec::new(),
            attribute_types: IndexMap::default(),
            shapes: IndexMap::default(),
            open_shapes: Vec::new(),
            open_modules: Vec::new(),
            instance_names: IndexMap::default(),
            link_paths: IndexMap::default(),
            lock,
            deployer_keys: &[],
            answers: None,
            asks: None,
            tags: IndexMap::default(),
            used: IndexSet::default(),
            selves: 0,
            depth: 0,
            place: 0,
            things: 0,
            open_values: Vec::new(),
            elements: 0,
            work: 0,
            wiring: None,
            outcomes: Vec::new(),
            broken_templates: BTreeSet::new(),
            templates: Templates::new(Rendered::default()),
            management_gateways: Vec::new(),
            vlans_by_number: None,
            doubled_addresses: BTreeSet::new(),
            segment_routers: IndexMap::default(),
            former: IndexMap::default(),
            facts: Facts::default(),
            texts: IndexMap::default(),
        }
    }

    /// The layers up to attributes.
    fn run(&mut self, given: &'a [parameters::Given]) {
        let items = self.program.unit(0).map_or(&[][..], |unit| unit.items());
        let scope = self.unit_scope(0);
        self.check_file(items);
        self.bind_params(items, given, scope);
        self.walk(items, &Env::top(0, scope));
        if self.is_too_large() {
            return;
        }
        self.apply_defaults(&[Kind::Node], false);
        self.collect_tags();
        self.apply_defaults(&[Kind::Node], true);
        self.carry_renamed_nodes();

        self.phase = Phase::Links;
        self.make_links();
        self.carry_renamed_links();
        if self.is_too_large() {
            return;
        }
        self.pick_interfaces();
        self.apply_defaults(&[Kind::Link, Kind::Lag, Kind::Network], false);
        self.apply_overrides();

        self.phase = Phase::Attributes;
        self.evaluate_all(false);
        self.evaluate_constants(items, scope);
    }

    /// Constants that nothing asked for may be wrong too.
    fn evaluate_constants(&mut self, items: &'a [ast::Item], scope: world::ScopeId) {
        let env = Env::top(0, scope);
        for item in items {
            if let ItemKind::Let(declared) = &item.kind
                && !self.used.contains(&declared.name.span)
            {
                let _ = self.find_name(&declared.name.text, declared.name.span, &env);
                self.used.shift_remove(&declared.name.span);
            }
        }
    }

    /// Everything that the author left open is chosen.
    fn allocate(&mut self) -> Option<crate::topology::Management> {
        self.allocate_from_pools();
        self.phase = Phase::Pools;
        let addresses = self.allocate_addresses();
        let management = self.resolve_management();
        if let Some(management) = &management {
            self.allocate_management(management);
            self.management_gateways = management.gateways.clone();
        }
        self.resolve_interfaces(&addresses);
        self.phase = Phase::Texts;
        self.evaluate_all(true);
        self.choose_images();
        management
    }

    /// Evaluates every attribute that can be evaluated now.
    fn evaluate_all(&mut self, last: bool) {
        for entity in 0..self.entities.len() {
            for key in self.entities.get(entity).map(Entity::open_keys).unwrap_or_default() {
                if matches!(key.as_str(), "address" | "gateway" | "management_address")
                    && self.counts_hosts(entity, &key)
                {
                    continue;
                }
                match self.attribute(entity, &key) {
                    Err(Stop::NeedsAllocation(span) | Stop::NeedsNodes(span)) if last => {
                        let message = format!("`{key}` reads what is known only after it");
                        let help = "addresses and texts come last; what decides them cannot read them";
                        self.report(Diagnostic::new(&codes::E0505, span, message, "known only later").help(help));
                    }
                    _ => {}
                }
            }
        }
    }

    fn carry_renamed_nodes(&mut self) {
        let nodes = self.nodes.iter().map(|node| (node.entity, node.path.clone()));
        let networks = self.networks.iter().map(|network| (network.entity, network.path.clone()));
        self.carry_renames(nodes.chain(networks).collect());
    }

    fn carry_renamed_links(&mut self) {
        let links = self.links.iter().map(|link| (link.entity, link.path.clone()));
        let lags = self.lags.iter().map(|lag| (lag.entity, lag.path.clone()));
        self.carry_renames(links.chain(lags).collect());
    }

    /// `was = "old"`: what the lock has for the old name is now that of the new one.
    fn carry_renames(&mut self, all: Vec<(usize, String)>) {
        let known: IndexSet<String> = all.iter().map(|(_, path)| path.clone()).collect();
        for (entity, path) in all {
            if !self.defines(entity, "was") {
                continue;
            }
            let Some(was) = self.string(entity, "was") else { continue };
            let before = match path.rsplit_once('/') {
                Some((module, _)) if !path.contains("--") => format!("{module}/{was}"),
                _ => was,
            };
            if known.contains(&before) {
                let message = format!("`{path}` cannot have been `{before}`, which is still there");
                let span = self.attribute_span(entity, "was");
                let diagnostic = Diagnostic::new(&codes::E0536, span, message, "the name of another");
                self.report(diagnostic.help("leave `was` out: what the lock has belongs to the one of that name"));
                continue;
            }
            self.lock.rename(&before, &path);
            self.former.insert(path, before);
        }
    }
}
