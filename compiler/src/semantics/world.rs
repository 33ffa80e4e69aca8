//! The evaluator's state: every scope and every thing of a program while it is being evaluated.
//!
//! Evaluation goes through the layers of [`Phase`], and each reads only earlier ones. All things that have attributes
//! are [`Entity`]s in one list; what is special to a kind stands in that kind's own list.

mod things;

pub use things::{
    EndEntry, EndTarget, InterfaceEntry, LagEntry, LinkEntry, NamedEntry, NetworkEntry, NodeEntry, PoolEntry,
};

use super::devices::Shape;
use super::facts::Facts;
use super::limits;
use super::locate::{self, Written};
use super::lock::Lock;
use super::parameters::Given;
use super::program::Program;
use super::roots::RootId;
use super::schema::Kind;
use super::unit::UnitId;
use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{FileSystem, Span};
use crate::syntax::ast;
use crate::topology::checks::{Outcome, Wiring};
use crate::topology::{Answers, Attributes, Probe};
use crate::value::types::Type;
use crate::value::{LagId, ModuleId, NetworkId, NodeId, PoolId, Problem, Value, VlanId, VrfId};
use ipnet::IpNet;
use smol_str::SmolStr;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// How far evaluation has come. Each layer reads only earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// Parameters, constants, loop variables; nodes come into being from these alone.
    Values,
    /// Ends and names of links; may go through arrays of nodes and their tags.
    Links,
    /// Attributes that need no allocation.
    Attributes,
    /// Pools have given out what was asked of them.
    Pools,
    /// Everything is allocated: texts may read it.
    Texts,
    /// The topology is complete.
    Checks,
}

/// Why an expression has no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// It was reported, or is a hole of the tree.
    Reported,
    /// It reads a node or network, and these do not exist yet.
    NeedsNodes(Span),
    /// It reads what is allocated later.
    NeedsAllocation(Span),
}

/// A value, or why there is none.
pub type Eval<T> = Result<T, Stop>;

/// Index of a scope.
pub type ScopeId = usize;
/// Index of an entity.
pub type EntityId = usize;

/// Where an expression stands: what its names mean.
#[derive(Clone, Debug)]
pub struct Env<'a> {
    /// The file it is written in.
    pub unit: UnitId,
    /// The scope of its names.
    pub scope: ScopeId,
    /// Local names around it: loop variables, parameters of devices, `let` in blocks.
    pub frame: Option<Rc<Frame<'a>>>,
    /// What `self` is.
    pub this: Option<Value>,
    /// The prefixes that `host(2)` counts in.
    pub here: Option<Rc<Vec<IpNet>>>,
}

impl<'a> Env<'a> {
    /// At the top of a scope.
    pub fn top(unit: UnitId, scope: ScopeId) -> Env<'a> {
        Env { unit, scope, frame: None, this: None, here: None }
    }

    /// With one more variable.
    pub fn with(&self, name: &SmolStr, value: Value) -> Env<'a> {
        self.with_frame(Frame::new(vec![(name.clone(), Local::Value(value))], false))
    }

    /// With one more frame.
    pub fn with_frame(&self, mut frame: Frame<'a>) -> Env<'a> {
        frame.outer = self.frame.clone();
        Env { frame: Some(Rc::new(frame)), ..self.clone() }
    }

    /// With another `self`.
    pub fn of(&self, this: Option<Value>) -> Env<'a> {
        Env { this, ..self.clone() }
    }

    /// The frames, innermost first.
    pub fn frames(&self) -> impl Iterator<Item = &Frame<'a>> {
        std::iter::successors(self.frame.as_deref(), |frame| frame.outer.as_deref())
    }

    /// Loop variables, outermost first.
    pub fn loop_variables(&self) -> Vec<(String, Value)> {
        let mut variables = Vec::new();
        for frame in self.frames().filter(|frame| frame.is_loop) {
            for (name, local) in &frame.names {
                if let Local::Value(value) = &*local.borrow() {
                    variables.push((name.to_string(), value.clone()));
                }
            }
        }
        variables.reverse();
        variables
    }
}

