//! Attributes: their type and meaning, the value here, and where the one in effect is written.

use super::page::Page;
use super::{Place, context, reasons};
use crate::ide::show::count;
use crate::ide::things::Thing;
use crate::source::Span;
use crate::syntax::ast::ItemKind;
use crate::value::types::Type;

/// So many things are named.
const MOST: usize = 6;

/// A page on an attribute of the language. `whose` is the kind of thing, with an article.
pub fn attribute(place: &Place, name: &str, written: &str, ty: Option<&Type>, whose: &str, doc: &str) -> Page {
    let mut page = Page::of_source(&format!("{name}: {written}"));
    page.add(doc);
    let quantity = ty.filter(|ty| matches!(ty, Type::Size | Type::Duration | Type::Rate | Type::Percent | Type::Mac));
    page.add(match quantity {
        Some(ty) => format!("Of {whose}; {}.", ty.wanted()),
        None => format!("Of {whose}."),
    });
    here(place, name, &mut page);
    page
}

/// What the attribute at the place is worth.
pub fn here(place: &Place, name: &str, page: &mut Page) {
    let Some((key, value)) = context::attribute_at(place.around, place.offset) else { return };
    if key != name {
        return;
    }
    let takers: Vec<Thing> = place.view.things().written(place.topology(), value).collect();
    let draws: Vec<_> = place.view.things().draws(&place.view.compilation.facts, value).collect();
    // What pools gave out is told with its reason.
    if draws.len() != takers.len() {
        values(place, name, &takers, page);
    }
    for draw in draws.iter().take(MOST) {
        let owner = if draws.len() > 1 { format!(" (`{}`)", draw.owner) } else { String::new() };
        page.point(format!("{}{owner}", reasons::of_draw(place.view, draw)));
    }
    if draws.len() > MOST {
        page.point(format!("… {}", count(draws.len(), "value")));
    }
    elsewhere(place, name, value, page);
    let target = place.around.iter().find_map(|item| match &item.kind {
        ItemKind::Target(target) => Some(&target.name.text),
        _ => None,
    });
    let chosen = place.topology().and_then(|topology| topology.target.as_deref());
    if let Some(target) = target.filter(|target| takers.is_empty() && chosen != Some(target.as_str())) {
        page.add(format!("It counts for the target `{target}`, and the lab is looked at for none."));
    }
}

/// The values of those who take it from here.
fn values(place: &Place, name: &str, takers: &[Thing], page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    let mut distinct: Vec<String> = Vec::new();
    for taker in takers {
        let Some(value) = taker.attributes(topology).and_then(|attributes| attributes.get(name)) else { continue };
        let text = place.shown().value(value);
        if distinct.len() <= MOST && !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    if distinct.is_empty() {
        return;
    }
    let many = distinct.len() > MOST;
    let mut text = distinct.iter().take(MOST).map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    if many {
        text.push_str(", …");
    }
    match takers {
        [_] => page.add(format!("Here: {text}")),
        several => {
            let names = several.iter().take(MOST).filter_map(|thing| Some(format!("`{}`", thing.name(topology)?)));
            let more = if several.len() > MOST { format!(", … {} in all", several.len()) } else { String::new() };
            page.add(format!("Here: {text}, for {}{more}", names.collect::<Vec<_>>().join(", ")));
        }
    }
}

/// Where the value in effect is written, if not here.
fn elsewhere(place: &Place, name: &str, here: Span, page: &mut Page) {
    let (Some(topology), Some(home)) = (place.topology(), context::declared(place.around)) else { return };
    let made = place.view.things().declared(home);
    let mut others = made.filter_map(|thing| {
        let effective = thing.origin(topology)?.attribute(name)?;
        let value = thing.attributes(topology)?.get(name)?;
        (effective != here).then_some((thing, effective, value))
    });
    let Some((thing, effective, value)) = others.next() else { return };
    let whose = thing.name(topology).unwrap_or_default();
    let more = others.count();
    let more = if more > 0 { format!(", and others for {more} more") } else { String::new() };
    let value = place.shown().value(value);
    let source = reasons::source(place.view, effective, home);
    page.add(format!("In effect for `{whose}`: `{value}`, {source}{more}"));
}
