//! The table of what is done for each message of the client.

use crate::Host;
use crate::capabilities::capabilities;
use crate::markup::Plain;
use crate::page::{self, Pages, Served};
use crate::positions::Encoding;
use crate::requests::*;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::worker::{Ask, Message, Needs, Start, Worker};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OnceCell, mpsc, oneshot};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

/// The end of the queue at which messages come in.
#[derive(Clone)]
pub struct Backend {
    client: Client,
    messages: mpsc::UnboundedSender<Message>,
    /// What the client can, which decides what it is asked for once it is ready.
    offered: Arc<Mutex<Offered>>,
    tokens: Arc<semantic_tokens::LastTokens>,
    /// Who shows pictures in a browser.
    pub pages: Pages,
    served: Arc<OnceCell<Served>>,
}

/// What a client can do that the server makes use of.
#[derive(Clone, Copy, Debug, Default)]
struct Offered {
    watches_files: bool,
    has_settings: bool,
    registers_type_hierarchy: bool,
    /// Asks for the edits of an action when it is chosen.
    resolves_edits: bool,
}

impl Backend {
    /// Starts the worker that answers.
    pub fn start(client: Client, host: Host) -> Backend {
        let (messages, receiver) = mpsc::unbounded_channel();
        let pages = Pages::default();
        tokio::spawn(Worker::new(client.clone(), host, messages.downgrade(), pages.clone()).run(receiver));
        Backend { client, messages, offered: Arc::default(), tokens: Arc::default(), pages, served: Arc::default() }
    }

    /// Puts a message into the queue. The worker lives as long as this end, so it arrives.
    fn send(&self, message: Message) {
        drop(self.messages.send(message));
    }

    /// Puts a request into the queue, and waits for its answer.
    async fn ask<P, T>(
        &self,
        needs: Needs,
        parameters: P,
        answer: impl FnOnce(&Snapshot, P) -> T + Send + 'static,
    ) -> Result<T>
    where
        P: Send + 'static,
        T: Send + 'static,
    {
        let (reply, answered) = oneshot::channel();
        // A cancelled request ends the wait for its answer, which is all that is left of it.
        let reply = Arc::new(Mutex::new(Some(reply)));
        let waits = reply.clone();
        let is_cancelled = move || {
            let reply = waits.lock().unwrap_or_else(PoisonError::into_inner);
            reply.as_ref().is_none_or(oneshot::Sender::is_closed)
        };
        let run = move |snapshot: &Snapshot| {
            let answer = answer(snapshot, parameters);
            if let Some(reply) = reply.lock().unwrap_or_else(PoisonError::into_inner).take() {
                // Whoever asked may be gone.
                drop(reply.send(answer));
            }
        };
        self.send(Message::Ask(Ask { needs, run: Box::new(run), is_cancelled: Box::new(is_cancelled) }));
        answered.await.map_err(|_| Error::internal_error())
    }

