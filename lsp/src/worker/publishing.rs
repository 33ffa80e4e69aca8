//! Who is told which diagnostics, and when.
//!
//! They are pushed to the client as soon as they are known. A client that asks for those of a file by itself is not
//! told them a second time, unless it does not ask within [`PATIENCE`].

use crate::diagnostics::of_open_files;
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, Uri};

/// How long a client that asks by itself may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was found, and what was told.
#[derive(Debug)]
pub struct Publisher {
    client: Client,
    /// What was told last about each file, and about which state of it.
    told: BTreeMap<Uri, (Option<i32>, Vec<Diagnostic>)>,
    /// Files whose diagnostics the client asked for.
    pulled: BTreeSet<Uri>,
    /// What is told later, unless the client asks before.
    late: BTreeMap<Uri, (Instant, Option<i32>, Vec<Diagnostic>)>,
}

impl Publisher {
    pub fn new(client: Client) -> Publisher {
        Publisher { client, told: BTreeMap::new(), pulled: BTreeSet::new(), late: BTreeMap::new() }
    }

    /// Tells what is wrong in open files and in what they import, and of each file that is open or was mended that
    /// nothing is.
    pub async fn push(&mut self, snapshot: &Snapshot) {
        let now = of_open_files(snapshot);
        let mended = self.told.keys().filter(|uri| !now.contains_key(uri));
        let mut all: Vec<_> = mended.map(|uri| (uri.clone(), None, Vec::new())).collect();
        for (uri, diagnostics) in now {
            let version = version(snapshot, uri);
            let same = |(of, told): &(Option<i32>, Vec<Diagnostic>)| {
                *of == version && told.iter().eq(diagnostics.iter().copied())
            };
            if !self.told.get(uri).is_some_and(same) {
                all.push((uri.clone(), version, diagnostics.into_iter().cloned().collect()));
            }
        }
        for (uri, version, diagnostics) in all {
            if self.pulled.contains(&uri) {
                self.late.insert(uri, (Instant::now() + PATIENCE, version, diagnostics));
            } else {
                self.tell(uri, version, diagnostics).await;
            }
        }
    }

    async fn tell(&mut self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        if diagnostics.is_empty() && version.is_none() {
            self.told.remove(&uri);
        } else {
            self.told.insert(uri.clone(), (version, diagnostics.clone()));
        }
        self.client.publish_diagnostics(uri, diagnostics, version).await;
    }

    /// The client asks for the diagnostics of a file by itself: those that it was told go.
    pub async fn pulled(&mut self, uri: Uri) {
        self.late.remove(&uri);
        if let Some((version, _)) = self.told.get(&uri).filter(|(_, told)| !told.is_empty()) {
            let version = *version;
            self.told.remove(&uri);
            self.client.publish_diagnostics(uri.clone(), Vec::new(), version).await;
        }
        self.pulled.insert(uri);
    }

    /// When something is to be told although the client used to ask for it.
    pub fn due(&self) -> Option<Instant> {
        self.late.values().map(|(due, ..)| *due).min()
    }

    /// Tells what the client did not ask for in time.
    pub async fn push_late(&mut self) {
        let now = Instant::now();
        let due: Vec<Uri> = self.late.iter().filter(|(_, (due, ..))| *due <= now).map(|(uri, _)| uri.clone()).collect();
        for uri in due {
            if let Some((_, version, diagnostics)) = self.late.remove(&uri) {
                self.tell(uri, version, diagnostics).await;
            }
        }
    }
}

/// The state of an open file that the newest analysis is of.
fn version(snapshot: &Snapshot, uri: &Uri) -> Option<i32> {
    let document = snapshot.document(uri)?;
    snapshot.analyses.get(&document.path)?.version
}