/// Local names.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The names, in order.
    pub names: Vec<(SmolStr, RefCell<Local<'a>>)>,
    /// Are they variables of a loop or a dimension?
    pub is_loop: bool,
    /// The frame around it.
    pub outer: Option<Rc<Frame<'a>>>,
}

impl<'a> Frame<'a> {
    /// A frame by itself.
    pub fn new(names: Vec<(SmolStr, Local<'a>)>, is_loop: bool) -> Frame<'a> {
        let names = names.into_iter().map(|(name, local)| (name, RefCell::new(local))).collect();
        Frame { names, is_loop, outer: None }
    }
}

/// A local name.
#[derive(Clone, Debug)]
pub enum Local<'a> {
    /// Known.
    Value(Value),
    /// A `let` in a block, not asked for yet.
    Lazy(&'a ast::Let),
    /// A `let` in a device that reads `self`: the node that asked last, and the value for it.
    Of(&'a ast::Let, Value, Value),
    /// Being evaluated now: meeting it again is a circle.
    Open,
    /// Could not be evaluated, and was reported.
    Failed,
}

/// A scope: the top of a file, or one instance of a module.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Around it, as written: for an instance of a module, the file that declares the module.
    pub parent: Option<ScopeId>,
    /// Around it, as used: where the module is instantiated.
    pub user: Option<ScopeId>,
    /// The file its items are written in.
    pub unit: UnitId,
    /// Path of what is made in it: empty, or `office-nyc/`.
    pub prefix: String,
    /// Its names.
    pub names: IndexMap<SmolStr, Binding<'a>>,
    /// Interfaces that a module shows: name to (reference, environment).
    pub exports: IndexMap<SmolStr, (&'a ast::Expr, Env<'a>, Span)>,
    /// Names of the module that are `pub`.
    pub public: IndexSet<SmolStr>,
}

/// What a name of a scope is.
#[derive(Clone, Debug)]
pub struct Binding<'a> {
    /// Where it is declared.
    pub span: Span,
    /// The condition of the `if` around it, if any.
    pub condition: Option<Span>,
    /// Could something of that name not be made, which was reported? What it lacks is then no further mistake.
    pub broken: bool,
    /// What it is.
    pub kind: BindingKind<'a>,
}

/// What a name is.
#[derive(Clone, Debug)]
pub enum BindingKind<'a> {
    /// What has its value.
    Value(Value),
    /// A parameter of the file, evaluated when first asked for, and what was given for it from outside.
    Parameter(&'a ast::Parameter, Option<&'a Given>),
    /// A constant, evaluated when first asked for.
    Lazy(&'a ast::Let),
    /// An argument of a module that names nodes or networks: evaluated once these exist.
    Argument(&'a ast::Expr, Box<Env<'a>>, Type),
    /// Being evaluated now.
    Open,
    /// Could not be evaluated, and was reported.
    Failed,
    /// A node, module instance, network or link; `None` until (and unless) it is made.
    One(Option<Value>),
    /// An array of these.
    Array(IndexMap<Vec<Key>, Value>),
    /// A device, module, or anything else that is no value.
    Definition(&'static str),
}

/// A key of an array.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Key {
    /// A number.
    Int(i64),
    /// A string.
    Text(SmolStr),
}

impl Key {
    /// The key that a value is.
    pub fn of(value: &Value) -> Option<Key> {
        match value {
            Value::Int(number) => Some(Key::Int(*number)),
            Value::String(text) | Value::Member(text) => Some(Key::Text(text.clone())),
            _ => None,
        }
    }

    /// As a value.
    pub fn value(&self) -> Value {
        match self {
            Key::Int(number) => Value::Int(*number),
            Key::Text(text) => Value::String(text.clone()),
        }
    }