    /// `wtop/graph`
    pub async fn graph(&self, parameters: graph::GraphParams) -> Result<Option<Value>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, graph::picture).await
    }

    /// `wtop/graphSource`
    pub async fn graph_source(&self, parameters: graph::SourceParams) -> Result<Option<Location>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, graph::source).await
    }

    /// `wtop/graphAt`
    pub async fn graph_at(&self, parameters: TextDocumentPositionParams) -> Result<Option<Vec<String>>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, graph::at).await
    }

    /// `wtop/graphText`
    pub async fn graph_text(&self, parameters: graph_text::GraphTextParams) -> Result<Option<graph_text::GraphText>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, graph_text::answer).await
    }

    /// `wtop/edit`: has the client make the edit, as one step.
    pub async fn edit(&self, parameters: edit::EditParams) -> Result<Value> {
        let found = self.ask(file(&parameters.text_document.uri.clone()), parameters, edit::answer).await?;
        let (title, edit) = found.map_err(|(reason, before)| {
            let data = before.map(|before| json!({ "before": before }));
            Error { data, ..refused(reason) }
        })?;
        let applied = self.client.apply_edit(edit).await?;
        if !applied.applied {
            return Err(refused(
                applied.failure_reason.unwrap_or_else(|| "the editor did not take the edit".to_owned()),
            ));
        }
        Ok(json!({ "title": title, "applied": true }))
    }

    /// `wtop/free`, `wtop/form`, `wtop/dependents`, `wtop/palette`: what there is to choose from.
    async fn choice(
        &self,
        parameters: edit::ThingsParams,
        answer: fn(&Snapshot, edit::ThingsParams) -> std::result::Result<Value, String>,
    ) -> Result<Value> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, answer).await?.map_err(refused)
    }

    /// `wtop/free`
    pub async fn free(&self, parameters: edit::ThingsParams) -> Result<Value> {
        self.choice(parameters, edit::free).await
    }

    /// `wtop/form`
    pub async fn form(&self, parameters: edit::ThingsParams) -> Result<Value> {
        self.choice(parameters, edit::form).await
    }

    /// `wtop/dependents`
    pub async fn dependents(&self, parameters: edit::ThingsParams) -> Result<Value> {
        self.choice(parameters, edit::dependents).await
    }

    /// `wtop/palette`
    pub async fn palette(&self, parameters: edit::ThingsParams) -> Result<Value> {
        self.choice(parameters, edit::palette).await
    }

    /// `wtop/problems`
    pub async fn problems(&self, parameters: edit::ThingsParams) -> Result<Option<Value>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, look::problems).await
    }

    /// `wtop/whatIf`
    pub async fn what_if(&self, parameters: edit::ThingsParams) -> Result<Option<Value>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, look::what_if).await
    }

    /// `wtop/artifacts`
    pub async fn artifacts(&self, parameters: edit::ThingsParams) -> Result<Option<Value>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, look::artifacts).await
    }

    /// `wtop/place`: where things stand by hand.
    pub async fn place(&self, parameters: graph::PlaceParams) -> Result<()> {
        let uri = parameters.text_document.uri.clone();
        self.ask(file(&uri), parameters, graph::place).await?.map_err(refused)?;
        self.pages.tell("wtop/graphChanged", &json!({ "uri": uri }));
        self.client.send_notification::<graph::GraphChanged>(TextDocumentIdentifier { uri }).await;
        Ok(())
    }

    /// `wtop/dress`: what the pieces of all pictures need around them.
    pub async fn dress(&self) -> Result<Value> {
        Ok(wtop_compiler::backends::picture::dress())
    }

    /// `wtop/preview`: the address of the page of a lab, for a browser on this machine.
    pub async fn preview(&self, parameters: edit::ThingsParams) -> Result<Value> {
        let served = self.served.get_or_try_init(|| page::serve(self.clone())).await;
        let served = served.map_err(|error| refused(format!("the preview cannot be served: {error}")))?;
        Ok(json!({ "url": served.address(&parameters.text_document.uri) }))
    }

    /// `wtop/reveal`: has the editor show where something is declared.
    pub async fn reveal(&self, parameters: graph::SourceParams) -> Result<bool> {
        let Some(place) = self.graph_source(parameters).await? else { return Ok(false) };
        let shown =
            ShowDocumentParams { uri: place.uri, external: None, take_focus: Some(true), selection: Some(place.range) };
        self.client.show_document(shown).await
    }

    /// `wtop/cursor`: the editor says where its cursor is, and the pages light what is there.
    pub async fn cursor(&self, parameters: TextDocumentPositionParams) {
        let uri = parameters.text_document.uri.clone();
        if let Ok(Some(ids)) = self.graph_at(parameters).await {
            self.pages.tell("wtop/cursor", &json!({ "uri": uri, "ids": ids }));
        }
    }

    /// What a page in a browser asks.
    pub async fn answer_page(&self, method: &str, parameters: Value) -> Result<Value> {
        let value = match method {
            "wtop/graph" => json!(self.graph(read(parameters)?).await?),
            "wtop/graphSource" => json!(self.graph_source(read(parameters)?).await?),
            "wtop/edit" => self.edit(read(parameters)?).await?,
            "wtop/free" => self.free(read(parameters)?).await?,
            "wtop/form" => self.form(read(parameters)?).await?,
            "wtop/dependents" => self.dependents(read(parameters)?).await?,
            "wtop/palette" => self.palette(read(parameters)?).await?,
            "wtop/problems" => json!(self.problems(read(parameters)?).await?),
            "wtop/whatIf" => json!(self.what_if(read(parameters)?).await?),
            "wtop/artifacts" => json!(self.artifacts(read(parameters)?).await?),
            "wtop/place" => json!(self.place(read(parameters)?).await?),
            "wtop/dress" => self.dress().await?,
            "wtop/reveal" => json!(self.reveal(read(parameters)?).await?),
            _ => return Err(Error::method_not_found()),
        };
        Ok(value)
    }

    /// The settings as the client has them now.
    async fn settings(&self) -> Option<Settings> {
        let item = ConfigurationItem { scope_uri: None, section: Some("wtop".to_owned()) };
        let values = self.client.configuration(vec![item]).await.ok()?;
        values.first().map(Settings::read)
    }
}

