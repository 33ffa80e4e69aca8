//! The one owner of all state: takes messages in their order, and has the open files compiled after a short pause.

use crate::Options;
use crate::analysis::{Analysis, analyse};
use crate::documents::Documents;
use crate::positions::Encoding;
use std::collections::BTreeSet;
use std::future::pending;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep_until};
use tower_lsp::Client;
use tower_lsp::ls_types::{CodeAction, MessageType, Range, TextDocumentContentChangeEvent, TextEdit, Uri};
use wtop_compiler::source::Sources;
use wtop_compiler::source::Span;
use wtop_compiler::syntax::format::format_range;

/// How long after an edit the open files are compiled: several keys in a row are one change.
const PAUSE: Duration = Duration::from_millis(30);

/// What the client wants.
#[derive(Debug)]
pub enum Message {
    /// What columns count from now on.
    Count(Encoding),
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
    /// A file on disk may be another.
    Saved,
    Close(Uri),
    /// The edits that format a file, or a range of it; none for a file that is not open.
    Format {
        uri: Uri,
        range: Option<Range>,
        reply: oneshot::Sender<Option<Vec<TextEdit>>>,
    },
    Fixes(FixesRequest),
}

/// Which fixes are there for a range?
#[derive(Debug)]
pub struct FixesRequest {
    pub uri: Uri,
    pub range: Range,
    pub reply: oneshot::Sender<Vec<CodeAction>>,
}

/// The state of the server.
pub struct Worker {
    client: Client,
    options: Options,
    encoding: Encoding,
    documents: Documents,
    /// When the files are compiled; set while the analysis is older than they are.
    due: Option<Instant>,
    running: Option<JoinHandle<Analysis>>,
    analysis: Analysis,
    /// Requests that wait for the analysis of the newest state.
    waiting: Vec<FixesRequest>,
}

impl Worker {
    pub fn new(client: Client, options: Options) -> Worker {
        Worker {
            client,
            options,
            encoding: Encoding::default(),
            documents: Documents::default(),
            due: None,
            running: None,
            analysis: Analysis::default(),
            waiting: Vec::new(),
        }
    }

    /// Works until nobody can send any more.
    pub async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        loop {
            let is_idle = self.running.is_none();
            tokio::select! {
                biased;
                message = messages.recv() => match message {
                    Some(message) => self.take(message),
                    None => return,
                },
                ended = end(&mut self.running) => self.ended(ended).await,
                () = moment(self.due), if is_idle => self.start(),
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Count(encoding) => self.encoding = encoding,
            Message::Open { uri, version, text } => {
                self.documents.open(uri, version, text);
                self.changed();
            }
            Message::Change { uri, version, changes } => {
                if let Some(document) = self.documents.0.get_mut(&uri) {
                    document.edit(version, changes, self.encoding);
                    self.changed();
                }
            }
            Message::Saved => self.changed(),
            Message::Close(uri) => {
                self.documents.0.remove(&uri);
                self.changed();
            }
            // Whoever asked may be gone: then nobody misses the answer.
            Message::Format { uri, range, reply } => drop(reply.send(self.format(&uri, range))),
            Message::Fixes(request) if self.due.is_none() && self.running.is_none() => self.answer(request),
            Message::Fixes(request) => {
                self.due = self.due.map(|_| Instant::now());
                self.waiting.push(request);
            }
        }
    }

    fn changed(&mut self) {
        self.due.get_or_insert_with(|| Instant::now() + PAUSE);
    }

    fn start(&mut self) {
        self.due = None;
        let (documents, options, encoding) = (self.documents.clone(), self.options, self.encoding);
        self.running = Some(spawn_blocking(move || analyse(&documents, options, encoding)));
    }

    /// Takes an analysis, unless the files changed meanwhile: then the next one is already due.
    async fn ended(&mut self, ended: Result<Analysis, JoinError>) {
        self.running = None;
        if self.due.is_some() {
            return;
        }
        match ended {
            Ok(analysis) => self.publish(analysis).await,
            Err(error) => self.client.log_message(MessageType::ERROR, format!("the analysis failed: {error}")).await,
        }
        for request in std::mem::take(&mut self.waiting) {
            self.answer(request);
        }
    }

    /// Tells what is wrong, and of each file that is open or was mended that nothing is.
    async fn publish(&mut self, analysis: Analysis) {
        let before = std::mem::replace(&mut self.analysis, analysis);
        let now = &self.analysis.diagnostics;
        let open_or_mended: BTreeSet<&Uri> = self.documents.0.keys().chain(before.diagnostics.keys()).collect();
        let right = open_or_mended.into_iter().filter(|uri| !now.contains_key(uri));
        let all = right.map(|uri| (uri, Vec::new())).chain(now.iter().map(|(uri, found)| (uri, found.clone())));
        for (uri, found) in all {
            let version = self.documents.0.get(uri).map(|document| document.version);
            self.client.publish_diagnostics(uri.clone(), found, version).await;
        }
    }

    fn answer(&self, request: FixesRequest) {
        let touches = |range: Range| range.start <= request.range.end && request.range.start <= range.end;
        let fixes = self.analysis.fixes.get(&request.uri).into_iter().flatten();
        let fixes = fixes.filter(|(diagnostic, _)| touches(diagnostic.range)).map(|(_, fix)| fix.clone());
        drop(request.reply.send(fixes.collect()));
    }

    fn format(&self, uri: &Uri, range: Option<Range>) -> Option<Vec<TextEdit>> {
        let document = self.documents.0.get(uri)?;
        let mut sources = Sources::default();
        let id = sources.add(&document.path, "", document.text.clone());
        let file = sources.get(id)?;
        let offset = |position| self.encoding.offset(&file.text, &file.lines, position);
        let (start, end) = range.map_or((0, file.text.len()), |range| (offset(range.start), offset(range.end)));
        let edits = format_range(&file.text, Span::new(id, start, end)).into_iter();
        Some(edits.map(|edit| TextEdit { range: self.encoding.range(file, edit.span), new_text: edit.text }).collect())
    }
}

/// Waits for a running analysis, or for ever.
async fn end(running: &mut Option<JoinHandle<Analysis>>) -> Result<Analysis, JoinError> {
    match running {
        Some(running) => running.await,
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
