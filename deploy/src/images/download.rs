//! Fetching over HTTP, so that what was cut off goes on where it was.
//!
//! What has come so far is in a file `.part`; beside it, `.etag` says of which version it is. The server is asked for the
//! rest of that version only (`If-Range`), so that two versions are never mixed.

use super::{Problem, Progress, Step};
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, IF_RANGE, LAST_MODIFIED, RANGE};
use reqwest::{StatusCode, Url, redirect};
use std::error::Error;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::iter;
use std::path::Path;
use std::time::Duration;

/// So long may a server be silent.
const PATIENCE: Duration = Duration::from_secs(60);
/// So often is a transfer taken up again that was cut off, as long as something comes each time.
const MOST_ATTEMPTS: usize = 5;
/// So many redirects are followed.
const MOST_REDIRECTS: usize = 10;

/// Is a text an address rather than a path?
pub fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| scheme.chars().all(|letter| letter.is_ascii_alphanumeric()))
}

/// An address as it may be shown: without user, password and query, in which tokens stand.
pub fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return "an address that cannot be read".to_owned() };
    // This fails only for addresses that cannot have them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.to_string().replace("?%E2%80%A6", "?…")
}

/// An address that can be fetched from. The problem stands after the name of the image.
pub(super) fn check(url: &str) -> Result<String, String> {
    match Url::parse(url) {
        Ok(parsed) if ["http", "https"].contains(&parsed.scheme()) => Ok(url.to_owned()),
        Ok(_) => Err("has an address that is not `http://` or `https://`".to_owned()),
        Err(error) => Err(format!("has an address that cannot be read: {error}")),
    }
}

/// Where what comes is kept.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub part: &'a Path,
    pub etag: &'a Path,
    pub lock: &'a Path,
}

/// Fetches an address into the part, which is complete then. The answer is a lock: while it is held, nobody else writes
/// there.
///
/// # Errors
/// It cannot be fetched. What has come is kept for the next try, if the server can go on there.
pub(super) fn fetch(url: &str, places: Places, progress: Progress) -> Result<File, Problem> {
    let lock = lock(places.lock, url)?;
    let problem = |error| Problem::io("write", places.part, &error);
    let mut file = OpenOptions::new().create(true).append(true).open(places.part).map_err(problem)?;
    let mut transfer = Transfer { client: client()?, url, places, file: &mut file, progress };
    for attempt in 1.. {
        let before = transfer.length()?;
        match transfer.run() {
            Ok(()) => break,
            Err(Trouble::Cut(_)) if attempt < MOST_ATTEMPTS && transfer.length()? > before => {}
            Err(Trouble::Cut(problem) | Trouble::Fatal(problem)) => return Err(problem),
        }
    }
    file.sync_all().map_err(problem)?;
    // The part is complete: nothing will be asked about it.
    let _ = fs::remove_file(places.etag);
    Ok(lock)
}

fn lock(path: &Path, url: &str) -> Result<File, Problem> {
    let problem = |error| Problem::io("write", path, &error);
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(problem)?;
    let lock = OpenOptions::new().create(true).append(true).open(path).map_err(problem)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(Problem::new(format!("another run of wtop fetches `{}` now", shown(url))).help("wait until it is done"))
        }
        Err(TryLockError::Error(error)) => Err(problem(error)),
    }
}

fn client() -> Result<Client, Problem> {
    // Whoever installed another provider before us is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let policy = redirect::Policy::custom(|attempt| {
        let was_safe = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
        if was_safe && attempt.url().scheme() != "https" {
            return attempt.error("it leads from `https://` to an address without protection");
        }
        if attempt.previous().len() > MOST_REDIRECTS {
            return attempt.error("it leads from one address to the next without an end");
        }
        attempt.follow()
    });
    Client::builder()
        .user_agent(concat!("wtop/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(PATIENCE)
        .timeout(PATIENCE)
        .redirect(policy)
        .build()
        .map_err(|error| {
            Problem::new(format!("cannot prepare for HTTPS: {}", reason(&error)))
                .help("install the certificates of authorities: the package `ca-certificates`")
        })
}

/// How an attempt ends that does not end well.
enum Trouble {
    /// It may go on where it was.
    Cut(Problem),
    /// It would end so again.
    Fatal(Problem),
}

struct Transfer<'a> {
    client: Client,
    url: &'a str,
    places: Places<'a>,
    file: &'a mut File,
    progress: Progress<'a>,
}

