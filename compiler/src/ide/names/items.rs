//! The second walk: what the names in items mean.

use super::builder::{Builder, Env};
use super::known::Known;
use super::symbol::SymbolId;
use crate::semantics::schema::Kind;
use crate::syntax::ast::{self, Item, ItemKind};

impl<'a> Builder<'a> {
    /// Resolves the names in all files.
    pub fn resolve_files(&mut self) {
        for (unit, one) in self.units.iter().enumerate() {
            let Some(scope) = self.unit_scopes.get(unit).copied() else { continue };
            self.items(one.items(), Env { unit, scope, this: None, device: None });
        }
    }

    /// The items of a file or module, or of a block in one.
    pub fn items(&mut self, items: &'a [Item], env: Env) {
        let env = self.with_constants(items, env);
        for item in items {
            self.item(item, env);
        }
    }

    /// An item of a file or module; also where it stands in a place that is not its.
    pub fn item(&mut self, item: &'a Item, env: Env) {
        match &item.kind {
            ItemKind::Attribute(_) | ItemKind::Group(_) => self.setting(item, Kind::Topology, env),
            ItemKind::Edition(_) | ItemKind::Topology(_) | ItemKind::Broken => {}
            ItemKind::Use(used) => self.imports(used, env.unit),
            ItemKind::Param(parameter) => self.parameter(parameter, env),
            ItemKind::Let(constant) => self.visit_constant(constant),
            ItemKind::Type(declared) => {
                let id = self.by_name.get(&declared.name.span).copied();
                self.type_names(&declared.ty, id, env);
            }
            ItemKind::Pool(pool) => {
                for part in &pool.parts {
                    self.expr(&part.from, env, &Known::Nothing);
                }
                self.optional_block(Kind::Pool, pool.block.as_ref(), env);
            }
            ItemKind::Node(node) => self.node(node, item, env),
            ItemKind::Link(link) => self.link(link, item, Kind::Link, env),
            ItemKind::Lag(link) => self.link(link, item, Kind::Lag, env),
            ItemKind::Wire(link) => self.link(link, item, Kind::Wire, env),
            ItemKind::For(repeated) => {
                let inside = self.binding(&repeated.binding, item.span, env);
                self.items(&repeated.block.items, inside);
            }
            ItemKind::If(choice) => {
                self.expr(&choice.condition, env, &Known::Nothing);
                for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                    self.items(&block.items, env);
                }
            }
            ItemKind::Device(device) => self.device(device, env),
            ItemKind::Module(module) => {
                let id = self.by_name.get(&module.name.span).copied();
                if let Some(scope) = id.and_then(|id| self.module_scopes.get(&id)).copied() {
                    let inside = Env { scope, ..env };
                    self.parameters(&module.parameters, inside);
                    self.items(&module.block.items, inside);
                }
            }
            ItemKind::Interface(interface) => {
                let inside = self.bindings(&interface.bindings, item.span, env);
                let inside = self.dims(interface.dims.as_deref(), item.span, inside);
                self.key_holes(&interface.name, inside);
                if let Some(target) = &interface.target {
                    self.expr(target, inside, &Known::Nothing);
                }
                self.optional_block(Kind::Port, interface.block.as_ref(), inside);
            }
            ItemKind::Part(part) => self.segment(part, item, env),
            ItemKind::Defaults(defaults) => self.defaults(defaults, env),
            ItemKind::Override(change) => {
                let (kind, this) = match self.expr(&change.target, env, &Known::Nothing) {
                    Known::Thing(kind, thing) => (kind, thing),
                    _ => (Kind::Node, None),
                };
                self.block(kind, &change.block, Env { this, ..env });
            }
            ItemKind::Remove(target) => drop(self.expr(target, env, &Known::Nothing)),
            ItemKind::AttributeDecl(declared) => self.attribute_decl(declared, env),
            ItemKind::Check(check) | ItemKind::Expect(check) => {
                self.expr(&check.condition, env, &Known::Nothing);
                if let Some(message) = &check.message {
                    self.text(&message.parts, env);
                }
                self.optional_block(Kind::Check, check.block.as_ref(), env);
            }
            ItemKind::Target(target) => self.block(Kind::Target, &target.block, env),
        }
    }

    /// A constant, unless its value was asked for before.
    pub fn visit_constant(&mut self, constant: &'a ast::Let) {
        if let Some(id) = self.by_name.get(&constant.name.span).copied() {
            self.known(id);
        }
    }

    /// What is known of the value of a constant; this resolves the names in it.
    pub fn constant(&mut self, constant: &'a ast::Let, env: Env) -> Known {
        let mut wanted = Known::Nothing;
        if let Some(ty) = &constant.ty {
            let id = self.by_name.get(&constant.name.span).copied();
            self.type_names(ty, id, env);
            wanted = self.known_type(ty, env.unit);
        }
        let found = self.expr(&constant.value, env, &wanted);
        if matches!(wanted, Known::Nothing) { found } else { wanted }
    }

    /// Parameters, in the scope where they are known.
    pub fn parameters(&mut self, parameters: &'a [ast::Parameter], env: Env) {
        for parameter in parameters {
            self.parameter(parameter, env);
        }
    }

    /// The type, default and condition of a parameter or field.
    pub fn parameter(&mut self, parameter: &'a ast::Parameter, env: Env) {
        let id = self.by_name.get(&parameter.name.span).copied();
        self.type_names(&parameter.ty, id, env);
        let known = id.map_or(Known::Nothing, |id| self.known(id));
        if let Some(default) = &parameter.default {
            self.expr(default, env, &known);
        }
        if let Some(condition) = &parameter.condition {
            self.expr(condition, env, &known);
        }
    }

    /// Arguments of a device or module.
    pub fn arguments_of(&mut self, arguments: &'a [ast::Argument], of: Option<SymbolId>, env: Env) {
        for argument in arguments {
            let mut wanted = Known::Nothing;
            if let Some(name) = &argument.name {
                let parameter = of.and_then(|of| self.parts.get(&of)?.parameters.get(&name.text).copied());
                if let Some(parameter) = parameter {
                    self.refer(name.span, parameter);
                    wanted = self.known(parameter);
                } else if name.text == "version" {
                    self.attribute(Kind::Node, "version", name.span);
                }
            }
            self.expr(&argument.value, env, &wanted);
        }
    }

    fn node(&mut self, node: &'a ast::Node, item: &'a Item, env: Env) {
        let id = self.by_name.get(&node.name.span).copied();
        let inside = self.dims(node.dims.as_deref(), item.span, env);
        let device = self.device_path(&node.device, env.unit);
        self.arguments_of(&node.arguments, device, inside);
        self.optional_block(Kind::Node, node.block.as_ref(), Env { this: id, ..inside });
    }

    fn link(&mut self, link: &'a ast::Link, item: &'a Item, kind: Kind, env: Env) {
        let inside = self.dims(link.dims.as_deref(), item.span, env);
        for end in std::iter::once(&link.left).chain(&link.right) {
            self.end(end, inside);
        }
        let Some(block) = &link.block else { return };
        let inside = self.with_constants(&block.items, inside);
        for item in &block.items {
            match &item.kind {
                ItemKind::Link(member) => self.link(member, item, Kind::Link, inside),
                _ => self.setting(item, kind, inside),
            }
        }
    }

    fn end(&mut self, end: &'a ast::End, env: Env) {
        let refs = match &end.refs {
            ast::EndRefs::One(expr) => std::slice::from_ref(expr),
            ast::EndRefs::List(exprs, _) => exprs,
        };
        let mut this = None;
        for expr in refs {
            this = this.or(self.end_node(expr, env));
        }
        self.settings(&end.items, Kind::Interface, Env { this, ..env });
    }

    /// Resolves the reference of an end: the node or network that `self` is there.
    fn end_node(&mut self, expr: &'a ast::Expr, env: Env) -> Option<SymbolId> {
        let known = match &expr.kind {
            ast::ExprKind::Port(base, parts, span) => {
                let base = self.expr(base, env, &Known::Nothing);
                self.text(parts, env);
                self.port_name(&base, parts, *span);
                base
            }
            _ => self.expr(expr, env, &Known::Nothing),
        };
        match known {
            Known::Thing(Kind::Node | Kind::Network, thing) => thing,
            _ => None,
        }
    }

    /// `network`, `vlan`, `vrf`, and parts that are out of their place.
    fn segment(&mut self, part: &'a ast::Part, item: &'a Item, env: Env) {
        let this = self.by_name.get(&part.name.span).copied();
        self.key_holes(&part.name, env);
        let inside = self.dims(part.dims.as_deref(), item.span, env);
        let Some(block) = &part.block else { return };
        let kind = match part.word.text.as_str() {
            "network" => Kind::Network,
            "vlan" => Kind::Vlan,
            "vrf" => Kind::Vrf,
            _ => return self.items(&block.items, inside),
        };
        self.block(kind, block, Env { this, ..inside });
    }

    fn defaults(&mut self, defaults: &'a ast::Defaults, env: Env) {
        let device = defaults.device.as_ref().and_then(|path| self.device_path(path, env.unit));
        if let Some(tag) = &defaults.tag {
            self.text(&tag.parts, env);
        }
        let kind = match defaults.of.text.as_str() {
            "link" => Kind::Link,
            "lag" => Kind::Lag,
            "network" => Kind::Network,
            _ => Kind::Node,
        };
        self.block(kind, &defaults.block, Env { this: device, ..env });
    }

    /// In its condition, the attribute's own name is the value.
    fn attribute_decl(&mut self, declared: &'a ast::AttributeDecl, env: Env) {
        let id = self.by_name.get(&declared.name.span).copied();
        self.type_names(&declared.ty, id, env);
        let known = id.map_or(Known::Nothing, |id| self.known(id));
        if let Some(default) = &declared.default {
            self.expr(default, env, &known);
        }
        if let (Some(condition), Some(id)) = (&declared.condition, id) {
            let scope = self.open_scope(Some(env.scope), condition.span);
            self.bind(scope, &declared.name.text, id);
            self.expr(condition, Env { scope, ..env }, &known);
        }
    }
}
