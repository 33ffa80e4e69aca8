//! What was chosen for a thing goes with it to its new name.

use super::element;
use crate::ide::View;
use crate::ide::names::{Role, Symbol, SymbolId, SymbolKind};
use crate::lock_path;
use crate::semantics::{Lock, keep_identities};
use crate::source::Span;
use crate::topology::Topology;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A lock file as it has to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockEdit {
    /// The file.
    pub path: PathBuf,
    /// All of its text.
    pub text: String,
}

/// The lock files of all labs in which something is renamed.
pub fn edits(
    views: &[View],
    renamed: &[(usize, SymbolId)],
    new: &str,
    read: &dyn Fn(&Path) -> Option<String>,
) -> Vec<LockEdit> {
    let mut edits: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (index, id) in renamed {
        let Some(view) = views.get(*index).copied() else { continue };
        let (Some(topology), Some(main)) = (&view.compilation.topology, view.compilation.units.first()) else {
            continue;
        };
        let Some(path) = view.path(main.file).map(lock_path) else { continue };
        let before = match edits.get(&path) {
            Some(_) => continue,
            None => read(&path),
        };
        let Some(before) = before else { continue };
        let Ok(mut lock) = Lock::parse(&before) else { continue };
        for (from, to) in paths(view, topology, *id, new) {
            lock.rename(&from, &to);
            keep_identities(&mut lock, topology, &from, &to);
        }
        let text = lock.text();
        if text != before {
            edits.insert(path, text);
        }
    }
    edits.into_iter().map(|(path, text)| LockEdit { path, text }).collect()
}

/// The paths in a lab that change, with what they become.
fn paths(view: View, topology: &Topology, id: SymbolId, new: &str) -> Vec<(String, String)> {
    let Some(symbol) = view.names.symbol(id) else { return Vec::new() };
    let declared = view.names.uses(id).filter(|place| place.role == Role::Declaration);
    let declared: Vec<Span> = declared.map(|place| place.span).collect();
    let inside = |origin: Span| {
        declared.iter().any(|name| origin.file == name.file && origin.start <= name.start && name.end <= origin.end)
    };
    let moved = |path: &str| {
        let (module, name) = path.rsplit_once('/').map_or(("", path), |(module, name)| (module, name));
        let to = element_or_all(symbol, name, new)?;
        Some((path.to_owned(), if module.is_empty() { to } else { format!("{module}/{to}") }))
    };
    match symbol.kind {
        SymbolKind::Node if is_module(view, symbol) => instances(view, topology, symbol, new),
        SymbolKind::Node => {
            let nodes = topology.nodes.iter().filter(|node| declared.contains(&node.origin.span));
            nodes.filter_map(|node| moved(&node.path)).collect()
        }
        SymbolKind::Network => {
            let networks = topology.networks.iter().filter(|network| declared.contains(&network.origin.span));
            networks.filter_map(|network| moved(&network.path)).collect()
        }
        SymbolKind::Link | SymbolKind::Lag => {
            let links = topology.links.iter().map(|link| (&link.path, link.origin.span));
            let lags = topology.lags.iter().map(|lag| (&lag.path, lag.origin.span));
            let named = links.chain(lags).filter(|(_, origin)| inside(*origin));
            named.filter_map(|(path, _)| Some((path.clone(), link_path(symbol, path, new)?))).collect()
        }
        _ => Vec::new(),
    }
}

/// The name of a thing after it was renamed, or after its array was.
fn element_or_all(symbol: &Symbol, name: &str, new: &str) -> Option<String> {
    match symbol.array {
        true => element(name, &symbol.name, new),
        false => (symbol.name == name).then(|| new.to_owned()),
    }
}

/// `module/name`, `module/name:ends` where it is several links, `module/name#2`.
fn link_path(symbol: &Symbol, path: &str, new: &str) -> Option<String> {
    let end = path.find([':', '#']).unwrap_or(path.len());
    let (own, ends) = path.split_at_checked(end)?;
    let (module, name) = own.rsplit_once('/').map_or(("", own), |(module, name)| (module, name));
    let to = element_or_all(symbol, name, new)?;
    Some(if module.is_empty() { format!("{to}{ends}") } else { format!("{module}/{to}{ends}") })
}

fn is_module(view: View, symbol: &Symbol) -> bool {
    let kind = |id: &SymbolId| view.names.symbol(*id).map(|symbol| symbol.kind);
    symbol.of.iter().any(|of| kind(of) == Some(SymbolKind::Module))
}

/// The paths of the instances of a module: the beginnings of those of what is in them.
fn instances(view: View, topology: &Topology, symbol: &Symbol, new: &str) -> Vec<(String, String)> {
    let nodes = topology.nodes.iter().map(|node| node.path.as_str());
    let all: BTreeSet<&str> = nodes.chain(topology.networks.iter().map(|network| network.path.as_str())).collect();
    // One that is declared in a module is in an instance of that.
    let outer = if symbol.container.is_some_and(|of| view.names.symbol(of).is_some()) { 1 } else { 0 };
    let mut found = BTreeMap::new();
    for path in all {
        let parts: Vec<&str> = path.split('/').collect();
        for (at, part) in parts.iter().enumerate().take(parts.len().saturating_sub(1)) {
            let is_place = if outer == 0 { at == 0 } else { at >= 1 };
            let Some(to) = element_or_all(symbol, part, new).filter(|_| is_place) else { continue };
            let before = parts.get(..at).unwrap_or_default().iter().map(|part| format!("{part}/")).collect::<String>();
            found.insert(format!("{before}{part}"), format!("{before}{to}"));
        }
    }
    found.into_iter().collect()
}
