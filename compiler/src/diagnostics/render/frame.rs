//! The frame of code: the marked lines of one file, with labels drawn by ariadne.
//!
//! ariadne gets no source text. It gets a *mask*: the marked lines alone, each column of the terminal one `x`. So it
//! never sees a character that it would count, cut or split wrongly, and its work does not grow with the file. What it
//! drew is read back; the mask's columns become the source again, its line numbers the true ones, and the texts of the
//! labels are wrapped.

use super::excerpt::{Room, ShownLine};
use super::ink::{Cell, Ink, Row, cells, row_width, wrap};
use crate::source::SourceFile;
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use std::collections::BTreeMap;
use std::iter::repeat_n;
use std::ops::Range;

/// A label within one file.
pub(super) struct Mark<'a> {
    /// Where; within the file and on character boundaries.
    pub(super) bytes: Range<usize>,
    /// What is there.
    pub(super) text: &'a str,
    /// [`Ink::Error`], [`Ink::Warning`] or [`Ink::Related`].
    pub(super) ink: Ink,
}

/// What stands left of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Margin {
    /// The line number, from 1.
    Number(usize),
    /// Only the bar.
    Bar,
    /// The bar where lines are left out.
    Gap,
}

/// A row of the frame, without its margin.
pub(super) struct FrameRow {
    pub(super) margin: Margin,
    pub(super) body: Row,
}

/// The fewest columns in which the text of a label is wrapped.
const NARROWEST_LABEL: usize = 12;

/// Columns between the end of a marked place and the text of its label.
const ARROW: usize = 3;

/// Draws the marked lines of a file in at most `columns` columns (a few more where nothing would be left).
pub(super) fn frame(file: &SourceFile, marks: &[Mark], columns: usize) -> Vec<FrameRow> {
    let mut marks: Vec<&Mark> = marks.iter().collect();
    // In another order, ariadne would show lines twice.
    marks.sort_by_key(|mark| (last_line(file, mark), mark.bytes.start));
    let bars = marks.iter().filter(|mark| first_line(file, mark) != last_line(file, mark)).count();
    let beside = if bars > 0 { 2 * (bars + 1) } else { 0 };
    let shown = shown_lines(file, &marks, columns.saturating_sub(beside).max(NARROWEST_LABEL));
    let drawn = draw(file, &marks, &shown);
    read_back(&drawn, &marks, &shown, columns)
}

fn first_line(file: &SourceFile, mark: &Mark) -> usize {
    file.lines.utf8(mark.bytes.start as u32).line as usize
}

fn last_line(file: &SourceFile, mark: &Mark) -> usize {
    let last = mark.bytes.end.saturating_sub(1).max(mark.bytes.start);
    file.lines.utf8(last as u32).line as usize
}

/// The bytes of a line, without its end.
pub(super) fn line_bytes(file: &SourceFile, line: usize) -> Range<usize> {
    let start = file.lines.start(line as u32).unwrap_or(0) as usize;
    let next = file.lines.start(line as u32 + 1).map_or(file.text.len(), |next| next as usize);
    let text = file.text.get(start..next).unwrap_or("");
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    start..start + text.len()
}

