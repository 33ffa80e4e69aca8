//! From the images that a lab names to files and volumes.

use super::catalog::{Catalog, Entry, Origin};
use super::probe::{Format, probe};
use super::{Problem, is_address, shown};
use std::path::{Path, PathBuf};
use wtop_compiler::lab::Lab;
use wtop_compiler::topology::Image as Slot;
use wtop_compiler::value::Value;

/// Where libvirt keeps images unless told otherwise.
const IMAGE_FOLDER: &str = "/var/lib/libvirt/images";

/// An image that a disk can be a copy of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// Its name in the catalog, or its path.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// What it is; whoever opens it must say so.
    pub format: Format,
    /// Bytes of the disk that a guest sees; libvirt knows that of a volume.
    pub virtual_size: Option<u64>,
}

/// Where an image is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A file of this machine, by its absolute path.
    File(PathBuf),
    /// A volume of a storage pool of libvirt.
    Volume {
        /// The pool.
        pool: String,
        /// Its volume.
        volume: String,
    },
}

/// An image that a lab needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// What it may be called in a catalog, the most exact first: `vsrx@22.4R1`, `vsrx`.
    pub names: Vec<String>,
    /// Where the target keeps files of that name.
    pub folder: PathBuf,
    /// The nodes with a disk of it, in order.
    pub nodes: Vec<String>,
}

impl Need {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

/// What a slot needs: what the target binds it to, else itself.
pub fn need(lab: &Lab, slot: &Slot) -> Need {
    let bound = lab.image(slot);
    let version = slot.version.as_ref().filter(|_| bound == slot.slot);
    let names = version.map(|version| format!("{bound}@{version}")).into_iter().chain([bound.to_owned()]).collect();
    let folder = match lab.target.and_then(|target| target.attributes.get("image_folder")) {
        Some(Value::String(folder)) => PathBuf::from(folder.to_string()),
        _ => PathBuf::from(IMAGE_FOLDER),
    };
    Need { names, folder, nodes: Vec::new() }
}

/// All images that a lab needs, in the order of its nodes.
pub fn needs(lab: &Lab) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for machine in &lab.machines {
        for slot in machine.machine.disks.iter().filter_map(|disk| disk.image.as_ref()) {
            let new = need(lab, slot);
            let known = needs.iter().position(|known| known.names == new.names);
            let node = machine.node.path.clone();
            match known.and_then(|known| needs.get_mut(known)) {
                Some(known) if known.nodes.contains(&node) => {}
                Some(known) => known.nodes.push(node),
                None => needs.push(Need { nodes: vec![node], ..new }),
            }
        }
    }
    needs
}

/// Finds an image: in the catalogs, else as a file by its path, or by its name in the folder of the target.
///
/// # Errors
/// It is not there, or is not what the catalog says. The help is the command that mends it.
pub fn resolve(catalog: &Catalog, need: &Need) -> Result<Image, Problem> {
    if let Some(entry) = need.names.iter().find_map(|name| catalog.entries.get(name)) {
        return of_entry(catalog, entry);
    }
    let name = need.name();
    if is_address(name) {
        let message = format!("the image `{}` is an address, and machines start from files", shown(name));
        return Err(Problem::new(message).help(format!(
            "`wtop image add '{}' --name NAME` fetches it; write that name into the target's `images`",
            shown(name)
        )));
    }
    let path = need.folder.join(name);
    if path.is_absolute() && path.exists() {
        return of_file(name, &path, None);
    }
    let node = need.nodes.first().map(|node| format!(", which `{node}` needs")).unwrap_or_default();
    let problem = Problem::new(format!("there is no image `{name}`{node}"));
    if Path::new(name).is_absolute() {
        return Err(problem.help("put the file there, or mend the path in the target's `images`"));
    }
    Err(problem.help(format!("`wtop image add FILE-OR-URL --name {name}` adds it")))
}

