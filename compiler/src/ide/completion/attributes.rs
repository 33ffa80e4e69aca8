//! Attributes, and the fields and keys of records.

use super::Asked;
use super::blocks::Block;
use super::item::{Item, ItemKind};
use super::known::Word;
use super::outline::Opener;
use crate::diagnostics::codes;
use crate::semantics::schema::{Kind, attribute, attribute_type, names};
use crate::syntax::token::TokenKind;
use crate::value::types::Type;
use std::collections::BTreeSet;

impl Asked<'_> {
    /// The attributes that can be set in a block and are not set yet.
    pub fn attribute_starts(&self, block: &Block) -> Vec<Item> {
        let set = self.set_here();
        let items = match block {
            Block::File => self.attributes_of(&[Kind::Topology], 1),
            Block::Device => self.attributes_of(&[Kind::Node], 1),
            Block::Target => self.attributes_of(&[Kind::Target], 0),
            Block::Of(kind) => self.attributes_of(&[*kind], 0),
            Block::Record(ty, name) => self.record_keys(ty, name),
            Block::Uses(root) => self.use_names(root),
            _ => Vec::new(),
        };
        items.into_iter().filter(|item| !set.contains(&item.label)).collect()
    }

    fn attributes_of(&self, kinds: &[Kind], fit: u8) -> Vec<Item> {
        let mut items = Vec::new();
        for kind in kinds {
            for name in names(*kind) {
                let spec = attribute(*kind, name);
                let ty = attribute_type(*kind, name).cloned().unwrap_or(Type::Any);
                let doc = spec.map(|spec| spec.doc.to_owned());
                items.push(self.setting(name, &ty, spec.map_or("any", |spec| spec.ty), doc).fit(fit));
            }
            for (of, name, ty, doc) in self.declared_attributes() {
                if of == *kind {
                    items.push(self.setting(&name, &ty, &ty.to_string(), doc).fit(fit).origin("own attribute"));
                }
            }
        }
        items
    }

    /// `name = value`, with a place for the value.
    fn setting(&self, name: &str, ty: &Type, written: &str, doc: Option<String>) -> Item {
        let detail = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let item = Item::new(name, ItemKind::Attribute).detail(detail).documentation(doc);
        // Where its value is there already, only the name is wanted.
        let ends_here = self
            .cursor
            .next()
            .is_none_or(|next| matches!(next.kind, TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::Comma));
        if !ends_here {
            return item;
        }
        if is_group(ty) {
            item.snippet(format!("{name} {{ $0 }}"), name)
        } else {
            let (snippet, plain) = sample(ty);
            item.snippet(format!("{name} = {snippet}"), format!("{name} = {plain}"))
        }
    }

    /// What is set in the innermost braces or parentheses already, without the item that is being written.
    fn set_here(&self) -> BTreeSet<String> {
        let Some((_, frame)) = self.cursor.innermost() else { return BTreeSet::new() };
        let outline = &self.cursor.outline;
        let first = if frame.opener == Opener::File { 0 } else { frame.token + 1 };
        let tokens: Vec<_> = outline.significant(first..outline.tokens.len()).collect();
        let mut set = BTreeSet::new();
        let mut depth = 0i32;
        for pair in tokens.windows(2) {
            let [token, next] = pair else { continue };
            match token.kind {
                TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket if depth == 0 => break,
                TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => depth -= 1,
                TokenKind::Name
                    if depth == 0
                        && token.start as usize != self.cursor.word.start
                        && (next.kind == TokenKind::Equal || next.kind == TokenKind::OpenBrace) =>
                {
                    set.insert(outline.word(token).to_owned());
                }
                TokenKind::StringText if depth == 0 && next.kind == TokenKind::StringClose => {
                    set.insert(outline.word(token).to_owned());
                }
                _ => {}
            }
        }
        set
    }

    /// The keys of a record: its fields, or what the lab has for those that it does not name itself.
    fn record_keys(&self, ty: &Type, name: &str) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for field in fields_of(ty) {
            items.push(self.setting(&field.name, &field.ty, &field.ty.to_string(), None));
        }
        items.extend(self.lab_keys(name).into_iter().map(|(key, detail)| {
            let quoted = if crate::syntax::is_name(&key) { key.clone() } else { format!("\"{key}\"") };
            let ends_here =
                self.cursor.next().is_none_or(|next| matches!(next.kind, TokenKind::CloseBrace | TokenKind::Comma));
            let item =
                Item { filter: Some(key.clone()), ..Item::new(quoted.clone(), ItemKind::Resource) }.detail(detail);
            match name {
                _ if !ends_here => item,
                "networks" => item.snippet(format!("{quoted} = ${{1:bridge(\"br0\")}}"), format!("{quoted} = ")),
                _ => item.snippet(format!("{quoted} = \"$1\""), format!("{quoted} = \"\"")),
            }
        }));
        items
    }

    /// What a record of the target, or of the file, can be about: keys with what they are.
    pub fn lab_keys(&self, name: &str) -> Vec<(String, String)> {
        let topology = self.query.compilation.and_then(|compilation| compilation.topology.as_ref());
        let mut found: Vec<(String, String)> = Vec::new();
        let mut add = |key: String, detail: String| {
            if !found.iter().any(|(known, _)| *known == key) {
                found.push((key, detail));
            }
        };
        match name {
            "images" => {
                let nodes = topology.into_iter().flat_map(|topology| &topology.nodes);
                for (node, disk) in nodes.flat_map(|node| {
                    node.machines.iter().flat_map(move |machine| machine.disks.iter().map(move |disk| (node, disk)))
                }) {
                    let Some(image) = &disk.image else { continue };
                    add(image.slot.clone(), format!("image of {}", node.device));
                    if let Some(version) = &image.version {
                        add(
                            format!("{}@{version}", image.slot),
                            format!("image of {}, version {version}", node.device),
                        );
                    }
                }
            }
            "networks" => {
                let networks = topology.into_iter().flat_map(|topology| &topology.networks);
                networks
                    .filter(|network| network.external)
                    .for_each(|network| add(network.name.clone(), "external network".to_owned()));
            }
            "flavors" | "hosts" | "pinning" | "numa" | "raw" => {
                for node in topology.into_iter().flat_map(|topology| &topology.nodes) {
                    if name == "flavors" {
                        add(node.device.clone(), "device".to_owned());
                    }
                    add(node.path.clone(), format!("node, {}", node.device));
                }
            }
            "allow" => {
                let given = self.query.compilation.into_iter().flat_map(|compilation| &compilation.diagnostics);
                let warnings = given.map(|diagnostic| diagnostic.code).chain(codes::all());
                warnings
                    .filter(|code| code.id.starts_with('W'))
                    .for_each(|code| add(code.id.to_owned(), code.title.to_owned()));
            }
            _ => {
                let fixed: &[(&str, &str)] = match name {
                    "ready" => &[
                        ("tcp", "port that accepts connections"),
                        ("console", "text on the console"),
                        ("ping", "answers to ping"),
                        ("ssh", "port that speaks SSH"),
                        ("netconf", "port that speaks NETCONF"),
                        ("time", "time to wait"),
                    ],
                    "limits" => &[
                        ("min_cpu", "least number of CPUs"),
                        ("min_memory", "least memory"),
                        ("max_interfaces", "most interfaces"),
                        ("kvm", "what does not work on KVM"),
                        ("heat", "what does not work on OpenStack"),
                    ],
                    _ => &[],
                };
                fixed.iter().for_each(|(key, detail)| add((*key).to_owned(), (*detail).to_owned()));
            }
        }
        found
    }

    /// The arguments of a device or module that are not given yet.
    pub fn arguments(&self, of: &str) -> Vec<Item> {
        let Some(declared) = self.kindred(of) else { return Vec::new() };
        let set = self.set_here();
        let parameters = super::known::parameters(&declared.item).iter();
        let open = parameters.filter(|parameter| !set.contains(parameter.name.text.as_str()));
        let is_set = self.cursor.is_followed_by(&[TokenKind::Equal]);
        let item = |(order, parameter): (usize, &crate::syntax::ast::Parameter)| {
            let name = parameter.name.text.as_str();
            let ty = declared.text.get(parameter.ty.span.range()).unwrap_or_default();
            let item = Item::new(name, ItemKind::Parameter).detail(ty);
            let item = item.documentation(parameter.doc.as_ref().map(|doc| doc.text.clone())).order(order);
            let item = item.fit(u8::from(parameter.default.is_some()));
            if is_set { item } else { item.snippet(format!("{name} = $1"), format!("{name} = ")) }
        };
        open.enumerate().map(item).collect()
    }

    /// The types that can be written.
    pub fn types(&self) -> Vec<Item> {
        let built_in = Type::names().filter(|name| *name != "any").enumerate();
        let mut items: Vec<Item> =
            built_in.map(|(order, name)| Item::new(name, ItemKind::Type).order(order).fit(1)).collect();
        items
            .extend(self.names_of(Word::Type).map(|(name, _)| Item::new(name.as_str(), ItemKind::Type).detail("type")));
        let made = |word: &str, snippet: &str, detail: &str| {
            Item::new(word, ItemKind::Keyword).snippet(snippet, word).detail(detail).fit(2)
        };
        items.push(made("enum", "enum { ${1:a}, ${2:b} }", "enum { a, b }"));
        items.push(made("map", "map[${1:string}]", "map[string]"));
        items
    }
}

