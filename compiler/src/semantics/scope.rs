//! Names: declaring them, and finding out what they mean.

use super::unit::UnitId;
use super::world::{Binding, BindingKind, Env, Eval, Local, OpenValue, Phase, Scope, ScopeId, Stop, World};
use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::codes::names as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, KeyKind};
use crate::value::Value;
use crate::value::types::Type;
use smol_str::SmolStr;

/// What a name turned out to be.
pub enum Found {
    /// A value.
    Value(Value),
    /// An array of nodes, networks or links, in this scope.
    Array(ScopeId),
    /// A device, module or type: no value.
    NotAValue(&'static str, Span),
    /// Nothing.
    Unknown,
}

impl<'a> World<'a> {
    /// Makes a scope for items and declares their names.
    pub fn open_scope(
        &mut self,
        unit: UnitId,
        parent: Option<ScopeId>,
        user: Option<ScopeId>,
        prefix: String,
        items: &'a [ast::Item],
    ) -> ScopeId {
        let id = self.scopes.len();
        self.scopes.push(Scope {
            parent,
            user,
            unit,
            prefix,
            names: IndexMap::default(),
            exports: IndexMap::default(),
            public: IndexSet::default(),
        });
        self.declare_all(id, items, None);
        id
    }

    /// The scope of a file, made when first asked for.
    pub fn unit_scope(&mut self, unit: UnitId) -> ScopeId {
        if let Some(scope) = self.unit_scopes.get(&unit) {
            return *scope;
        }
        let items = self.program.unit(unit).map_or(&[][..], |unit| unit.items());
        let scope = self.open_scope(unit, None, None, String::new(), items);
        self.unit_scopes.insert(unit, scope);
        let env = Env::top(unit, scope);
        // The modules of a library set attributes that it declares, and the lab may set them too. Its own are declared on
        // the walk through it.
        for item in items.iter().filter(|_| unit != 0) {
            if let ItemKind::AttributeDecl(declared) = &item.kind {
                self.declare_attribute(declared, &env);
            }
        }
        self.make_pools(items, &env);
        scope
    }

    fn declare_all(&mut self, scope: ScopeId, items: &'a [ast::Item], condition: Option<Span>) {
        let top = condition.is_none();
        for item in items {
            let (name, kind) = match &item.kind {
                ItemKind::Node(node) => (&node.name, one_or_array(node.dims.is_some())),
                ItemKind::Link(link) | ItemKind::Lag(link) => {
                    let Some(name) = &link.name else { continue };
                    (name, one_or_array(link.dims.is_some()))
                }
                ItemKind::Part(part) if matches!(part.word.text.as_str(), "network" | "vlan" | "vrf") => {
                    let KeyKind::Name(text) = &part.name.kind else { continue };
                    let name = ast::Name { text: text.clone(), span: part.name.span };
                    self.declare(scope, &name, one_or_array(part.dims.is_some()), condition, item);
                    continue;
                }
                ItemKind::For(repeated) => {
                    self.declare_all(scope, &repeated.block.items, Some(condition.unwrap_or_default()));
                    continue;
                }
                ItemKind::If(choice) => {
                    let condition = Some(choice.condition.span);
                    self.declare_all(scope, &choice.then.items, condition);
                    if let Some(otherwise) = &choice.otherwise {
                        self.declare_all(scope, &otherwise.items, condition);
                    }
                    continue;
                }
                // These are local to a block, and declared there.
                _ if !top => continue,
                ItemKind::Let(declared) => (&declared.name, BindingKind::Lazy(declared)),
                ItemKind::Param(declared) => (&declared.name, BindingKind::Failed),
                ItemKind::Type(declared) => (&declared.name, BindingKind::Definition("a type")),
                ItemKind::Pool(declared) => (&declared.name, BindingKind::One(None)),
                ItemKind::Device(declared) => (&declared.name, BindingKind::Definition("a device")),
                ItemKind::Module(declared) => (&declared.name, BindingKind::Definition("a module")),
                ItemKind::Target(declared) => (&declared.name, BindingKind::Definition("a target")),
                _ => continue,
            };
            self.declare(scope, name, kind, condition, item);
        }
    }

