//! Values: words of enumerations, names whose type fits, functions, units.

use super::Asked;
use super::functions::{self, Function, Place as Callable};
use super::item::{Item, ItemKind};
use super::known::{Name, Word};
use super::place::Wanted;
use crate::syntax::token::TokenKind;
use crate::value::types::Type;
use smol_str::SmolStr;

impl Asked<'_> {
    /// The values that can be written.
    pub fn values(&self, wanted: &Wanted) -> Vec<Item> {
        if wanted.pool {
            return self.pools().map(|name| Item::new(name, ItemKind::Resource).detail("pool")).collect();
        }
        let ty = self.wanted_type(wanted);
        let mut items = Vec::new();
        words(&ty, &mut items);
        if draws_from_pools(&ty) && !wanted.name.is_empty() {
            let from = |name: &str| {
                Item::new(format!("from {name}"), ItemKind::Resource).detail("the next free one of the pool")
            };
            items.extend(self.pools().map(from));
        }
        if takes(&ty, &Type::Bool) || ty == Type::Any {
            let fit = if ty == Type::Any { 4 } else { 0 };
            items.extend(["true", "false"].map(|word| Item::new(word, ItemKind::Value).fit(fit)));
        }
        items.extend(self.names.iter().filter_map(|(name, known)| self.name_value(name, known, &ty)));
        items.extend(self.this(&ty, wanted));
        let callable = functions::all().filter(|function| self.may_call(*function, wanted) && may_give(*function, &ty));
        items.extend(callable.map(|function| self.call(function, &ty)));
        if let Some(function) = wanted.call.as_deref().and_then(functions::find) {
            let options = function.parameters().into_iter().filter(|parameter| parameter.option);
            items.extend(options.map(|option| {
                let item = Item::new(option.name, ItemKind::Parameter).detail(option.ty.to_string()).fit(2);
                if self.cursor.is_followed_by(&[TokenKind::Equal]) {
                    item
                } else {
                    item.insert(format!("{} = ", option.name))
                }
            }));
        }
        items.extend(["not", "if", "null"].map(|word| Item::new(word, ItemKind::Keyword).fit(7)));
        items
    }

    /// In the `management` of a device stands one of its NICs, and so on.
    fn wanted_type(&self, wanted: &Wanted) -> Type {
        match (wanted.name.as_str(), &wanted.ty) {
            ("management" | "same_segment", _) if self.is_in_device() => Type::Any,
            (_, ty) => ty.clone(),
        }
    }

    fn pools(&self) -> impl Iterator<Item = &str> {
        let pools = self.names.iter().filter(|(name, known)| {
            known.word == Word::Pool || known.word == Word::Parameter && self.thing_of_name(name).ty() == Type::Pool
        });
        pools.map(|(name, _)| name.as_str())
    }

    fn name_value(&self, name: &SmolStr, known: &Name, wanted: &Type) -> Option<Item> {
        let kind = match known.word {
            // The value that a declaration's own condition is about.
            Word::Attribute if known.item.is_some() && known.item == self.cursor.around().first().copied() => {
                ItemKind::Attribute
            }
            Word::Type | Word::Device | Word::Module | Word::Attribute => return None,
            Word::Part if !self.is_in_device() => return None,
            Word::Node => ItemKind::Node,
            Word::Network => ItemKind::Network,
            Word::Link => ItemKind::Link,
            Word::Param | Word::Parameter => ItemKind::Parameter,
            Word::Let => ItemKind::Constant,
            Word::Variable => ItemKind::Variable,
            Word::Vlan | Word::Vrf | Word::Pool | Word::Part => ItemKind::Resource,
        };
        let ty = self.thing_of_name(name).ty();
        let fit = match known.word {
            // A NIC, a machine or an image slot is named where the device is put together.
            Word::Part | Word::Attribute => 1,
            _ if fits(&ty, wanted) => 0,
            _ if *wanted == Type::Any || ty == Type::Any => 2,
            _ => 4,
        };
        let shown = if ty == Type::Any { known.word.text().to_owned() } else { ty.to_string() };
        let item = Item { distance: known.distance, ..Item::new(name.as_str(), kind) }.fit(fit).detail(shown);
        Some(item.origin(known.word.text()))
    }

    /// `self`, where there is a node.
    fn this(&self, wanted: &Type, for_what: &Wanted) -> Vec<Item> {
        let around = self.cursor.around();
        let mut heads = around.iter().filter_map(|item| self.cursor.outline.items.get(*item));
        let has_self = heads
            .any(|item| matches!(self.cursor.outline.head(item).0, "node" | "device" | "vm" | "defaults" | "override"));
        if !has_self {
            return Vec::new();
        }
        let fit = if fits(&Type::Node, wanted) { 1 } else { 3 };
        let mut items = vec![Item::new("self", ItemKind::Keyword).detail("this node").fit(fit)];
        if for_what.name == "config" {
            items.push(Item::new("self.base", ItemKind::Attribute).detail("the device's own template").fit(0));
        }
        items
    }

    fn is_in_device(&self) -> bool {
        let around = self.cursor.around();
        let mut items = around.iter().filter_map(|item| self.cursor.outline.items.get(*item));
        items.any(|item| self.cursor.outline.head(item).0 == "device")
    }

    fn may_call(&self, function: Function, wanted: &Wanted) -> bool {
        let around = self.cursor.around();
        let heads: Vec<&str> = around
            .iter()
            .filter_map(|item| self.cursor.outline.items.get(*item))
            .map(|item| self.cursor.outline.head(item).0)
            .collect();
        match function.place {
            Callable::Anywhere => true,
            Callable::Checks => heads.contains(&"check"),
            Callable::Expectations => heads.contains(&"expect"),
            Callable::Bindings => heads.contains(&"networks") || wanted.name == "networks",
        }
    }

    /// A call, with places for its arguments.
    fn call(&self, function: Function, wanted: &Type) -> Item {
        let gives = function.gives();
        let fit = match function.place {
            Callable::Anywhere if fits(&gives, wanted) => 3,
            Callable::Anywhere => 5,
            // What only these places have is meant there.
            _ if fits(&gives, wanted) || function.place == Callable::Bindings => 0,
            _ if *wanted == Type::Bool => 2,
            _ => 5,
        };
        let item = Item::new(function.name, ItemKind::Function)
            .detail(function.signature)
            .documentation(Some(function.doc.to_owned()));
        let item = item.fit(fit);
        if self.cursor.is_followed_by(&[TokenKind::OpenParen]) {
            return item;
        }
        let required = function.parameters().into_iter().filter(|parameter| !parameter.option).enumerate();
        let places: Vec<String> = required
            .map(|(index, parameter)| {
                let place = format!("${{{}:{}}}", index + 1, parameter.name);
                let quoted = matches!(parameter.name, "path" | "tag" | "source");
                if quoted { format!("\"${{{}}}\"", index + 1) } else { place }
            })
            .collect();
        item.snippet(format!("{}({})", function.name, places.join(", ")), format!("{}()", function.name))
    }

    /// The number at the cursor with the units of the type.
    pub fn units(&self, ty: &Type) -> Vec<Item> {
        let typed = self.cursor.typed();
        let digits = typed.trim_end_matches(|char: char| char.is_ascii_alphabetic());
        let units = units_of(ty);
        let item = |(order, unit): (usize, &&str)| Item::new(format!("{digits}{unit}"), ItemKind::Unit).order(order);
        units.iter().enumerate().map(item).collect()
    }
}

