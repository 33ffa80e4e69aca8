//! The state of making the index.

use super::Names;
use super::known::{Known, Memo};
use super::ports::Parts;
use super::symbol::{Builtin, Meaning, Occurrence, Role, Scope, ScopeId, Symbol, SymbolId, SymbolKind};
use crate::collections::IndexMap;
use crate::semantics::schema::Kind;
use crate::semantics::{Unit, UnitId};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast;
use smol_str::SmolStr;
use std::cmp::Reverse;

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub struct Env {
    /// The file.
    pub unit: UnitId,
    /// The innermost scope.
    pub scope: ScopeId,
    /// What `self` is.
    pub this: Option<SymbolId>,
    /// The device whose body this is: its parts can be named.
    pub device: Option<SymbolId>,
}

/// A declaration, as the pieces of its symbol.
pub struct Declared<'d> {
    pub name: &'d ast::Name,
    pub kind: SymbolKind,
    pub item: Span,
    pub container: Option<SymbolId>,
    pub doc: Option<&'d ast::Doc>,
    pub public: bool,
}

/// The index that is being made.
pub struct Builder<'a> {
    pub sources: &'a Sources,
    pub units: &'a [Unit],
    pub symbols: Vec<Symbol>,
    pub scopes: Vec<Scope>,
    occurrences: Vec<Occurrence>,
    /// What is known of the value of each symbol, beside `symbols`.
    pub memos: Vec<Memo<'a>>,
    /// Symbols by the place of their names.
    pub by_name: IndexMap<Span, SymbolId>,
    /// The scope of each file.
    pub unit_scopes: Vec<ScopeId>,
    /// The symbol of each file.
    pub files: Vec<SymbolId>,
    /// What a file declares at its top and others may import; once imports are followed, all that it knows so.
    pub items: Vec<IndexMap<SmolStr, SymbolId>>,
    /// The scope of each module.
    pub module_scopes: IndexMap<SymbolId, ScopeId>,
    /// What devices, modules and nodes are made of.
    pub parts: IndexMap<SymbolId, Parts>,
    /// Fields of record types and words of enumerations, by the place of the type.
    pub members: IndexMap<Span, IndexMap<SmolStr, SymbolId>>,
    /// Attributes of the lab's own.
    pub attributes: IndexMap<(Kind, SmolStr), SymbolId>,
    /// Image slots: devices share those of one name.
    pub images: IndexMap<SmolStr, SymbolId>,
    /// Nodes and bases of devices, whose device is looked for once all are known.
    pub wanted_devices: Vec<(SymbolId, UnitId, &'a ast::Path)>,
    /// Blocks of nodes, which may describe interfaces.
    pub node_blocks: Vec<(SymbolId, &'a ast::Block)>,
    /// How deep in expressions and in values that need each other.
    pub depth: u32,
}

impl<'a> Builder<'a> {
    /// An empty index.
    pub fn new(sources: &'a Sources, units: &'a [Unit]) -> Builder<'a> {
        Builder {
            sources,
            units,
            symbols: Vec::new(),
            scopes: Vec::new(),
            occurrences: Vec::new(),
            memos: Vec::new(),
            by_name: IndexMap::default(),
            unit_scopes: Vec::new(),
            files: Vec::new(),
            items: Vec::new(),
            module_scopes: IndexMap::default(),
            parts: IndexMap::default(),
            members: IndexMap::default(),
            attributes: IndexMap::default(),
            images: IndexMap::default(),
            wanted_devices: Vec::new(),
            node_blocks: Vec::new(),
            depth: 0,
        }
    }

    /// Makes a symbol, with the occurrence of its declaration; none where the name could not be read.
    pub fn add(&mut self, declared: Declared<'_>, memo: Memo<'a>) -> Option<SymbolId> {
        let Declared { name, kind, item, container, doc, public } = declared;
        if name.text.is_empty() {
            return None;
        }
        let id = SymbolId::from(self.symbols.len());
        self.symbols.push(Symbol {
            name: name.text.clone(),
            kind,
            name_span: name.span,
            item_span: item,
            container,
            doc: doc.map(|doc| doc.text.clone()),
            public,
            array: false,
            of: Vec::new(),
            stands_for: None,
            ty: None,
            value: None,
        });
        self.memos.push(memo);
        self.by_name.insert(name.span, id);
        self.occur(name.span, Meaning::Symbol(id), Role::Declaration);
        Some(id)
    }

    /// Notes that a name means something.
    pub fn occur(&mut self, span: Span, meaning: Meaning, role: Role) {
        self.occurrences.push(Occurrence { span, meaning, role });
    }

    /// Notes that a name means a symbol.
    pub fn refer(&mut self, span: Span, symbol: SymbolId) {
        self.occur(span, Meaning::Symbol(symbol), Role::Reference);
    }

    /// Notes that a name is one of the language.
    pub fn refer_builtin(&mut self, span: Span, builtin: Builtin) {
        self.occur(span, Meaning::Builtin(builtin), Role::Reference);
    }

    pub fn symbol(&self, id: SymbolId) -> Option<&Symbol> {
        self.symbols.get(id.0 as usize)
    }

    /// Changes a symbol that was just made.
    pub fn change(&mut self, id: Option<SymbolId>, change: impl FnOnce(&mut Symbol)) {
        if let Some(symbol) = id.and_then(|id| self.symbols.get_mut(id.0 as usize)) {
            change(symbol);
        }
    }

    /// A scope inside another.
    pub fn open_scope(&mut self, parent: Option<ScopeId>, span: Span) -> ScopeId {
        self.scopes.push(Scope { parent, span, names: IndexMap::default() });
        ScopeId::from(self.scopes.len() - 1)
    }

    /// Gives a name a meaning in a scope, unless it has one.
    pub fn bind(&mut self, scope: ScopeId, name: &SmolStr, id: SymbolId) {
        if let Some(scope) = self.scopes.get_mut(scope.0 as usize) {
            scope.names.entry(name.clone()).or_insert(id);
        }
    }

    /// The symbol that a name means in one scope.
    pub fn bound(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        self.scopes.get(scope.0 as usize)?.names.get(name).copied()
    }

    /// The symbol that a plain name means.
    pub fn lookup(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        let first = self.scopes.get(scope.0 as usize);
        let mut scopes = std::iter::successors(first, |scope| self.scopes.get(scope.parent?.0 as usize));
        scopes.find_map(|scope| scope.names.get(name).copied())
    }

    /// A variable, in a scope of its own.
    pub fn variable(&mut self, name: &'a ast::Name, item: Span, known: Known, env: Env) -> Env {
        let scope = self.open_scope(Some(env.scope), item);
        let declared = Declared { name, kind: SymbolKind::Variable, item, container: None, doc: None, public: false };
        if let Some(id) = self.add(declared, Memo::Done(known.clone())) {
            self.bind(scope, &name.text, id);
            self.stands_for(id, &known);
        }
        Env { scope, ..env }
    }

    /// The finished index.
    pub fn finish(mut self) -> Names {
        let key = |one: &Occurrence| (one.span.file, one.span.start, Reverse(one.span.end), one.role);
        self.occurrences.sort_by_key(key);
        let mut occurrences: Vec<Vec<Occurrence>> = self.sources.iter().map(|_| Vec::new()).collect();
        let mut longest = vec![0; occurrences.len()];
        let mut uses: Vec<Vec<(FileId, u32)>> = vec![Vec::new(); self.symbols.len()];
        for occurrence in self.occurrences {
            let at = occurrence.span.file.0 as usize;
            let (Some(list), Some(length)) = (occurrences.get_mut(at), longest.get_mut(at)) else { continue };
            if let Meaning::Symbol(id) = occurrence.meaning
                && let Some(uses) = uses.get_mut(id.0 as usize)
            {
                uses.push((occurrence.span.file, u32::try_from(list.len()).unwrap_or(u32::MAX)));
            }
            *length = (*length).max(occurrence.span.end - occurrence.span.start);
            list.push(occurrence);
        }
        Names { symbols: self.symbols, scopes: self.scopes, occurrences, longest, uses }
    }
}
