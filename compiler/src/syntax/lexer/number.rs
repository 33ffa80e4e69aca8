//! Numbers, quantities and addresses.

use super::{Host, Lexer, is_name_byte};
use crate::syntax::token::{TokenKind, Wrong};

/// Longer than any address, so that looking for one costs little wherever there is none.
const LONGEST_ADDRESS: usize = 64;

/// The units of quantities.
pub const UNITS: &[&str] = &[
    "B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "ns", "us", "ms", "s", "min", "h", "d", "bps", "kbps",
    "Mbps", "Gbps", "Tbps", "%",
];

impl Lexer<'_> {
    /// Whatever starts with a digit.
    pub(super) fn number(&mut self) {
        if let Some(end) = address(self.bytes, self.at) {
            return self.push_to(TokenKind::Address, end);
        }
        if self.begins_address_with_hole() {
            return self.address_rest();
        }
        if self.peek(0) == b'0' && self.peek(1) == b'x' && self.peek(2).is_ascii_hexdigit() {
            let end = self.end_of(self.at + 2, |byte| byte.is_ascii_hexdigit() || byte == b'_');
            return if is_name_byte(self.byte(end)) { self.wrong_number() } else { self.push_to(TokenKind::Int, end) };
        }
        let whole = self.end_of(self.at, |byte| byte.is_ascii_digit());
        let decimal = self.byte(whole) == b'.' && self.byte(whole + 1).is_ascii_digit();
        let digits = if decimal { self.end_of(whole + 1, |byte| byte.is_ascii_digit()) } else { whole };
        if self.byte(digits) == b'%' {
            return self.push_to(TokenKind::Quantity, digits + 1);
        }
        let word = self.end_of(digits, is_name_byte);
        if self.text.get(digits..word).is_some_and(|unit| UNITS.contains(&unit)) {
            return self.push_to(TokenKind::Quantity, word);
        }
        let int = self.end_of(whole, |byte| byte.is_ascii_digit() || byte == b'_');
        let next = self.byte(int + 1);
        let group_follows = self.byte(int) == b':' && (next == b':' || next.is_ascii_hexdigit());
        if decimal || group_follows || is_name_byte(self.byte(int)) {
            self.wrong_number()
        } else {
            self.push_to(TokenKind::Int, int)
        }
    }

    /// Everything that the author may have thought of as part of the number or address.
    pub(super) fn wrong_number(&mut self) {
        let mut end = self.at;
        loop {
            end = self.end_of(end, is_name_byte);
            let (byte, next) = (self.byte(end), self.byte(end + 1));
            let goes_on = match byte {
                b'.' => is_name_byte(next),
                b':' => next.is_ascii_hexdigit() || matches!(next, b':' | b'/' | b'$') || self.byte(end - 1) == b':',
                b'$' if next == b'{' => {
                    let start = std::mem::replace(&mut self.at, end);
                    let closed = self.closes_on_line();
                    self.at = start;
                    end = if closed { self.next_hole_end } else { end };
                    closed
                }
                b'/' => next.is_ascii_digit(),
                _ => false,
            };
            if !goes_on {
                return self.push_to(TokenKind::Wrong(Wrong::Number), end);
            }
            end += 1;
        }
    }

    /// Digits, hex digits, `.` and `:`, perhaps a `/` and digits, up to `${`?
    fn begins_address_with_hole(&self) -> bool {
        let end = self.address_piece_end();
        self.byte(end) == b'$' && self.byte(end + 1) == b'{'
    }

    fn address_piece_end(&self) -> usize {
        let mut end = self.at;
        while end - self.at < LONGEST_ADDRESS
            && (self.byte(end).is_ascii_hexdigit() || matches!(self.byte(end), b'.' | b':'))
            && !(self.byte(end) == b'.' && self.byte(end + 1) == b'.')
        {
            end += 1;
        }
        if self.byte(end) == b'/' && (self.byte(end + 1).is_ascii_digit() || self.byte(end + 1) == b'$') {
            end = self.end_of(end + 1, |byte| byte.is_ascii_digit());
        }
        end
    }

    /// The next piece of an address with holes, the hole after it, or its prefix length.
    pub(super) fn address_rest(&mut self) {
        let end = self.address_piece_end();
        if end > self.at {
            self.push_to(TokenKind::AddressPart, end);
        }
        if self.starts_with("${") {
            self.open_hole(Host::Address);
        }
    }
}

/// The end of the whole address (IPv4, IPv6, MAC; with its prefix length) that starts at `at`.
pub(super) fn address(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let rest = rest.get(..LONGEST_ADDRESS).unwrap_or(rest);
    let end = mac(rest).or_else(|| ipv6(rest).map(|end| with_length(rest, end))).or_else(|| {
        let end = ipv4(rest)?;
        Some(with_length(rest, end))
    })?;
    let next = rest.get(end).copied().unwrap_or(0);
    let hole = rest.get(end..).is_some_and(|rest| rest.starts_with(b"${") || rest.starts_with(b"/${"));
    (!is_name_byte(next) && !hole && end < LONGEST_ADDRESS).then_some(at + end)
}

/// The end with `/` and digits after it, if they are there.
fn with_length(rest: &[u8], end: usize) -> usize {
    if rest.get(end) != Some(&b'/') {
        return end;
    }
    let digits = rest.iter().skip(end + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 { end } else { end + 1 + digits }
}

/// Six pairs of hex digits.
fn mac(rest: &[u8]) -> Option<usize> {
    let candidate = rest.get(..17)?;
    let fits = candidate.iter().enumerate().all(|(index, byte)| match index % 3 {
        2 => *byte == b':',
        _ => byte.is_ascii_hexdigit(),
    });
    (fits && rest.get(17) != Some(&b':')).then_some(17)
}

/// Four groups of digits; how large they are is asked later.
fn ipv4(rest: &[u8]) -> Option<usize> {
    let mut end = 0;
    for group in 0..4 {
        if group > 0 {
            if rest.get(end) != Some(&b'.') {
                return None;
            }
            end += 1;
        }
        let digits = rest.iter().skip(end).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        end += digits;
    }
    let fifth = rest.get(end) == Some(&b'.') && rest.get(end + 1).is_some_and(u8::is_ascii_digit);
    (!fifth).then_some(end)
}

/// Hex groups with one `::`, or eight of them.
fn ipv6(rest: &[u8]) -> Option<usize> {
    let run = rest.iter().take_while(|byte| byte.is_ascii_hexdigit() || **byte == b':').count();
    let text = std::str::from_utf8(rest.get(..run)?).ok()?;
    if !text.contains(':') {
        return None;
    }
    let trimmed = match text.strip_suffix(':') {
        Some(shorter) if !text.ends_with("::") => shorter,
        _ => text,
    };
    let groups_fit = |part: &str| {
        let mut count = 0;
        let fits = part.is_empty()
            || part.split(':').all(|group| {
                count += 1;
                (1..=4).contains(&group.len())
            });
        fits.then_some(count)
    };
    let valid = match trimmed.split_once("::") {
        Some((left, right)) => groups_fit(left)? + groups_fit(right)? <= 7,
        None => groups_fit(trimmed)? == 8,
    };
    valid.then_some(trimmed.len())
}
