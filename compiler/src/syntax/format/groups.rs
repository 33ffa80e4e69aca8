//! How pieces nest in brackets, where items begin, and where a line has spaces.
//!
//! The grammar is not asked: which bracket is an index and which minus a sign follows from the piece before it, and from
//! the first word of the item.

use super::pieces::Piece;
use crate::syntax::structure::continues;
use crate::syntax::token::TokenKind;

/// What the layout knows about a piece.
pub struct Role {
    /// The group it stands in; of a closing bracket, the one it closes.
    pub group: usize,
    /// Where in the group.
    pub place: Place,
    /// Of an opening bracket, the group it opens.
    pub opens: Option<usize>,
    /// On one line, is there a space before it?
    pub space: bool,
    /// Inside an item: did its author begin a line with it, and may one begin so?
    pub goes_on: bool,
    /// The line end before it stays, whatever fits.
    pub keeps_line: bool,
    /// Would a line that begins with it be indented further than its item?
    pub further: bool,
    /// Of the first of the items that share a line, the last piece of the last one.
    pub line_end: usize,
    /// Can a value end with it?
    value: bool,
    /// Is there no space after it?
    tight: bool,
}

/// Where a piece stands in its group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// It begins the first item.
    First,
    /// It begins another item.
    Next,
    /// Inside an item.
    Inside,
    /// It is the closing bracket, or the end of the file.
    Close,
}

/// What stands in brackets, or the file.
pub struct Group {
    /// What it is.
    pub kind: GroupKind,
    /// Its opening bracket; of the file, nothing.
    pub open: usize,
    /// Its closing bracket, or the end of the file.
    pub close: usize,
    /// How many items it has.
    pub items: usize,
    /// Its author put its items on lines of their own, or a comment asks for that.
    pub opened: bool,
    /// Its only item is one piece or group.
    pub single: bool,
    /// A comma may stand behind the last item.
    pub end_comma: bool,
    /// How the item that is being read began.
    head: Head,
    /// It is a type in brackets.
    is_type: bool,
    /// Of the items on the line that is being read, the first piece.
    line_start: usize,
}

/// What kind of items a group holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GroupKind {
    /// The file.
    File,
    /// `{ … }`: items or fields.
    Block,
    /// `enum { … }`
    Names,
    /// `.{…}`
    Uses,
    /// `[ … ]`, a value or a type.
    List,
    /// `[…]` after a name or value.
    Index,
    /// `(…)` after a name or value.
    Arguments,
    /// `( … )` around a value.
    Parentheses,
}

impl GroupKind {
    /// Do its items end with their lines, and stay together on them?
    pub fn by_line(self) -> bool {
        matches!(self, GroupKind::File | GroupKind::Block)
    }
}

/// How an item begins, as far as spaces depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Its first word comes next.
    Next,
    /// `link`, `lag`, `wire`
    Link,
    /// `type`
    Type,
    /// Any other, or what is no item but a value.
    Other,
}

impl Group {
    /// Nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.items == 0 && !self.opened
    }

    /// Nothing is gained by line ends of its own.
    pub fn holds_together(&self) -> bool {
        !self.opened && !self.kind.by_line() && (self.single || self.kind == GroupKind::Index)
    }
}

/// How the pieces of a file nest.
pub struct Nesting {
    /// Of each piece.
    pub roles: Vec<Role>,
    /// In the order of their opening, the file first.
    pub groups: Vec<Group>,
}

/// Finds how pieces nest.
pub fn nesting(text: &str, pieces: &[Piece]) -> Nesting {
    let roles = Vec::with_capacity(pieces.len());
    let mut builder = Builder { text, pieces, roles, groups: Vec::new(), open: Vec::new() };
    builder.open_group(GroupKind::File, 0, false);
    for (index, piece) in pieces.iter().enumerate() {
        builder.piece(index, piece);
    }
    Nesting { roles: builder.roles, groups: builder.groups }
}

struct Builder<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    roles: Vec<Role>,
    groups: Vec<Group>,
    /// The groups that are open, the innermost last.
    open: Vec<usize>,
}