    /// Declares a name in a scope, and reports it if it is taken.
    fn declare(
        &mut self,
        scope: ScopeId,
        name: &ast::Name,
        kind: BindingKind<'a>,
        condition: Option<Span>,
        item: &ast::Item,
    ) {
        if name.text.is_empty() {
            return;
        }
        let import = self.scopes.get(scope).and_then(|scope| self.program.unit(scope.unit)).and_then(|unit| {
            let import = unit.imports.get(&name.text)?;
            unit.names.get(&name.text).is_none().then_some(import.span)
        });
        let Some(scope) = self.scopes.get_mut(scope) else { return };
        if item.public.is_some() {
            scope.public.insert(name.text.clone());
        }
        let before = match scope.names.get_mut(&name.text) {
            None => import,
            // Several declarations fill one array; branches of an `if` may declare one thing each.
            Some(Binding { kind: BindingKind::Array(_), .. }) if matches!(kind, BindingKind::Array(_)) => return,
            Some(Binding { kind: BindingKind::One(_), condition: Some(_), .. })
                if condition.is_some() && matches!(kind, BindingKind::One(_)) =>
            {
                return;
            }
            Some(binding) => Some(binding.span),
        };
        if let Some(before) = before {
            let message = format!("`{}` is declared twice", name.text);
            let diagnostic = Diagnostic::new(&codes::E0201, name.span, message, "declared again here")
                .label(before, "first declared here")
                .help("give one of them another name");
            self.report(diagnostic);
            return;
        }
        scope.names.insert(name.text.clone(), Binding { span: name.span, condition, broken: false, kind });
    }

    /// Notes that items could not be made: that their names lack something is no further mistake.
    pub fn break_names(&mut self, scope: ScopeId, items: &[ast::Item]) {
        self.incomplete = true;
        for item in items {
            let name = match &item.kind {
                ItemKind::Node(node) => Some(&node.name.text),
                ItemKind::Link(link) | ItemKind::Lag(link) => link.name.as_ref().map(|name| &name.text),
                ItemKind::Part(ast::Part { name: ast::Key { kind: KeyKind::Name(name), .. }, .. }) => Some(name),
                ItemKind::For(repeated) => {
                    self.break_names(scope, &repeated.block.items);
                    None
                }
                ItemKind::If(choice) => {
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.break_names(scope, &block.items);
                    }
                    None
                }
                _ => None,
            };
            let binding = name.and_then(|name| self.scopes.get_mut(scope)?.names.get_mut(name));
            if let Some(binding) = binding {
                binding.broken = true;
            }
        }
    }

    /// Reports a local name that hides another one.
    pub fn refuse_shadowing(&mut self, name: &ast::Name, env: &Env<'a>) {
        let local = env.frames().any(|frame| frame.names.iter().any(|(known, _)| *known == name.text));
        let outer = self.binding(env.scope, &name.text).map(|(_, binding)| binding.span);
        if name.text.is_empty() || (!local && outer.is_none()) {
            return;
        }
        let message = format!("`{}` already means something here", name.text);
        let mut diagnostic = Diagnostic::new(&codes::E0202, name.span, message, "hides the other one")
            .help("each name has one meaning in a place: choose another for the variable");
        if let Some(outer) = outer {
            diagnostic = diagnostic.label(outer, "the other one");
        }
        self.report(diagnostic);
    }

    /// The binding of a name, in a scope or around it.
    fn binding(&self, scope: ScopeId, name: &str) -> Option<(ScopeId, &Binding<'a>)> {
        let mut at = Some(scope);
        while let Some(id) = at {
            let scope = self.scopes.get(id)?;
            if let Some(binding) = scope.names.get(name) {
                return Some((id, binding));
            }
            at = scope.parent;
        }
        None
    }

