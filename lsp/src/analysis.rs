//! What the compiler says about the open files, in the words of the protocol.

use crate::Options;
use crate::documents::Documents;
use crate::positions::Encoding;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    TextEdit, Uri, WorkspaceEdit,
};
use wtop_compiler::diagnostics::{self, Fix, Severity};
use wtop_compiler::source::{FileId, SourceFile, Sources, Span};

/// What came out for one state of the open files.
#[derive(Debug, Default)]
pub struct Analysis {
    /// What is wrong, by file; also in files that are only imported.
    pub diagnostics: BTreeMap<Uri, Vec<Diagnostic>>,
    /// The ways to mend it, by the file of the diagnostic.
    pub fixes: BTreeMap<Uri, Vec<(Diagnostic, CodeAction)>>,
}

/// Compiles each open file as itself. What several of them say about a file that they import stands once.
pub fn analyse(documents: &Documents, options: Options, encoding: Encoding) -> Analysis {
    let mut analysis = Analysis::default();
    let mut told = BTreeSet::new();
    for (main, document) in &documents.0 {
        let compilation = wtop_compiler::compile(documents, &options(&document.path));
        let translator = Translator::new(documents, &compilation.sources, encoding);
        for found in &compilation.diagnostics {
            let (uri, diagnostic) = translator.diagnostic(found, main);
            if !told.insert((uri.clone(), format!("{diagnostic:?}"))) {
                continue;
            }
            let actions = found.fixes.iter().filter_map(|fix| translator.action(fix, &diagnostic));
            let actions: Vec<_> = actions.map(|action| (diagnostic.clone(), action)).collect();
            analysis.fixes.entry(uri.clone()).or_default().extend(actions);
            analysis.diagnostics.entry(uri).or_default().push(diagnostic);
        }
    }
    analysis
}

/// Spans of one compilation as places of the protocol.
struct Translator<'a> {
    sources: &'a Sources,
    uris: BTreeMap<FileId, Uri>,
    encoding: Encoding,
}

impl Translator<'_> {
    fn new<'a>(documents: &Documents, sources: &'a Sources, encoding: Encoding) -> Translator<'a> {
        let uri = |(id, file): (FileId, &SourceFile)| documents.uri(&file.path).map(|uri| (id, uri));
        Translator { sources, uris: sources.iter().filter_map(uri).collect(), encoding }
    }

    fn location(&self, span: Span) -> Option<Location> {
        let range = self.encoding.range(self.sources.get(span.file)?, span);
        Some(Location { uri: self.uris.get(&span.file)?.clone(), range })
    }

    /// A diagnostic and its file. One without a place that an editor can open stands at the start of the main file.
    fn diagnostic(&self, found: &diagnostics::Diagnostic, main: &Uri) -> (Uri, Diagnostic) {
        let place = self.location(found.span());
        let place = place.unwrap_or_else(|| Location { uri: main.clone(), range: Default::default() });
        let related = found.labels.iter().skip(1).filter_map(|label| {
            Some(DiagnosticRelatedInformation { location: self.location(label.span)?, message: label.text.clone() })
        });
        let related: Vec<_> = related.collect();
        let help = found.help.iter().map(|help| format!("\nhelp: {help}"));
        let diagnostic = Diagnostic {
            range: place.range,
            severity: Some(match found.severity() {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
            }),
            code: Some(NumberOrString::String(found.code.id.to_owned())),
            source: Some("wtop".to_owned()),
            message: std::iter::once(found.message.clone()).chain(help).collect(),
            related_information: (!related.is_empty()).then_some(related),
            ..Diagnostic::default()
        };
        (place.uri, diagnostic)
    }

    /// A fix as a quick fix; none where it changes what no editor can open.
    fn action(&self, fix: &Fix, diagnostic: &Diagnostic) -> Option<CodeAction> {
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for edit in &fix.edits {
            let place = self.location(edit.span)?;
            changes.entry(place.uri).or_default().push(TextEdit { range: place.range, new_text: edit.text.clone() });
        }
        Some(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic.clone()]),
            edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
            is_preferred: Some(fix.is_certain),
            ..CodeAction::default()
        })
    }
}