fn read<T: DeserializeOwned>(parameters: Value) -> Result<T> {
    serde_json::from_value(parameters).map_err(|error| Error::invalid_params(error.to_string()))
}

fn file(uri: &Uri) -> Needs {
    Needs::File(uri.clone())
}

/// An answer that says why there is none.
fn refused(reason: String) -> Error {
    // `RequestFailed` of the protocol.
    Error { code: ErrorCode::ServerError(-32803), message: reason.into(), data: None }
}

fn start(parameters: &InitializeParams) -> Start {
    let capabilities = &parameters.capabilities;
    let general = capabilities.general.as_ref();
    let workspace = capabilities.workspace.as_ref();
    let folders =
        parameters.workspace_folders.iter().flatten().filter_map(|folder| path(&folder.uri)).collect::<Vec<_>>();
    #[allow(deprecated)] // What older clients send instead of folders.
    let root = parameters.root_uri.as_ref().and_then(path).filter(|_| folders.is_empty());
    let window = capabilities.window.as_ref();
    let completion = capabilities.text_document.as_ref().and_then(|all| all.completion.as_ref());
    Start {
        encoding: Encoding::of(general.and_then(|general| general.position_encodings.as_deref())),
        snippets: completion.and_then(|all| all.completion_item.as_ref()?.snippet_support).unwrap_or(false),
        plain: Plain::of(capabilities),
        settings: parameters.initialization_options.as_ref().map(Settings::read).unwrap_or_default(),
        folders: folders.into_iter().chain(root).collect(),
        pulls_again: workspace.and_then(|all| all.diagnostics.as_ref()?.refresh_support).unwrap_or(false),
        hints_again: workspace.and_then(|all| all.inlay_hint.as_ref()?.refresh_support).unwrap_or(false),
        lenses_again: workspace.and_then(|all| all.code_lens.as_ref()?.refresh_support).unwrap_or(false),
        tokens_again: workspace.and_then(|all| all.semantic_tokens.as_ref()?.refresh_support).unwrap_or(false),
        shows_progress: window.and_then(|window| window.work_done_progress).unwrap_or(false),
    }
}

fn path(uri: &Uri) -> Option<PathBuf> {
    uri.to_file_path().map(|path| crate::documents::real(&path))
}

fn offered(capabilities: &ClientCapabilities) -> Offered {
    let workspace = capabilities.workspace.as_ref();
    let watches = workspace.and_then(|all| all.did_change_watched_files.as_ref()?.dynamic_registration);
    let text = capabilities.text_document.as_ref();
    let types = text.and_then(|all| all.type_hierarchy.as_ref()?.dynamic_registration);
    Offered {
        watches_files: watches.unwrap_or(false),
        has_settings: workspace.and_then(|all| all.configuration).unwrap_or(false),
        registers_type_hierarchy: types.unwrap_or(false),
        resolves_edits: resolves_edits(capabilities).unwrap_or(false),
    }
}

fn resolves_edits(capabilities: &ClientCapabilities) -> Option<bool> {
    let action = capabilities.text_document.as_ref()?.code_action.as_ref()?;
    let properties = &action.resolve_support.as_ref()?.properties;
    Some(action.data_support == Some(true) && properties.iter().any(|property| property == "edit"))
}