impl Transfer<'_> {
    fn length(&self) -> Result<u64, Problem> {
        self.file
            .metadata()
            .map(|metadata| metadata.len())
            .map_err(|error| Problem::io("read", self.places.part, &error))
    }

    /// One request, for all or for the rest.
    fn run(&mut self) -> Result<(), Trouble> {
        let have = self.length().map_err(Trouble::Fatal)?;
        let version = fs::read_to_string(self.places.etag).ok().filter(|_| have > 0);
        let mut request = self.client.get(self.url).header(ACCEPT_ENCODING, "identity");
        if let Some(version) = &version {
            request = request.header(RANGE, format!("bytes={have}-")).header(IF_RANGE, version);
        }
        let response = request.send().map_err(|error| Trouble::Fatal(self.unreachable(&error)))?;
        let range = content_range(response.headers());
        let start = match (response.status(), range) {
            (StatusCode::PARTIAL_CONTENT, Some((Some(start), _))) if start == have => have,
            // All was there already when the last run was cut off.
            (StatusCode::RANGE_NOT_SATISFIABLE, Some((None, Some(total)))) if total == have => return Ok(()),
            (StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE, _) if version.is_some() => {
                self.begin(None)?;
                return self.run();
            }
            (StatusCode::OK, _) => {
                self.begin(version_of(response.headers()))?;
                0
            }
            (status, _) => return Err(Trouble::Fatal(self.refused(status))),
        };
        self.receive(response, start)
    }

    /// Throws away what has come, and notes what comes now.
    fn begin(&mut self, version: Option<String>) -> Result<(), Trouble> {
        let problem = |path, error| Trouble::Fatal(Problem::io("write", path, &error));
        let Places { part, etag, .. } = self.places;
        // A part without a version is fetched anew, so whoever is cut off between these has lost nothing.
        if let Err(error) = fs::remove_file(etag)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(problem(etag, error));
        }
        self.file.set_len(0).map_err(|error| problem(part, error))?;
        version.map_or(Ok(()), |version| fs::write(etag, version)).map_err(|error| problem(etag, error))
    }

    fn receive(&mut self, mut response: Response, start: u64) -> Result<(), Trouble> {
        let total = response.content_length().map(|length| start + length);
        let mut done = start;
        let mut buffer = vec![0; 256 << 10];
        loop {
            let length = match response.read(&mut buffer) {
                Ok(length) => length,
                Err(error) => return Err(Trouble::Cut(self.cut(done, total, &reason(&error)))),
            };
            if length == 0 {
                break;
            }
            self.file.write_all(buffer.get(..length).unwrap_or_default()).map_err(|error| self.unwritable(&error))?;
            done += length as u64;
            (self.progress)(Step { doing: "fetching", done, total });
        }
        match total {
            Some(total) if done < total => Err(Trouble::Cut(self.cut(done, Some(total), "the server closed it"))),
            _ => Ok(()),
        }
    }

    fn unwritable(&self, error: &io::Error) -> Trouble {
        Trouble::Fatal(Problem::io("write", self.places.part, error))
    }

    fn cut(&self, done: u64, total: Option<u64>, reason: &str) -> Problem {
        let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
        let url = shown(self.url);
        let next = match self.places.etag.exists() {
            true => "do it again: it goes on where it was",
            false => "do it again; the server does not say which version it gives, so it begins anew",
        };
        Problem::new(format!("the transfer of `{url}` was cut off after {done}{of} bytes: {reason}")).help(next)
    }

    fn unreachable(&self, error: &reqwest::Error) -> Problem {
        let (url, reason) = (shown(self.url), reason(error));
        let says = |what: &str, help: &str| Problem::new(format!("`{url}` {what}: {reason}")).help(help);
        match () {
            () if error.is_redirect() => {
                says("is not followed", "look at it in a browser, and write the address where it ends")
            }
            () if reason.contains("tls") || chain(error).any(|error| error.is::<rustls::Error>()) => says(
                "has no trustworthy connection",
                "look at the address and at the clock of this machine; the certificate of an authority of your own belongs \
                 to those of the system (`update-ca-certificates`, `update-ca-trust`)",
            ),
            () if error.is_timeout() => {
                says("does not answer", "try again later, or with another mirror; `HTTPS_PROXY` names a proxy")
            }
            () => says("cannot be reached", "look at the address and the network; `HTTPS_PROXY` names a proxy"),
        }
    }

    fn refused(&self, status: StatusCode) -> Problem {
        let help = match status.as_u16() {
            401 | 403 | 407 => {
                "its publisher wants a login: fetch it with a browser and add the file, or add it with \
                 `https://USER:PASSWORD@…`, which wtop does not keep"
            }
            404 | 410 => "publishers remove old versions: look for the new address, and write it where this one stands",
            408 | 429 | 500.. => "the trouble is the server's: try again later, or with another mirror",
            _ => "look at the address in a browser",
        };
        Problem::new(format!("the server answers {status} for `{}`", shown(self.url))).help(help)
    }
}

/// The version of what comes, if the server can be asked for the rest of the same: weak tags do not promise that.
fn version_of(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    text(ETAG).filter(|tag| !tag.starts_with("W/")).or_else(|| text(LAST_MODIFIED))
}

/// First byte and total of `bytes 10-19/20` and `bytes */20`.
fn content_range(headers: &HeaderMap) -> Option<(Option<u64>, Option<u64>)> {
    let (range, total) = headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split('-').next().and_then(|start| start.parse().ok()), total.parse().ok()))
}

/// An error and what caused it, from the outside in.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

/// Why something failed: the innermost error says it best. The client's own errors name the address, in which secrets may
/// stand, and so do those of the system that only wrap them.
fn reason(error: &(dyn Error + 'static)) -> String {
    let wraps = |error: &io::Error| error.get_ref().is_some_and(|inner| inner.is::<reqwest::Error>());
    let names_address = |error: &&(dyn Error + 'static)| {
        error.is::<reqwest::Error>() || error.downcast_ref::<io::Error>().is_some_and(wraps)
    };
    let innermost = chain(error).filter(|error| !names_address(error)).last();
    innermost.map_or_else(|| "it gives no reason".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests;
