//! The language server: what editors ask, answered by the compiler.
//!
//! ```text
//! client ──server──▶ one queue ──worker──▶ documents ──analyst, a thread of its own──▶ snapshot ──▶ requests
//! ```
//!
//! **Invariant: edits keep their order.** Handlers run side by side, so each puts its message into the queue before it
//! first waits for anything, and the one worker owns all state. A request sees every edit that was sent before it.
//!
//! **Invariant: a request only reads.** It is given a `Snapshot`, which nobody changes any more, and runs
//! beside the worker: a slow or failing answer holds up nothing else.
//!
//! The rules of the language are the compiler's; protocol types stop here. Nothing here uses the network, but for the page
//! of the preview, which is served to this machine alone.

mod analysis;
mod analyst;
mod capabilities;
mod diagnostics;
mod documents;
mod graphs;
mod library;
pub mod live;
mod markup;
mod overlay;
mod page;
mod positions;
mod record;
mod requests;
mod server;
mod settings;
mod snapshot;
mod standalone;
#[cfg(test)]
extern crate self as wtop_lsp;
#[cfg(test)]
mod test_client;
#[cfg(test)]
mod tests;
mod worker;
mod workspace;

use std::fs::File;
use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tower_lsp::{LspService, Server};
use wtop_compiler::CompileOptions;

/// What the server needs to know of the program that it is a part of.
#[derive(Clone, Debug)]
pub struct Host {
    /// How a file is compiled: its project, its packages.
    pub options: fn(&Path) -> CompileOptions,
    /// A folder of the server's own, for what editors open as files: the library and the pages of the diagnostics.
    /// Without one, nothing leads there.
    pub folder: Option<PathBuf>,
    /// Where what the client says is written down, one message a line, so that a mistake can be seen again. The texts
    /// of the files that are open stand in it.
    pub record: Option<PathBuf>,
    /// What can be done with labs beside editing them, where the program can deploy them.
    pub live: Option<Arc<dyn live::Live>>,
}

/// The stack of the threads that compile, in bytes: as much as a main thread has.
const STACK: usize = 8 * 1024 * 1024;

/// So many requests may wait for an analysis while edits are still taken in.
const MOST_WAITING: usize = 1024;

/// Serves one client on standard input and output until it says `exit` or its end closes.
///
/// # Errors
/// The threads cannot be started, or the session cannot be written down.
pub fn serve_stdio(host: Host) -> io::Result<()> {
    run(recorded(tokio::io::stdin(), tokio::io::stdout(), host))?
}

/// Serves one client that connects to a port of this machine, for looking at what goes over the wire. `listening` is
/// told the port, which the system chooses if 0 is asked for.
///
/// # Errors
/// The threads cannot be started, nobody can listen on the port, or the session cannot be written down.
pub fn serve_tcp(port: u16, host: Host, listening: impl FnOnce(u16)) -> io::Result<()> {
    run(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        listening(listener.local_addr()?.port());
        let (input, output) = listener.accept().await?.0.into_split();
        recorded(input, output, host).await
    })?
}

/// Serves the preview of a file to browsers on this machine, without an editor: edits from the page are written into the
/// file. `opened` is told the address of the page.
///
/// # Errors
/// The file cannot be read, or the page cannot be served.
pub fn preview(path: &Path, host: Host, opened: impl FnOnce(&str)) -> io::Result<()> {
    run(standalone::preview(path, host, opened))?
}

fn run<T>(served: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
    let result = runtime.block_on(served);
    // A thread may still wait for input that nobody will send.
    runtime.shutdown_background();
    Ok(result)
}

/// Serves one client, and writes down what it says if that is wanted.
async fn recorded(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite,
    host: Host,
) -> io::Result<()> {
    let Some(path) = &host.record else {
        serve(input, output, host).await;
        return Ok(());
    };
    let file = File::create(path)?;
    let (near, far) = tokio::io::duplex(1 << 16);
    let recording = tokio::spawn(record::record(input, near, file));
    serve(far, output, host).await;
    // After `exit` the client may still hold its end open.
    recording.abort();
    match recording.await {
        Ok(result) => result,
        Err(_) => Ok(()),
    }
}

/// Serves one client until it says `exit` or its end closes.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite, host: Host) {
    let (service, socket) = LspService::build(|client| server::Backend::start(client, host))
        .custom_method("wtop/graph", server::Backend::graph)
        .custom_method("wtop/graphSource", server::Backend::graph_source)
        .custom_method("wtop/graphAt", server::Backend::graph_at)
        .custom_method("wtop/graphText", server::Backend::graph_text)
        .custom_method("wtop/edit", server::Backend::edit)
        .custom_method("wtop/free", server::Backend::free)
        .custom_method("wtop/form", server::Backend::form)
        .custom_method("wtop/dependents", server::Backend::dependents)
        .custom_method("wtop/palette", server::Backend::palette)
        .custom_method("wtop/problems", server::Backend::problems)
        .custom_method("wtop/whatIf", server::Backend::what_if)
        .custom_method("wtop/artifacts", server::Backend::artifacts)
        .custom_method("wtop/place", server::Backend::place)
        .custom_method("wtop/dress", server::Backend::dress)
        .custom_method("wtop/preview", server::Backend::preview)
        .custom_method("wtop/reveal", server::Backend::reveal)
        .custom_method("wtop/cursor", server::Backend::cursor)
        .finish();
    Server::new(input, output, socket).concurrency_level(MOST_WAITING).serve(service).await;
}