    /// What a name means.
    pub fn find_name(&mut self, name: &SmolStr, span: Span, env: &Env<'a>) -> Eval<Found> {
        if let Some(found) = self.find_local(name, span, env)? {
            return Ok(Found::Value(found));
        }
        if let Some((scope, binding)) = self.binding(env.scope, name) {
            let declared = binding.span;
            let found = self.bound(scope, name, span);
            self.used.insert(declared);
            return found;
        }
        let Some((unit, item)) = self.program.find(env.unit, name) else { return Ok(Found::Unknown) };
        match &item.kind {
            ItemKind::Device(_) => return Ok(Found::NotAValue("a device", item.span)),
            ItemKind::Module(_) => return Ok(Found::NotAValue("a module", item.span)),
            ItemKind::AttributeDecl(_) => return Ok(Found::Unknown),
            _ => {}
        }
        let target = match &item.kind {
            ItemKind::Let(declared) => declared.name.text.clone(),
            ItemKind::Pool(declared) => declared.name.text.clone(),
            ItemKind::Type(declared) => declared.name.text.clone(),
            _ => return Ok(Found::Unknown),
        };
        let scope = self.unit_scope(unit);
        self.bound(scope, &target, span)
    }

    /// A local name's value.
    fn find_local(&mut self, name: &SmolStr, span: Span, env: &Env<'a>) -> Eval<Option<Value>> {
        let mut at = env.frame.clone();
        while let Some(frame) = at {
            if let Some((_, cell)) = frame.names.iter().find(|(known, _)| known == name) {
                let local = cell.borrow().clone();
                return match local {
                    Local::Value(value) => Ok(Some(value)),
                    Local::Failed => Err(Stop::Reported),
                    Local::Open => self.circle(&codes::E0208, &OpenValue::Name(name.clone()), span),
                    Local::Of(_, this, value) if env.this.as_ref() == Some(&this) => {
                        self.selves += 1;
                        Ok(Some(value))
                    }
                    Local::Lazy(declared) | Local::Of(declared, ..) => {
                        *cell.borrow_mut() = Local::Open;
                        let inside = Env { frame: Some(frame.clone()), ..env.clone() };
                        self.open_values.push(OpenValue::Name(name.clone()));
                        let selves = self.selves;
                        let value = self.let_value(declared, &inside);
                        self.open_values.pop();
                        *cell.borrow_mut() = match (&value, &env.this) {
                            (Ok(value), Some(this)) if selves != self.selves => {
                                Local::Of(declared, this.clone(), value.clone())
                            }
                            (Ok(value), _) => Local::Value(value.clone()),
                            (Err(Stop::Reported), _) => Local::Failed,
                            (Err(_), _) => Local::Lazy(declared),
                        };
                        value.map(Some)
                    }
                };
            }
            at = frame.outer.clone();
        }
        Ok(None)
    }

    fn let_value(&mut self, declared: &'a ast::Let, env: &Env<'a>) -> Eval<Value> {
        let ty = declared.ty.as_ref().map(|ty| self.resolve_type(ty, env));
        let value = self.evaluate_as(&declared.value, env, ty.as_ref(), &declared.name.text)?;
        self.note(declared.name.span, &value);
        Ok(value)
    }

