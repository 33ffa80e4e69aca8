//! The pictures that clients follow, and what they were like before.

use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use wtop_compiler::Compilation;
use wtop_compiler::backends::picture::{Drawing, Scene, Text, drawing, json_value, patch, text};
use wtop_compiler::layout::Positions;

/// So many states of a picture are kept: a client that has seen one of them gets only what changed since.
const MOST_KEPT: usize = 3;

/// All pictures that were asked for, by file.
#[derive(Debug, Default)]
pub struct Graphs(Mutex<BTreeMap<PathBuf, Arc<Mutex<Option<Graph>>>>>);

/// The picture of one file.
#[derive(Debug)]
struct Graph {
    drawing: Drawing,
    scene: Scene,
    revision: u64,
    /// Where everything stands in its text.
    in_text: Positions,
    /// Its last states, the newest at the end.
    states: VecDeque<(u64, Arc<Value>)>,
}

impl Graphs {
    /// Does a client follow the picture of a file?
    pub fn is_followed(&self, path: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(path)
    }

    /// Nobody follows it any more.
    pub fn forget(&self, path: &Path) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
    }

    /// The picture of a compiled file: all of it, or what changed since a revision that is still known.
    ///
    /// While something of the lab cannot be made, the last picture stays, and is said to be `stale`. Without a topology
    /// and without an earlier picture there is none.
    pub fn picture(&self, path: &Path, compilation: &Compilation, since: Option<u64>) -> Option<Value> {
        let (graph, stale) = self.follow(path, compilation);
        let graph = graph.lock().unwrap_or_else(PoisonError::into_inner);
        let graph = graph.as_ref()?;
        let (revision, newest) = graph.states.back()?;
        let known = graph.states.iter().find(|(known, _)| Some(*known) == since);
        Some(match known {
            Some((since, before)) => {
                json!({ "revision": revision, "since": since, "stale": stale, "patch": patch(before, newest) })
            }
            None => json!({ "revision": revision, "stale": stale, "picture": **newest }),
        })
    }
}

impl Graphs {
    /// A compiled file drawn in characters, and whether that is stale: as for [`Graphs::picture`].
    pub fn text(&self, path: &Path, compilation: &Compilation, width: usize) -> Option<(Text, bool)> {
        let (graph, stale) = self.follow(path, compilation);
        let mut graph = graph.lock().unwrap_or_else(PoisonError::into_inner);
        let graph = graph.as_mut()?;
        let text = text(&graph.drawing, width, Some(&graph.in_text));
        graph.in_text = text.positions.clone();
        Some((text, stale))
    }

    /// The graph of a compiled file, brought up to date unless it is stale.
    fn follow(&self, path: &Path, compilation: &Compilation) -> (Arc<Mutex<Option<Graph>>>, bool) {
        let followed =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_path_buf()).or_default().clone();
        let topology = compilation.topology.as_ref();
        let stale = compilation.incomplete || topology.is_none();
        let mut graph = followed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(topology) = topology.filter(|_| !stale || graph.is_none()) {
            let now = drawing(topology);
            match graph.as_mut() {
                Some(graph) => graph.follow(now),
                None => *graph = Some(Graph::new(now)),
            }
        }
        drop(graph);
        (followed, stale)
    }
}

impl Graph {
    fn new(drawing: Drawing) -> Graph {
        let scene = Scene::of(&drawing, None);
        let states = VecDeque::from([(1, Arc::new(json_value(&scene)))]);
        Graph { drawing, scene, revision: 1, in_text: Positions::default(), states }
    }

    /// Takes what there is to see now. What stood somewhere stays there.
    fn follow(&mut self, drawing: Drawing) {
        if self.drawing == drawing {
            return;
        }
        self.scene = Scene::of(&drawing, Some(&self.scene.positions));
        self.drawing = drawing;
        self.revision += 1;
        self.states.push_back((self.revision, Arc::new(json_value(&self.scene))));
        if self.states.len() > MOST_KEPT {
            self.states.pop_front();
        }
    }
}
