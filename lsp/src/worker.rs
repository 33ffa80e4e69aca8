//! The one owner of all state: takes messages in their order, has files analysed, and hands snapshots to requests.

mod progress;
mod publishing;
mod queue;

use crate::Host;
use crate::analysis::Analysis;
use crate::analyst::Analyst;
use crate::documents::{Documents, real};
use crate::markup::Plain;
use crate::page::Pages;
use crate::positions::Encoding;
use crate::requests::graph::GraphChanged;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::workspace;
use progress::Progress;
use publishing::Publisher;
use queue::Queue;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};
use tower_lsp::Client;
use tower_lsp::ls_types::{MessageType, TextDocumentContentChangeEvent, TextDocumentIdentifier, Uri};

/// What the client wants.
#[derive(Debug)]
pub enum Message {
    /// What the client said of itself at first.
    Start(Start),
    Open {
        uri: Uri,
        version: i32,
        text: String,
    },
    Change {
        uri: Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    },
    /// A file was written, by the editor or by anyone else; it may be new, or gone.
    Written(Uri),
    Close(Uri),
    /// Folders were added to the workspace, and taken out.
    Folders {
        added: Vec<PathBuf>,
        removed: Vec<PathBuf>,
    },
    Settings(Settings),
    /// The labs of the workspace, as found on disk.
    Labs(BTreeSet<PathBuf>),
    /// The client asks for the diagnostics of a file by itself.
    Pulled(Uri),
    Ask(Ask),
}

/// What the client said of itself at first.
#[derive(Clone, Debug, Default)]
pub struct Start {
    pub encoding: Encoding,
    /// Fills in places of snippets.
    pub snippets: bool,
    /// Where it wants plain text.
    pub plain: Plain,
    pub settings: Settings,
    pub folders: Vec<PathBuf>,
    /// Asks again for diagnostics when told to.
    pub pulls_again: bool,
    /// Asks again for inlay hints when told to.
    pub hints_again: bool,
    /// Asks again for code lenses when told to.
    pub lenses_again: bool,
    /// Asks again for semantic tokens when told to.
    pub tokens_again: bool,
    /// Shows how far long work has come.
    pub shows_progress: bool,
}

/// What must be known for an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Needs {
    /// The text as it is now; what was known about an earlier state will do.
    Text,
    /// The analysis of this file.
    File(Uri),
    /// The analysis of every open file: one may have something to say about another.
    OpenFiles,
    /// The analysis of every open file, and of every lab of the workspace.
    Workspace,
}

/// Finds the answer to a request, and sends it.
type Answer = Box<dyn FnOnce(&Snapshot) + Send>;

/// A request: it is run with the first snapshot that has what it needs.
pub struct Ask {
    pub needs: Needs,
    pub run: Answer,
    /// Does nobody wait for the answer any more?
    pub is_cancelled: Box<dyn Fn() -> bool + Send>,
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ask({:?})", self.needs)
    }
}

/// An analysis that is being made.
struct Running {
    path: PathBuf,
    /// The state of the queue when it began.
    since: u64,
    /// What changed since.
    changed: Vec<PathBuf>,
    analysis: oneshot::Receiver<Analysis>,
}

/// The state of the server.
pub struct Worker {
    client: Client,
    messages: mpsc::WeakUnboundedSender<Message>,
    start: Start,
    snapshot: Arc<Snapshot>,
    /// The labs of the workspace.
    labs: BTreeSet<PathBuf>,
    queue: Queue,
    analyst: Analyst,
    running: Option<Running>,
    waiting: Vec<(u64, Ask)>,
    publisher: Publisher,
    /// Who shows pictures in a browser.
    pages: Pages,
    /// The first look at the labs of the workspace, while the client shows it.
    progress: Option<Progress>,
    /// Did an edit of one file change what is known about another?
    is_shown_elsewhere: bool,
}

impl Worker {
    pub fn new(client: Client, host: Host, messages: mpsc::WeakUnboundedSender<Message>, pages: Pages) -> Worker {
        let snapshot = Snapshot {
            encoding: Encoding::default(),
            snippets: false,
            plain: Plain::default(),
            settings: Arc::default(),
            documents: Documents::default(),
            analyses: BTreeMap::new(),
            graphs: Arc::default(),
            host: Arc::new(host),
        };
        Worker {
            publisher: Publisher::new(client.clone()),
            client,
            messages,
            pages,
            start: Start::default(),
            snapshot: Arc::new(snapshot),
            labs: BTreeSet::new(),
            queue: Queue::default(),
            analyst: Analyst::start(),
            running: None,
            waiting: Vec::new(),
            progress: None,
            is_shown_elsewhere: false,
        }
    }

