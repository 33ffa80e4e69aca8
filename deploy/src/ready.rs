//! Waiting until machines are ready, by the signs that their devices give.

use crate::connect::Hypervisor;
use crate::console::{Console, Heard, Listening, pattern};
use crate::desired::{DesiredMachine, Sign};
use crate::perform::ours;
use crate::problem::Problem;
use std::io::Read;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use virt::domain::Domain;

/// The slowest devices of the library take a quarter of an hour under emulation.
const LONGEST: Duration = Duration::from_secs(30 * 60);
const PAUSE: Duration = Duration::from_millis(500);
/// How long an address may take to answer.
const ANSWER: Duration = Duration::from_secs(2);

/// Waits for all signs of a machine. One that was spoken to on its console has shown there what it shows.
///
/// # Errors
/// One does not come in half an hour, or the machine goes off.
pub fn wait(hypervisor: &Hypervisor, machine: &DesiredMachine, is_spoken_to: bool) -> Result<(), Problem> {
    if hypervisor.is_embedded() {
        return Ok(());
    }
    let name = &machine.document.name;
    let domain = ours(hypervisor, name)?.ok_or_else(|| Problem::new(format!("`{name}` is gone")))?;
    let begin = Instant::now();
    // What a console says while we wait for something else must be heard too.
    let is_heard = |sign: &Sign| matches!(sign, Sign::Console(_)) && !is_spoken_to;
    let mut listening = match machine.ready.iter().any(is_heard) {
        true => Some(Listening::to(Console::open(hypervisor, name, false)?)),
        false => None,
    };
    let result = machine.ready.iter().try_for_each(|sign| match sign {
        Sign::Time(time) => {
            thread::sleep(time.saturating_sub(begin.elapsed()));
            Ok(())
        }
        Sign::Console(text) => match &mut listening {
            Some(listening) => console(listening, &domain, machine, text, begin),
            None => Ok(()),
        },
        Sign::Ping => poll(&domain, machine, begin, "answer a ping", || machine.addresses.iter().any(answers_ping)),
        Sign::Port(port, greets) => {
            let what = format!("answer on port {port}");
            poll(&domain, machine, begin, &what, || {
                machine.addresses.iter().any(|address| answers(SocketAddr::new(*address, *port), *greets))
            })
        }
    });
    if let Some(listening) = listening {
        listening.close();
    }
    result
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
            .help(format!("`wtop console {0}` after `wtop start {0}` shows why", machine.node)));
    }
    if begin.elapsed() > LONGEST {
        let minutes = LONGEST.as_secs() / 60;
        return Err(Problem::new(format!("`{path}` does not {what} after {minutes} minutes"))
            .help(format!("look at `wtop console {}`; `wtop up --no-wait` does not wait", machine.node)));
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

/// Waits until the serial console says a text. While we read, nobody else can.
fn console(
    listening: &mut Listening,
    domain: &Domain,
    machine: &DesiredMachine,
    text: &str,
    begin: Instant,
) -> Result<(), Problem> {
    let pattern = pattern(text);
    loop {
        let heard = listening.wait_for(&pattern, PAUSE);
        if heard == Heard::Said {
            return Ok(());
        }
        still_waits(domain, machine, begin, &format!("show `{text}` on its console"))?;
        if heard == Heard::Ended {
            let message = format!("somebody took the console of `{}` before it showed `{text}`", machine.path);
            return Err(Problem::new(message).help("`wtop up` again says whether anything is left to do"));
        }
    }
}
