//! The thread that compiles.
//!
//! There is one, and what it made is dropped there too: an allocator gives a thread the memory that the thread itself has
//! freed. With a thread an analysis, each key took fresh pages, and what others had freed stayed with them.

use crate::STACK;
use crate::analysis::Analysis;
use crate::snapshot::Snapshot;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use tokio::sync::oneshot;
use wtop_compiler::CompileCache;

enum Task {
    Analyse { path: PathBuf, snapshot: Arc<Snapshot>, analysed: oneshot::Sender<Analysis> },
    Forget(PathBuf),
    ClearAway(Box<dyn Any + Send>),
}

/// The thread that compiles, which works off what it is told in order. It ends with the last handle on it.
#[derive(Debug, Clone)]
pub struct Analyst(mpsc::Sender<Task>);

impl Analyst {
    /// Starts the thread. Where the system gives none, each analysis fails, and the client is told.
    pub fn start() -> Analyst {
        let (sender, tasks) = mpsc::channel();
        let thread = thread::Builder::new().name("analyst".to_owned()).stack_size(STACK);
        drop(thread.spawn(move || work(&tasks)));
        Analyst(sender)
    }

    /// Compiles a file as it is in a snapshot. The channel closes without an answer where that failed.
    pub fn analyse(&self, path: PathBuf, snapshot: Arc<Snapshot>) -> oneshot::Receiver<Analysis> {
        let (analysed, receiver) = oneshot::channel();
        self.tell(Task::Analyse { path, snapshot, analysed });
        receiver
    }

    /// Forgets what was kept of a file for its next analysis.
    pub fn forget(&self, path: &Path) {
        self.tell(Task::Forget(path.to_path_buf()));
    }

    /// Drops what may hold the last reference to an analysis.
    pub fn clear_away(&self, used: impl Any + Send) {
        self.tell(Task::ClearAway(Box::new(used)));
    }

    fn tell(&self, task: Task) {
        // Without a thread the task is dropped, and with it the sender of an answer.
        drop(self.0.send(task));
    }
}

fn work(tasks: &mpsc::Receiver<Task>) {
    // What the last analysis of each file left to the next.
    let mut caches: BTreeMap<PathBuf, CompileCache> = BTreeMap::new();
    while let Ok(task) = tasks.recv() {
        match task {
            Task::Analyse { path, snapshot, analysed } => {
                let cache = caches.entry(path.clone()).or_default();
                let analysis = catch_unwind(AssertUnwindSafe(|| Analysis::new(&path, &snapshot, cache)));
                if let Ok(analysis) = analysis {
                    // Nobody may wait for it any more.
                    drop(analysed.send(analysis));
                }
            }
            Task::Forget(path) => drop(caches.remove(&path)),
            Task::ClearAway(used) => drop(used),
        }
    }
}
