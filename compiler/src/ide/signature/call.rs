//! The call around a place, told from tokens alone.

use crate::syntax::token::{Token, TokenKind};

/// A call whose arguments are being typed.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is called: the last name of its path.
    pub callee: &'a str,
    /// Is it a device or module, and no function?
    pub is_declared: bool,
    /// How many arguments stand before.
    pub place: usize,
    /// The name of this argument, if it has one already.
    pub name: Option<&'a str>,
    /// The names of the arguments before.
    pub given: Vec<&'a str>,
}

/// Words that begin an item, where a name follows.
const ITEMS: [&str; 24] = [
    "attribute",
    "check",
    "defaults",
    "device",
    "disk",
    "expect",
    "image",
    "interface",
    "lag",
    "let",
    "link",
    "media",
    "module",
    "network",
    "nic",
    "node",
    "override",
    "param",
    "pool",
    "target",
    "type",
    "use",
    "vlan",
    "vrf",
];

/// Finds it, reading backwards to the parenthesis that is still open. Linear in the tokens before, at most.
pub fn find<'a>(text: &'a str, tokens: &[Token], offset: u32) -> Option<Call<'a>> {
    let before = tokens.partition_point(|token| token.start < offset);
    let read = Read { text, tokens };
    let current = tokens.get(before.checked_sub(1)?)?;
    let in_comment = matches!(current.kind, TokenKind::Comment | TokenKind::Doc | TokenKind::FileDoc);
    if in_comment && current.end >= offset {
        return None;
    }
    let (mut depth, mut place, mut name, mut given) = (0_usize, 0, None, Vec::new());
    for at in (0..before).rev() {
        let kind = tokens.get(at)?.kind;
        match kind {
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace | TokenKind::HoleClose => {
                depth += 1
            }
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace | TokenKind::HoleOpen if depth > 0 => {
                depth -= 1;
            }
            TokenKind::OpenParen => {
                if let Some((callee, is_declared)) = read.callee(at) {
                    return Some(Call { callee, is_declared, place, name, given });
                }
                (place, name, given) = (0, None, Vec::new());
            }
            TokenKind::OpenBracket | TokenKind::HoleOpen => (place, name, given) = (0, None, Vec::new()),
            // The braces of a record that is an argument; those of a block end the search.
            TokenKind::OpenBrace => match read.before(at).map(|before| before.1.kind) {
                Some(TokenKind::OpenParen | TokenKind::Comma | TokenKind::Equal) => {
                    (place, name, given) = (0, None, Vec::new());
                }
                _ => return None,
            },
            TokenKind::Comma if depth == 0 => place += 1,
            TokenKind::Equal if depth == 0 => {
                let named = read.before(at).and_then(|(_, token)| read.name(token));
                match (place, named) {
                    (0, named) => name = named,
                    (_, named) => given.extend(named),
                }
            }
            TokenKind::Newline if depth == 0 && read.begins_item(at + 1) => return None,
            _ => {}
        }
    }
    None
}

struct Read<'a, 't> {
    text: &'a str,
    tokens: &'t [Token],
}

impl<'a> Read<'a, '_> {
    /// The last token before this one that means something, and where it stands.
    fn before(&self, at: usize) -> Option<(usize, Token)> {
        let before = self.tokens.get(..at)?.iter().enumerate().rev();
        before.map(|(at, token)| (at, *token)).find(|(_, token)| !token.kind.is_trivia())
    }

    fn name(&self, token: Token) -> Option<&'a str> {
        (token.kind == TokenKind::Name).then(|| self.text.get(token.range())).flatten()
    }

    /// What is called with this parenthesis, and whether it is a device or module. The parentheses at the end of a link,
    /// and those of a declaration, call nothing.
    fn callee(&self, open: usize) -> Option<(&'a str, bool)> {
        let at = open.checked_sub(1)?;
        let callee = self.name(*self.tokens.get(at)?)?;
        let mut first = at;
        while let (Some(dot), Some(name)) = (first.checked_sub(1), first.checked_sub(2))
            && self.tokens.get(dot)?.kind == TokenKind::Dot
            && self.name(*self.tokens.get(name)?).is_some()
        {
            first = name;
        }
        if matches!(self.first_word(first), Some("link" | "lag")) {
            return None;
        }
        let (_, before) = self.before(first).unwrap_or((0, Token { kind: TokenKind::Newline, start: 0, end: 0 }));
        match self.name(before) {
            Some("device" | "module") => None,
            Some("extends") => Some((callee, true)),
            _ if before.kind == TokenKind::Colon => Some((callee, true)),
            _ => Some((callee, false)),
        }
    }

    /// The word that begins the line of a token.
    fn first_word(&self, at: usize) -> Option<&'a str> {
        let line = self.tokens.get(..=at)?.rsplit(|token| token.kind.is_newline()).next()?;
        self.name(*line.iter().find(|token| !token.kind.is_trivia())?)
    }

    /// Does an item begin here: one of its words, and then a name?
    fn begins_item(&self, at: usize) -> bool {
        let mut line = self.tokens.iter().skip(at).filter(|token| !matches!(token.kind, TokenKind::Space));
        let (Some(word), Some(next)) = (line.next(), line.next()) else { return false };
        self.name(*word).is_some_and(|word| ITEMS.contains(&word)) && next.kind == TokenKind::Name
    }
}