impl Builder<'_> {
    fn open_group(&mut self, kind: GroupKind, open: usize, is_type: bool) {
        self.open.push(self.groups.len());
        self.groups.push(Group {
            kind,
            open,
            close: open,
            items: 0,
            opened: false,
            single: false,
            end_comma: !matches!(kind, GroupKind::Index | GroupKind::Parentheses) && !kind.by_line(),
            head: Head::Other,
            is_type,
            line_start: open,
        });
    }

    fn piece(&mut self, index: usize, piece: &Piece) {
        let Some(group_index) = self.open.last().copied() else { return };
        let Some(group) = self.groups.get(group_index) else { return };
        let place = place(piece, group);
        self.items(index, piece, place, group_index);
        let Some(group) = self.groups.get(group_index) else { return };
        let before = if place == Place::Inside { index.checked_sub(1) } else { None };
        let opens = self.opening(index, before, group.head);
        let mut role = Role {
            group: group_index,
            place,
            opens: opens.map(|_| self.groups.len()),
            space: self.space(index, before, place, opens),
            goes_on: piece.gap.newline && self.may_go_on(index, before, group.kind),
            keeps_line: false,
            further: self.is_further(index, before),
            line_end: index,
            value: self.is_value(index, before, group.head),
            tight: self.is_tight(index, before),
        };
        let is_type = opens == Some(GroupKind::List) && self.is_type(index, before, place, group);
        role.keeps_line = piece.gap.newline && stays(&role, group);
        self.read(index, piece, &role);
        self.roles.push(role);
        if place == Place::Close {
            self.close_group(index, group_index);
        } else if let Some(kind) = opens {
            self.open_group(kind, index, is_type);
        }
    }

    fn kind(&self, index: Option<usize>) -> Option<TokenKind> {
        index.and_then(|index| self.pieces.get(index)).map(|piece| piece.kind)
    }

    fn word(&self, index: usize) -> &str {
        self.pieces.get(index).and_then(|piece| self.text.get(piece.text.clone())).unwrap_or_default()
    }

    fn role(&self, index: Option<usize>) -> Option<&Role> {
        index.and_then(|index| self.roles.get(index))
    }

    fn ends_value(&self, index: Option<usize>) -> bool {
        self.role(index).is_some_and(|role| role.value)
    }

    /// Counts items, and notes which ones share a line.
    fn items(&mut self, index: usize, piece: &Piece, place: Place, group: usize) {
        let Some(group) = self.groups.get_mut(group) else { return };
        let goes_on = place == Place::Inside || place == Place::Next && !piece.gap.newline;
        if !goes_on {
            if let Some(start) = self.roles.get_mut(group.line_start).filter(|_| group.items > 0) {
                start.line_end = index.saturating_sub(1);
            }
            group.line_start = index;
        }
        if matches!(place, Place::First | Place::Next) {
            group.items += 1;
            group.head = if group.kind.by_line() { Head::Next } else { Head::Other };
        }
    }

    /// Keeps what later pieces of the item, or the end of the group, ask for.
    fn read(&mut self, index: usize, piece: &Piece, role: &Role) {
        let head = match self.word(index) {
            "pub" => Head::Next,
            "link" | "lag" | "wire" => Head::Link,
            "type" => Head::Type,
            _ => Head::Other,
        };
        // `link = …` and `type = …` are attributes.
        let assigns = matches!(piece.kind, TokenKind::Equal | TokenKind::PlusEqual);
        let attribute = assigns && !self.ends_value(index.checked_sub(1));
        let Some(group) = self.groups.get_mut(role.group) else { return };
        group.head = match group.head {
            Head::Next => head,
            _ if attribute => Head::Other,
            before => before,
        };
        group.end_comma &= piece.kind != TokenKind::For || group.kind != GroupKind::List;
        group.opened |= role.keeps_line || !piece.gap.comments.is_empty();
    }

    fn close_group(&mut self, index: usize, group_index: usize) {
        self.open.pop();
        let Some(group) = self.groups.get(group_index) else { return };
        let first = group.open + 1;
        let inner = self.role(Some(first)).and_then(|role| role.opens).and_then(|inner| self.groups.get(inner));
        let last = inner.map_or(first, |inner| inner.close);
        let Some(group) = self.groups.get_mut(group_index) else { return };
        group.close = index;
        group.single = group.items == 1 && last + 1 == index;
        group.end_comma &= group.items > 1 || !group.is_type;
    }

    /// The kind of group that an opening bracket opens.
    fn opening(&self, index: usize, before: Option<usize>, head: Head) -> Option<GroupKind> {
        use TokenKind::*;
        let kind_before = self.kind(before);
        Some(match self.kind(Some(index))? {
            OpenParen if self.ends_value(before) => GroupKind::Arguments,
            OpenParen => GroupKind::Parentheses,
            OpenBracket if self.ends_value(before) => GroupKind::Index,
            OpenBracket => GroupKind::List,
            OpenBrace if kind_before == Some(Dot) => GroupKind::Uses,
            OpenBrace if before.is_some_and(|before| self.is_enum(before, head)) => GroupKind::Names,
            OpenBrace => GroupKind::Block,
            _ => return None,
        })
    }

    /// Is it the word before the members of an enum? (Else it may be the name of an attribute or part.)
    fn is_enum(&self, index: usize, head: Head) -> bool {
        use TokenKind::{Colon, Equal, OpenBracket};
        let before = self.kind(index.checked_sub(1));
        self.word(index) == "enum" && head != Head::Next && matches!(before, Some(Colon | Equal | OpenBracket))
    }

    /// Is the `[` here the beginning of a type (or of the only end of a link)?
    fn is_type(&self, index: usize, before: Option<usize>, place: Place, group: &Group) -> bool {
        match self.kind(before) {
            Some(TokenKind::Colon) => true,
            Some(TokenKind::Equal) => group.head == Head::Type,
            None => {
                place == Place::First && index == group.open + 1 && (group.is_type || group.kind == GroupKind::Index)
            }
            _ => false,
        }
    }

    /// Can a value end here? Not with the first word of an item, nor with `at` and `each` in their places.
    fn is_value(&self, index: usize, before: Option<usize>, head: Head) -> bool {
        use TokenKind::*;
        match self.kind(Some(index)) {
            Some(Name) if head == Head::Next => false,
            Some(Name) => match self.word(index) {
                "at" => !self.ends_value(before),
                "each" if head == Head::Link => {
                    !(matches!(self.kind(before), Some(Wire | Colon)) || before.is_some_and(|word| self.is_head(word)))
                }
                _ => true,
            },
            Some(kind) => {
                matches!(
                    kind,
                    SelfWord | True | False | Null | Int | Quantity | Address | AddressPart | StringOpen(_) | PortColon
                ) || matches!(kind, CloseParen | CloseBracket | CloseBrace | Question)
            }
            None => false,
        }
    }

    fn is_head(&self, index: usize) -> bool {
        self.kind(Some(index)) == Some(TokenKind::Name) && !self.ends_value(Some(index))
    }

    fn is_tight(&self, index: usize, before: Option<usize>) -> bool {
        use TokenKind::*;
        match self.kind(Some(index)) {
            Some(Dot | DotDot) => true,
            Some(Minus) => !self.ends_value(before),
            // `10.0.0.0/16 per /31`
            Some(Slash) => before.is_some_and(|per| self.word(per) == "per" && self.ends_value(per.checked_sub(1))),
            _ => false,
        }
    }

    fn space(&self, index: usize, before: Option<usize>, place: Place, opens: Option<GroupKind>) -> bool {
        use TokenKind::*;
        let group = self.open.last().and_then(|group| self.groups.get(*group));
        let spaced = group.is_some_and(|group| matches!(group.kind, GroupKind::Block | GroupKind::Names));
        let after = !self.role(before).is_some_and(|role| role.tight);
        match (place, self.kind(Some(index))) {
            (Place::First, _) => spaced,
            (Place::Close, _) => spaced && group.is_some_and(|group| group.items > 0),
            (Place::Next, _) => true,
            (_, Some(Colon | Question | PortColon)) => false,
            (_, Some(Dot)) => self.swallows_dot(before),
            (_, Some(DotDot)) if self.ends_value(before) => {
                before.is_some_and(|before| self.word(before).ends_with('.'))
            }
            _ => match opens {
                Some(GroupKind::Index | GroupKind::Uses) => false,
                Some(GroupKind::Arguments) => group.is_some_and(|group| group.head == Head::Link),
                _ => after,
            },
        }
    }

    /// Would a dot close to it be read as a part of it?
    fn swallows_dot(&self, index: Option<usize>) -> bool {
        use TokenKind::*;
        matches!(self.kind(index), Some(PortColon | Int | Quantity | Address | AddressPart))
    }

    /// Not so a `{`, nor an `else` after a `}`.
    fn is_further(&self, index: usize, before: Option<usize>) -> bool {
        use TokenKind::{CloseBrace, Else, OpenBrace};
        match self.kind(Some(index)) {
            Some(OpenBrace) => false,
            Some(Else) => self.kind(before) != Some(CloseBrace),
            _ => true,
        }
    }

    /// May a line go on with this piece?
    fn may_go_on(&self, index: usize, before: Option<usize>, group: GroupKind) -> bool {
        use TokenKind::{DotDot, For, If, Minus};
        match self.kind(Some(index)) {
            Some(Minus | DotDot) => self.ends_value(before),
            Some(For | If) => group == GroupKind::List,
            Some(kind) => before.is_some() && continues(kind) && self.is_further(index, before),
            None => false,
        }
    }
}

fn place(piece: &Piece, group: &Group) -> Place {
    use TokenKind::{CloseBrace, CloseBracket, CloseParen, Newline};
    let by_newline = group.kind.by_line() || matches!(group.kind, GroupKind::Names | GroupKind::Uses);
    match piece.kind {
        CloseBrace | CloseBracket | CloseParen | Newline => Place::Close,
        _ if group.items == 0 => Place::First,
        _ if piece.gap.comma => Place::Next,
        kind if by_newline && piece.gap.newline && !continues(kind) => Place::Next,
        _ => Place::Inside,
    }
}

/// Does a line end before a piece open its group, or stay within its item?
fn stays(role: &Role, group: &Group) -> bool {
    match role.place {
        Place::First => group.kind != GroupKind::File,
        Place::Next => group.kind.by_line(),
        Place::Inside => group.kind.by_line() && role.goes_on,
        Place::Close => group.kind.by_line() && group.items > 0,
    }
}
