//! A tiny HTTP server for tests: it knows ranges, and misbehaves as it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What it answers.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What it has.
    pub body: Vec<u8>,
    /// The version of it.
    pub etag: Option<&'static str>,
    /// The connection ends after so many bytes.
    pub cut_after: Option<usize>,
    /// The status line, if it is not 200 or 206.
    pub status: Option<&'static str>,
    /// Where it sends whoever asks for `/`.
    pub location: Option<String>,
}

/// A server on the loopback interface. Its thread ends with the process.
pub struct Server {
    address: String,
    answer: Arc<Mutex<Answer>>,
    ranges: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// One that answers so.
    pub fn new(answer: Answer) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = Server { address, answer: Arc::new(Mutex::new(answer)), ranges: Arc::default() };
        let (answer, ranges) = (server.answer.clone(), server.ranges.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let answer = answer.lock().unwrap().clone();
                // Whoever asked may go away before all is said.
                let _ = serve(stream, &answer, &ranges);
            }
        });
        server
    }

    /// The address of a file there.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// From now on, it answers so.
    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// The ranges that it was asked for since the last question, one for each request; empty where all was wanted.
    pub fn ranges(&self) -> Vec<String> {
        std::mem::take(&mut *self.ranges.lock().unwrap())
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, ranges: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().unwrap()?;
    let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let header = |name: &str| {
        let found = headers.iter().filter_map(|line| line.split_once(": "));
        found.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let range = header("range").unwrap_or_default();
    ranges.lock().unwrap().push(range.clone());
    if let Some(location) = answer.location.as_ref().filter(|_| request.starts_with("GET / ")) {
        return write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    let is_same = header("if-range").is_none_or(|version| Some(&*version) == answer.etag);
    let start = range.strip_prefix("bytes=").and_then(|range| range.trim_end_matches('-').parse().ok());
    let start: usize = start.filter(|_| is_same).unwrap_or(0);
    let total = answer.body.len();
    let mut head = match answer.status {
        Some(status) => format!("HTTP/1.1 {status}\r\n"),
        None if start > 0 && start >= total => format!("HTTP/1.1 416 Range\r\nContent-Range: bytes */{total}\r\n"),
        None if start > 0 => {
            format!("HTTP/1.1 206 Partial\r\nContent-Range: bytes {start}-{}/{total}\r\n", total - 1)
        }
        None => "HTTP/1.1 200 OK\r\n".to_owned(),
    };
    let body = &answer.body[start.min(total)..];
    head.extend(answer.etag.map(|etag| format!("ETag: {etag}\r\n")));
    write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body[..answer.cut_after.unwrap_or(body.len()).min(body.len())])
}
