//! What the server can do, and the table of what is done for each message of the client.

use crate::Options;
use crate::positions::Encoding;
use crate::worker::{FixesRequest, Message, Worker};
use tokio::sync::{mpsc, oneshot};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

/// The end of the queue at which messages come in.
pub struct Backend(mpsc::UnboundedSender<Message>);

impl Backend {
    /// Starts the worker that answers.
    pub fn start(client: Client, options: Options) -> Backend {
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(Worker::new(client, options).run(receiver));
        Backend(sender)
    }

    /// Puts a message into the queue. The worker lives as long as this end, so it arrives.
    fn send(&self, message: Message) {
        drop(self.0.send(message));
    }

    /// Puts a request into the queue, and waits for its answer.
    async fn ask<T: Default>(&self, message: impl FnOnce(oneshot::Sender<T>) -> Message) -> T {
        let (reply, answer) = oneshot::channel();
        self.send(message(reply));
        answer.await.unwrap_or_default()
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, parameters: InitializeParams) -> Result<InitializeResult> {
        let offered = parameters.capabilities.general.and_then(|general| general.position_encodings);
        let is_utf8 = offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8));
        self.send(Message::Count(if is_utf8 { Encoding::Utf8 } else { Encoding::Utf16 }));
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        };
        let fixes = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        };
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(if is_utf8 { PositionEncodingKind::UTF8 } else { PositionEncodingKind::UTF16 }),
                text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
                code_action_provider: Some(CodeActionProviderCapability::Options(fixes)),
                document_formatting_provider: Some(OneOf::Left(true)),
                document_range_formatting_provider: Some(OneOf::Left(true)),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "wtop".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, parameters: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = parameters.text_document;
        self.send(Message::Open { uri, version, text });
    }

    async fn did_change(&self, parameters: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = parameters.text_document;
        self.send(Message::Change { uri, version, changes: parameters.content_changes });
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        self.send(Message::Saved);
    }

    async fn did_close(&self, parameters: DidCloseTextDocumentParams) {
        self.send(Message::Close(parameters.text_document.uri));
    }

    async fn code_action(&self, parameters: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let wanted = parameters.context.only;
        if wanted.is_some_and(|kinds| !kinds.contains(&CodeActionKind::QUICKFIX)) {
            return Ok(None);
        }
        let (uri, range) = (parameters.text_document.uri, parameters.range);
        let fixes = self.ask(|reply| Message::Fixes(FixesRequest { uri, range, reply })).await;
        Ok(Some(fixes.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
    }

    async fn formatting(&self, parameters: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let uri = parameters.text_document.uri;
        Ok(self.ask(|reply| Message::Format { uri, range: None, reply }).await)
    }

    async fn range_formatting(&self, parameters: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let (uri, range) = (parameters.text_document.uri, Some(parameters.range));
        Ok(self.ask(|reply| Message::Format { uri, range, reply }).await)
    }
}