    /// Works until nobody can send any more.
    pub async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        loop {
            if self.running.is_none() {
                self.start_next();
            }
            tokio::select! {
                biased;
                message = messages.recv() => match message {
                    Some(message) => self.take(message).await,
                    None => return,
                },
                ended = end(&mut self.running) => self.ended(ended).await,
                () = moment(self.publisher.due()) => self.publisher.push_late().await,
            }
        }
    }

    async fn take(&mut self, message: Message) {
        match message {
            Message::Start(start) => self.take_start(start),
            Message::Open { uri, version, text } => {
                if let Some(path) = self.state().documents.open(uri, version, text) {
                    self.changed(&path);
                    self.queue.add(&path);
                }
            }
            Message::Change { uri, version, changes } => {
                let encoding = self.snapshot.encoding;
                if let Some(path) = self.state().documents.edit(&uri, version, changes, encoding) {
                    self.changed(&path);
                }
            }
            Message::Written(uri) => self.written(&uri),
            Message::Close(uri) => {
                if let Some(path) = self.state().documents.close(&uri) {
                    self.changed(&path);
                    self.forget_unless_wanted(&path);
                    self.publisher.push(&self.snapshot).await;
                }
            }
            Message::Folders { added, removed } => {
                self.start.folders.retain(|folder| !removed.contains(folder));
                self.start.folders.extend(added);
                self.look_for_labs();
            }
            Message::Settings(settings) => {
                if *self.snapshot.settings != settings {
                    self.state().settings = Arc::new(settings);
                    self.ask_again();
                }
            }
            Message::Labs(labs) => self.take_labs(labs),
            Message::Pulled(uri) => self.publisher.pulled(uri).await,
            Message::Ask(ask) => {
                self.waiting.push((self.queue.now(), ask));
                self.answer();
            }
        }
    }

    /// The state to change. Whoever reads a snapshot keeps it as it was.
    fn state(&mut self) -> &mut Snapshot {
        Arc::make_mut(&mut self.snapshot)
    }

    fn take_start(&mut self, start: Start) {
        let state = self.state();
        state.encoding = start.encoding;
        state.snippets = start.snippets;
        state.plain = start.plain;
        state.settings = Arc::new(start.settings.clone());
        self.start = start;
        self.look_for_labs();
    }

    /// A file has another text, or is open or closed now: what was made from it is out of date.
    fn changed(&mut self, path: &Path) {
        let snapshot = &self.snapshot;
        let concerned = snapshot.analyses.values().filter(|analysis| analysis.reads.covers(path));
        let concerned: Vec<PathBuf> = concerned.map(|analysis| analysis.path.clone()).collect();
        for concerned in concerned {
            self.queue.add(&concerned);
            self.is_shown_elsewhere |= concerned != path && self.snapshot.documents.at(&concerned).is_some();
        }
        if let Some(running) = &mut self.running {
            running.changed.push(path.to_path_buf());
        }
        if self.snapshot.documents.at(path).is_some() {
            self.queue.add(path);
        }
    }

    fn written(&mut self, uri: &Uri) {
        let Some(path) = uri.to_file_path().map(|path| real(&path)) else { return };
        self.changed(&path);
        let is_of_workspace = self.start.folders.iter().any(|folder| path.starts_with(folder));
        if workspace::is_lab(&path) && is_of_workspace {
            if path.is_file() {
                self.labs.insert(path.clone());
                self.queue.add(&path);
            } else {
                self.labs.remove(&path);
                self.forget_unless_wanted(&path);
            }
        }
    }

    fn is_wanted(&self, path: &Path) -> bool {
        self.labs.contains(path) || self.snapshot.documents.at(path).is_some()
    }

    fn forget_unless_wanted(&mut self, path: &Path) {
        if !self.is_wanted(path) {
            self.queue.remove(path);
            self.analyst.forget(path);
            self.snapshot.graphs.forget(path);
            self.state().analyses.remove(path);
        }
    }

    fn look_for_labs(&self) {
        let (folders, messages) = (self.start.folders.clone(), self.messages.clone());
        if let Some(messages) = messages.upgrade() {
            spawn_blocking(move || {
                // The client may be gone meanwhile.
                drop(messages.send(Message::Labs(workspace::files(&folders).into_iter().collect())));
            });
        }
    }

    fn take_labs(&mut self, labs: BTreeSet<PathBuf>) {
        let gone: Vec<PathBuf> = self.labs.difference(&labs).cloned().collect();
        let new: Vec<PathBuf> = labs.iter().filter(|lab| !self.is_wanted(lab)).cloned().collect();
        self.labs = labs;
        for path in gone {
            self.forget_unless_wanted(&path);
        }
        if self.start.shows_progress {
            self.progress = Progress::start(&self.client, new.len());
        }
        for path in new {
            self.queue.add(&path);
        }
        self.answer();
    }

    fn start_next(&mut self) {
        let documents = &self.snapshot.documents;
        let Some(path) = self.queue.next(|path| documents.at(path).is_some()) else { return };
        let analysis = self.analyst.analyse(path.clone(), self.snapshot.clone());
        self.running = Some(Running { path, since: self.queue.now(), changed: Vec::new(), analysis });
    }

    /// Takes an analysis. If the file changed meanwhile, the next one is already due, and this one is the best there is.
    async fn ended(&mut self, ended: Option<Analysis>) {
        let Some(Running { path, since, changed, .. }) = self.running.take() else { return };
        self.queue.done(&path, since);
        match ended {
            Some(analysis) if self.is_wanted(&path) => {
                if changed.iter().any(|changed| analysis.reads.covers(changed)) {
                    self.queue.add(&path);
                }
                let before = self.state().analyses.insert(path.clone(), Arc::new(analysis));
                self.analyst.clear_away(before);
                self.publisher.push(&self.snapshot).await;
                self.tell_followers(&path).await;
            }
            Some(analysis) => self.analyst.clear_away(analysis),
            None => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let message =
                    format!("the analysis of {name} failed, which is a bug of the server; the next edit tries again");
                self.client.log_message(MessageType::ERROR, message).await;
            }
        }
        self.answer();
        match &self.progress {
            Some(progress) if !self.queue.is_empty() => progress.left(self.queue.len()),
            _ => self.progress = None,
        }
        if self.queue.is_empty() && std::mem::take(&mut self.is_shown_elsewhere) {
            self.ask_again();
        }
    }

    /// Runs the requests that have what they need.
    fn answer(&mut self) {
        let (queue, running, snapshot) = (&self.queue, self.running.as_ref(), &self.snapshot);
        let is_known = |path: &Path, since: u64| {
            let is_running = running.is_some_and(|running| running.path == path);
            queue.is_done(path, since) || (!is_running && !queue.contains(path))
        };
        let is_ready = |since: u64, ask: &Ask| match &ask.needs {
            Needs::Text => true,
            Needs::File(uri) => match snapshot.document(uri) {
                Some(document) => is_known(&document.path, since),
                None => uri.to_file_path().is_none_or(|path| is_known(&real(&path), since)),
            },
            Needs::OpenFiles => snapshot.documents.iter().all(|document| is_known(&document.path, since)),
            Needs::Workspace => queue.is_empty() && running.is_none(),
        };
        let waiting = std::mem::take(&mut self.waiting);
        for (since, ask) in waiting {
            if (ask.is_cancelled)() {
                continue;
            }
            if is_ready(since, &ask) {
                let (snapshot, analyst) = (self.snapshot.clone(), self.analyst.clone());
                spawn_blocking(move || {
                    (ask.run)(&snapshot);
                    analyst.clear_away(snapshot);
                });
            } else {
                self.waiting.push((since, ask));
            }
        }
    }

    /// Tells who shows the picture of a file that it may be another now.
    async fn tell_followers(&mut self, path: &Path) {
        if self.snapshot.graphs.is_followed(path)
            && let Some(uri) = self.snapshot.uri(path)
        {
            self.pages.tell("wtop/graphChanged", &json!({ "uri": uri }));
            self.client.send_notification::<GraphChanged>(TextDocumentIdentifier { uri }).await;
        }
    }

    /// Has the client ask again for what it shows: that changed without an edit of the file that it is shown in.
    fn ask_again(&self) {
        let (client, start) = (self.client.clone(), self.start.clone());
        // The client answers when it likes.
        tokio::spawn(async move {
            if start.pulls_again {
                drop(client.workspace_diagnostic_refresh().await);
            }
            if start.hints_again {
                drop(client.inlay_hint_refresh().await);
            }
            if start.lenses_again {
                drop(client.code_lens_refresh().await);
            }
            if start.tokens_again {
                drop(client.semantic_tokens_refresh().await);
            }
        });
    }
}

/// Waits for a running analysis, or for ever. None where it failed.
async fn end(running: &mut Option<Running>) -> Option<Analysis> {
    match running {
        Some(running) => (&mut running.analysis).await.ok(),
        None => pending().await,
    }
}

/// Waits for a moment, or for ever.
async fn moment(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}