impl LanguageServer for Backend {
    async fn initialize(&self, parameters: InitializeParams) -> Result<InitializeResult> {
        let start = start(&parameters);
        *self.offered.lock().unwrap_or_else(PoisonError::into_inner) = offered(&parameters.capabilities);
        let capabilities = capabilities(start.encoding);
        self.send(Message::Start(start));
        let server_info = ServerInfo { name: "wtop".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
        Ok(InitializeResult { capabilities, server_info: Some(server_info), ..InitializeResult::default() })
    }

    async fn initialized(&self, _: InitializedParams) {
        let offered = *self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        if offered.watches_files {
            // Any file may be read by `file(…)`.
            let watched = serde_json::json!({ "watchers": [{ "globPattern": "**/*" }] });
            let registration = Registration {
                id: "files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: Some(watched),
            };
            drop(self.client.register_capability(vec![registration]).await);
        }
        if offered.registers_type_hierarchy {
            // The capabilities that a server tells at first have no word for it here.
            let registration = Registration {
                id: "types".to_owned(),
                method: "textDocument/prepareTypeHierarchy".to_owned(),
                register_options: Some(serde_json::json!({ "documentSelector": [{ "language": "wtop" }] })),
            };
            drop(self.client.register_capability(vec![registration]).await);
        }
        if offered.has_settings
            && let Some(settings) = self.settings().await
        {
            self.send(Message::Settings(settings));
        }
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

    async fn did_save(&self, parameters: DidSaveTextDocumentParams) {
        self.send(Message::Written(parameters.text_document.uri));
    }

    async fn did_close(&self, parameters: DidCloseTextDocumentParams) {
        self.tokens.forget(&parameters.text_document.uri);
        self.send(Message::Close(parameters.text_document.uri));
    }

    async fn did_change_watched_files(&self, parameters: DidChangeWatchedFilesParams) {
        for change in parameters.changes {
            self.send(Message::Written(change.uri));
        }
    }

    async fn did_change_workspace_folders(&self, parameters: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<WorkspaceFolder>| folders.iter().filter_map(|folder| path(&folder.uri)).collect();
        let (added, removed) = (paths(parameters.event.added), paths(parameters.event.removed));
        self.send(Message::Folders { added, removed });
    }

    async fn did_change_configuration(&self, parameters: DidChangeConfigurationParams) {
        let offered = *self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = Some(&parameters.settings).filter(|sent| !matches!(sent, Value::Null)).map(Settings::read);
        let settings = if offered.has_settings { self.settings().await.or(sent) } else { sent };
        self.send(Message::Settings(settings.unwrap_or_default()));
    }

    async fn diagnostic(&self, parameters: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let uri = parameters.text_document.uri.clone();
        self.send(Message::Pulled(uri));
        self.ask(Needs::OpenFiles, parameters, pull_diagnostics::document).await
    }

    async fn workspace_diagnostic(
        &self,
        parameters: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        self.ask(Needs::Workspace, parameters, pull_diagnostics::workspace).await
    }

    async fn semantic_tokens_full(&self, parameters: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let last = self.tokens.clone();
        let needs = file(&parameters.text_document.uri);
        self.ask(needs, parameters, move |snapshot, asked| semantic_tokens::full(snapshot, &last, asked)).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        parameters: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let last = self.tokens.clone();
        let needs = file(&parameters.text_document.uri);
        self.ask(needs, parameters, move |snapshot, asked| semantic_tokens::delta(snapshot, &last, asked)).await
    }

    async fn semantic_tokens_range(
        &self,
        parameters: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask(file(&parameters.text_document.uri), parameters, semantic_tokens::range).await
    }

    async fn completion(&self, parameters: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(Needs::Text, parameters, completion::answer).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.ask(Needs::Text, item, completion::resolve).await
    }

    async fn code_action(&self, parameters: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let lazily = self.offered.lock().unwrap_or_else(PoisonError::into_inner).resolves_edits;
        self.ask(Needs::OpenFiles, parameters, move |snapshot, asked| code_action::answer(snapshot, asked, lazily))
            .await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let needs = code_action::file(&action).map_or(Needs::Text, Needs::File);
        self.ask(needs, action, code_action::resolve).await
    }

    async fn code_lens(&self, parameters: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, code_lens::answer).await
    }

    async fn code_lens_resolve(&self, lens: CodeLens) -> Result<CodeLens> {
        self.ask(Needs::OpenFiles, lens, code_lens::resolve).await
    }

    async fn hover(&self, parameters: HoverParams) -> Result<Option<Hover>> {
        let uri = parameters.text_document_position_params.text_document.uri.clone();
        self.ask(file(&uri), parameters, hover::answer).await
    }

    async fn inlay_hint(&self, parameters: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, inlay_hint::answer).await
    }

