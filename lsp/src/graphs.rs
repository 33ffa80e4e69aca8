//! The pictures that clients follow, and what they were like before.

use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use wtop_compiler::Compilation;
use wtop_compiler::backends::picture::{Drawing, Scene, Text, drawing, drawn, json_value, patch, text};
use wtop_compiler::layout::{Point, Positions};

/// So many states of a picture are kept: a client that has seen one of them gets only what changed since.
const MOST_KEPT: usize = 3;

/// All pictures that were asked for, by file.
#[derive(Debug, Default)]
pub struct Graphs(Mutex<BTreeMap<PathBuf, Arc<Mutex<Option<Graph>>>>>);

/// The picture of one file.
#[derive(Debug)]
struct Graph {
    drawing: Arc<Drawing>,
    scene: Arc<Scene>,
    revision: u64,
    /// Where everything stands in its text.
    in_text: Positions,
    /// What someone put somewhere.
    by_hand: Positions,
    /// Its last states, the newest at the end.
    states: VecDeque<(u64, State)>,
}

/// A picture, whose forms are made when they are first asked for: most clients want one of them.
#[derive(Debug)]
struct State {
    drawing: Arc<Drawing>,
    scene: Arc<Scene>,
    data: OnceLock<Value>,
    drawn: OnceLock<Value>,
}

/// How a client wants a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// As data: where everything stands.
    #[default]
    Data,
    /// As pieces of SVG.
    Drawn,
}

impl State {
    fn of(drawing: &Arc<Drawing>, scene: &Arc<Scene>) -> State {
        State { drawing: drawing.clone(), scene: scene.clone(), data: OnceLock::new(), drawn: OnceLock::new() }
    }

    fn form(&self, form: Form) -> &Value {
        match form {
            Form::Data => self.data.get_or_init(|| json_value(&self.scene)),
            Form::Drawn => self.drawn.get_or_init(|| drawn(&self.drawing, &self.scene)),
        }
    }
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
    pub fn picture(&self, path: &Path, compilation: &Compilation, form: Form, since: Option<u64>) -> Option<Value> {
        let (graph, stale) = self.follow(path, compilation);
        let graph = graph.lock().unwrap_or_else(PoisonError::into_inner);
        let graph = graph.as_ref()?;
        let (revision, newest) = graph.states.back()?;
        let known = graph.states.iter().find(|(known, _)| Some(*known) == since);
        Some(match known {
            Some((since, before)) => {
                json!({ "revision": revision, "since": since, "stale": stale, "patch": patch(before.form(form), newest.form(form)) })
            }
            None => json!({ "revision": revision, "stale": stale, "picture": newest.form(form) }),
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

    /// Puts things of a picture where someone wants them, and keeps that in a file beside the lab; with none, everything
    /// goes where the layout wants it.
    ///
    /// # Errors
    /// The file cannot be written, in a sentence.
    pub fn place(&self, path: &Path, compilation: &Compilation, nodes: BTreeMap<String, Point>) -> Result<(), String> {
        let (graph, _) = self.follow(path, compilation);
        let mut graph = graph.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(graph) = graph.as_mut() else { return Ok(()) };
        if nodes.is_empty() {
            graph.by_hand = Positions::default();
        }
        graph.by_hand.nodes.extend(nodes);
        graph.redraw(None);
        let file = positions_file(path);
        let written = if graph.by_hand.nodes.is_empty() {
            fs::remove_file(&file)
                .or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
        } else {
            fs::write(&file, serde_json::to_string_pretty(&graph.by_hand).unwrap_or_default() + "\n")
        };
        written.map_err(|error| format!("`{}` cannot be written: {error}", file.display()))
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
                None => *graph = Some(Graph::new(now, by_hand(path))),
            }
        }
        drop(graph);
        (followed, stale)
    }
}

/// Where positions by hand are kept: `lab.positions.json` beside `lab.wtop`, as `wtop graph --positions` reads them.
fn positions_file(lab: &Path) -> PathBuf {
    lab.with_extension("positions.json")
}

/// The positions that are kept for a lab. A file that is none has none.
fn by_hand(lab: &Path) -> Positions {
    let text = fs::read_to_string(positions_file(lab)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

impl Graph {
    fn new(drawing: Drawing, by_hand: Positions) -> Graph {
        let scene = Arc::new(Scene::of(&drawing, None));
        let drawing = Arc::new(drawing);
        let states = VecDeque::from([(1, State::of(&drawing, &scene))]);
        let mut graph = Graph { drawing, scene, revision: 1, in_text: Positions::default(), by_hand, states };
        if !graph.by_hand.nodes.is_empty() {
            graph.redraw(None);
        }
        graph
    }

    /// Takes what there is to see now. What stood somewhere stays there.
    fn follow(&mut self, drawing: Drawing) {
        if *self.drawing == drawing {
            return;
        }
        self.drawing = Arc::new(drawing);
        let old = self.scene.positions.clone();
        self.redraw(Some(old));
    }

    /// Draws it anew: from old positions, or as the layout wants it; what was put somewhere by hand stands there.
    fn redraw(&mut self, old: Option<Positions>) {
        let mut old = old.unwrap_or_else(|| Scene::of(&self.drawing, None).positions);
        for (id, place) in &self.by_hand.nodes {
            old.nodes.insert(id.clone(), *place);
        }
        self.scene = Arc::new(Scene::of(&self.drawing, Some(&old)));
        self.revision += 1;
        self.states.push_back((self.revision, State::of(&self.drawing, &self.scene)));
        if self.states.len() > MOST_KEPT {
            self.states.pop_front();
        }
    }
}
