//! The language server: what editors ask, answered by the compiler.
//!
//! ```text
//! client ──server──▶ one queue ──worker──▶ documents ──analysis, off the async threads──▶ diagnostics, fixes
//! ```
//!
//! **Invariant: edits keep their order.** Handlers run side by side, so each puts its message into the queue before it
//! first waits for anything, and the one worker owns all state. A request sees every edit that was sent before it.
//!
//! The rules of the language are the compiler's; protocol types stop here. Nothing here uses the network.

mod analysis;
mod documents;
mod positions;
mod server;
#[cfg(test)]
mod tests;
mod worker;

use std::io;
use std::path::Path;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{LspService, Server};
use wtop_compiler::CompileOptions;

/// How a file is compiled: its project, its packages.
pub type Options = fn(&Path) -> CompileOptions;

/// The stack of the threads that compile, in bytes: as much as a main thread has.
const STACK: usize = 8 * 1024 * 1024;

/// Serves one client on standard input and output until it says `exit` or its end closes.
///
/// # Errors
/// The threads cannot be started.
pub fn serve_stdio(options: Options) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
    runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), options));
    // A thread may still wait for input that nobody will send.
    runtime.shutdown_background();
    Ok(())
}

/// Serves one client until it says `exit` or its end closes.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite, options: Options) {
    let (service, socket) = LspService::new(|client| server::Backend::start(client, options));
    Server::new(input, output, socket).serve(service).await;
}