    /// The value of a binding that exists.
    pub fn bound(&mut self, scope: ScopeId, name: &SmolStr, span: Span) -> Eval<Found> {
        let Some(binding) = self.scopes.get(scope).and_then(|scope| scope.names.get(name)) else {
            return Ok(Found::Unknown);
        };
        let (condition, declared, broken) = (binding.condition, binding.span, binding.broken);
        match &binding.kind {
            BindingKind::Value(value) => Ok(Found::Value(value.clone())),
            BindingKind::Failed => Err(Stop::Reported),
            BindingKind::Open => self.circle(&codes::E0208, &OpenValue::Name(name.clone()), span),
            BindingKind::Definition(what) => Ok(Found::NotAValue(what, declared)),
            BindingKind::Lazy(declared) => {
                let declared = *declared;
                let unit = self.scopes.get(scope).map_or(0, |scope| scope.unit);
                self.set_binding(scope, name, BindingKind::Open);
                self.open_values.push(OpenValue::Name(name.clone()));
                let value = self.let_value(declared, &Env::top(unit, scope));
                self.open_values.pop();
                self.set_binding(
                    scope,
                    name,
                    match &value {
                        Ok(value) => BindingKind::Value(value.clone()),
                        Err(Stop::Reported) => BindingKind::Failed,
                        Err(_) => BindingKind::Lazy(declared),
                    },
                );
                value.map(Found::Value)
            }
            BindingKind::Parameter(declared, outside) => {
                let (declared, outside) = (*declared, *outside);
                let unit = self.scopes.get(scope).map_or(0, |scope| scope.unit);
                self.set_binding(scope, name, BindingKind::Open);
                self.open_values.push(OpenValue::Name(name.clone()));
                let env = Env::top(unit, scope);
                let value = self.structural(|world| world.parameter_value(declared, outside, &env));
                self.open_values.pop();
                if let Ok(value) = &value {
                    self.note(declared.name.span, value);
                }
                self.set_binding(scope, name, value.clone().map_or(BindingKind::Failed, BindingKind::Value));
                value.map(Found::Value)
            }
            BindingKind::Argument(..) if self.phase == Phase::Values => Err(Stop::NeedsNodes(span)),
            BindingKind::Argument(expr, env, ty) => {
                let (expr, env, ty) = (*expr, env.clone(), ty.clone());
                self.set_binding(scope, name, BindingKind::Open);
                self.open_values.push(OpenValue::Name(name.clone()));
                let value = self.evaluate_as(expr, &env, Some(&ty), name);
                self.open_values.pop();
                if let Ok(value) = &value {
                    self.note(declared, value);
                }
                self.set_binding(scope, name, value.clone().map_or(BindingKind::Failed, BindingKind::Value));
                value.map(Found::Value)
            }
            // Pools, VLANs and VRFs exist from the beginning; nodes and networks only once the shape is known.
            BindingKind::One(Some(value)) if self.phase > Phase::Values || !is_placed(value) => {
                Ok(Found::Value(value.clone()))
            }
            BindingKind::One(_) | BindingKind::Array(_) if self.phase == Phase::Values => Err(Stop::NeedsNodes(span)),
            BindingKind::Array(_) => Ok(Found::Array(scope)),
            BindingKind::One(_) => match condition.filter(|_| !broken) {
                Some(condition) => self.not_declared_here(name, span, declared, condition),
                None => Err(Stop::Reported),
            },
        }
    }

    /// Reports a name of a branch that was not taken, or of a loop that did not run.
    pub fn not_declared_here<T>(&mut self, name: &str, span: Span, declared: Span, condition: Span) -> Eval<T> {
        let written = self.program.sources.text(condition).to_owned();
        let message = if written.is_empty() {
            format!("`{name}` was not made: its loop did not run")
        } else {
            format!("`{name}` exists only under the condition `{written}`, and the other branch was taken")
        };
        let diagnostic = Diagnostic::new(&codes::E0206, span, message, "does not exist")
            .label(declared, "would be declared here")
            .help("put what uses it under the same condition");
        self.stop(diagnostic)
    }

    /// Sets what a name of a scope is.
    pub fn set_binding(&mut self, scope: ScopeId, name: &str, kind: BindingKind<'a>) {
        if let Some(binding) = self.scopes.get_mut(scope).and_then(|scope| scope.names.get_mut(name)) {
            binding.kind = kind;
        }
    }

