//! What changes when files get another name or place.

use super::Change;
use crate::ide::links::links;
use crate::ide::{Found, Seen, View};
use crate::source::Span;
use std::path::{Component, Path, PathBuf};

/// The paths in sources that change when files and folders are moved (from, to): those that lead to what is moved, and
/// those of moved files that are relative to them.
pub fn file_renames(views: &[View], moved: &[(PathBuf, PathBuf)]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, view) in views.iter().enumerate() {
        for unit in view.compilation.units.iter().filter(|unit| !unit.fixed) {
            let Some(own) = view.path(unit.file) else { continue };
            let new_own = after(own, moved);
            for link in links(*view, unit.file) {
                let target = after(&link.path, moved);
                let stays = new_own == own && target == link.path;
                if stays || !is_quoted(*view, link.span) {
                    continue;
                }
                let old = view.compilation.sources.text(link.span);
                let text = relative(new_own.parent().unwrap_or(Path::new("")), &target, old.starts_with("./"));
                if text != old {
                    changes.push(Change { at: Found { view: index, span: link.span }, text });
                }
            }
        }
    }
    let mut seen = Seen::default();
    changes.retain(|change: &Change| seen.is_new(views, change.at));
    changes
}

/// Is it a path that is written out, and not one of names?
fn is_quoted(view: View, span: Span) -> bool {
    let before = Span { start: span.start.saturating_sub(1), end: span.start, ..span };
    view.compilation.sources.text(before) == "\""
}

/// Where a file is once everything is moved.
fn after(path: &Path, moved: &[(PathBuf, PathBuf)]) -> PathBuf {
    let found = moved.iter().find_map(|(from, to)| path.strip_prefix(from).ok().map(|rest| (to, rest)));
    match found {
        Some((to, rest)) if rest.as_os_str().is_empty() => to.clone(),
        Some((to, rest)) => to.join(rest),
        None => path.to_path_buf(),
    }
}

/// The way from a folder to a file, with `/`; with `./` before it, if it leads down and that is wanted.
fn relative(folder: &Path, target: &Path, with_dot: bool) -> String {
    let parts = |path: &Path| -> Vec<String> {
        let named = path.components().filter(|part| !matches!(part, Component::CurDir));
        named.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let (from, to) = (parts(folder), parts(target));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(same).map(|_| "..".to_owned());
    let way: Vec<String> = up.chain(to.iter().skip(same).cloned()).collect();
    let way = way.join("/");
    if with_dot && !way.starts_with("..") { format!("./{way}") } else { way }
}
