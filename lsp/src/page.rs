//! The live preview for browsers: one page, served on the loopback interface to who knows the token.
//!
//! The page asks over a WebSocket what an editor asks over its pipe, `{ id, method, params }`, and is told what changes.
//!
//! **Invariant: nobody else gets in.** The server listens on 127.0.0.1 alone; each path begins with a token of 128 random
//! bits; the `Host` has to be ours, so that no name of another site leads here; and a WebSocket is opened to our own
//! origin only.

use crate::server::Backend;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc};
use tower_lsp::ls_types::Uri;

/// The page as it was built; without it, a text that says how to build it.
const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/preview.js"));
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/preview.css"));

/// So many notifications may wait for a page before it is told to look at everything again.
const MOST_TOLD: usize = 64;

/// What is told to all pages.
#[derive(Clone, Debug)]
pub struct Pages {
    told: broadcast::Sender<String>,
}

impl Default for Pages {
    fn default() -> Pages {
        Pages { told: broadcast::Sender::new(MOST_TOLD) }
    }
}

impl Pages {
    /// Tells every page; nobody may be there.
    pub fn tell(&self, method: &str, params: &Value) {
        drop(self.told.send(json!({ "method": method, "params": params }).to_string()));
    }
}

/// A server of pages.
#[derive(Clone, Debug)]
pub struct Served {
    port: u16,
    token: String,
}

impl Served {
    /// The address of the page of a lab.
    pub fn address(&self, lab: &Uri) -> String {
        let escaped: String = lab.as_str().bytes().map(escaped).collect();
        format!("http://127.0.0.1:{}/{}/?lab={escaped}", self.port, self.token)
    }

    fn is_host(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        host == Some(&format!("127.0.0.1:{}", self.port))
    }

    fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin == Some(&format!("http://127.0.0.1:{}", self.port))
    }
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[derive(Clone)]
struct Site {
    served: Served,
    backend: Backend,
}

/// Starts to serve pages on a free port, for as long as the program runs.
///
/// # Errors
/// Nobody can listen, or the system has no random numbers.
pub async fn serve(backend: Backend) -> io::Result<Served> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let token = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let served = Served { port: listener.local_addr()?.port(), token };
    let site = Site { served: served.clone(), backend };
    let routes = Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/preview.js", get(script))
        .route("/{token}/preview.css", get(style))
        .route("/{token}/socket", get(socket))
        .with_state(site);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(served)
}

/// Is it someone who was given the address?
fn is_known(site: &Site, token: &str, headers: &HeaderMap) -> bool {
    token == site.served.token && site.served.is_host(headers)
}

fn file(site: &Site, token: &str, headers: &HeaderMap, kind: &'static str, text: &'static str) -> Response {
    if !is_known(site, token, headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let said = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (said, text).into_response()
}

async fn page(State(site): State<Site>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    file(&site, &token, &headers, "text/html; charset=utf-8", include_str!("page.html"))
}

async fn script(State(site): State<Site>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    file(&site, &token, &headers, "text/javascript; charset=utf-8", SCRIPT)
}

async fn style(State(site): State<Site>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    file(&site, &token, &headers, "text/css; charset=utf-8", STYLE)
}

async fn socket(
    State(site): State<Site>,
    Path(token): Path<String>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_known(&site, &token, &headers) || !site.served.is_own_origin(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    upgrade.on_upgrade(move |socket| talk(socket, site.backend))
}

/// What a page asks.
#[derive(Debug, Deserialize)]
struct Question {
    id: u64,
    method: String,
    #[serde(default)]
    params: Value,
}

/// Answers a page until it is closed.
async fn talk(mut socket: WebSocket, backend: Backend) {
    let mut told = backend.pages.told.subscribe();
    let (answers, mut answered) = mpsc::unbounded_channel::<String>();
    loop {
        let text = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    if let Ok(question) = serde_json::from_str(&text) {
                        tokio::spawn(answer(backend.clone(), question, answers.clone()));
                    }
                    continue;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
            Some(answer) = answered.recv() => answer,
            message = told.recv() => match message {
                Ok(text) => text,
                Err(broadcast::error::RecvError::Lagged(_)) => json!({ "method": "wtop/graphChanged" }).to_string(),
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        if socket.send(Message::Text(text.into())).await.is_err() {
            return;
        }
    }
}

async fn answer(backend: Backend, question: Question, answers: mpsc::UnboundedSender<String>) {
    let answer = match backend.answer_page(&question.method, question.params).await {
        Ok(result) => json!({ "id": question.id, "result": result }),
        Err(error) => json!({ "id": question.id, "error": { "message": error.message, "data": error.data } }),
    };
    // The page may be closed.
    drop(answers.send(answer.to_string()));
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    /// The first line of the answer to a request with these headers.
    async fn status(port: &str, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 64];
        let length = stream.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..length]).lines().next().unwrap_or_default().to_owned()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_who_knows_the_token_and_comes_by_our_name_gets_in() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a: debian\n$0")]).await;
        let asked = json!({ "textDocument": { "uri": lab.uri("t.wtop") } });
        let url = lab.client.ask("wtop/preview", asked).await["url"].as_str().unwrap().to_owned();
        let rest = url.strip_prefix("http://127.0.0.1:").unwrap();
        let (port, path) = rest.split_once('/').unwrap();
        let token = path.split('/').next().unwrap();
        let (own, other) = (format!("Host: 127.0.0.1:{port}\r\n"), "Host: evil.example\r\n");
        assert_eq!(status(port, &format!("/{token}/"), &own).await, "HTTP/1.1 200 OK");
        assert_eq!(status(port, "/wrong/", &own).await, "HTTP/1.1 403 Forbidden");
        assert_eq!(status(port, &format!("/{token}/"), other).await, "HTTP/1.1 403 Forbidden");
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
        let socket = format!("/{token}/socket");
        let foreign = format!("{own}Origin: http://evil.example\r\n{upgrade}");
        assert_eq!(status(port, &socket, &foreign).await, "HTTP/1.1 403 Forbidden");
        let ours = format!("{own}Origin: http://127.0.0.1:{port}\r\n{upgrade}");
        assert_eq!(status(port, &socket, &ours).await, "HTTP/1.1 101 Switching Protocols");
    }
}