/// The fields of a record, also one that is in a list or one of several.
pub fn fields_of(ty: &Type) -> Vec<crate::value::types::Field> {
    match ty {
        Type::Record(fields) => fields.to_vec(),
        Type::List(inner) | Type::Optional(inner) => fields_of(inner),
        Type::OneOf(types) => types.iter().flat_map(fields_of).collect(),
        _ => Vec::new(),
    }
}

/// Is it written as `name { … }`?
fn is_group(ty: &Type) -> bool {
    match ty {
        Type::Record(_) | Type::Map(_) => true,
        Type::Optional(inner) => is_group(inner),
        // A plain value is more often wanted than the record.
        Type::OneOf(types) => {
            types.last().is_some_and(is_group) && matches!(types.first(), Some(Type::Enum(words)) if words.len() == 1)
        }
        _ => false,
    }
}

/// A value of a type to begin with, as a snippet and as plain text.
pub fn sample(ty: &Type) -> (String, String) {
    let place = |text: &str| (format!("${{1:{text}}}"), String::new());
    match ty {
        Type::Bool => ("${1|true,false|}".to_owned(), String::new()),
        Type::Enum(words) => (format!("${{1|{}|}}", words.join(",")), String::new()),
        Type::Int => place("1"),
        Type::Size => place("4GiB"),
        Type::Duration => place("10ms"),
        Type::Rate => place("1Gbps"),
        Type::Percent => place("0.1%"),
        Type::Ip => place("10.0.0.1"),
        Type::Cidr => place("10.0.0.1/24"),
        Type::Prefix => place("10.0.0.0/24"),
        Type::Mac => place("52:54:00:aa:bb:01"),
        Type::String => ("\"$1\"".to_owned(), "\"\"".to_owned()),
        Type::List(inner) => match sample(inner) {
            (snippet, plain) if matches!(**inner, Type::String) => (format!("[{snippet}]"), format!("[{plain}]")),
            _ => ("[$1]".to_owned(), "[]".to_owned()),
        },
        Type::Optional(inner) => sample(inner),
        Type::OneOf(types) => types.first().map_or_else(|| place(""), sample),
        Type::Record(_) | Type::Map(_) => ("{ $1 }".to_owned(), "{}".to_owned()),
        _ => ("$1".to_owned(), String::new()),
    }
}