    async fn inlay_hint_resolve(&self, hint: InlayHint) -> Result<InlayHint> {
        self.ask(Needs::Text, hint, inlay_hint::resolve).await
    }

    async fn signature_help(&self, parameters: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask(Needs::Text, parameters, signature_help::answer).await
    }

    async fn formatting(&self, parameters: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(Needs::Text, parameters, formatting::whole).await
    }

    async fn range_formatting(&self, parameters: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(Needs::Text, parameters, formatting::range).await
    }

    async fn on_type_formatting(&self, parameters: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(Needs::Text, parameters, on_type_formatting::answer).await
    }

    async fn goto_definition(&self, parameters: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            definition::definition,
        )
        .await
    }

    async fn goto_declaration(
        &self,
        parameters: request::GotoDeclarationParams,
    ) -> Result<Option<request::GotoDeclarationResponse>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            definition::declaration,
        )
        .await
    }

    async fn goto_type_definition(
        &self,
        parameters: request::GotoTypeDefinitionParams,
    ) -> Result<Option<request::GotoTypeDefinitionResponse>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            definition::type_definition,
        )
        .await
    }

    async fn goto_implementation(
        &self,
        parameters: request::GotoImplementationParams,
    ) -> Result<Option<request::GotoImplementationResponse>> {
        self.ask(Needs::Workspace, parameters, definition::implementation).await
    }

    async fn references(&self, parameters: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(Needs::Workspace, parameters, references::answer).await
    }

    async fn document_highlight(&self, parameters: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            references::highlight,
        )
        .await
    }

    async fn prepare_rename(&self, parameters: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, rename::prepare).await?.map_err(refused)
    }

    async fn rename(&self, parameters: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(Needs::Workspace, parameters, rename::answer).await?.map_err(refused)
    }

    async fn will_rename_files(&self, parameters: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(Needs::Workspace, parameters, rename::files).await
    }

    async fn document_symbol(&self, parameters: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, document_symbol::answer).await
    }

    async fn symbol(&self, parameters: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask(Needs::Workspace, parameters, document_symbol::workspace).await
    }

    async fn prepare_call_hierarchy(
        &self,
        parameters: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            call_hierarchy::prepare,
        )
        .await
    }

    async fn incoming_calls(
        &self,
        parameters: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask(file(&parameters.item.uri.clone()), parameters, call_hierarchy::incoming).await
    }

    async fn outgoing_calls(
        &self,
        parameters: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask(file(&parameters.item.uri.clone()), parameters, call_hierarchy::outgoing).await
    }

    async fn prepare_type_hierarchy(
        &self,
        parameters: TypeHierarchyPrepareParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            type_hierarchy::prepare,
        )
        .await
    }

    async fn supertypes(&self, parameters: TypeHierarchySupertypesParams) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(file(&parameters.item.uri.clone()), parameters, type_hierarchy::supertypes).await
    }

    async fn subtypes(&self, parameters: TypeHierarchySubtypesParams) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(Needs::Workspace, parameters, type_hierarchy::subtypes).await
    }

    async fn document_link(&self, parameters: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, document_link::answer).await
    }

    async fn linked_editing_range(&self, parameters: LinkedEditingRangeParams) -> Result<Option<LinkedEditingRanges>> {
        self.ask(
            file(&parameters.text_document_position_params.text_document.uri.clone()),
            parameters,
            linked_editing_range::answer,
        )
        .await
    }

    async fn folding_range(&self, parameters: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, folding_range::answer).await
    }

    async fn selection_range(&self, parameters: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(file(&parameters.text_document.uri.clone()), parameters, crate::requests::selection_range::answer)
            .await
    }
}
