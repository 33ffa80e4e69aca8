//! Writing down what a client says, so that a session can be played again.

use std::fs::File;
use std::io::{self, Write};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream};

/// Passes what comes in on, and writes each message of it to a file, one a line.
///
/// # Errors
/// The client or the server is gone, or the file cannot be written.
pub async fn record(mut input: impl AsyncRead + Unpin, mut server: DuplexStream, mut file: File) -> io::Result<()> {
    let mut chunk = vec![0; 1 << 16];
    let mut unfinished = Vec::new();
    loop {
        let length = input.read(&mut chunk).await?;
        let Some(read) = chunk.get(..length).filter(|read| !read.is_empty()) else { return Ok(()) };
        unfinished.extend_from_slice(read);
        while let Some(message) = take_message(&mut unfinished) {
            file.write_all(&[&message[..], b"\n"].concat())?;
        }
        server.write_all(read).await?;
    }
}

/// Takes a whole message from the front of what was received: its body, which is JSON, on one line.
fn take_message(received: &mut Vec<u8>) -> Option<Vec<u8>> {
    let header_end = received.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let header = String::from_utf8_lossy(received.get(..header_end)?).to_ascii_lowercase();
    let length = header.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let start = header_end + 4;
    let end = start.saturating_add(length.unwrap_or(0));
    // Between the tokens of JSON, an end of line is a blank; inside a string it cannot stand.
    let body = received.get(start..end)?.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
    received.drain(..end);
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_whole_messages_only() {
        let mut received = b"Content-Length: 4\r\n\r\n{\n }content-length: 2\r\nContent-Type: x\r\n\r\n[]Cont".to_vec();
        assert_eq!(take_message(&mut received).unwrap(), b"{  }");
        assert_eq!(take_message(&mut received).unwrap(), b"[]");
        assert_eq!(take_message(&mut received), None);
        received.extend_from_slice(b"ent-Length: 3\r\n\r\n12");
        assert_eq!(take_message(&mut received), None);
        received.push(b'3');
        assert_eq!(take_message(&mut received).unwrap(), b"123");
    }
}