    /// As written between brackets.
    pub fn source(&self) -> String {
        match self {
            Key::Int(number) => number.to_string(),
            Key::Text(text) => format!("{text:?}"),
        }
    }
}

/// What a definition does to the value of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum Operation<'a> {
    /// `=`
    Set(&'a ast::Expr),
    /// `+=`
    Append(&'a ast::Expr),
    /// `name { … }`
    Merge(&'a ast::Block),
}

/// One place that says something about an attribute.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// What it does.
    pub operation: Operation<'a>,
    /// Where it stands.
    pub env: Env<'a>,
    /// All of it.
    pub span: Span,
    /// How strong it is: see `attributes::rank`.
    pub rank: u32,
}

/// Definitions by attribute.
pub type Definitions<'a> = IndexMap<SmolStr, Vec<Definition<'a>>>;

/// What all nodes of a device share.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// The definitions.
    pub definitions: Definitions<'a>,
    /// Beside each definition its value, where it does not depend on the node and as far as evaluated.
    constants: Vec<OnceCell<Value>>,
    /// Where the values are written, once asked for.
    written: OnceCell<Arc<[(SmolStr, Span)]>>,
    /// What [`Shared::base`] gave last, and how many values were known then.
    base: RefCell<(usize, Attributes)>,
}

impl<'a> Shared<'a> {
    /// With nothing evaluated yet.
    pub fn new(definitions: Definitions<'a>) -> Rc<Shared<'a>> {
        let constants = vec![OnceCell::new(); definitions.len()];
        Rc::new(Shared { definitions, constants, written: OnceCell::new(), base: RefCell::default() })
    }

    /// Where the value of each attribute is written.
    pub fn written(&self) -> Arc<[(SmolStr, Span)]> {
        let place = |(key, definitions): (&SmolStr, &Vec<Definition>)| {
            (key.clone(), definitions.last().map(Definition::place).unwrap_or_default())
        };
        self.written.get_or_init(|| self.definitions.iter().map(place).collect()).clone()
    }

    /// The values that all nodes have which do not set them, with `null` where each has its own or none is known yet.
    pub fn base(&self) -> Attributes {
        let known = self.constants.iter().filter(|value| value.get().is_some()).count();
        let mut base = self.base.borrow_mut();
        if base.0 != known {
            let value = |(key, value): (&SmolStr, Option<&Value>)| (key.clone(), value.cloned().unwrap_or(Value::Null));
            *base = (known, self.known().map(value).collect());
        }
        base.1.clone()
    }

    /// The value of an attribute, where all nodes of the device that do not set it have the same.
    pub fn constant(&self, key: &str) -> Option<&Value> {
        self.constants.get(self.definitions.get_index_of(key)?)?.get()
    }

    /// Keeps a value that does not depend on the node.
    pub fn keep_constant(&self, key: &str, value: &Value) {
        if let Some(slot) = self.definitions.get_index_of(key).and_then(|at| self.constants.get(at)) {
            slot.get_or_init(|| value.clone());
        }
    }

    /// The attributes with what is known of their values.
    fn known(&self) -> impl Iterator<Item = (&SmolStr, Option<&Value>)> {
        self.definitions.keys().zip(self.constants.iter().map(OnceCell::get))
    }
}

/// Anything that has attributes.
#[derive(Debug)]
pub struct Entity<'a> {
    /// Which attributes it may have.
    pub kind: Kind,
    /// In words: "node `h1`".
    pub words: String,
    /// What `self` is in its attributes.
    pub this: Option<Value>,
    /// The scope whose `attribute` declarations count.
    pub scope: ScopeId,
    /// Definitions shared with others of the same device, weaker than its own.
    pub shared: Option<Rc<Shared<'a>>>,
    /// Its own definitions, in order of strength once sorted.
    pub own: Definitions<'a>,
    /// Values of attributes, as far as evaluated, but for those that [`Shared`] has for all.
    pub values: IndexMap<SmolStr, Slot>,
    /// Where it is declared.
    pub span: Span,
    /// Its place in the order of the source, modules and loops unrolled: see [`World::place`].
    pub place: usize,
    /// Loop variables around it.
    pub variables: Vec<(String, Value)>,
}

impl<'a> Entity<'a> {
    /// The attributes that it has definitions for and that still want to be evaluated.
    pub fn open_keys(&self) -> Vec<SmolStr> {
        let shared = self.shared.as_deref().into_iter().flat_map(Shared::known);
        let open = shared.filter(|(key, value)| value.is_none() || self.own.contains_key(*key));
        open.map(|(key, _)| key).chain(self.more_keys()).cloned().collect()
    }

