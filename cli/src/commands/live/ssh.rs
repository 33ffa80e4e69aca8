//! `wtop ssh`, `wtop exec` and `wtop cp`: into nodes by SSH, with the key of the lab.

use super::lab::{self, Deployment};
use super::ways::{Copy, Exec, Ssh};
use super::{Named, key};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use std::io::ErrorKind;
use std::process::{Command, Output, Stdio};
use std::thread;
use wtop_deploy::host::quoted;
use wtop_deploy::login::{Login, login, logins, options};

/// So many are asked at once: each takes a process.
const AT_ONCE: usize = 32;

pub fn ssh(arguments: &Ssh, terminal: &Terminal) -> Outcome {
    with(&arguments.lab, terminal, |deployment| {
        let mut login = login(&deployment.wanted, &arguments.node)?;
        login.user = arguments.user.clone().or(login.user);
        let mut command = Command::new("ssh");
        command.args(shared_options(deployment)).args(&arguments.rest).arg(login.target(false));
        status(command)
    })
}

pub fn exec(arguments: &Exec, terminal: &Terminal) -> Outcome {
    with(&arguments.lab, terminal, |deployment| {
        let meant: Vec<Login> = match arguments.all {
            true => logins(&deployment.wanted),
            false => arguments.nodes.iter().map(|node| login(&deployment.wanted, node)).collect::<Result<_, _>>()?,
        };
        // One word is a line for the guest's shell; several are quoted for it, unless it is no shell that would care.
        let line = match arguments.command.as_slice() {
            [line] => line.clone(),
            words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
        };
        match meant.as_slice() {
            [one] => {
                let mut command = remote(deployment, one);
                status_of(command.arg(&line))
            }
            several => on_all(deployment, several, &line, terminal),
        }
    })
}

pub fn copy(arguments: &Copy, terminal: &Terminal) -> Outcome {
    with(&arguments.lab, terminal, |deployment| {
        let mut command = Command::new("scp");
        command.arg("-q").args(shared_options(deployment));
        if arguments.recursive {
            command.arg("-r");
        }
        command.arg("--");
        for path in &arguments.paths {
            // As with `scp`, a path with a `/` before its `:` is one of this machine.
            match path.split_once(':').filter(|(node, _)| !node.is_empty() && is_node(deployment, node)) {
                Some((node, path)) => {
                    command.arg(format!("{}:{path}", login(&deployment.wanted, node)?.target(true)));
                }
                None => drop(command.arg(path)),
            }
        }
        status(command)
    })
}

fn is_node(deployment: &Deployment, name: &str) -> bool {
    deployment.wanted.machines.iter().any(|machine| machine.node == name) || !name.contains('/')
}

fn with(lab: &Named, terminal: &Terminal, run: impl FnOnce(&Deployment) -> Outcome) -> Outcome {
    match lab::open(lab::Need::Names, lab, terminal)? {
        Ok(deployment) => run(&deployment),
        Err(exit) => Ok(exit),
    }
}

fn shared_options(deployment: &Deployment) -> Vec<String> {
    let key = key::path(&deployment.wanted.topology).filter(|key| key.exists());
    options(&deployment.hypervisor.uri, key.as_deref())
}

/// `ssh` for a command, which nobody is there to answer questions of.
pub fn remote(deployment: &Deployment, login: &Login) -> Command {
    let mut command = Command::new("ssh");
    command.args(shared_options(deployment)).args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]);
    command.arg(login.target(false));
    command
}

/// Runs a line on all of them at once, and shows what each says, in their order.
fn on_all(deployment: &Deployment, logins: &[Login], line: &str, terminal: &Terminal) -> Outcome {
    let run = |login: &Login| remote(deployment, login).arg(line).stdin(Stdio::null()).output();
    let mut worst = Exit::Ok;
    let outputs = each(logins, run, || Err(ErrorKind::Other.into()));
    for (login, output) in logins.iter().zip(outputs) {
        let output = output.map_err(|error| missing("ssh", &error))?;
        terminal.print(&prefixed(&login.node, &output))?;
        if worst == Exit::Ok {
            worst = exit_of(output.status.code());
        }
    }
    Ok(worst)
}

/// Asks each of them, many at once; the answers are in their order. `lost` stands for one that was not to be had.
pub fn each<I: Sync, O: Send>(asked: &[I], ask: impl Fn(&I) -> O + Sync, lost: impl Fn() -> O) -> Vec<O> {
    let mut answers = Vec::with_capacity(asked.len());
    for some in asked.chunks(AT_ONCE) {
        thread::scope(|scope| {
            let asking: Vec<_> = some.iter().map(|one| scope.spawn(|| ask(one))).collect();
            answers.extend(asking.into_iter().map(|one| one.join().unwrap_or_else(|_| lost())));
        });
    }
    answers
}

/// What a line printed on a node; a sentence where it could not be run there.
pub fn asked(deployment: &Deployment, node: &str, line: &str) -> Result<Output, String> {
    let login = login(&deployment.wanted, node).map_err(|problem| problem.message)?;
    let output = remote(deployment, &login).arg(line).stdin(Stdio::null()).output();
    output.map_err(|error| missing("ssh", &error).message)
}

fn prefixed(node: &str, output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    let mut shown: String = text.lines().map(|line| format!("{node}: {}\n", line.trim_end())).collect();
    if let Some(code) = output.status.code().filter(|code| *code != 0) {
        shown.push_str(&format!("{node}: ended with {code}\n"));
    }
    shown
}

fn status(mut command: Command) -> Outcome {
    status_of(&mut command)
}

/// Runs a program in place of us: what it says goes to the terminal, and its exit code is ours.
fn status_of(command: &mut Command) -> Outcome {
    let program = command.get_program().to_string_lossy().into_owned();
    command.status().map(|status| exit_of(status.code())).map_err(|error| missing(&program, &error))
}

fn exit_of(code: Option<i32>) -> Exit {
    match code.map(u8::try_from) {
        Some(Ok(0)) => Exit::Ok,
        Some(Ok(code)) => Exit::Program(code),
        _ => Exit::Environment,
    }
}

fn missing(program: &str, error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => Failure::environment(format!("`{program}` is not installed")).help(
            "`sudo apt install openssh-client` on Debian and Ubuntu, `sudo dnf install openssh-clients` on Fedora, \
             `sudo pacman -S openssh` on Arch",
        ),
        _ => Failure::environment(format!("`{program}` cannot be started: {error}")),
    }
}