fn of_entry(catalog: &Catalog, entry: &Entry) -> Result<Image, Problem> {
    let name = &entry.name;
    if let (Origin::Volume { pool, volume }, Some(format)) = (&entry.origin, entry.format) {
        let place = Place::Volume { pool: pool.clone(), volume: volume.clone() };
        return Ok(Image { name: name.clone(), place, format, virtual_size: None });
    }
    let Some(path) = catalog.store.file(entry) else {
        let message = format!("the image `{name}` is not here yet");
        return Err(Problem::new(message).help(format!("`wtop image pull {name}` fetches it")));
    };
    if !path.exists() {
        let message = format!("`{}` has the image `{name}`, but `{}` is gone", entry.catalog.display(), path.display());
        let source = entry.source.as_deref().unwrap_or("FILE-OR-URL");
        return Err(Problem::new(message).help(format!(
            "put it back, or do `wtop image remove {name}` and `wtop image add '{source}' --name {name}`"
        )));
    }
    // What was fetched may have been converted since.
    let format = entry.format.filter(|_| matches!(entry.origin, Origin::File(_)));
    of_file(name, &path, format)
}

fn of_file(name: &str, path: &Path, wanted: Option<Format>) -> Result<Image, Problem> {
    let path = std::path::absolute(path).map_err(|error| Problem::io("find", path, &error))?;
    let found = probe(&path)?;
    if let Some(wanted) = wanted.filter(|wanted| *wanted != found.format) {
        let message = format!("the image `{name}` is {} by its content, and its catalog says {wanted}", found.format);
        return Err(Problem::new(message).help(
            "if nobody wrote into it, mend `format` in the catalog; if a guest did, add the image anew: what a guest wrote \
             there may lead QEMU to other files",
        ));
    }
    Ok(Image {
        name: name.to_owned(),
        place: Place::File(path),
        format: found.format,
        virtual_size: Some(found.virtual_size),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::test_tools::{qcow2_header, store};
    use std::fs;
    use wtop_compiler::lab::{TargetKind, lower};
    use wtop_compiler::source::MemoryFileSystem;
    use wtop_compiler::{CompileOptions, compile};

    /// What the lab needs, and what is found for that.
    fn told(catalog: &Catalog, program: &str) -> String {
        let files = MemoryFileSystem::new([("/lab/lab.wtop", program)]);
        let options = CompileOptions { file: "/lab/lab.wtop".into(), ..CompileOptions::default() };
        let topology = compile(&files, &options).topology.unwrap();
        let (lab, _) = lower(&topology, topology.targets.first(), TargetKind::Kvm);
        let line = |need: Need| {
            let found = match resolve(catalog, &need) {
                Ok(Image { name, place, format, virtual_size }) => {
                    format!("{name}: {place:?}, {format}, {virtual_size:?}")
                }
                Err(Problem { message, help }) => format!("{message}\n  help: {}", help.unwrap_or_default()),
            };
            format!("{} for {}\n  {found}\n", need.names.join(" or "), need.nodes.join(", "))
        };
        let text: String = needs(&lab).into_iter().map(line).collect();
        text.replace(catalog.store.folder.to_str().unwrap(), "STORE")
    }

    #[test]
    fn from_slots_to_files() {
        let store = store();
        fs::write(store.folder.join("a.raw"), qcow2_header(1 << 30)).unwrap();
        let text = "[images]\ndebian.file = 'a.raw'\n\"vsrx@22.4R1\" = { volume = 'pool/vsrx', format = 'qcow2' }\n\
                    veos.url = 'https://user:secret@example.org/veos?token=x'\nfedora = { file = 'gone', source = 'f.qcow2' }\n\
                    vyos = { file = 'a.raw', format = 'raw' }\n";
        fs::write(store.catalog(), text).unwrap();
        let catalog = Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        let program = "topology t\nnode a[1..2]: debian\nnode v: vsrx { version = \"22.4R1\" }\nnode e: veos\n\
                       node f: fedora\nnode y: vyos\nnode u: ubuntu\n";
        insta::assert_snapshot!(told(&catalog, program));
    }

    #[test]
    fn what_a_target_binds() {
        let store = store();
        fs::write(store.folder.join("b.img"), qcow2_header(1 << 30)).unwrap();
        let catalog = Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        let program = format!(
            "topology t\nnode a: debian\nnode b: ubuntu\nnode c: alpine\nnode d: fedora\ntarget k: kvm {{\n  \
             image_folder = \"{}\"\n  images {{ debian = \"b.img\", ubuntu = \"/nowhere/u\", \
             alpine = \"https://u:secret@example.org/a?token=x\", fedora = \"mine\" }}\n}}\n",
            store.folder.display()
        );
        insta::assert_snapshot!(told(&catalog, &program));
    }
}
