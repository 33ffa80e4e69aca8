//! Walking a tree whatever it is made of: for what looks at all of it, or for what stands at a place.

use super::ast::*;
use crate::source::Span;

/// A part of a tree that holds others.
#[derive(Clone, Copy, Debug)]
pub enum Element<'a> {
    /// An item of a file or block, or in the parentheses of an end.
    Item(&'a Item),
    /// A block or record.
    Block(&'a Block),
    /// An end of a link.
    End(&'a End),
    /// An expression.
    Expr(&'a Expr),
    /// A written type.
    Type(&'a Type),
    /// A parameter of a file, device or module, or a field of a record type.
    Parameter(&'a Parameter),
}

impl<'a> Element<'a> {
    /// Where it stands.
    pub fn span(self) -> Span {
        match self {
            Element::Item(item) => item.span,
            Element::Block(block) => block.span,
            Element::End(end) => end.span,
            Element::Expr(expr) => match &expr.kind {
                // Its own span is that of the part after the colon.
                ExprKind::Port(base, _, port) => Element::Expr(base).span().to(*port),
                _ => expr.span,
            },
            Element::Type(ty) => ty.span,
            Element::Parameter(parameter) => {
                let end = [&parameter.default, &parameter.condition].into_iter().flatten().last();
                parameter.name.span.to(end.map_or(parameter.ty.span, |end| end.span))
            }
        }
    }

    /// What it holds, in the order of the text.
    pub fn children(self) -> Vec<Element<'a>> {
        let mut children = Children(Vec::new());
        match self {
            Element::Item(item) => children.item(item),
            Element::Block(block) => children.items(&block.items),
            Element::End(end) => children.end(end),
            Element::Expr(expr) => children.expression(&expr.kind),
            Element::Type(ty) => children.ty(&ty.kind),
            Element::Parameter(parameter) => {
                children.0.push(Element::Type(&parameter.ty));
                children.exprs([&parameter.default, &parameter.condition].into_iter().flatten());
            }
        }
        children.0
    }
}

/// Calls `see` for every node of some items: each before what it holds.
pub fn walk<'a>(items: &'a [Item], see: &mut impl FnMut(Element<'a>)) {
    items.iter().for_each(|item| walk_element(Element::Item(item), see));
}

/// Calls `see` for a node and for every one in it.
pub fn walk_element<'a>(node: Element<'a>, see: &mut impl FnMut(Element<'a>)) {
    see(node);
    node.children().into_iter().for_each(|child| walk_element(child, see));
}

/// The nodes around a range, from the item at the top to the innermost.
pub fn around(file: &File, range: Span) -> Vec<Element<'_>> {
    let holds = |node: &Element| node.span().start <= range.start && range.end <= node.span().end;
    let mut path = Vec::new();
    let mut next = file.items.iter().map(Element::Item).find(holds);
    while let Some(node) = next {
        path.push(node);
        next = node.children().into_iter().find(holds);
    }
    path
}

struct Children<'a>(Vec<Element<'a>>);

impl<'a> Children<'a> {
    fn items(&mut self, items: &'a [Item]) {
        self.0.extend(items.iter().map(Element::Item));
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        self.0.extend(exprs.into_iter().map(Element::Expr));
    }

    fn block(&mut self, block: &'a Option<Block>) {
        self.0.extend(block.iter().map(Element::Block));
    }

    fn dims(&mut self, dims: &'a Option<Vec<Dim>>) {
        self.exprs(dims.iter().flatten().map(|dim| &dim.keys));
    }

    fn arguments(&mut self, arguments: &'a [Argument]) {
        self.exprs(arguments.iter().map(|argument| &argument.value));
    }

    fn text(&mut self, parts: &'a [TextPart]) {
        self.exprs(parts.iter().filter_map(|part| match part {
            TextPart::Hole(expr) => Some(expr),
            TextPart::Literal(_) => None,
        }));
    }

    fn key(&mut self, key: &'a Key) {
        if let KeyKind::String(parts) = &key.kind {
            self.text(parts);
        }
    }

    fn item(&mut self, item: &'a Item) {
        use ItemKind::*;
        match &item.kind {
            Edition(_) | Topology(_) | Use(_) | Broken => {}
            Attribute(attribute) => {
                self.key(&attribute.key);
                self.exprs([&attribute.value]);
            }
            Group(group) => self.0.push(Element::Block(&group.block)),
            Param(parameter) => self.0.push(Element::Parameter(parameter)),
            Let(declared) => {
                self.0.extend(declared.ty.iter().map(Element::Type));
                self.exprs([&declared.value]);
            }
            Type(declared) => self.0.push(Element::Type(&declared.ty)),
            Pool(pool) => {
                self.exprs(pool.parts.iter().map(|part| &part.from));
                self.block(&pool.block);
            }
            Node(node) => {
                self.dims(&node.dims);
                self.arguments(&node.arguments);
                self.block(&node.block);
            }
            Link(link) | Lag(link) | Wire(link) => {
                self.dims(&link.dims);
                self.0.extend([Some(&link.left), link.right.as_ref()].into_iter().flatten().map(Element::End));
                self.block(&link.block);
            }
            Part(part) => {
                self.key(&part.name);
                self.dims(&part.dims);
                self.block(&part.block);
            }
            _ => self.rarer_item(item),
        }
    }

    fn rarer_item(&mut self, item: &'a Item) {
        use ItemKind::*;
        match &item.kind {
            For(repeat) => {
                self.exprs([&repeat.binding.list]);
                self.0.push(Element::Block(&repeat.block));
            }
            If(choice) => {
                self.exprs([&choice.condition]);
                self.0.push(Element::Block(&choice.then));
                self.block(&choice.otherwise);
            }
            Device(device) => {
                self.0.extend(device.parameters.iter().map(Element::Parameter));
                self.arguments(device.base.as_ref().map_or(&[], |(_, arguments)| arguments));
                self.0.push(Element::Block(&device.block));
            }
            Module(module) => {
                self.0.extend(module.parameters.iter().map(Element::Parameter));
                self.0.push(Element::Block(&module.block));
            }
            Interface(interface) => {
                self.key(&interface.name);
                self.dims(&interface.dims);
                self.exprs(interface.bindings.iter().map(|binding| &binding.list));
                self.exprs(&interface.target);
                self.block(&interface.block);
            }
            Defaults(defaults) => self.0.push(Element::Block(&defaults.block)),
            Override(changed) => {
                self.exprs([&changed.target]);
                self.0.push(Element::Block(&changed.block));
            }
            Remove(target) => self.exprs([target]),
            AttributeDecl(declared) => {
                self.0.push(Element::Type(&declared.ty));
                self.exprs([&declared.default, &declared.condition].into_iter().flatten());
            }
            Check(check) | Expect(check) => {
                self.exprs([&check.condition]);
                self.text(check.message.as_ref().map_or(&[], |message| &message.parts));
                self.block(&check.block);
            }
            Target(target) => self.0.push(Element::Block(&target.block)),
            _ => {}
        }
    }

    fn end(&mut self, end: &'a End) {
        match &end.refs {
            EndRefs::One(expr) => self.exprs([expr]),
            EndRefs::List(exprs, _) => self.exprs(exprs),
        }
        self.items(&end.items);
    }

    fn expression(&mut self, kind: &'a ExprKind) {
        use ExprKind::*;
        match kind {
            AddressText(parts) | String(parts) => self.text(parts),
            List(elements) => self.exprs(elements),
            Comprehension(inner) => {
                self.exprs([&inner.element]);
                self.exprs(inner.bindings.iter().map(|binding| &binding.list));
                self.exprs(&inner.condition);
            }
            Record(block) => self.0.push(Element::Block(block)),
            Field(base, _) => self.exprs([&**base]),
            Index(base, indices) => {
                self.exprs([&**base]);
                self.exprs(indices.iter().filter_map(|index| match index {
                    self::Index::Key(key) => Some(key),
                    self::Index::All(_) => None,
                }));
            }
            Port(base, parts, _) => {
                self.exprs([&**base]);
                self.text(parts);
            }
            Call(function, arguments) => {
                self.exprs([&**function]);
                self.arguments(arguments);
            }
            Negate(inner) | Not(inner) | Group(inner) => self.exprs([&**inner]),
            Binary(left, _, _, right) => self.exprs([&**left, &**right]),
            If(parts) => self.exprs([&parts.0, &parts.1, &parts.2]),
            From(from) => {
                self.exprs([&from.pool]);
                self.exprs(&from.at);
            }
            Null | Bool(_) | SelfNode | Name(_) | Int(_) | Quantity(_) | Ip(_) | Cidr(_) | Mac(_) | Hole => {}
        }
    }

    fn ty(&mut self, kind: &'a TypeKind) {
        match kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Map(inner) => {
                self.0.push(Element::Type(inner));
            }
            TypeKind::Record(fields) => self.0.extend(fields.iter().map(Element::Parameter)),
            TypeKind::Path(_) | TypeKind::Enum(_) | TypeKind::Hole => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::parse;

    #[test]
    fn sees_what_stands_in_holes_and_ends() {
        let text = "node a: b(n = c[d]) { x = \"${e}\" }\nlink f:p${g} (y = h) <-> each [i, j] { z = from k at 2 }\n";
        let parse = parse(FileId(0), text);
        let mut names = Vec::new();
        walk(&parse.tree.items, &mut |node| {
            if let Element::Expr(Expr { kind: ExprKind::Name(name), .. }) = node {
                names.push(name.as_str());
            }
        });
        assert_eq!(names, ["c", "d", "e", "f", "g", "h", "i", "j", "k"]);
    }

    #[test]
    fn nodes_lie_in_each_other() {
        let text = "module m(a: [int] = [1]) {\n  node b: c { d = 1 + e }\n  if f { check g:h.i(j) }\n}\n";
        let parse = parse(FileId(0), text);
        walk(&parse.tree.items, &mut |node| {
            for child in node.children() {
                let (outer, inner) = (node.span(), child.span());
                assert!(outer.start <= inner.start && inner.end <= outer.end, "{inner:?} in {outer:?}");
            }
        });
        let at = text.find("e }").unwrap();
        let path = around(&parse.tree, Span::new(FileId(0), at, at));
        assert_eq!(path.len(), 7, "{path:?}");
    }
}
