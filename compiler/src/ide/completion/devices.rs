//! Devices and modules: what a node can be.

use super::Asked;
use super::item::{Item, ItemKind};
use super::known::{Word, parameters};
use super::outline::outline;
use super::uses::importable;
use crate::semantics::catalogue::{self, NicRole};
use crate::semantics::library;
use crate::syntax::ast::{self, ItemKind as Declaration};
use crate::syntax::token::TokenKind;
use crate::syntax::tokens;
use std::fmt::Write;
use std::sync::LazyLock;

/// A device of the library, as its file says at a glance.
struct Known {
    name: &'static str,
    /// `Juniper vSRX`
    product: String,
}

/// The devices of the library; read once.
static LIBRARY: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let mut found: Vec<Known> = Vec::new();
    for name in library::device_names() {
        let Some(text) = library::device_file(name).and_then(library::file) else { continue };
        let tokens = tokens(text);
        let (outline, _) = outline(text, &tokens, text.len());
        let device = outline.inside(None).find(|(_, item)| {
            let (word, declared) = outline.head(item);
            word == "device" && declared.is_some_and(|declared| outline.word(declared) == name)
        });
        let Some((device, _)) = device else { continue };
        let said = |attribute: &str| {
            let (_, item) = outline.inside(Some(device)).find(|(_, item)| outline.head(item).0 == attribute)?;
            let value = outline.source(item).split_once('=')?.1.trim();
            Some(value.trim_matches('"').to_owned())
        };
        let product = named(said("vendor").as_deref(), said("product").as_deref());
        found.push(Known { name, product });
    }
    found
});

impl Asked<'_> {
    /// What can stand after the colon of a node, or be extended.
    pub fn devices(&self, with_modules: bool) -> Vec<Item> {
        let mut items = Vec::new();
        for (name, known) in &self.names {
            let kind = match known.word {
                Word::Device => ItemKind::Device,
                Word::Module if with_modules => ItemKind::Module,
                _ => continue,
            };
            let Some(declared) = self.kindred(name) else { continue };
            let doc = match (&declared.item.doc, known.item.and_then(|item| self.cursor.outline.items.get(item))) {
                (Some(doc), _) => Some(doc.text.clone()),
                (None, Some(item)) => self.cursor.outline.documentation(item),
                (None, None) => None,
            };
            let item = self.instance_of(name, kind, parameters(&declared.item));
            items.push(item.detail(detail(&declared.item)).documentation(doc).fit(0));
        }
        for known in LIBRARY.iter() {
            let item = Item::new(known.name, ItemKind::Device).detail(known.product.clone()).fit(1);
            items.push(Item { sheet: Some(known.name.to_owned()), ..item });
        }
        for other in self.query.others {
            for found in other.unit.items() {
                let Some(item) = importable(found) else { continue };
                let is_wanted = item.kind == ItemKind::Device || with_modules && item.kind == ItemKind::Module;
                if !is_wanted || self.names.contains_key(item.label.as_str()) {
                    continue;
                }
                let (kind, doc) = (item.kind, item.documentation);
                let edit = self.import(&other.path, &item.label);
                let item = self.instance_of(&item.label, kind, parameters(found));
                let item = item.detail(detail(found)).documentation(doc).origin(other.path.clone()).fit(2);
                items.push(Item { edits: vec![edit], ..item });
            }
        }
        items
    }

    /// A device or module with places for the arguments that it must have.
    fn instance_of(&self, name: &str, kind: ItemKind, parameters: &[ast::Parameter]) -> Item {
        let item = Item::new(name, kind);
        let required = parameters.iter().filter(|parameter| parameter.default.is_none()).enumerate();
        let places: Vec<String> =
            required.map(|(index, parameter)| format!("{} = ${{{}}}", parameter.name.text, index + 1)).collect();
        let has_arguments = self.cursor.is_followed_by(&[TokenKind::OpenParen]);
        if places.is_empty() || has_arguments {
            item
        } else {
            item.snippet(format!("{name}({})", places.join(", ")), name)
        }
    }
}

/// Vendor and product, where the product does not begin with its vendor's name.
fn named(vendor: Option<&str>, product: Option<&str>) -> String {
    match (vendor, product) {
        (Some(vendor), Some(product)) if !product.starts_with(vendor) => format!("{vendor} {product}"),
        (vendor, product) => product.or(vendor).unwrap_or_default().to_owned(),
    }
}

/// A device or module in a line: `device extends vsrx`, `module(hosts: int)`.
fn detail(item: &ast::Item) -> String {
    match &item.kind {
        Declaration::Device(ast::Device { base: Some((base, _)), .. }) => {
            let names: Vec<&str> = base.names.iter().map(|name| name.text.as_str()).collect();
            format!("device extends {}", names.join("."))
        }
        Declaration::Device(_) => "device".to_owned(),
        _ => "module".to_owned(),
    }
}

/// What one wants to know of a device of the library before it is used, as Markdown.
pub fn data_sheet(name: &str) -> Option<String> {
    let device = catalogue::describe([name]).pop()?;
    let mut text = String::new();
    let title = named(device.vendor.as_deref(), device.product.as_deref());
    // Writing into a string cannot fail.
    let _ = writeln!(text, "**{title}** – `{}`\n", device.path);
    if let Some(doc) = &device.documentation {
        let _ = writeln!(text, "{doc}\n");
    }
    for machine in &device.machines {
        let part = machine.part.as_deref().map_or(String::new(), |part| format!("`{part}`: "));
        let _ =
            writeln!(text, "- {part}{} CPU, {} memory, {} NICs", machine.cpu, size(machine.memory), machine.nics.len());
    }
    if let (Some(first), Some(last)) = (device.interfaces.first(), device.interfaces.last()) {
        let _ = writeln!(text, "- {} interfaces: `{}` to `{}`", device.interfaces.len(), first.name, last.name);
    }
    if let Some(management) = &device.management {
        let _ = writeln!(text, "- management: `{management}`");
    }
    let internal =
        device.machines.iter().flat_map(|machine| &machine.nics).filter(|nic| nic.role == NicRole::Internal).count();
    if internal > 0 {
        let _ = writeln!(text, "- {internal} NICs are wired inside");
    }
    if !device.images.is_empty() {
        let slots: Vec<String> = device.images.iter().map(|image| format!("`{}`", image.slot)).collect();
        let _ = writeln!(text, "- images: {}", slots.join(", "));
    }
    Some(text)
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes.is_multiple_of(1024 * MIB) {
        format!("{} GiB", bytes / (1024 * MIB))
    } else {
        format!("{} MiB", bytes / MIB)
    }
}