    /// The attributes that it alone has definitions for.
    pub fn more_keys(&self) -> impl Iterator<Item = &SmolStr> {
        let is_shared =
            |key: &SmolStr| self.shared.as_deref().is_some_and(|shared| shared.definitions.contains_key(key));
        self.own.keys().filter(move |key| !is_shared(key))
    }

    /// The values that its attributes have so far.
    pub fn done(&self) -> impl Iterator<Item = (&SmolStr, &Value)> {
        let own = self.values.iter().filter_map(|(key, slot)| match slot {
            Slot::Done(value) => Some((key, value)),
            Slot::Open | Slot::Failed => None,
        });
        let shared = self.shared.as_deref().into_iter().flat_map(Shared::known);
        let shared = shared.filter(|(key, _)| !self.own.contains_key(*key) && !self.values.contains_key(*key));
        own.chain(shared.filter_map(|(key, value)| Some((key, value?))))
    }
}

/// The state of an attribute.
#[derive(Clone, Debug)]
pub enum Slot {
    /// Being evaluated now.
    Open,
    /// Evaluated.
    Done(Value),
    /// Could not be evaluated, and was reported.
    Failed,
}

/// Something that is being evaluated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OpenValue {
    /// A constant or an argument, by its name.
    Name(SmolStr),
    /// An attribute.
    Attribute(EntityId, SmolStr),
}

/// A declaration that waits for its phase.
#[derive(Debug)]
pub struct Pending<'a> {
    /// The item.
    pub item: &'a ast::Item,
    /// Where it stands.
    pub env: Env<'a>,
    /// Its place in the order of the source: see [`World::place`].
    pub place: usize,
}

