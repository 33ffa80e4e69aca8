//! Does hardware virtualisation work here? The file `/dev/kvm` does not tell: under some hypervisors it is there, and no
//! guest boots. So a guest is booted for real.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What the guest writes to its serial port, once it has come through protected mode and locked exchanges: what stops
/// real kernels under a hypervisor that virtualises only half.
const SAYS: &str = "wtop";
const LONGEST: Duration = Duration::from_secs(10);

/// What the probe found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kvm {
    /// A guest ran.
    Works,
    /// It cannot be used; a sentence says why.
    Fails(String),
}

/// Asks the machine, once a boot.
pub fn probe() -> Kvm {
    let Some(cache) = cache() else { return ask() };
    match fs::read_to_string(&cache) {
        Ok(known) if known == "works" => Kvm::Works,
        Ok(known) => Kvm::Fails(known),
        Err(_) => {
            let found = ask();
            let text = match &found {
                Kvm::Works => "works",
                Kvm::Fails(why) => why,
            };
            // Without the cache the next run asks again.
            let _ = cache.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&cache, text));
            found
        }
    }
}

/// One file a boot and user: a probe as a user says nothing about root.
fn cache() -> Option<PathBuf> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let folder = env::var_os("XDG_RUNTIME_DIR").map_or_else(|| PathBuf::from("/run"), PathBuf::from);
    Some(folder.join("wtop").join(format!("kvm-{}", boot.trim())))
}

fn ask() -> Kvm {
    if fs::OpenOptions::new().read(true).write(true).open("/dev/kvm").is_err() {
        return Kvm::Fails("`/dev/kvm` is missing or may not be opened".to_owned());
    }
    let disk = env::temp_dir().join(format!("wtop-probe-{}.img", std::process::id()));
    if fs::write(&disk, sector()).is_err() {
        return Kvm::Fails("there is no place for the probe's disk".to_owned());
    }
    let found = boot(&disk);
    let _ = fs::remove_file(&disk);
    found
}

fn boot(disk: &std::path::Path) -> Kvm {
    let mut command = Command::new("qemu-system-x86_64");
    command.args(["-accel", "kvm", "-cpu", "host", "-m", "64", "-nodefaults", "-display", "none", "-no-reboot"]);
    command.args(["-serial", "stdio", "-drive"]).arg(format!("file={},format=raw,if=ide", disk.display()));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else { return Kvm::Fails("`qemu-system-x86_64` is not installed".to_owned()) };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let read = |from: Option<Box<dyn std::io::Read + Send>>| {
        thread::spawn(move || {
            let mut text = Vec::new();
            // What was read until an error is what there is.
            let _ = from.map(|mut from| from.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let said = read(out.map(|out| Box::new(out) as _));
    let complained = read(err.map(|err| Box::new(err) as _));
    let begin = Instant::now();
    // The guest ends the machine by itself: a triple fault, which `-no-reboot` makes the end.
    while begin.elapsed() < LONGEST && matches!(child.try_wait(), Ok(None)) {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    let said = said.join().unwrap_or_default();
    let complained = complained.join().unwrap_or_default();
    match complained.lines().find(|line| !line.trim().is_empty()) {
        _ if said.contains(SAYS) => Kvm::Works,
        Some(line) => Kvm::Fails(format!("QEMU says \"{}\"", line.trim())),
        None => Kvm::Fails("a guest started with it, and never said a word".to_owned()),
    }
}

/// The boot sector: 16-bit code at 0x7c00.
fn sector() -> Vec<u8> {
    let mut code: Vec<u8> = vec![
        0xfa, // cli
        0x31, 0xc0, // xor ax, ax
        0x8e, 0xd8, // mov ds, ax
        0x0f, 0x01, 0x16, 0x38, 0x7c, // lgdt [0x7c38]
        0x0f, 0x20, 0xc0, // mov eax, cr0
        0x0c, 0x01, // or al, 1
        0x0f, 0x22, 0xc0, // mov cr0, eax
        0xea, 0x17, 0x7c, 0x08, 0x00, // jmp 8:0x7c17
    ];
    code.extend([
        // 32-bit: what KVM must not emulate wrongly is a locked exchange, with which every kernel begins.
        0xb9, 0x10, 0x27, 0x00, 0x00, // mov ecx, 10000
        0xf0, 0x0f, 0xc7, 0x0d, 0x00, 0x90, 0x00, 0x00, // lock cmpxchg8b [0x9000]
        0xe2, 0xf6, // loop
        0x66, 0xba, 0xf8, 0x03, // mov dx, 0x3f8
    ]);
    for letter in SAYS.bytes() {
        code.extend([0xb0, letter, 0xee]); // mov al, letter; out dx, al
    }
    code.extend([0x0f, 0x0b]); // ud2: without handlers, the end of the machine
    code.extend([0x0f, 0x00, 0x3e, 0x7c, 0x00, 0x00]); // 0x7c38: the descriptor table is 16 bytes at 0x7c3e
    code.extend([0; 8]);
    code.extend([0xff, 0xff, 0x00, 0x00, 0x00, 0x9a, 0xcf, 0x00]); // selector 8: all memory, as 32-bit code
    code.resize(510, 0);
    code.extend([0x55, 0xaa]);
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guest_of_the_probe_is_a_boot_sector_that_says_so() {
        let sector = sector();
        assert_eq!((sector.len(), &sector[510..]), (512, &[0x55, 0xaa][..]));
        assert_eq!(sector[0x38..0x3e], [0x0f, 0x00, 0x3e, 0x7c, 0x00, 0x00]);
    }
}
