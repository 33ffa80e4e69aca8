//! Which hypervisor, and why that one.

use crate::perform::ours;
use crate::problem::{Problem, refused};
use crate::sources::Reach;
use virt::connect::Connect;

/// The machine's own libvirt.
pub const SYSTEM: &str = "qemu:///system";
/// The user's own libvirt.
pub const SESSION: &str = "qemu:///session";
/// Libvirt's mock hypervisor, which lives in our process and forgets everything with it.
pub const EMBEDDED: &str = "test:///default";

/// A connection, and where it leads.
pub struct Hypervisor {
    /// The connection; it may be used by several threads.
    pub connection: Connect,
    /// Its URI.
    pub uri: String,
    /// A sentence: which one it is, and why.
    pub why: String,
}

impl Hypervisor {
    /// Is it on this machine?
    pub fn is_local(&self) -> bool {
        self.uri.contains(":///")
    }

    /// The document of a machine of ours as it runs; none where it does not.
    ///
    /// # Errors
    /// Libvirt does not answer, or the machine is somebody else's.
    pub fn live_document(&self, name: &str) -> Result<Option<String>, Problem> {
        match ours(self, name)? {
            Some(domain) if domain.is_active().unwrap_or(false) => {
                domain.xml_desc(0).map(Some).map_err(|error| refused(&format!("read `{name}`"), &error))
            }
            _ => Ok(None),
        }
    }

    /// Who opens the images of its machines.
    pub fn reach(&self) -> Reach {
        match () {
            () if self.is_embedded() => Reach::Nobody,
            () if !self.is_local() => Reach::Remote,
            () if self.uri.ends_with("/session") => Reach::Own,
            () => Reach::System,
        }
    }

    /// The flags that ask for a network as it is defined: the mock knows none, and has no other form.
    pub(crate) fn network_flags(&self) -> u32 {
        if self.is_embedded() { 0 } else { virt::sys::VIR_NETWORK_XML_INACTIVE }
    }

    /// Is it libvirt's mock?
    pub fn is_embedded(&self) -> bool {
        self.uri.starts_with("test:")
    }
}

/// Connects to what was asked for, else to the first that answers: system, session, embedded.
///
/// # Errors
/// What was asked for does not answer.
pub fn connect(asked: Option<&str>) -> Result<Hypervisor, Problem> {
    // Libvirt would write each error to standard error too.
    virt::error::clear_error_callback();
    if let Some(uri) = asked {
        let connection = Connect::open(Some(uri))
            .map_err(|error| refused(&format!("open `{uri}`"), &error).help("`wtop doctor` says what is missing"))?;
        return Ok(Hypervisor { connection, uri: uri.to_owned(), why: format!("{uri}, as asked for") });
    }
    let mut reasons = Vec::new();
    for uri in [SYSTEM, SESSION, EMBEDDED] {
        match Connect::open(Some(uri)) {
            Ok(connection) => {
                let why = match uri {
                    SYSTEM => format!("{SYSTEM}, the libvirt of this machine"),
                    SESSION => format!("{SESSION}, the libvirt of this user: {SYSTEM} does not answer"),
                    _ => format!("{EMBEDDED}, where nothing really runs: neither {SYSTEM} nor {SESSION} answers"),
                };
                return Ok(Hypervisor { connection, uri: uri.to_owned(), why });
            }
            Err(error) => reasons.push(refused(&format!("open `{uri}`"), &error).message),
        }
    }
    Err(Problem::new(reasons.join("; ")).help("`wtop doctor` says what is missing"))
}