/// Everything.
pub struct World<'a> {
    /// The files.
    pub program: &'a Program,
    /// For `file`, `dir` and `template`.
    pub fs: &'a dyn FileSystem,
    /// The target it is evaluated for.
    pub target: Option<SmolStr>,
    /// Its images, by slot.
    pub active_images: Option<super::machines::Images>,
    /// The name after `topology`.
    pub name: String,
    /// What was wrong so far.
    pub diagnostics: Vec<Diagnostic>,
    /// How often each code was reported at each place.
    pub said: IndexMap<(&'static str, Span), u32>,
    /// How many names were looked through for the one that was meant.
    pub suggestions: usize,
    /// Could something of the lab not be made, which was reported? Then what would follow from that is not reported.
    pub incomplete: bool,
    /// How far evaluation has come.
    pub phase: Phase,
    /// Scopes; the first is the top of the main file.
    pub scopes: Vec<Scope<'a>>,
    /// The scope of each file that has one.
    pub unit_scopes: IndexMap<UnitId, ScopeId>,
    /// All that has attributes.
    pub entities: Vec<Entity<'a>>,
    /// The topology's own attributes.
    pub topology_entity: EntityId,
    /// Does the main file declare a topology? Else it is a library.
    pub is_topology: bool,
    /// Is it a trial, with holes for parameters? See [`super::trial`].
    pub is_trial: bool,
    /// Nodes.
    pub nodes: Vec<NodeEntry<'a>>,
    /// Networks.
    pub networks: Vec<NetworkEntry>,
    /// Links.
    pub links: Vec<LinkEntry>,
    /// Aggregations.
    pub lags: Vec<LagEntry>,
    /// VLANs.
    pub vlans: Vec<NamedEntry>,
    /// VRFs.
    pub vrfs: Vec<NamedEntry>,
    /// Pools.
    pub pools: Vec<PoolEntry<'a>>,
    /// The scope of each instance of a module.
    pub modules: Vec<ScopeId>,
    /// Links, aggregations and loops over nodes, in order.
    pub pending_links: Vec<Pending<'a>>,
    /// `defaults`, in order.
    pub defaults: Vec<Pending<'a>>,
    /// `override`, in order.
    pub overrides: Vec<Pending<'a>>,
    /// `defaults` of the target.
    pub target_defaults: Vec<Pending<'a>>,
    /// `override` of the target.
    pub target_overrides: Vec<Pending<'a>>,
    /// `check` and `expect`, in order.
    pub checks: Vec<Pending<'a>>,
    /// `target`, in order: entity and item.
    pub targets: Vec<(EntityId, Pending<'a>)>,
    /// Attribute declarations: (scope, kind, name).
    pub attribute_types: IndexMap<(Kind, SmolStr), AttributeType<'a>>,
    /// Devices already built without arguments.
    pub shapes: IndexMap<(UnitId, SmolStr), Option<Rc<Shape<'a>>>>,
    /// Devices being built: meeting one again is a circle.
    pub open_shapes: Vec<(SmolStr, Span)>,
    /// Modules being instantiated.
    pub open_modules: Vec<(SmolStr, Span)>,
    /// Instance paths, in the form in which they must be unique: as they are written, and where.
    pub instance_names: IndexMap<String, (String, Span)>,
    /// How many links have a path, and the first of them.
    pub link_paths: IndexMap<String, (u32, Span)>,
    /// What was allocated before, and is now.
    pub lock: Lock,
    /// Public keys of who deploys.
    pub deployer_keys: &'a [String],
    /// What the running lab answered.
    pub answers: Option<&'a Answers>,
    /// What the expectation asks that is being evaluated, if one is.
    pub asks: Option<Vec<Probe>>,
    /// Nodes by tag.
    pub tags: IndexMap<SmolStr, Vec<NodeId>>,
    /// Names that were used: parameters, constants, pools, networks.
    pub used: IndexSet<Span>,
    /// What is being evaluated, each because of the one before: meeting one again is a circle.
    pub open_values: Vec<OpenValue>,
    /// How often the node was asked for in whose attributes an expression stands.
    pub selves: usize,
    /// How deep evaluation is.
    pub depth: usize,
    /// The place of the item that is being made, in the order of the source with modules and loops unrolled. Links are
    /// made after all nodes, and have places between them.
    pub place: usize,
    /// How many nodes, networks and links there are.
    pub things: usize,
    /// How many turns loops took so far, against [`super::limits`].
    pub elements: usize,
    /// What the values so far cost, against [`super::limits`].
    pub work: usize,
    /// The finished graph, from phase [`Phase::Checks`] on.
    pub wiring: Option<&'a Wiring<'a>>,
    /// What the functions on the graph said in the check that is being evaluated.
    pub outcomes: Vec<Outcome>,
    /// What was said about templates that cannot be rendered.
    pub broken_templates: BTreeSet<String>,
    /// Renders templates.
    pub templates: super::templates::Templates,
    /// Gateways of the management network.
    pub management_gateways: Vec<std::net::IpAddr>,
    /// Index of the first VLAN of each number, once a template asks for them.
    pub vlans_by_number: Option<Rc<std::collections::BTreeMap<u16, usize>>>,
    /// Addresses that two have, which was reported.
    pub doubled_addresses: BTreeSet<std::net::IpAddr>,
    /// Files already read by `file` and `template`.
    pub texts: IndexMap<(RootId, PathBuf), Option<SmolStr>>,
    /// The addresses of the only router of a network, once looked for.
    pub segment_routers: IndexMap<NetworkId, Vec<std::net::IpAddr>>,
    /// The former paths of what was renamed, by the new ones.
    pub former: IndexMap<String, String>,
    /// What editors tell of it.
    pub facts: Facts,
}

/// An `attribute` declaration.
#[derive(Debug, Clone)]
pub struct AttributeType<'a> {
    /// Its type.
    pub ty: Type,
    /// As written.
    pub declared: &'a ast::AttributeDecl,
    /// Where.
    pub env: Env<'a>,
}

