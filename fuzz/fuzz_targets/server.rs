//! The language server survives any client.
#![no_main]

#[path = "../../lsp/src/tests/chaos.rs"]
mod chaos;
#[allow(dead_code)] // The tests use more of it.
#[path = "../../lsp/src/test_client.rs"]
mod test_client;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(chaos::play(&bytes[..bytes.len().min(1200)]));
});
