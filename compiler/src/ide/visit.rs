//! A walk over all parts of a tree.

use crate::source::Span;
use crate::syntax::ast::{
    Argument, Binding, Block, Dim, End, EndRefs, Expr, ExprKind, Index, Item, ItemKind, Key, KeyKind, Link, Parameter,
    PoolPart, TextPart, Type, TypeKind,
};

/// A part of a tree.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // The names are those of the tree.
pub enum Part<'a> {
    Item(&'a Item),
    Block(&'a Block),
    Expr(&'a Expr),
    End(&'a End),
    Type(&'a Type),
    Key(&'a Key),
    /// A parameter, argument, binding or dimension.
    Other(Span),
}

impl Part<'_> {
    /// Where it stands.
    pub fn span(self) -> Span {
        match self {
            Part::Item(item) => item.span,
            Part::Block(block) => block.span,
            Part::Expr(expr) => expr.span,
            Part::End(end) => end.span,
            Part::Type(ty) => ty.span,
            Part::Key(key) => key.span,
            Part::Other(span) => span,
        }
    }
}

/// Hands over every part of some items, each before what is in it. Where `visit` says no, what is in it is left out.
pub fn walk<'a>(items: &'a [Item], visit: &mut dyn FnMut(Part<'a>) -> bool) {
    let mut walker = Walker { visit };
    walker.items(items);
}

struct Walker<'v, 'a> {
    visit: &'v mut dyn FnMut(Part<'a>) -> bool,
}

impl<'a> Walker<'_, 'a> {
    fn items(&mut self, items: &'a [Item]) {
        for item in items {
            if (self.visit)(Part::Item(item)) {
                self.item(item);
            }
        }
    }

    fn block(&mut self, block: &'a Block) {
        if (self.visit)(Part::Block(block)) {
            self.items(&block.items);
        }
    }

    fn blocks(&mut self, blocks: impl IntoIterator<Item = &'a Block>) {
        for block in blocks {
            self.block(block);
        }
    }

    fn item(&mut self, item: &'a Item) {
        match &item.kind {
            ItemKind::Attribute(attribute) => {
                self.key(&attribute.key);
                self.expr(&attribute.value);
            }
            ItemKind::Group(group) => self.block(&group.block),
            ItemKind::Edition(_) | ItemKind::Topology(_) | ItemKind::Use(_) | ItemKind::Broken => {}
            ItemKind::Param(parameter) => self.parameter_parts(parameter),
            ItemKind::Let(constant) => {
                constant.ty.iter().for_each(|ty| self.ty(ty));
                self.expr(&constant.value);
            }
            ItemKind::Type(declared) => self.ty(&declared.ty),
            ItemKind::Pool(pool) => {
                pool.parts.iter().for_each(|PoolPart { from, .. }| self.expr(from));
                self.blocks(&pool.block);
            }
            ItemKind::Node(node) => {
                self.dims(node.dims.as_deref());
                self.arguments(&node.arguments);
                self.blocks(&node.block);
            }
            ItemKind::Link(link) | ItemKind::Lag(link) | ItemKind::Wire(link) => self.link(link),
            ItemKind::For(repeated) => {
                self.binding(&repeated.binding);
                self.block(&repeated.block);
            }
            ItemKind::If(choice) => {
                self.expr(&choice.condition);
                self.blocks(std::iter::once(&choice.then).chain(&choice.otherwise));
            }
            ItemKind::Device(device) => {
                self.parameters(&device.parameters);
                device.base.iter().for_each(|(_, arguments)| self.arguments(arguments));
                self.block(&device.block);
            }
            ItemKind::Module(module) => {
                self.parameters(&module.parameters);
                self.block(&module.block);
            }
            ItemKind::Interface(interface) => {
                self.key(&interface.name);
                self.dims(interface.dims.as_deref());
                interface.bindings.iter().for_each(|binding| self.binding(binding));
                interface.target.iter().for_each(|target| self.expr(target));
                self.blocks(&interface.block);
            }
            ItemKind::Part(part) => {
                self.key(&part.name);
                self.dims(part.dims.as_deref());
                self.blocks(&part.block);
            }
            ItemKind::Defaults(defaults) => self.block(&defaults.block),
            ItemKind::Override(change) => {
                self.expr(&change.target);
                self.block(&change.block);
            }
            ItemKind::Remove(target) => self.expr(target),
            ItemKind::AttributeDecl(declared) => {
                self.ty(&declared.ty);
                declared.default.iter().chain(&declared.condition).for_each(|expr| self.expr(expr));
            }
            ItemKind::Check(check) | ItemKind::Expect(check) => {
                self.expr(&check.condition);
                check.message.iter().for_each(|message| self.text(&message.parts));
                self.blocks(&check.block);
            }
            ItemKind::Target(target) => self.block(&target.block),
        }
    }

    fn link(&mut self, link: &'a Link) {
        self.dims(link.dims.as_deref());
        for end in std::iter::once(&link.left).chain(&link.right) {
            if (self.visit)(Part::End(end)) {
                match &end.refs {
                    EndRefs::One(expr) => self.expr(expr),
                    EndRefs::List(exprs, _) => exprs.iter().for_each(|expr| self.expr(expr)),
                }
                self.items(&end.items);
            }
        }
        self.blocks(&link.block);
    }

    fn parameters(&mut self, parameters: &'a [Parameter]) {
        for parameter in parameters {
            if (self.visit)(Part::Other(super::names::parameter_span(parameter))) {
                self.parameter_parts(parameter);
            }
        }
    }

    fn parameter_parts(&mut self, parameter: &'a Parameter) {
        self.ty(&parameter.ty);
        parameter.default.iter().chain(&parameter.condition).for_each(|expr| self.expr(expr));
    }

    fn arguments(&mut self, arguments: &'a [Argument]) {
        for argument in arguments {
            let span = argument.name.as_ref().map_or(argument.value.span, |name| name.span.to(argument.value.span));
            if (self.visit)(Part::Other(span)) {
                self.expr(&argument.value);
            }
        }
    }

    fn dims(&mut self, dims: Option<&'a [Dim]>) {
        for dim in dims.unwrap_or_default() {
            let span = dim.variable.as_ref().map_or(dim.keys.span, |name| name.span.to(dim.keys.span));
            if (self.visit)(Part::Other(span)) {
                self.expr(&dim.keys);
            }
        }
    }

    fn binding(&mut self, binding: &'a Binding) {
        if (self.visit)(Part::Other(binding.name.span.to(binding.list.span))) {
            self.expr(&binding.list);
        }
    }

    fn key(&mut self, key: &'a Key) {
        if (self.visit)(Part::Key(key))
            && let KeyKind::String(parts) = &key.kind
        {
            self.text(parts);
        }
    }

    fn text(&mut self, parts: &'a [TextPart]) {
        for part in parts {
            if let TextPart::Hole(expr) = part {
                self.expr(expr);
            }
        }
    }

    fn ty(&mut self, ty: &'a Type) {
        if !(self.visit)(Part::Type(ty)) {
            return;
        }
        match &ty.kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Map(inner) => self.ty(inner),
            TypeKind::Record(fields) => self.parameters(fields),
            TypeKind::Path(_) | TypeKind::Enum(_) | TypeKind::Hole => {}
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        if !(self.visit)(Part::Expr(expr)) {
            return;
        }
        match &expr.kind {
            ExprKind::AddressText(parts) | ExprKind::String(parts) => self.text(parts),
            ExprKind::List(values) => values.iter().for_each(|value| self.expr(value)),
            ExprKind::Comprehension(comprehension) => {
                self.expr(&comprehension.element);
                comprehension.bindings.iter().for_each(|binding| self.binding(binding));
                comprehension.condition.iter().for_each(|condition| self.expr(condition));
            }
            ExprKind::Record(block) => self.block(block),
            ExprKind::Field(base, _) => self.expr(base),
            ExprKind::Index(base, indices) => {
                self.expr(base);
                for index in indices {
                    if let Index::Key(key) = index {
                        self.expr(key);
                    }
                }
            }
            ExprKind::Port(base, parts, _) => {
                self.expr(base);
                self.text(parts);
            }
            ExprKind::Call(function, arguments) => {
                self.expr(function);
                self.arguments(arguments);
            }
            ExprKind::Negate(inner) | ExprKind::Not(inner) | ExprKind::Group(inner) => self.expr(inner),
            ExprKind::Binary(left, _, _, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::If(parts) => {
                let (condition, then, otherwise) = &**parts;
                [condition, then, otherwise].into_iter().for_each(|expr| self.expr(expr));
            }
            ExprKind::From(from) => {
                self.expr(&from.pool);
                from.at.iter().for_each(|at| self.expr(at));
            }
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::SelfNode
            | ExprKind::Name(_)
            | ExprKind::Int(_)
            | ExprKind::Quantity(_)
            | ExprKind::Ip(_)
            | ExprKind::Cidr(_)
            | ExprKind::Mac(_)
            | ExprKind::Hole => {}
        }
    }
}
