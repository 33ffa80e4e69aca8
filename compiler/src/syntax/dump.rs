//! A tree as text, without spans: for tests, and for people who wonder what was understood.

use super::ast::*;
use std::fmt::Write;

/// The items of a file, one a line, as nested lists: `(node h1 debian {(= cpu 1)})`.
pub fn dump(file: &File) -> String {
    let mut out = String::new();
    if let Some(doc) = &file.doc {
        let _ = writeln!(out, "(doc {:?})", doc.text);
    }
    for entry in &file.items {
        let _ = writeln!(out, "{}", item(entry));
    }
    out
}

/// An expression as a nested list: `(+ a (call f 1))`.
pub fn expression(expr: &Expr) -> String {
    use ExprKind::*;
    match &expr.kind {
        Null => "null".into(),
        Bool(value) => value.to_string(),
        SelfNode => "self".into(),
        Name(name) => name.to_string(),
        Int(value) => value.to_string(),
        Quantity(value) => quantity(*value),
        Ip(value) => value.to_string(),
        Cidr(value) => value.to_string(),
        Mac(bytes) => bytes.map(|byte| format!("{byte:02x}")).join(":"),
        AddressText(parts) => format!("(address {})", text(parts)),
        String(parts) => text(parts),
        List(elements) => list("list", elements.iter().map(expression)),
        Comprehension(inner) => list(
            "each",
            std::iter::once(expression(&inner.element))
                .chain(inner.bindings.iter().map(binding))
                .chain(inner.condition.iter().map(|condition| format!("(if {})", expression(condition)))),
        ),
        Record(inner) => block(inner),
        Field(base, field) => format!("(. {} {})", expression(base), name(field)),
        Index(base, indices) => format!("(index {} {})", expression(base), join(indices.iter().map(index))),
        Port(base, parts, _) => format!("(port {} {})", expression(base), text(parts)),
        Call(base, arguments) => list("call", std::iter::once(expression(base)).chain(arguments.iter().map(argument))),
        Negate(inner) => format!("(- {})", expression(inner)),
        Not(inner) => format!("(not {})", expression(inner)),
        Binary(left, op, _, right) => format!("({} {} {})", op.symbol(), expression(left), expression(right)),
        If(inner) => format!("(if {} {} {})", expression(&inner.0), expression(&inner.1), expression(&inner.2)),
        From(from) => list("from", std::iter::once(expression(&from.pool)).chain(from.at.iter().map(expression))),
        Group(inner) => format!("(group {})", expression(inner)),
        Hole => "?".into(),
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn list(head: &str, parts: impl Iterator<Item = String>) -> String {
    format!("({})", join(std::iter::once(head.to_owned()).chain(parts)))
}

fn some<T>(value: &Option<T>, show: impl FnOnce(&T) -> String) -> String {
    value.as_ref().map(show).unwrap_or_default()
}

fn name(name: &Name) -> String {
    if name.text.is_empty() { "?".into() } else { name.text.to_string() }
}

fn path(path: &Path) -> String {
    path.names.iter().map(name).collect::<Vec<_>>().join(".")
}

fn key(key: &Key) -> String {
    match &key.kind {
        KeyKind::Name(name) if name.is_empty() => "?".into(),
        KeyKind::Name(name) => name.to_string(),
        KeyKind::String(parts) => text(parts),
    }
}

fn text(parts: &[TextPart]) -> String {
    let part = |part: &TextPart| match part {
        TextPart::Literal(text) => text.escape_debug().to_string(),
        TextPart::Hole(expr) => format!("${{{}}}", expression(expr)),
    };
    format!("\"{}\"", parts.iter().map(part).collect::<String>())
}

fn quantity(value: Quantity) -> String {
    match value {
        Quantity::Size(bytes) => format!("{bytes}B"),
        Quantity::Duration(nanoseconds) => format!("{nanoseconds}ns"),
        Quantity::Rate(bits) => format!("{bits}bps"),
        Quantity::Percent(millionths) => format!("{millionths}ppm"),
    }
}

fn index(index: &Index) -> String {
    match index {
        Index::All(_) => "..".into(),
        Index::Key(expr) => expression(expr),
    }
}

fn argument(argument: &Argument) -> String {
    match &argument.name {
        Some(of) => format!("(= {} {})", name(of), expression(&argument.value)),
        None => expression(&argument.value),
    }
}

fn binding(binding: &Binding) -> String {
    format!("(for {} {})", name(&binding.name), expression(&binding.list))
}

fn dims(dims: &Option<Vec<Dim>>) -> String {
    let dim = |dim: &Dim| match &dim.variable {
        Some(variable) => format!("(in {} {})", name(variable), expression(&dim.keys)),
        None => expression(&dim.keys),
    };
    some(dims, |dims| format!("[{}]", join(dims.iter().map(dim))))
}

fn block(block: &Block) -> String {
    format!("{{{}}}", join(block.items.iter().map(item)))
}

fn parameter(parameter: &Parameter) -> String {
    join(
        [
            some(&parameter.doc, |doc| format!("(doc {:?})", doc.text)),
            format!("(: {} {})", name(&parameter.name), ty(&parameter.ty)),
            some(&parameter.default, |value| format!("(= {})", expression(value))),
            some(&parameter.condition, |value| format!("(where {})", expression(value))),
        ]
        .into_iter(),
    )
}

fn ty(ty_: &Type) -> String {
    match &ty_.kind {
        TypeKind::Path(inner) => path(inner),
        TypeKind::Optional(inner) => format!("(? {})", ty(inner)),
        TypeKind::List(inner) => format!("[{}]", ty(inner)),
        TypeKind::Map(inner) => format!("(map {})", ty(inner)),
        TypeKind::Record(fields) => list("record", fields.iter().map(parameter)),
        TypeKind::Enum(names) => list("enum", names.iter().map(name)),
        TypeKind::Hole => "?".into(),
    }
}

fn end(end: &End) -> String {
    let refs = match &end.refs {
        EndRefs::One(expr) => expression(expr),
        EndRefs::List(refs, _) => list("list", refs.iter().map(expression)),
    };
    if end.each.is_none() && end.items.is_empty() {
        return refs;
    }
    let head = if end.each.is_some() { "each" } else { "end" };
    list(head, std::iter::once(refs).chain(end.items.iter().map(item)))
}

fn link(word: &str, link: &Link) -> String {
    let header = some(&link.name, |of| format!("{}{}:", name(of), dims(&link.dims)));
    list(word, [header, end(&link.left), some(&link.right, end), some(&link.block, block)].into_iter())
}

fn check(word: &str, check: &Check) -> String {
    let message = some(&check.message, |message| format!("(else {})", text(&message.parts)));
    let header = some(&check.name, |of| format!("{}:", name(of)));
    list(word, [header, expression(&check.condition), message, some(&check.block, block)].into_iter())
}

fn item(item: &Item) -> String {
    let mut out = String::new();
    if let Some(doc) = &item.doc {
        let _ = write!(out, "(doc {:?}) ", doc.text);
    }
    if item.public.is_some() {
        out.push_str("pub ");
    }
    out + &item_kind(&item.kind)
}

fn item_kind(kind: &ItemKind) -> String {
    use ItemKind as I;
    let parts = |head: &str, parts: &[String]| list(head, parts.iter().cloned());
    match kind {
        I::Attribute(attribute) => {
            let sign = if attribute.append { "+=" } else { "=" };
            parts(sign, &[key(&attribute.key), expression(&attribute.value)])
        }
        I::Group(group) => parts(&name(&group.name), &[block(&group.block)]),
        I::Edition(edition) => parts("edition", &[edition.year.to_string()]),
        I::Topology(of) => parts("topology", &[name(of)]),
        I::Use(import) => use_item(import),
        I::Param(inner) => parts("param", &[parameter(inner)]),
        I::Let(inner) => parts("let", &[name(&inner.name), some(&inner.ty, ty), expression(&inner.value)]),
        I::Type(inner) => parts("type", &[name(&inner.name), ty(&inner.ty)]),
        I::Pool(inner) => pool(inner),
        I::Node(inner) => {
            let arguments = join(inner.arguments.iter().map(argument));
            let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
            parts(
                "node",
                &[name(&inner.name) + &dims(&inner.dims), path(&inner.device), arguments, some(&inner.block, block)],
            )
        }
        I::Link(inner) => link("link", inner),
        I::Lag(inner) => link("lag", inner),
        I::Wire(inner) => link("wire", inner),
        I::For(inner) => parts("for", &[binding(&inner.binding), block(&inner.block)]),
        I::If(inner) => parts("if", &[expression(&inner.condition), block(&inner.then), some(&inner.otherwise, block)]),
        I::Device(inner) => {
            let base = some(&inner.base, |(base, arguments)| {
                list("extends", std::iter::once(path(base)).chain(arguments.iter().map(argument)))
            });
            parts("device", &[name(&inner.name), parameters(&inner.parameters), base, block(&inner.block)])
        }
        I::Module(inner) => parts("module", &[name(&inner.name), parameters(&inner.parameters), block(&inner.block)]),
        I::Interface(inner) => parts(
            "interface",
            &[
                key(&inner.name) + &dims(&inner.dims),
                join(inner.bindings.iter().map(binding)),
                some(&inner.target, |target| format!("(= {})", expression(target))),
                some(&inner.block, block),
            ],
        ),
        I::Part(inner) => {
            parts(&name(&inner.word), &[key(&inner.name) + &dims(&inner.dims), some(&inner.block, block)])
        }
        I::Defaults(inner) => parts(
            "defaults",
            &[
                name(&inner.of),
                some(&inner.device, path),
                some(&inner.tag, |tag| format!("(tagged {})", text(&tag.parts))),
                block(&inner.block),
            ],
        ),
        I::Override(inner) => parts("override", &[expression(&inner.target), block(&inner.block)]),
        I::Remove(target) => parts("remove", &[expression(target)]),
        I::AttributeDecl(inner) => parts(
            "attribute",
            &[
                name(&inner.name),
                ty(&inner.ty),
                some(&inner.default, |value| format!("(= {})", expression(value))),
                some(&inner.on, |on| format!("(on {})", name(on))),
                some(&inner.condition, |value| format!("(where {})", expression(value))),
            ],
        ),
        I::Check(inner) => check("check", inner),
        I::Expect(inner) => check("expect", inner),
        I::Target(inner) => parts("target", &[name(&inner.name), name(&inner.kind), block(&inner.block)]),
        I::Broken => "(broken)".into(),
    }
}

fn use_item(import: &Use) -> String {
    let root = match &import.root {
        UseRoot::Path(inner) => path(inner),
        UseRoot::File(file) => text(&file.parts),
    };
    let one = |entry: &UseName| match &entry.rename {
        Some(rename) => format!("(as {} {})", name(&entry.name), name(rename)),
        None => name(&entry.name),
    };
    let names = some(&import.names, |names| format!("{{{}}}", join(names.iter().map(one))));
    list("use", [root, names, some(&import.rename, |of| format!("(as {})", name(of)))].into_iter())
}

fn pool(pool: &Pool) -> String {
    let part = |part: &PoolPart| match part.per {
        Some((length, _)) => format!("(per {} {length})", expression(&part.from)),
        None => expression(&part.from),
    };
    let parts = std::iter::once(name(&pool.name)).chain(pool.parts.iter().map(part));
    list("pool", parts.chain(std::iter::once(some(&pool.block, block))))
}

fn parameters(parameters: &[Parameter]) -> String {
    if parameters.is_empty() {
        return String::new();
    }
    format!("({})", parameters.iter().map(parameter).collect::<Vec<_>>().join(", "))
}