impl<'a> World<'a> {
    /// The environment of one turn of a loop, whose variable has this value.
    pub fn turn(&mut self, env: &Env<'a>, variable: &ast::Name, value: Value) -> Env<'a> {
        self.note(variable.span, &value);
        env.with_frame(Frame::new(vec![(variable.text.clone(), Local::Value(value))], true))
    }

    /// Keeps what a declared name is worth. What a trial finds out with holes for parameters is no value of the lab's.
    pub fn note(&mut self, name: Span, value: &Value) {
        if !self.is_trial {
            self.facts.note(name, value);
        }
    }

    /// Counts an instance of what is declared there.
    pub fn count_instance(&mut self, name: Span) {
        if !self.is_trial {
            self.facts.count(name);
        }
    }

    /// Adds a diagnostic.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.labels.first().map(|label| label.span).unwrap_or_default();
        let said = self.said.entry((diagnostic.code.id, place)).or_default();
        *said += 1;
        if *said <= limits::ECHOES {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Is there time to look through so many names for the one that was meant? With many mistakes in a large file, only
    /// the first have suggestions.
    pub fn may_suggest(&mut self, names: usize) -> bool {
        self.suggestions = self.suggestions.saturating_add(names);
        self.suggestions <= limits::SUGGESTIONS
    }

    /// Adds a diagnostic and says that it was reported.
    pub fn stop<T>(&mut self, diagnostic: Diagnostic) -> Eval<T> {
        self.report(diagnostic);
        Err(Stop::Reported)
    }

    /// Reports a short one: message, label.
    pub fn error<T>(&mut self, code: &'static Code, span: Span, message: impl Into<String>, label: &str) -> Eval<T> {
        self.stop(Diagnostic::new(code, span, message, label))
    }

    /// Reports a circle that leads back to something which is being evaluated.
    pub fn circle<T>(&mut self, code: &'static Code, back: &OpenValue, span: Span) -> Eval<T> {
        let start = self.open_values.iter().rposition(|open| open == back).unwrap_or_default();
        let circle: Vec<OpenValue> = self.open_values.iter().skip(start).cloned().collect();
        let names: Vec<String> = circle.iter().chain([back]).map(|open| self.open_words(open)).collect();
        let first = names.first().cloned().unwrap_or_default();
        let message = match names.as_slice() {
            [] | [_] | [_, _] => format!("{first} depends on itself"),
            [most @ .., last] if names.len() > 8 => {
                let shown = most.iter().take(6).cloned().collect::<Vec<_>>().join(" → ");
                format!("{first} depends on itself: {shown} → … → {last}")
            }
            names => format!("{first} depends on itself: {}", names.join(" → ")),
        };
        let diagnostic = Diagnostic::new(code, span, message, "leads back here")
            .help("break the circle: one of the values must be written without the others");
        self.stop(diagnostic)
    }

    fn open_words(&self, open: &OpenValue) -> String {
        match open {
            OpenValue::Name(name) => format!("`{name}`"),
            OpenValue::Attribute(id, key) => {
                let of = self.entities.get(*id).map_or("", |entity| entity.words.as_str());
                format!("`{key}` of {of}")
            }
        }
    }

    /// Reports a problem of a value at the part of it that is wrong.
    pub fn problem_in<T>(&mut self, mut problem: Problem, whole: Written<'_>) -> Eval<T> {
        let part = locate::part(whole, &problem.within);
        // An unknown field is about its name.
        let key = part.key.filter(|_| problem.code == &crate::diagnostics::codes::values::E0304);
        if key.is_none() && !part.is_literal() {
            problem.replacement = None;
        }
        self.problem(problem, key.unwrap_or(part.span))
    }

    /// Reports a problem of a value at its place.
    pub fn problem<T>(&mut self, problem: Problem, span: Span) -> Eval<T> {
        let mut diagnostic = Diagnostic::new(problem.code, span, problem.message, problem.label);
        if let Some(help) = problem.help {
            diagnostic = diagnostic.help(help);
        }
        if let Some(text) = problem.replacement {
            diagnostic = diagnostic.fix(format!("Write `{text}`"), span, text);
        }
        self.stop(diagnostic)
    }

    /// Adds an entity.
    pub fn add_entity(&mut self, entity: Entity<'a>) -> EntityId {
        self.entities.push(entity);
        self.entities.len() - 1
    }

    /// The entity of a thing; none for values that have no attributes.
    pub fn entity_of(&self, value: &Value) -> Option<EntityId> {
        match value {
            Value::Node(id) => self.nodes.get(id.index()).map(|entry| entry.entity),
            Value::Network(id) => self.networks.get(id.index()).map(|entry| entry.entity),
            Value::Link(id) => self.links.get(id.index()).map(|entry| entry.entity),
            Value::Vlan(id) => self.vlans.get(id.index()).map(|entry| entry.entity),
            Value::Vrf(id) => self.vrfs.get(id.index()).map(|entry| entry.entity),
            Value::Pool(id) => self.pools.get(id.index()).map(|entry| entry.entity),
            Value::Interface(node, name) => {
                self.nodes.get(node.index())?.interfaces.get(name).map(|interface| interface.entity)
            }
            _ => None,
        }
    }

    /// Name of a thing for sentences: "`leaf1`".
    pub fn name_of(&self, value: &Value) -> String {
        let path = match value {
            Value::Node(id) => self.nodes.get(id.index()).map(|entry| entry.path.clone()),
            Value::Network(id) => self.networks.get(id.index()).map(|entry| entry.path.clone()),
            Value::Link(id) => self.links.get(id.index()).map(|entry| entry.path.clone()),
            Value::Vlan(id) => self.vlans.get(id.index()).map(|entry| entry.path.clone()),
            Value::Vrf(id) => self.vrfs.get(id.index()).map(|entry| entry.path.clone()),
            Value::Pool(id) => self.pools.get(id.index()).map(|entry| entry.path.clone()),
            Value::Interface(id, name) => self.nodes.get(id.index()).map(|entry| format!("{}:{name}", entry.path)),
            Value::Module(id) => self
                .modules
                .get(id.index())
                .and_then(|scope| self.scopes.get(*scope))
                .map(|scope| scope.prefix.trim_end_matches('/').to_owned()),
            _ => None,
        };
        path.unwrap_or_default()
    }
}

/// Ids that the evaluator hands out.
macro_rules! push {
    ($($method:ident $list:ident: $entry:ty => $id:ident;)*) => {
        impl<'a> World<'a> {
            $(
                /// Adds it and gives its id.
                pub fn $method(&mut self, entry: $entry) -> $id {
                    self.$list.push(entry);
                    $id::from(self.$list.len() - 1)
                }
            )*
        }
    };
}

push! {
    add_node nodes: NodeEntry<'a> => NodeId;
    add_network networks: NetworkEntry => NetworkId;
    add_lag lags: LagEntry => LagId;
    add_vlan vlans: NamedEntry => VlanId;
    add_vrf vrfs: NamedEntry => VrfId;
    add_pool pools: PoolEntry<'a> => PoolId;
    add_module modules: ScopeId => ModuleId;
}
