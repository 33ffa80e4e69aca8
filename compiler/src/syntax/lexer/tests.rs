use super::tokens;
use proptest::prelude::*;

/// The tokens of a text, one a line, without spaces: `Kind text`.
fn show(text: &str) -> String {
    tokens(text)
        .iter()
        .filter(|token| !matches!(token.kind, crate::syntax::token::TokenKind::Space))
        .map(|token| format!("{:?} {:?}\n", token.kind, &text[token.range()]).replace(" \"\"", " (missing)"))
        .collect()
}

proptest! {
    #[test]
    fn tokens_concatenate_to_the_text(text in any::<String>()) {
        check_round_trip(&text);
    }

    #[test]
    fn tokens_concatenate_to_text_of_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check_round_trip(&pieces.concat());
    }
}

const PIECES: &[&str] = &[
    "\"", "\"\"\"", "r\"", "r\"\"\"", "${", "}", "{", "\n", "\r\n", "\r", " ", "a", "node b", "10.0.0.", "10", ":",
    "::", "ge-0/0/", "fe80::1", "4GiB", "\\", "\\u{", "//", "/*", "*/", "#", "'", "“", "é", "\u{a0}", "日", "[", "]",
    "(", ")", "..", "=", "<->", "-",
];

fn check_round_trip(text: &str) {
    let mut at = 0;
    for token in tokens(text) {
        assert_eq!(token.start as usize, at, "{text:?}");
        at = token.end as usize;
        assert!(text.is_char_boundary(at));
    }
    assert_eq!(at, text.len());
}

