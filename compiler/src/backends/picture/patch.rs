//! What changed from one picture to the next, so that a page that follows edits is not sent all of it each time.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The parts of a picture that are maps from ids to things.
const MAPS: [&str; 4] = ["nodes", "groups", "links", "bends"];

/// What turns the picture `before` into `after`; both as [`json_value`](super::json_value) gives them.
///
/// For each part that is a map from ids there is `set`, with what is new or another, and `removed`, with the ids that are
/// gone. `labels`, which have no ids, are those `added` and the indices of those `removed` from the list before, in
/// ascending order; what is added comes last. Everything else stands as it is now. Parts that did not change are absent.
pub fn patch(before: &Value, after: &Value) -> Value {
    let mut patch = Map::new();
    for (key, now) in after.as_object().into_iter().flatten() {
        let then = before.get(key).unwrap_or(&Value::Null);
        if then == now {
            continue;
        }
        let changed = match (then, now) {
            (Value::Object(then), Value::Object(now)) if MAPS.contains(&key.as_str()) => map(then, now),
            (Value::Array(then), Value::Array(now)) if key == "labels" => list(then, now),
            _ => now.clone(),
        };
        patch.insert(key.clone(), changed);
    }
    Value::Object(patch)
}

fn map(then: &Map<String, Value>, now: &Map<String, Value>) -> Value {
    let set = now.iter().filter(|(id, thing)| then.get(*id) != Some(thing));
    let set: Map<String, Value> = set.map(|(id, thing)| (id.clone(), thing.clone())).collect();
    let removed: Vec<&String> = then.keys().filter(|id| !now.contains_key(*id)).collect();
    json!({ "set": set, "removed": removed })
}

fn list(then: &[Value], now: &[Value]) -> Value {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for thing in now {
        *counts.entry(thing.to_string()).or_default() += 1;
    }
    let mut removed = Vec::new();
    for (index, thing) in then.iter().enumerate() {
        match counts.get_mut(&thing.to_string()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => removed.push(index),
        }
    }
    // What is left is not among those before.
    let mut added = Vec::new();
    for thing in now.iter().rev() {
        if let Some(count) = counts.get_mut(&thing.to_string()).filter(|count| **count > 0) {
            *count -= 1;
            added.push(thing);
        }
    }
    added.reverse();
    json!({ "added": added, "removed": removed })
}

#[cfg(test)]
mod tests {
    use super::super::{Scene, drawing, json_value};
    use super::*;
    use crate::source::MemoryFileSystem;
    use crate::{CompileOptions, compile};

    fn picture(text: &str, old: Option<&Scene>) -> Scene {
        let fs = MemoryFileSystem::new([("t.wtop", text)]);
        let compilation = compile(&fs, &CompileOptions { file: "t.wtop".into(), ..CompileOptions::default() });
        Scene::of(&drawing(&compilation.topology.unwrap()), old.map(|old| &old.positions))
    }

    /// What a page does with a patch.
    fn apply(before: &Value, patch: &Value) -> Value {
        let mut picture = before.clone();
        for (key, change) in patch.as_object().unwrap() {
            if MAPS.contains(&key.as_str()) {
                let part = picture[key].as_object_mut().unwrap();
                for id in change["removed"].as_array().unwrap() {
                    part.remove(id.as_str().unwrap());
                }
                part.extend(change["set"].as_object().unwrap().clone());
            } else if key == "labels" {
                let labels = picture[key].as_array_mut().unwrap();
                for index in change["removed"].as_array().unwrap().iter().rev() {
                    labels.remove(usize::try_from(index.as_u64().unwrap()).unwrap());
                }
                labels.extend(change["added"].as_array().unwrap().iter().cloned());
            } else {
                picture[key] = change.clone();
            }
        }
        picture
    }

    fn sorted(mut picture: Value) -> Value {
        picture["labels"].as_array_mut().unwrap().sort_by_key(Value::to_string);
        picture
    }

    #[test]
    fn patches_lead_from_one_picture_to_the_next() {
        let texts = [
            "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n",
            "topology t\nnode a: debian\nnode b: debian\nnode c: debian\nlink a <-> b\nlink b <-> c\n",
            "topology t\nnode b: debian\nnode c: vsrx\nnetwork n { subnet = 10.0.0.0/24 }\nlink b <-> n\nlink c <-> n\n",
            "topology other\n",
        ];
        let mut old: Option<Scene> = None;
        for text in texts {
            let scene = picture(text, old.as_ref());
            if let Some(old) = &old {
                let (before, after) = (json_value(old), json_value(&scene));
                assert_eq!(sorted(apply(&before, &patch(&before, &after))), sorted(after));
            }
            old = Some(scene);
        }
    }

    #[test]
    fn what_did_not_change_is_not_sent() {
        let first = picture("topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n", None);
        assert_eq!(patch(&json_value(&first), &json_value(&first)), json!({}));
        let second = picture("topology t\nnode a: debian\nnode b: vsrx\nlink a <-> b\n", Some(&first));
        let changed = patch(&json_value(&first), &json_value(&second));
        let set: Vec<&String> = changed["nodes"]["set"].as_object().unwrap().keys().collect();
        assert_eq!(set, ["b"], "{changed}");
    }
}
