//! What the index is made of: symbols, their occurrences, scopes.

use crate::collections::IndexMap;
use crate::semantics::schema::{AttributeSpec, Kind};
use crate::source::Span;
use crate::value::types::Field;
use smol_str::SmolStr;

/// A symbol: its index in [`Names::symbols`](super::Names::symbols).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SymbolId(pub u32);

/// A scope: its index in [`Names::scopes`](super::Names::scopes).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ScopeId(pub u32);

impl From<usize> for SymbolId {
    fn from(index: usize) -> SymbolId {
        SymbolId(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

impl From<usize> for ScopeId {
    fn from(index: usize) -> ScopeId {
        ScopeId(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// Something that has a name.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name, as written: of an interface that is a rule, `xe-0/0/${n}`. Of a file, its path.
    pub name: SmolStr,
    /// What it is.
    pub kind: SymbolKind,
    /// Where its name stands: in the first of its declarations, where several fill one array. Empty, at the start, for a
    /// file.
    pub name_span: Span,
    /// All of that declaration, without its documentation.
    pub item_span: Span,
    /// What it is a part of: the module of a node, the type of a field, the device of a NIC; none at the top of a file.
    pub container: Option<SymbolId>,
    /// Its documentation.
    pub doc: Option<String>,
    /// May others name it: has it the word `pub`?
    pub public: bool,
    /// Is it an array?
    pub array: bool,
    /// The devices or modules of a node, each once; the base of a device; the declared type of a parameter, constant,
    /// field or attribute.
    pub of: Vec<SymbolId>,
    /// What a variable or constant stands for, where the text tells: a node, an array of nodes.
    pub stands_for: Option<SymbolId>,
    /// Where its type, its device, or the kind of a target is written.
    pub ty: Option<Span>,
    /// Where its value or default is written.
    pub value: Option<Span>,
}

/// What a symbol is, in the language's terms.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)] // The language's words.
pub enum SymbolKind {
    File,
    Topology,
    Param,
    Let,
    Type,
    /// Of a record type.
    Field,
    /// A word of an enumeration.
    Member,
    Pool,
    /// A node, or an instance of a module.
    Node,
    Network,
    Vlan,
    Vrf,
    Link,
    Lag,
    Device,
    Module,
    /// A machine of a device.
    Vm,
    Nic,
    Disk,
    Media,
    Interface,
    /// A slot for an image. Devices that name the same slot share it.
    Image,
    /// Of the lab's own: `attribute asn: int on node`.
    Attribute,
    Target,
    Check,
    /// Of `for`, of a comprehension, of a dimension.
    Variable,
    /// A parameter of a device or module, which arguments give.
    Argument,
}

impl SymbolKind {
    /// As in "the node `gw`".
    pub fn words(self) -> &'static str {
        match self {
            SymbolKind::File => "file",
            SymbolKind::Topology => "topology",
            SymbolKind::Param | SymbolKind::Argument => "parameter",
            SymbolKind::Let => "constant",
            SymbolKind::Type => "type",
            SymbolKind::Field => "field",
            SymbolKind::Member => "word",
            SymbolKind::Pool => "pool",
            SymbolKind::Node => "node",
            SymbolKind::Network => "network",
            SymbolKind::Vlan => "VLAN",
            SymbolKind::Vrf => "VRF",
            SymbolKind::Link => "link",
            SymbolKind::Lag => "link aggregation",
            SymbolKind::Device => "device",
            SymbolKind::Module => "module",
            SymbolKind::Vm => "machine",
            SymbolKind::Nic => "NIC",
            SymbolKind::Disk => "disk",
            SymbolKind::Media => "boot medium",
            SymbolKind::Interface => "interface",
            SymbolKind::Image => "image slot",
            SymbolKind::Attribute => "attribute",
            SymbolKind::Target => "target",
            SymbolKind::Check => "check",
            SymbolKind::Variable => "variable",
        }
    }
}

/// A place where something is named.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The name. Of an interface, all that stands behind the colon; of a string key or a `use`, with its quotes.
    pub span: Span,
    /// What it means.
    pub meaning: Meaning,
    /// What the name does there.
    pub role: Role,
}

/// What a name means.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// Something that is declared.
    Symbol(SymbolId),
    /// Something of the language.
    Builtin(Builtin),
}

/// What a name does at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// It is declared here, or another element of its array is.
    Declaration,
    /// It is used.
    Reference,
    /// A `use` brings it in.
    Import,
    /// The name that a `use` gives it, after `as`.
    Rename,
    /// The word `self`, which means it.
    This,
}

/// What the language itself has names for.
#[derive(Clone, Copy, Debug)]
pub enum Builtin {
    /// An attribute, of this kind of thing.
    Attribute(Kind, &'static AttributeSpec),
    /// A field of a record that an attribute takes: `range` in `dhcp { range = … }`.
    Field(Kind, &'static AttributeSpec, &'static Field),
    /// A word of an enumeration that an attribute takes: `nat`.
    Word(Kind, &'static AttributeSpec),
    /// What a thing tells of itself beside its attributes: `neighbours` of a node.
    Property(Kind, &'static str),
    /// A function.
    Function(&'static str),
    /// An option of a function: `mode` in `file("x", mode = "0755")`.
    Option(&'static str, &'static str),
    /// A type.
    Type(&'static str),
    /// A unit: `GiB`.
    Unit(&'static str),
}

/// What can be named by its plain name in a part of a file.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope around it.
    pub parent: Option<ScopeId>,
    /// Where.
    pub span: Span,
    /// The names, in order of declaration; of a file, also those that it imports.
    pub names: IndexMap<SmolStr, SymbolId>,
}
