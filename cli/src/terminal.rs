//! The terminal: colours, width, and writing to it without a panic.

use crate::exit::{Failure, reason};
use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style, Styles};
use std::ffi::OsString;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Columns where no terminal tells: pipes and files.
const DEFAULT_WIDTH: usize = 100;

/// Colours of help texts.
pub const STYLES: Styles = Styles::styled()
    .header(HEADER)
    .usage(HEADER)
    .literal(LITERAL)
    .placeholder(AnsiColor::Cyan.on_default())
    .error(ERROR)
    .valid(AnsiColor::Green.on_default().bold())
    .invalid(AnsiColor::Yellow.on_default().bold());

/// Headings.
pub const HEADER: Style = AnsiColor::Green.on_default().bold();
/// What is typed as it stands.
pub const LITERAL: Style = AnsiColor::Cyan.on_default().bold();
/// Errors.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Remarks.
pub const FAINT: Style = Style::new().dimmed();

/// When to use colours. `auto` is where a terminal shows them, and follows `NO_COLOR` and `CLICOLOR`.
// The variants have no documentation of their own: the help of every command would show it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// Settles when colours are used, for help and errors of the arguments too: `--color` is looked for before the
/// arguments are parsed. A wrong value is left for the parser to report.
pub fn choose_colour(arguments: impl Iterator<Item = OsString>) {
    let mut arguments = arguments.take_while(|argument| argument != "--");
    let mut choice = ColorChoice::Auto;
    while let Some(argument) = arguments.next() {
        let value = match argument.to_str() {
            Some("--color") => arguments.next().and_then(|value| value.into_string().ok()),
            Some(argument) => argument.strip_prefix("--color=").map(str::to_owned),
            None => None,
        };
        match value.as_deref() {
            Some("always") => choice = ColorChoice::Always,
            Some("never") => choice = ColorChoice::Never,
            Some("auto") => choice = ColorChoice::Auto,
            _ => {}
        }
    }
    choice.write_global();
}

/// Where a command writes to.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Does standard output show colours?
    pub colour: bool,
    /// Does standard error?
    pub error_colour: bool,
    /// Columns.
    pub width: usize,
}

impl Terminal {
    /// As the process finds it.
    pub fn new() -> Terminal {
        Terminal {
            colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            error_colour: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            width: width(),
        }
    }

    /// Writes to standard output. That the reader has gone away is no failure: there is nobody to miss the rest.
    ///
    /// # Errors
    /// What else the operating system refuses, such as a full disk.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        self.print_bytes(text.as_bytes())
    }

    /// Writes bytes to standard output, as [`Terminal::print`] does.
    ///
    /// # Errors
    /// As there.
    pub fn print_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::environment(format!("cannot write the output: {}", reason(&error))))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error. If that does not work, there is no other place to say so.
    pub fn tell(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says why the work could not be done.
    pub fn fail(&self, failure: &Failure) {
        let paint = |style, text| paint(style, text, self.error_colour);
        let mut text = format!("{}: {}\n", paint(ERROR, "error"), failure.message);
        if let Some(help) = &failure.help {
            text.push_str(&format!("{}: {help}\n", paint(LITERAL, "help")));
        }
        self.tell(&text);
    }

    /// Lines of two columns, the first of them as what is typed.
    pub fn columns(&self, rows: &[(String, String)]) -> Vec<String> {
        let width = rows.iter().map(|(left, _)| left.width()).max().unwrap_or(0);
        let line = |(left, right): &(String, String)| {
            let gap = if right.is_empty() { 0 } else { width - left.width() + 2 };
            format!("{}{}{right}", self.paint(LITERAL, left), " ".repeat(gap))
        };
        rows.iter().map(line).collect()
    }

    /// A text in a style, if standard output shows colours.
    pub fn paint(&self, style: Style, text: &str) -> String {
        paint(style, text, self.colour)
    }
}

fn paint(style: Style, text: &str, colour: bool) -> String {
    if colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// `COLUMNS` where it is set, else what the terminal says.
fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let shown = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
    asked.or_else(shown).unwrap_or(DEFAULT_WIDTH)
}