/// The lines in which a mark starts or ends, by their number from 0.
fn shown_lines(file: &SourceFile, marks: &[&Mark], columns: usize) -> BTreeMap<usize, ShownLine> {
    let mut numbers: Vec<usize> =
        marks.iter().flat_map(|mark| [first_line(file, mark), last_line(file, mark)]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let show = |number: usize| {
        let line = line_bytes(file, number);
        let mut within = Vec::new();
        let mut label = 0;
        for mark in marks {
            let (first, last) = (first_line(file, mark), last_line(file, mark));
            if first != number && last != number {
                continue;
            }
            let start = if first == number { mark.bytes.start.min(line.end) - line.start } else { 0 };
            let end = if last == number { mark.bytes.end.min(line.end) - line.start } else { start };
            // Of a mark over several lines, only its two ends matter.
            within.push(if first == last { start..end } else { start.max(end)..start.max(end) });
            if last == number {
                label = label.max(row_width(&cells(mark.text, Ink::Plain).collect::<Row>()));
            }
        }
        let room = Room { columns, label: label.min(columns / 2) + ARROW };
        (number, ShownLine::new(file.text.get(line).unwrap_or(""), &within, room))
    };
    numbers.into_iter().map(show).collect()
}

/// Lets ariadne draw the labels over the mask. The text of each label is a number: that of its mark.
fn draw(file: &SourceFile, marks: &[&Mark], shown: &BTreeMap<usize, ShownLine>) -> String {
    let mut mask = String::new();
    let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut previous = None;
    for (number, line) in shown {
        if previous.is_some_and(|previous| previous + 1 < *number) {
            mask.push('\n');
        }
        previous = Some(*number);
        starts.insert(*number, mask.len());
        mask.extend(repeat_n('x', line.columns));
        mask.push('\n');
    }
    let place = |line: usize, bytes: Range<usize>| {
        let columns = shown.get(&line).map(|shown| {
            let whole = line_bytes(file, line);
            let within = |byte: usize| byte.clamp(whole.start, whole.end) - whole.start;
            shown.columns_of(within(bytes.start)..within(bytes.end))
        });
        let start = starts.get(&line).copied().unwrap_or(0);
        columns.map_or(start..start, |columns| start + columns.start..start + columns.end)
    };
    let labels = marks.iter().enumerate().map(|(index, mark)| {
        let first = place(first_line(file, mark), mark.bytes.clone());
        let last = place(last_line(file, mark), mark.bytes.clone());
        let color = match mark.ink {
            Ink::Error => Color::Red,
            Ink::Warning => Color::Yellow,
            _ => Color::Cyan,
        };
        Label::new(first.start..last.end.max(first.start)).with_message(format!("{TEXT}{index}")).with_color(color)
    });
    let config = Config::new().with_index_type(IndexType::Byte).with_cross_gap(false);
    let report = Report::build(ReportKind::Error, 0..0).with_config(config).with_labels(labels).finish();
    let mut drawn = Vec::new();
    // Writing into memory cannot fail.
    let _ = report.write(Source::from(mask), &mut drawn);
    String::from_utf8(drawn).unwrap_or_default()
}

/// Stands before the number of a label, and nowhere else in what ariadne draws.
const TEXT: char = '\u{1}';

/// From ariadne's drawing to rows.
fn read_back(drawn: &str, marks: &[&Mark], shown: &BTreeMap<usize, ShownLine>, columns: usize) -> Vec<FrameRow> {
    let numbers = mask_numbers(shown);
    let mut rows = Vec::new();
    // Header, place and an empty row come first; the frame's end comes last.
    let mut lines: Vec<&str> = drawn.lines().skip(3).collect();
    lines.pop();
    for line in lines {
        let row = read_ansi(line);
        let bar = row.iter().position(|cell| matches!(cell.text, '│' | '┆')).unwrap_or(0);
        let digits: String = row.iter().take(bar).map(|cell| cell.text).filter(char::is_ascii_digit).collect();
        let mut body: Row = row.get(bar + 2..).unwrap_or(&[]).to_vec();
        let number = digits.parse::<usize>().ok().and_then(|mask_line| numbers.get(mask_line.checked_sub(1)?)).copied();
        if let Some((number, line)) = number.flatten().and_then(|number| Some((number, shown.get(&number)?))) {
            let mask = body.split_off(body.len().saturating_sub(line.columns));
            body.extend(line.row(|column| mask.get(column).map_or(Ink::Plain, |cell| cell.ink)));
            rows.push(FrameRow { margin: Margin::Number(number + 1), body });
            continue;
        }
        // For lines left out there is a dotted bar or, where no label reaches over them, an empty row.
        let gap = row.get(bar).is_some_and(|cell| cell.text == '┆') || body.iter().all(|cell| cell.text == ' ');
        let margin = if gap { Margin::Gap } else { Margin::Bar };
        match body.iter().position(|cell| cell.text == TEXT) {
            Some(at) => {
                let index: String = body.drain(at..).skip(1).map(|cell| cell.text).collect();
                let mark = index.parse().ok().and_then(|index: usize| marks.get(index));
                rows.extend(mark.into_iter().flat_map(|mark| label_rows(&body, mark, columns)));
            }
            None => rows.push(FrameRow { margin, body }),
        }
    }
    rows
}

/// For each line of the mask, the number from 0 of the line it stands for; none for the filler between two.
fn mask_numbers(shown: &BTreeMap<usize, ShownLine>) -> Vec<Option<usize>> {
    let mut numbers: Vec<Option<usize>> = Vec::new();
    for number in shown.keys() {
        if numbers.last().is_some_and(|last| last.is_some_and(|last| last + 1 < *number)) {
            numbers.push(None);
        }
        numbers.push(Some(*number));
    }
    numbers
}

/// The text of a label after its arrow, on as many rows as it needs.
fn label_rows(arrow: &[Cell], mark: &Mark, columns: usize) -> Vec<FrameRow> {
    // ariadne draws the arrow to the end of the longest mark or line; two columns after its last bend are enough.
    let bend = arrow.iter().rposition(|cell| !matches!(cell.text, '─' | ' ')).map_or(0, |bend| bend + 1);
    let mut arrow: Row = arrow.iter().take(bend + 2).copied().collect();
    arrow.push(Cell { text: ' ', ink: Ink::Plain });
    let room = columns.saturating_sub(arrow.len()).max(NARROWEST_LABEL);
    let lines = wrap(mark.text, room, room);
    // Below the arrow go on only the bars that it crosses.
    let below = |cell: &Cell| match cell.text {
        '│' | '┼' | '├' => Cell { text: '│', ink: cell.ink },
        _ => Cell { text: ' ', ink: Ink::Plain },
    };
    let row = |(index, line): (usize, String)| {
        let before: Row = if index == 0 { arrow.to_vec() } else { arrow.iter().map(below).collect() };
        FrameRow { margin: Margin::Bar, body: before.into_iter().chain(cells(&line, mark.ink)).collect() }
    };
    lines.into_iter().enumerate().map(row).collect()
}

/// Reads a line with terminal colours.
fn read_ansi(line: &str) -> Row {
    let mut row = Row::new();
    let mut ink = Ink::Plain;
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        if character != '\x1b' {
            row.push(Cell { text: character, ink });
            continue;
        }
        let sequence: String = rest.by_ref().take_while(|character| *character != 'm').collect();
        ink = match sequence.as_str() {
            "[31" => Ink::Error,
            "[33" => Ink::Warning,
            "[36" => Ink::Related,
            _ => Ink::Plain,
        };
    }
    row
}
