//! `qemu-img`, which converts, and knows how the formats are written.
//!
//! It is always told the format: where it guesses, a guest that writes a header into its raw disk has it open other files.

use super::Problem;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Command, Stdio};

const PROGRAM: &str = "qemu-img";

/// Runs it. With `-p` among the arguments, `progress` is told what percentage is done.
///
/// # Errors
/// It is not installed, or cannot do it; `doing` stands after "cannot".
pub(super) fn run(arguments: &[&OsStr], doing: &str, progress: &mut dyn FnMut(f64)) -> Result<(), Problem> {
    run_program(PROGRAM, arguments, doing, progress)
}

fn run_program(program: &str, arguments: &[&OsStr], doing: &str, progress: &mut dyn FnMut(f64)) -> Result<(), Problem> {
    let mut command = Command::new(program);
    command.args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let unrunnable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Problem::new(format!("cannot {doing}: the program `{PROGRAM}` is not installed"))
            .help(
                "`sudo apt install qemu-utils` on Debian and Ubuntu, `sudo dnf install qemu-img` on Fedora, \
             `sudo pacman -S qemu-img` on Arch",
            ),
        _ => Problem::new(format!("cannot {doing}: `{PROGRAM}` does not run: {error}")),
    };
    let mut child = command.spawn().map_err(unrunnable)?;
    if let Some(out) = child.stdout.take() {
        watch(out, progress);
    }
    let output = child.wait_with_output().map_err(unrunnable)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().lines().last().unwrap_or("it does not say why").trim_start_matches("qemu-img: ").to_owned();
    let problem = Problem::new(format!("cannot {doing}: `{PROGRAM}` says: {said}"));
    Err(match said.contains("No space left") {
        true => problem.help("make room on the disk and do it again; nothing half-done was kept"),
        false => problem.help("`wtop image verify` shows whether the image is what it was"),
    })
}

/// Reads lines such as `    (12.34/100%)`, which end with a carriage return.
fn watch(out: impl Read, progress: &mut dyn FnMut(f64)) {
    let mut line = String::new();
    for byte in io::BufReader::new(out).bytes().map_while(Result::ok) {
        if byte != b'\r' {
            line.push(char::from(byte));
            continue;
        }
        let percent = line.trim().strip_prefix('(').and_then(|line| line.split_once('/')).map(|(percent, _)| percent);
        if let Some(percent) = percent.and_then(|percent| percent.parse().ok()) {
            progress(percent);
        }
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_with_its_package() {
        insta::assert_debug_snapshot!(
            run_program("wtop-has-no-such-program", &[], "convert `debian`", &mut |_| {}).unwrap_err()
        );
    }

    #[test]
    fn what_it_says_is_told() {
        let arguments = ["info", "-f", "qcow2", "/nowhere/image"].map(OsStr::new);
        insta::assert_debug_snapshot!(run(&arguments, "look at `debian`", &mut |_| {}).unwrap_err());
    }

    #[test]
    fn percentages_are_read() {
        let mut seen = Vec::new();
        watch("    (0.00/100%)\r    (12.50/100%)\r\n".as_bytes(), &mut |percent| seen.push(percent));
        assert_eq!(seen, [0.0, 12.5]);
    }
}