#[test]
fn names_hold_hyphens_and_reserved_words_do_not() {
    insta::assert_snapshot!(show("core-sw-1 a- b n-1 in_ in self café-1"), @r#"
    Name "core-sw-1"
    Name "a"
    Minus "-"
    Name "b"
    Name "n-1"
    Name "in_"
    In "in"
    SelfWord "self"
    Wrong(Name) "café-1"
    "#);
}

#[test]
fn colons() {
    insta::assert_snapshot!(show("fw:ge-0/0/0.100//c\nl[1]:xe-0/${s - 1}/1 x:\"ethernet 3\" n: int x:a..b a::b h1:debian std::x"), @r#"
    Name "fw"
    PortColon ":"
    PortText "ge-0/0/0.100"
    Comment "//c"
    Newline "\n"
    Name "l"
    OpenBracket "["
    Int "1"
    CloseBracket "]"
    PortColon ":"
    PortText "xe-0/"
    HoleOpen "${"
    Name "s"
    Minus "-"
    Int "1"
    HoleClose "}"
    PortText "/1"
    Name "x"
    PortColon ":"
    StringOpen(Line) "\""
    StringText "ethernet 3"
    StringClose "\""
    Name "n"
    Colon ":"
    Name "int"
    Name "x"
    PortColon ":"
    PortText "a"
    DotDot ".."
    Name "b"
    Address "a::b"
    Name "h1"
    PortColon ":"
    PortText "debian"
    Name "std"
    Wrong(ColonColon) "::"
    Name "x"
    "#);
}

#[test]
fn addresses_are_tried_before_names() {
    insta::assert_snapshot!(show("52:54:00:aa:bb:01 2001:db8::/32 fe80::1 dead:beef::1 a:b:c:d:e:f:1:2 ::1 ::/0 aa:bb:cc:00:11:22 de:ad 10.0.0.1..10.0.0.9 10.0.0.0/16 10.0.0.999"), @r#"
    Address "52:54:00:aa:bb:01"
    Address "2001:db8::/32"
    Address "fe80::1"
    Address "dead:beef::1"
    Address "a:b:c:d:e:f:1:2"
    Address "::1"
    Address "::/0"
    Address "aa:bb:cc:00:11:22"
    Name "de"
    PortColon ":"
    PortText "ad"
    Address "10.0.0.1"
    DotDot ".."
    Address "10.0.0.9"
    Address "10.0.0.0/16"
    Address "10.0.0.999"
    "#);
}

#[test]
fn addresses_with_holes() {
    insta::assert_snapshot!(show("10.1.${l}.0/24 10${a}.0.0.1 10.0.0.0/${n} 2001:db8:${hex(n)}::1"), @r#"
    AddressPart "10.1."
    HoleOpen "${"
    Name "l"
    HoleClose "}"
    AddressPart ".0/24"
    AddressPart "10"
    HoleOpen "${"
    Name "a"
    HoleClose "}"
    AddressPart ".0.0.1"
    AddressPart "10.0.0.0/"
    HoleOpen "${"
    Name "n"
    HoleClose "}"
    AddressPart "2001:db8:"
    HoleOpen "${"
    Name "hex"
    OpenParen "("
    Name "n"
    CloseParen ")"
    HoleClose "}"
    AddressPart "::1"
    "#);
}

#[test]
fn quantities_glue_their_unit() {
    insta::assert_snapshot!(show("4GiB 10ms 1.5Gbps 0.1% 1_000 0x1F 5 % 3 10min 1d"), @r#"
    Quantity "4GiB"
    Quantity "10ms"
    Quantity "1.5Gbps"
    Quantity "0.1%"
    Int "1_000"
    Int "0x1F"
    Int "5"
    Percent "%"
    Int "3"
    Quantity "10min"
    Quantity "1d"
    "#);
}

#[test]
fn what_is_no_number() {
    insta::assert_snapshot!(show("4G 1.5 10.0.0 4gib 1_000ms 0xZ 10.0.0.1x"), @r#"
    Wrong(Number) "4G"
    Wrong(Number) "1.5"
    Wrong(Number) "10.0.0"
    Wrong(Number) "4gib"
    Wrong(Number) "1_000ms"
    Wrong(Number) "0xZ"
    Wrong(Number) "10.0.0.1x"
    "#);
}

#[test]
fn ranges_and_operators() {
    insta::assert_snapshot!(show("1..4 a..b .. <-> <= >= == != ?? += < - > * / ?"), @r#"
    Int "1"
    DotDot ".."
    Int "4"
    Name "a"
    DotDot ".."
    Name "b"
    DotDot ".."
    Wire "<->"
    LessEqual "<="
    GreaterEqual ">="
    EqualEqual "=="
    NotEqual "!="
    QuestionQuestion "??"
    PlusEqual "+="
    Less "<"
    Minus "-"
    Greater ">"
    Star "*"
    Slash "/"
    Question "?"
    "#);
}

#[test]
fn strings_nest() {
    insta::assert_snapshot!(show("\"a ${\"b ${c}\"} {d}\" r\"\\n${x}\" \"\\u{e9}\\q\\$\""), @r#"
    StringOpen(Line) "\""
    StringText "a "
    HoleOpen "${"
    StringOpen(Line) "\""
    StringText "b "
    HoleOpen "${"
    Name "c"
    HoleClose "}"
    StringClose "\""
    HoleClose "}"
    StringText " {d}"
    StringClose "\""
    StringOpen(RawLine) "r\""
    StringText "\\n${x}"
    StringClose "\""
    StringOpen(Line) "\""
    StringEscape "\\u{e9}"
    StringEscape "\\q"
    StringEscape "\\$"
    StringClose "\""
    "#);
}

#[test]
fn braces_in_holes() {
    insta::assert_snapshot!(show("\"${ {a = 1}.a }\""), @r#"
    StringOpen(Line) "\""
    HoleOpen "${"
    OpenBrace "{"
    Name "a"
    Equal "="
    Int "1"
    CloseBrace "}"
    Dot "."
    Name "a"
    HoleClose "}"
    StringClose "\""
    "#);
}

#[test]
fn an_unclosed_string_ends_with_its_line() {
    insta::assert_snapshot!(show("a = \"edge }\nb"), @r#"
    Name "a"
    Equal "="
    StringOpen(Line) "\""
    StringText "edge }"
    StringClose (missing)
    Newline "\n"
    Name "b"
    "#);
}

#[test]
fn an_unclosed_hole_ends_at_the_quote() {
    insta::assert_snapshot!(show("a = \"x ${y\" }\nb"), @r#"
    Name "a"
    Equal "="
    StringOpen(Line) "\""
    StringText "x "
    HoleOpen "${"
    Name "y"
    HoleClose (missing)
    StringClose "\""
    CloseBrace "}"
    Newline "\n"
    Name "b"
    "#);
}

#[test]
fn blocks_span_lines() {
    insta::assert_snapshot!(show("a = \"\"\"\n  x \"y\" ${z}\n  \"\"\"\nr\"\"\"\n\\n\n\"\"\""), @r#"
    Name "a"
    Equal "="
    StringOpen(Block) "\"\"\""
    StringText "\n  x \"y\" "
    HoleOpen "${"
    Name "z"
    HoleClose "}"
    StringText "\n  "
    StringClose "\"\"\""
    Newline "\n"
    StringOpen(RawBlock) "r\"\"\""
    StringText "\n\\n\n"
    StringClose "\"\"\""
    "#);
}

#[test]
fn an_unclosed_block_ends_at_a_declaration() {
    insta::assert_snapshot!(show("node a: b {\n  config = \"\"\"\n  interface x1\n\nnode c: d\n"), @r#"
    Name "node"
    Name "a"
    Colon ":"
    Name "b"
    OpenBrace "{"
    Newline "\n"
    Name "config"
    Equal "="
    StringOpen(Block) "\"\"\""
    StringText "\n"
    StringClose (missing)
    Name "interface"
    Name "x1"
    Newline "\n"
    Newline "\n"
    Name "node"
    Name "c"
    Colon ":"
    Name "d"
    Newline "\n"
    "#);
}

#[test]
fn an_unclosed_block_before_another() {
    insta::assert_snapshot!(show("node a: b { config = \"\"\"\ntext\nnode c: d { config = \"\"\"\n  x\n  \"\"\" }"), @r#"
    Name "node"
    Name "a"
    Colon ":"
    Name "b"
    OpenBrace "{"
    Name "config"
    Equal "="
    StringOpen(Block) "\"\"\""
    StringText "\ntext\n"
    StringClose (missing)
    Name "node"
    Name "c"
    Colon ":"
    Name "d"
    OpenBrace "{"
    Name "config"
    Equal "="
    StringOpen(Block) "\"\"\""
    StringText "\n  x\n  "
    StringClose "\"\"\""
    CloseBrace "}"
    "#);
}

#[test]
fn comments() {
    insta::assert_snapshot!(show("// a\n/// doc\n//// b\n//! file\n# c\n/* d\n */ e"), @r##"
    Comment "// a"
    Newline "\n"
    Doc "/// doc"
    Newline "\n"
    Comment "//// b"
    Newline "\n"
    FileDoc "//! file"
    Newline "\n"
    Wrong(HashComment) "# c"
    Newline "\n"
    Wrong(BlockComment) "/* d\n */"
    Name "e"
    "##);
}

#[test]
fn foreign_characters() {
    insta::assert_snapshot!(show(" 'a' “b” don't; && || ! ..= @@@ § h${i}x"), @r#"
    Wrong(Space) "\u{a0}"
    StringOpen(Foreign) "'"
    StringText "a"
    StringClose "'"
    StringOpen(Foreign) "“"
    StringText "b"
    StringClose "”"
    Name "don"
    Wrong(Characters) "'"
    Name "t"
    Wrong(Semicolon) ";"
    Wrong(AndAnd) "&&"
    Wrong(OrOr) "||"
    Wrong(Bang) "!"
    Wrong(RangeEqual) "..="
    Wrong(Characters) "@@@"
    Wrong(Characters) "§"
    Wrong(NameWithHole) "h${i}x"
    "#);
}

#[test]
fn line_ends() {
    insta::assert_snapshot!(show("a\r\nb\rc\n"), @r#"
    Name "a"
    Newline "\r\n"
    Name "b"
    Wrong(Return) "\r"
    Name "c"
    Newline "\n"
    "#);
}
