//! What each key costs while a large lab is edited: a recorded session is typed into it, and after each key the client
//! asks what editors ask. Prints the median and the 95th of a hundred, in milliseconds of the server's time over a pipe
//! in memory, and the memory at the end. A number among the arguments asks for a lab of so many nodes;
//! `SESSION_MINUTES=60` types for as long as a person who types a key each 200 ms.

#[path = "../../compiler/benches/fabric.rs"]
mod fabric;
#[allow(dead_code)] // The tests use more of it.
#[path = "../src/test_client.rs"]
mod test_client;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;
use test_client::{Client, uri};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is typed, at the end of the line before the targets.
const TYPED: &str = "\nnode extra: debian {\n  tags = [\"host\"]\n  memory = 2GiB\n}\nlink extra <-> lan1 { mtu = 9000 }\n\
                     link extra:eth2 <-> leaf2:ge-0/0/7 { subnet = from p2p }\ncheck reachable(extra, leaf3)\n";

/// Milliseconds by what was asked.
type Times = BTreeMap<&'static str, Vec<f64>>;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let wanted = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    for nodes in wanted.map_or(vec![100, 1_000, 10_000], |nodes| vec![nodes]) {
        let text = fabric::fabric(nodes);
        println!("{nodes} nodes, {} lines", text.lines().count());
        for (what, mut times) in runtime.block_on(session(&text, nodes)) {
            times.sort_by(f64::total_cmp);
            let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
            println!("  {what:<24} p50 {:>7.2}   p95 {:>7.2}   ({} times)", at(0.5), at(0.95), times.len());
        }
        println!("  memory {} MiB", memory());
    }
}

async fn session(text: &str, nodes: usize) -> Times {
    let folder = tempfile::tempdir().unwrap();
    let file = uri(&folder.path().join("fabric.wtop"));
    let mut times = Times::new();
    let start = Instant::now();
    let mut client = Client::start().await;
    client.open(&file, text).await;
    client.diagnostics(&file, |_| true).await;
    add(&mut times, "start to diagnostics", start);

    let document = json!({ "textDocument": { "uri": file } });
    let mut tokens = client.ask("textDocument/semanticTokens/full", document.clone()).await["resultId"].clone();
    let mut revision = client.ask("wtop/graph", document).await["revision"].clone();
    let line = text[..text.find("\ntarget").unwrap()].lines().count() - 1;
    let (mut at, mut version) = ((line, text.lines().nth(line).unwrap().len()), 0);
    for _ in 0..rounds(nodes) {
        let begin = at;
        for key in TYPED.chars() {
            version += 1;
            let place = position(at);
            let change = json!([{ "range": { "start": place, "end": place }, "text": key.to_string() }]);
            let typed = Instant::now();
            client.change(&file, version, change).await;
            at = if key == '\n' { (at.0 + 1, 0) } else { (at.0, at.1 + 1) };
            let asked = Instant::now();
            client.ask("textDocument/completion", at_place(&file, at)).await;
            add(&mut times, "completion", asked);
            client.diagnostics(&file, |params| params["version"] == version).await;
            add(&mut times, "key to diagnostics", typed);
            // Where the definition of a node stands far away.
            let known = (line - 1, 8);
            for (what, method) in [("hover", "textDocument/hover"), ("definition", "textDocument/definition")] {
                let asked = Instant::now();
                client.ask(method, at_place(&file, known)).await;
                add(&mut times, what, asked);
            }
            let delta = json!({ "textDocument": { "uri": file }, "previousResultId": tokens });
            let asked = Instant::now();
            let answer = client.ask("textDocument/semanticTokens/full/delta", delta).await;
            add(&mut times, "semantic token delta", asked);
            tokens = answer["resultId"].clone();
            let asked = Instant::now();
            let answer = client.ask("wtop/graph", json!({ "textDocument": { "uri": file }, "since": revision })).await;
            add(&mut times, "graph patch", asked);
            revision = answer["revision"].clone();
        }
        // All of it goes again, as one edit.
        version += 1;
        let change = json!([{ "range": { "start": position(begin), "end": position(at) }, "text": "" }]);
        client.change(&file, version, change).await;
        client.diagnostics(&file, |params| params["version"] == version).await;
        at = begin;
    }
    times
}

/// How often the whole is typed.
fn rounds(nodes: usize) -> usize {
    let minutes = std::env::var("SESSION_MINUTES").ok().and_then(|minutes| minutes.parse::<usize>().ok());
    match minutes {
        Some(minutes) => (minutes * 300).div_ceil(TYPED.len()),
        None if nodes > 5_000 => 1,
        None => 3,
    }
}

fn add(times: &mut Times, what: &'static str, since: Instant) {
    times.entry(what).or_default().push(since.elapsed().as_secs_f64() * 1000.0);
}

fn position((line, column): (usize, usize)) -> Value {
    json!({ "line": line, "character": column })
}

fn at_place(file: &str, at: (usize, usize)) -> Value {
    json!({ "textDocument": { "uri": file }, "position": position(at) })
}

/// Resident memory of this process: server and client together.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
