//! Waiting until machines are ready, by the signs that their devices give.

use crate::connect::Hypervisor;
use crate::desired::{DesiredMachine, Sign};
use crate::perform::ours;
use crate::problem::{Problem, refused};
use std::io::Read;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use virt::domain::Domain;
use virt::stream::Stream;
use virt::sys;

/// The slowest devices of the library take a quarter of an hour under emulation.
const LONGEST: Duration = Duration::from_secs(30 * 60);
const PAUSE: Duration = Duration::from_millis(500);
/// How long an address may take to answer.
const ANSWER: Duration = Duration::from_secs(2);

/// Waits for all signs of a machine.
///
/// # Errors
/// One does not come in half an hour, or the machine goes off.
pub fn wait(hypervisor: &Hypervisor, machine: &DesiredMachine) -> Result<(), Problem> {
    if hypervisor.is_embedded() {
        return Ok(());
    }
    let name = &machine.document.name;
    let domain = ours(hypervisor, name)?.ok_or_else(|| Problem::new(format!("`{name}` is gone")))?;
    let begin = Instant::now();
    machine.ready.iter().try_for_each(|sign| match sign {
        Sign::Time(time) => {
            thread::sleep(time.saturating_sub(begin.elapsed()));
            Ok(())
        }
        Sign::Console(text) => console(hypervisor, &domain, machine, text, begin),
        Sign::Ping => poll(&domain, machine, begin, "answer a ping", || machine.addresses.iter().any(answers_ping)),
        Sign::Port(port, greets) => {
            let what = format!("answer on port {port}");
            poll(&domain, machine, begin, &what, || {
                machine.addresses.iter().any(|address| answers(SocketAddr::new(*address, *port), *greets))
            })
        }
    })
}

fn poll(
    domain: &Domain,
    machine: &DesiredMachine,
    begin: Instant,
    what: &str,
    is_ready: impl Fn() -> bool,
) -> Result<(), Problem> {
    // Without an address there is nothing to ask.
    while !machine.addresses.is_empty() && !is_ready() {
        still_waits(domain, machine, begin, what)?;
        thread::sleep(PAUSE);
    }
    Ok(())
}

fn still_waits(domain: &Domain, machine: &DesiredMachine, begin: Instant, what: &str) -> Result<(), Problem> {
    let path = &machine.path;
    if !domain.is_active().unwrap_or(true) {
        return Err(Problem::new(format!("`{path}` went off before it would {what}"))
            .help(format!("`virsh console {}` after `wtop start {}` shows why", machine.document.name, machine.node)));
    }
    if begin.elapsed() > LONGEST {
        let minutes = LONGEST.as_secs() / 60;
        return Err(Problem::new(format!("`{path}` does not {what} after {minutes} minutes"))
            .help(format!("look at `virsh console {}`; `wtop up --no-wait` does not wait", machine.document.name)));
    }
    Ok(())
}

fn answers_ping(address: &IpAddr) -> bool {
    let mut command = Command::new("ping");
    command.args(["-n", "-c", "1", "-W", "1", &address.to_string()]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Is a port open? One of SSH must greet: port forwarders accept connections for guests that do not listen yet.
fn answers(address: SocketAddr, greets: bool) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, ANSWER) else { return false };
    if !greets {
        return true;
    }
    let mut greeting = [0; 4];
    stream.set_read_timeout(Some(ANSWER)).is_ok() && stream.read_exact(&mut greeting).is_ok() && &greeting == b"SSH-"
}

/// Reads the serial console until it shows a text. While we read, nobody else can.
fn console(
    hypervisor: &Hypervisor,
    domain: &Domain,
    machine: &DesiredMachine,
    text: &str,
    begin: Instant,
) -> Result<(), Problem> {
    let doing = format!("open the console of `{}`", machine.path);
    let stream =
        Stream::new(&hypervisor.connection, sys::VIR_STREAM_NONBLOCK).map_err(|error| refused(&doing, &error))?;
    domain.open_console(None, &stream, 0).map_err(|error| refused(&doing, &error))?;
    let mut seen: Vec<u8> = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.recv(&mut piece) {
            Ok(count) if count > 0 => {
                seen.extend(piece.iter().take(count.unsigned_abs()));
                if contains(&seen, text.as_bytes()) {
                    // The text was seen: how the stream ends does not matter.
                    let _ = stream.abort();
                    return Ok(());
                }
                let keep = seen.len().saturating_sub(text.len());
                seen.drain(..keep);
            }
            // Nothing to read now, or for ever; the machine's state tells which.
            _ => {
                still_waits(domain, machine, begin, &format!("show `{text}` on its console"))?;
                thread::sleep(PAUSE / 5);
            }
        }
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    wanted.is_empty() || bytes.windows(wanted.len()).any(|window| window == wanted)
}
