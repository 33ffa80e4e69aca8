//! What is behind a dot.

use super::Asked;
use super::infer::{Thing, members};
use super::item::{Item, ItemKind};
use super::known::Word;
use crate::semantics::schema::{self, Kind};
use crate::syntax::ast::ItemKind as Declaration;
use crate::value::types::Type;

/// The fields that things have beside their attributes.
const NODE: &[(&str, &str)] = &[
    ("name", "string"),
    ("path", "string"),
    ("device", "string"),
    ("key", "any"),
    ("keys", "[any]"),
    ("hostname", "string"),
    ("interfaces", "[interface]"),
    ("neighbours", "[node]"),
    ("links", "[link]"),
];
const INTERFACE: &[(&str, &str)] = &[
    ("name", "string"),
    ("node", "node"),
    ("link", "link"),
    ("peer", "interface"),
    ("network", "network"),
    ("addresses", "[cidr]"),
    ("mac", "mac"),
];
const NETWORK: &[(&str, &str)] = &[("name", "string"), ("path", "string"), ("key", "any"), ("subnets", "[prefix]")];
const LINK: &[(&str, &str)] = &[("name", "string"), ("path", "string"), ("ends", "[interface]")];
const NAMED: &[(&str, &str)] = &[("name", "string")];

impl Asked<'_> {
    /// The fields of a thing.
    pub fn fields(&self, thing: &Thing) -> Vec<Item> {
        match thing {
            Thing::Node(picked) => {
                let mut items = self.of_kind(Kind::Node, NODE);
                let device = picked.device.as_deref().and_then(|device| self.kindred(device));
                for parameter in device.iter().flat_map(|device| super::known::parameters(&device.item)) {
                    let ty = device.as_ref().and_then(|device| device.text.get(parameter.ty.span.range()));
                    items.push(
                        Item::new(parameter.name.text.as_str(), ItemKind::Parameter)
                            .detail(ty.unwrap_or_default())
                            .documentation(parameter.doc.as_ref().map(|doc| doc.text.clone())),
                    );
                }
                items
            }
            Thing::Module(picked) => {
                let module = picked.device.as_deref().and_then(|module| self.kindred(module));
                let Some(Declaration::Module(module)) = module.as_ref().map(|module| &module.item.kind) else {
                    return Vec::new();
                };
                let found = members(&module.block.items).into_iter();
                found
                    .map(|(item, name, _)| {
                        let (kind, word) = match &item.kind {
                            Declaration::Node(_) => (ItemKind::Node, "node"),
                            Declaration::Link(_) | Declaration::Lag(_) => (ItemKind::Link, "link"),
                            _ => (ItemKind::Network, "network"),
                        };
                        let doc = item.doc.as_ref().map(|doc| doc.text.clone());
                        Item::new(name.as_str(), kind).detail(word).documentation(doc)
                    })
                    .collect()
            }
            Thing::Machine(item) => self.parts_of(*item),
            Thing::Value(ty) => self.fields_of_type(ty),
            Thing::Array(_) | Thing::List(_) => Vec::new(),
        }
    }

    fn fields_of_type(&self, ty: &Type) -> Vec<Item> {
        match ty {
            Type::Node => self.of_kind(Kind::Node, NODE),
            Type::Interface => self.of_kind(Kind::Interface, INTERFACE),
            Type::Network => self.of_kind(Kind::Network, NETWORK),
            Type::Link => self.of_kind(Kind::Link, LINK),
            Type::Vlan => self.of_kind(Kind::Vlan, NAMED),
            Type::Vrf => self.of_kind(Kind::Vrf, NAMED),
            Type::Pool => self.of_kind(Kind::Pool, NAMED),
            Type::Optional(inner) => self.fields_of_type(inner),
            Type::Record(fields) => {
                let field = |(order, field): (usize, &crate::value::types::Field)| {
                    Item::new(field.name.as_str(), ItemKind::Attribute).detail(field.ty.to_string()).order(order)
                };
                fields.iter().enumerate().map(field).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of_kind(&self, kind: Kind, own: &[(&str, &str)]) -> Vec<Item> {
        let own = own.iter().map(|(name, ty)| Item::new(*name, ItemKind::Attribute).detail(*ty));
        let mut items: Vec<Item> = own.collect();
        items.extend(schema::names(kind).filter_map(|name| schema::attribute(kind, name)).map(|spec| {
            let ty = spec.ty.split_whitespace().collect::<Vec<_>>().join(" ");
            Item::new(spec.name, ItemKind::Attribute).detail(ty).documentation(Some(spec.doc.to_owned())).fit(1)
        }));
        for (of, name, ty, doc) in self.declared_attributes() {
            if of == kind {
                items.push(Item::new(name, ItemKind::Attribute).detail(ty.to_string()).documentation(doc));
            }
        }
        items
    }

    /// The parts of a machine of a device.
    pub fn parts_of(&self, machine: usize) -> Vec<Item> {
        let parts = self.cursor.outline.inside(Some(machine)).filter_map(|(_, item)| {
            let (word, name) = self.cursor.outline.head(item);
            let name = name.filter(|_| matches!(word, "nic" | "disk"))?;
            Some(Item::new(self.cursor.outline.word(name), ItemKind::Interface).detail(word))
        });
        parts.collect()
    }

    /// The parts of the device around the cursor.
    pub fn device_parts(&self) -> Vec<Item> {
        let parts = self.names_of(Word::Part);
        parts.map(|(name, _)| Item::new(name.as_str(), ItemKind::Resource).detail("part")).collect()
    }
}