    /// Reports a name that means nothing, with what may have been meant.
    pub fn unknown_name<T>(&mut self, name: &SmolStr, span: Span, env: &Env<'a>, wanted: Option<&Type>) -> Eval<T> {
        if self.program.unit(env.unit).is_some_and(|unit| unit.failed_imports.contains(name)) {
            return Err(Stop::Reported);
        }
        let mut diagnostic =
            Diagnostic::new(&codes::E0203, span, format!("nothing here is called `{name}`"), "unknown name");
        if !self.may_suggest(self.count_names(env)) {
            return self.stop(diagnostic);
        }
        let known = self.visible_names(env);
        if let Some(spaced) = subtraction(name, &known) {
            let help = "a hyphen is part of a name; subtraction has spaces around it";
            diagnostic = diagnostic.help(help).fix(format!("Write `{spaced}`"), span, spaced);
        } else if let Some(element) = self.element_of(name, env) {
            let help = format!("in the source, that element is `{element}`");
            diagnostic = diagnostic.help(help).fix(format!("Write `{element}`"), span, element);
        } else if let Some(meant) = closest(name, known.iter().map(SmolStr::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
            let title = format!("Write `{meant}`");
            // In short names every letter counts: `pe` may be a node that is still to come, beside `pc`.
            let is_certain = name.chars().filter(char::is_ascii_alphabetic).count() >= SHORTEST_CERTAIN;
            diagnostic =
                if is_certain { diagnostic.fix(title, span, meant) } else { diagnostic.suggest(title, span, meant) };
        } else if let Some(help) = of_other_numbers(name, &known) {
            diagnostic = diagnostic.help(help);
        } else if let Some(help) = what_is_wanted(name, wanted) {
            diagnostic = diagnostic.help(help);
        }
        self.stop(diagnostic)
    }

    /// Does a name mean anything in the scopes around, or in what the file imports?
    pub fn is_declared(&self, name: &str, env: &Env<'a>) -> bool {
        let local = env.frames().any(|frame| frame.names.iter().any(|(known, _)| known == name));
        let imported = self.program.unit(env.unit).is_some_and(|unit| unit.imports.contains_key(name));
        local || imported || self.binding(env.scope, name).is_some()
    }

    /// How many names there are at a place, and elements of their arrays.
    fn count_names(&self, env: &Env<'a>) -> usize {
        let scopes = std::iter::successors(self.scopes.get(env.scope), |scope| self.scopes.get(scope.parent?));
        let elements = |binding: &Binding| match &binding.kind {
            BindingKind::Array(elements) => elements.len(),
            _ => 1,
        };
        scopes.flat_map(|scope| scope.names.values()).map(elements).sum()
    }

    /// All names that can be used at a place.
    pub fn visible_names(&self, env: &Env<'a>) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> =
            env.frames().flat_map(|frame| frame.names.iter().map(|(name, _)| name.clone())).collect();
        let mut at = Some(env.scope);
        while let Some(scope) = at.and_then(|id| self.scopes.get(id)) {
            names.extend(scope.names.keys().cloned());
            at = scope.parent;
        }
        if let Some(unit) = self.program.unit(env.unit) {
            names.extend(unit.imports.keys().cloned());
        }
        names
    }

    /// `leaf1` where there is an array `leaf` with that element.
    fn element_of(&self, name: &str, env: &Env<'a>) -> Option<String> {
        let mut at = Some(env.scope);
        while let Some(scope) = at.and_then(|id| self.scopes.get(id)) {
            for (array, binding) in &scope.names {
                let BindingKind::Array(elements) = &binding.kind else { continue };
                if !name.starts_with(array.as_str()) {
                    continue;
                }
                let found = elements.keys().find(|keys| instance_name(array, keys) == name);
                if let Some(keys) = found {
                    let keys: Vec<String> = keys.iter().map(super::world::Key::source).collect();
                    return Some(format!("{array}[{}]", keys.join(", ")));
                }
            }
            at = scope.parent;
        }
        None
    }
}

fn one_or_array<'a>(array: bool) -> BindingKind<'a> {
    if array { BindingKind::Array(IndexMap::default()) } else { BindingKind::One(None) }
}

/// What to do about an unknown name where a value of this type is wanted.
fn what_is_wanted(name: &str, wanted: Option<&Type>) -> Option<String> {
    let Some(wanted) = wanted else { return Some(format!("declare it, or for text write \"{name}\"")) };
    match wanted {
        Type::Ip | Type::Cidr if name == "dhcp" => Some("write `addressing = dhcp` instead of an address".to_owned()),
        Type::Ip => Some("write an address, such as `10.0.0.1`".to_owned()),
        Type::Cidr => Some("write an address with its length, such as `10.0.0.1/24`".to_owned()),
        Type::Prefix => Some("write a prefix, such as `10.0.0.0/24`".to_owned()),
        Type::Any | Type::String => Some(format!("for text, write \"{name}\"")),
        Type::Bool => Some("write `true` or `false`".to_owned()),
        Type::Vlan => Some(format!("declare it: `vlan {name} {{ id = 10 }}`")),
        Type::Vrf => Some(format!("declare it: `vrf {name}`")),
        Type::Pool => Some(format!("declare it: `pool {name} = 10.0.0.0/16 per /31`")),
        Type::Network => Some(format!("declare it: `network {name} {{ subnet = 10.0.0.0/24 }}`")),
        Type::Optional(inner) | Type::List(inner) => what_is_wanted(name, Some(inner)),
        Type::OneOf(types) => types.iter().find_map(|ty| what_is_wanted(name, Some(ty))),
        _ => None,
    }
}

/// The letters of a name from which on a misspelling is told from another name.
const SHORTEST_CERTAIN: usize = 3;

/// The most names that are listed.
const MOST_NAMED: usize = 5;

/// "there are `r1`, `r2`", for `r7`.
fn of_other_numbers(name: &str, known: &[SmolStr]) -> Option<String> {
    let without_number = |name: &str| name.trim_end_matches(|char: char| char.is_ascii_digit()).to_owned();
    let stem = without_number(name);
    if stem == name {
        return None;
    }
    let is_alike = |other: &&SmolStr| other.len() > stem.len() && without_number(other) == stem;
    let alike: Vec<String> = known.iter().filter(is_alike).map(|other| format!("`{other}`")).collect();
    let (shown, more) = alike.split_at(alike.len().min(MOST_NAMED));
    match (shown, more) {
        ([], _) => None,
        ([one], _) => Some(format!("there is {one}")),
        (shown, []) => Some(format!("there are {}", shown.join(", "))),
        (shown, more) => Some(format!("there are {} and {} more", shown.join(", "), more.len())),
    }
}

/// Is it one of the things that exist only once the shape of the lab is known?
fn is_placed(value: &Value) -> bool {
    matches!(value, Value::Node(_) | Value::Network(_) | Value::Link(_) | Value::Module(_))
}

/// `n-1` read as `n - 1`, where `n` is known.
fn subtraction(name: &str, known: &[SmolStr]) -> Option<String> {
    let (left, right) = name.rsplit_once('-')?;
    let is_known = |word: &str| known.iter().any(|known| known == word);
    let is_number = !right.is_empty() && right.bytes().all(|byte| byte.is_ascii_digit());
    (is_known(left) && (is_number || is_known(right))).then(|| format!("{left} - {right}"))
}

/// The name of an element: `leaf1`, `h1-2`, `r-nyc`, `r2-1`.
pub fn instance_name(array: &str, keys: &[super::world::Key]) -> String {
    use super::world::Key;
    let mut name = array.to_owned();
    for (at, key) in keys.iter().enumerate() {
        match key {
            Key::Int(number) => {
                let glued = at == 0 && *number >= 0 && !array.ends_with(|c: char| c.is_ascii_digit());
                if !glued {
                    name.push('-');
                }
                name.push_str(&number.unsigned_abs().to_string());
            }
            Key::Text(text) => {
                name.push('-');
                name.push_str(text);
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use crate::source::MemoryFileSystem;
    use crate::{CompileOptions, compile};

    #[test]
    fn a_constant_of_a_device_may_read_each_node() {
        let program = "topology t\ndevice d extends debian {\n  let who = self.name\n  notes = \"I am ${who}\"\n}\n\
                       node a: d\nnode b: d\n";
        let fs = MemoryFileSystem::new([("lab.wtop", program)]);
        let compilation = compile(&fs, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() });
        let notes = compilation.topology.unwrap().nodes.into_iter().map(|node| node.notes);
        assert_eq!(notes.collect::<Vec<_>>(), [Some("I am a".to_owned()), Some("I am b".to_owned())]);
    }
}