/// Can a function give what is wanted? Where a word, a quantity or a thing is wanted, most cannot.
fn may_give(function: Function, wanted: &Type) -> bool {
    let is_word_or_quantity =
        matches!(wanted, Type::Enum(_) | Type::Size | Type::Duration | Type::Rate | Type::Percent | Type::Mac);
    let is_thing = matches!(
        wanted,
        Type::Node | Type::Network | Type::Vlan | Type::Vrf | Type::Pool | Type::Interface | Type::Link
    );
    let gives = function.gives();
    !(is_word_or_quantity || is_thing) || gives == Type::Any || fits(&gives, wanted)
}

/// The units of a type, the usual ones first.
fn units_of(ty: &Type) -> Vec<&'static str> {
    match ty {
        Type::Size => vec!["GiB", "MiB", "TiB", "KiB", "GB", "MB", "TB", "kB", "B"],
        Type::Duration => vec!["ms", "s", "us", "min", "h", "ns", "d"],
        Type::Rate => vec!["Mbps", "Gbps", "kbps", "Tbps", "bps"],
        Type::Percent => vec!["%"],
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => units_of(inner),
        Type::OneOf(types) => types.iter().flat_map(units_of).collect(),
        _ => Vec::new(),
    }
}

/// The words of an enumeration.
fn words(ty: &Type, items: &mut Vec<Item>) {
    match ty {
        Type::Enum(words) => {
            let first = items.len();
            let word =
                |(order, word): (usize, &SmolStr)| Item::new(word.as_str(), ItemKind::Value).order(first + order);
            items.extend(words.iter().enumerate().map(word));
        }
        Type::Optional(inner) | Type::List(inner) => words(inner, items),
        Type::OneOf(types) => types.iter().for_each(|ty| words(ty, items)),
        _ => {}
    }
}

/// Can an attribute of this type be given `from POOL`?
fn draws_from_pools(ty: &Type) -> bool {
    [Type::Prefix, Type::Cidr, Type::Ip, Type::Int].iter().any(|one| takes(ty, one))
}

/// Does a wanted type accept this simple one?
fn takes(wanted: &Type, ty: &Type) -> bool {
    match wanted {
        Type::Optional(inner) | Type::List(inner) => takes(inner, ty),
        Type::OneOf(types) => types.iter().any(|one| takes(one, ty)),
        other => other == ty,
    }
}

/// Is a value of this type what is wanted, as far as that is known?
fn fits(ty: &Type, wanted: &Type) -> bool {
    match (ty, wanted) {
        (Type::Any, _) | (_, Type::Any) => false,
        (Type::Optional(inner), wanted) => fits(inner, wanted),
        (ty, Type::Optional(inner)) => fits(ty, inner),
        (Type::OneOf(types), wanted) => types.iter().any(|ty| fits(ty, wanted)),
        (ty, Type::OneOf(types)) => types.iter().any(|wanted| fits(ty, wanted)),
        (Type::List(inner), Type::List(wanted)) => **wanted == Type::Any || fits(inner, wanted),
        (ty, Type::List(inner)) => fits(ty, inner),
        (Type::Prefix, Type::Cidr) => true,
        (ty, wanted) => ty == wanted,
    }
}
