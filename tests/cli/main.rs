//! The command line as its users meet it: what is typed, what comes back, and the exit code.
//!
//! `INSTA_UPDATE=always cargo test -p wtop --test cli` takes what comes back as right; review it.

mod folder;
#[path = "../../deploy/src/images/test_server.rs"]
mod server;

mod bad_input;
mod build;
mod check;
mod devices;
mod explain;
mod export;
mod fetch;
mod fmt;
mod graph;
mod help;
mod image;
mod inventory;
mod lock;
mod lsp;
mod new;
mod terminal;
mod tutorial;
