//! `wtop image`, with a store in the folder of the test and a server on the loopback interface.

use crate::folder::{Folder, told};
use crate::server::{Answer, Server};
use insta::assert_snapshot;

const LAB: &str = "topology lab\nnode h[1..4]: debian\nnode fw: vsrx { version = \"22.4R1\" }\nlink h[1] <-> fw\n";

/// A folder with the project `lab`, and the store `data` beside it.
struct Place(Folder);

impl Place {
    fn new(files: &[(&str, &str)]) -> Place {
        let place = Place(Folder::with(files));
        place.0.write("lab/wtop.toml", "");
        place.0.write("disk.img", qcow2());
        place
    }

    /// What comes of `wtop image` in the project.
    fn run(&self, arguments: &str) -> String {
        let folder = self.0.path("");
        let folder = folder.to_str().unwrap().trim_end_matches('/');
        let mut command = self.0.command(&format!("image {arguments}"));
        command.current_dir(self.0.path("lab")).env("XDG_DATA_HOME", self.0.path("data"));
        told(&command.output().unwrap()).replace(folder, "FOLDER")
    }
}

/// A qcow2 of 1 GiB that nothing was written into.
fn qcow2() -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    bytes[..8].copy_from_slice(b"QFI\xfb\0\0\0\x03");
    bytes[24..32].copy_from_slice(&(1_u64 << 30).to_be_bytes());
    bytes
}

#[test]
fn from_a_file_to_nothing() {
    let place = Place::new(&[]);
    let steps = [
        "list",
        "add ../disk.img --name debian",
        "add ../disk.img --name debian",
        "add ../disk.img",
        "list",
        "verify",
        "list --json",
        "remove disk",
        "remove debian",
        "remove debian",
    ];
    let told: Vec<String> = steps.iter().map(|step| format!("$ wtop image {step}\n{}", place.run(step))).collect();
    assert_snapshot!(told.join("\n"));
}

#[test]
fn what_a_lab_needs() {
    let place = Place::new(&[("lab/lab.wtop", LAB)]);
    assert_snapshot!("needs_before", place.run("list --lab lab.wtop"));
    place.run("add ../disk.img --name debian");
    place.0.write("lab/wtop-images.toml", "[images.\"vsrx@22.4R1\"]\nvolume = 'default/vsrx'\nformat = 'qcow2'\n");
    assert_snapshot!("needs_after", place.run("list --lab lab.wtop"));
    assert!(place.run("list --lab lab.wtop --json").contains("\"found\": \"default/vsrx\""));
    place.0.write("lab/lab.wtop", "topology lab\nnode h: debain\n");
    assert!(place.run("list --lab lab.wtop").ends_with("--- exit 1\n"));
}

#[test]
fn fetching() {
    let place = Place::new(&[("lab/lab.wtop", LAB)]);
    let server = Server::new(Answer { body: qcow2(), etag: Some("\"one\""), cut_after: Some(0), ..Answer::default() });
    let url = server.url("disk.img").replace("//", "//user:secret@");
    place.0.write("lab/wtop-images.toml", format!("[images.debian]\nurl = '{url}?token=secret'\n"));
    let run = |arguments: &str| {
        // The name of the file is made of the address, whose port is another each time.
        let told = place.run(arguments).replace(&server.url(""), "http://SERVER/");
        let is_name = |word: &str| word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        told.split_inclusive(['/', '.'])
            .map(|word| if is_name(&word[..word.len() - 1]) { "KEY." } else { word })
            .collect()
    };
    let cut: String = run("pull debian");
    server.answer(Answer { body: qcow2(), etag: Some("\"one\""), ..Answer::default() });
    let steps = [cut, run("pull --lab lab.wtop"), run("pull debian"), run("list"), run("remove debian")];
    assert_snapshot!(steps.join("\n"));
    assert!(!steps.join("").contains("secret"));
    assert_eq!(server.ranges(), ["", ""], "what is here is not asked for");
}

#[test]
fn mistakes() {
    let place = Place::new(&[]);
    place.0.write("page.qcow2", "<!DOCTYPE html>");
    let wrong = [
        "add ../none",
        "add ../page.qcow2",
        "add ftp://example.org/a --name a",
        "add ../disk.img --checksum 12",
        "verify none",
        "convert none --to raw",
        "convert none --to iso",
    ];
    let mut told: Vec<String> = wrong.iter().map(|step| format!("$ wtop image {step}\n{}", place.run(step))).collect();
    place.0.write("lab/wtop-images.toml", "[images.a]\nfile = 'a'\nchecksum = 'md5:12'\n");
    told.push(place.run("list"));
    assert_snapshot!(told.join("\n"));
}

#[test]
fn without_qemu_img() {
    let place = Place::new(&[]);
    place.run("add ../disk.img --name debian");
    let mut command = place.0.command("image convert debian --to raw");
    command.env("XDG_DATA_HOME", place.0.path("data")).env("PATH", "");
    assert_snapshot!(told(&command.output().unwrap()));
    assert!(place.run("list").contains("debian.qcow2"));
}
