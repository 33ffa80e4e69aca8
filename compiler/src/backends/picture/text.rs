//! Text in pictures: how wide it is, how it is shortened, and how it is made harmless.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Widths of the characters from space to tilde in thousandths of the font's size, as common sans-serif fonts have them.
#[rustfmt::skip]
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// No reader has just the font that the table was made for: some are wider.
const MARGIN: f64 = 1.12;

/// The width of `text` at this font size, in units; rather too much than too little.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let thousandths: f64 = text.graphemes(true).map(grapheme_width).sum();
    (thousandths * size / 1000.0 * MARGIN).ceil()
}

fn grapheme_width(grapheme: &str) -> f64 {
    let ascii = grapheme.chars().next().and_then(|first| (first as usize).checked_sub(0x20));
    match ascii.and_then(|index| WIDTHS.get(index)) {
        Some(width) => f64::from(*width),
        // Terminal columns tell wide scripts and emoji from others.
        None => grapheme.width().min(2) as f64 * 620.0,
    }
}

/// `text` on one line, without characters that a picture cannot hold, and no wider than `limit`: an ellipsis stands for
/// what was cut off.
pub(super) fn fit(text: &str, size: f64, limit: f64) -> String {
    let text = clean(text);
    if width(&text, size) <= limit {
        return text;
    }
    let room = limit - width("…", size);
    let mut shortened = String::new();
    let mut used = 0.0;
    for grapheme in text.graphemes(true) {
        used += grapheme_width(grapheme) * size / 1000.0 * MARGIN;
        if used > room {
            break;
        }
        shortened.push_str(grapheme);
    }
    shortened.truncate(shortened.trim_end().len());
    shortened.push('…');
    shortened
}

/// `text` with white space as spaces, without controls: XML forbids most, and those that turn the direction of writing
/// could make a name read as another.
pub(super) fn clean(text: &str) -> String {
    let direction = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|c| !direction(*c) && *c != '\u{feff}')
        .map(|c| match c {
            '\u{2028}' | '\u{2029}' => ' ',
            c if c.is_whitespace() => ' ',
            c if c.is_control() || matches!(c as u32 & 0xffff, 0xfffe | 0xffff) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Clean text, escaped for element content and attribute values of XML.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_ends_in_an_ellipsis_and_keeps_to_its_limit() {
        let shown = fit("a-very-long-name-that-nobody-can-read", 12.0, 100.0);
        assert_eq!(shown, "a-very-long-na…");
        assert!(width(&shown, 12.0) <= 100.0);
        assert_eq!(fit("leaf1", 12.0, 100.0), "leaf1");
    }

    #[test]
    fn an_emoji_is_not_cut_in_two() {
        let family = "👩‍👩‍👧‍👦";
        assert_eq!(fit(&family.repeat(9), 12.0, 60.0), format!("{}…", family.repeat(3)));
    }

    #[test]
    fn what_xml_forbids_is_replaced() {
        assert_eq!(xml("a<b>&\"'\u{1}\n\u{202e}c\u{ffff}"), "a&lt;b&gt;&amp;&quot;&#39;\u{fffd} c\u{fffd}");
    }
}
