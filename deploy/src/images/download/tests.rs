use super::*;
use crate::images::catalog::{Catalog, Entry};
use crate::images::pull::pull;
use crate::images::store::{Store, Verified};
use crate::images::test_server::{Answer, Server};
use crate::images::test_tools::{TestStore, files, qcow2_header, silent, store};
use std::io::Write;
use std::path::PathBuf;

/// A project whose catalog has one image with an address.
struct Project {
    store: TestStore,
    server: Server,
}

impl Project {
    fn new(answer: Answer, more: &str) -> Project {
        let (store, server) = (store(), Server::new(answer));
        let text = format!("[images.debian]\nurl = '{}'\n{more}\n", server.url("debian.qcow2"));
        fs::write(store.folder.parent().unwrap().join(crate::images::PROJECT_CATALOG), text).unwrap();
        Project { store, server }
    }

    fn entry(&self) -> (Catalog, Entry) {
        let store = Store { folder: self.store.folder.clone() };
        let catalog = Catalog::load(store, self.store.folder.parent().unwrap()).unwrap();
        let entry = catalog.find("debian").unwrap().clone();
        (catalog, entry)
    }

    fn pull(&self) -> Result<PathBuf, Problem> {
        let (catalog, entry) = self.entry();
        pull(&catalog, &entry, &mut silent).map(Option::unwrap)
    }

    /// What went wrong, as it is told.
    fn problem(&self) -> String {
        let Problem { message, help } = self.pull().unwrap_err();
        let text = format!("{message}\nhelp: {}", help.unwrap_or_default());
        text.replace(&self.server.url(""), "http://SERVER/")
            .replace(self.store.folder.parent().unwrap().to_str().unwrap(), "PROJECT")
    }
}

fn image() -> Vec<u8> {
    let mut bytes = qcow2_header(1 << 30);
    bytes.extend((0..300_000_u32).map(|number| (number % 251) as u8));
    bytes
}

fn answer() -> Answer {
    Answer { body: image(), etag: Some("\"one\""), ..Answer::default() }
}

fn checksum() -> String {
    let mut hasher = crate::images::checksum::Hasher::new(crate::images::Algorithm::Sha512);
    hasher.update(&image());
    format!("checksum = '{}'", hasher.finish())
}

#[test]
fn a_cut_transfer_goes_on() {
    let project = Project::new(Answer { cut_after: Some(100_000), ..answer() }, &checksum());
    assert_eq!(fs::read(project.pull().unwrap()).unwrap(), image());
    assert_eq!(project.server.ranges(), ["", "bytes=100000-", "bytes=200000-", "bytes=300000-"]);
    let (catalog, entry) = project.entry();
    assert_eq!(catalog.store.verified(&entry), Verified::Yes);
    project.pull().unwrap();
    assert!(project.server.ranges().is_empty(), "it is here already");
}

#[test]
fn a_cut_run_goes_on() {
    let project = Project::new(Answer { cut_after: Some(0), ..answer() }, &checksum());
    insta::assert_snapshot!("cut", project.problem());
    let part = project.store.folder.join(files(&project.store).lines().find(|name| name.ends_with(".part")).unwrap());
    // As a run leaves it that was killed.
    fs::write(&part, &image()[..200_000]).unwrap();
    project.server.ranges();
    project.server.answer(answer());
    assert_eq!(fs::read(project.pull().unwrap()).unwrap(), image());
    assert_eq!(project.server.ranges(), ["bytes=200000-"]);
    assert!(!files(&project.store).contains("part"));
}

#[test]
fn a_run_that_was_killed_at_the_end_is_completed() {
    let project = Project::new(Answer { cut_after: Some(0), ..answer() }, &checksum());
    project.pull().unwrap_err();
    let part = project.store.folder.join(files(&project.store).lines().find(|name| name.ends_with(".part")).unwrap());
    fs::write(&part, image()).unwrap();
    project.server.answer(answer());
    assert_eq!(fs::read(project.pull().unwrap()).unwrap(), image());
}

#[test]
fn two_versions_are_not_mixed() {
    let project = Project::new(Answer { cut_after: Some(0), ..answer() }, "");
    project.pull().unwrap_err();
    let part = project.store.folder.join(files(&project.store).lines().find(|name| name.ends_with(".part")).unwrap());
    fs::write(&part, vec![9; 200_000]).unwrap();
    project.server.answer(Answer { etag: Some("\"two\""), ..answer() });
    assert_eq!(fs::read(project.pull().unwrap()).unwrap(), image());
}

#[test]
fn what_has_no_version_is_fetched_anew() {
    let project = Project::new(Answer { etag: Some("W/\"one\""), cut_after: Some(100_000), ..answer() }, "");
    insta::assert_snapshot!("cut_without_version", project.problem());
    project.server.ranges();
    project.server.answer(Answer { etag: None, ..answer() });
    assert_eq!(fs::read(project.pull().unwrap()).unwrap(), image());
    assert_eq!(project.server.ranges(), [""]);
}

#[test]
fn wrong_content_leaves_nothing() {
    let project = Project::new(Answer { body: vec![1; 5000], ..answer() }, &checksum());
    insta::assert_snapshot!("wrong_checksum", project.problem());
    assert_eq!(files(&project.store), "");
    let project = Project::new(answer(), "size = 5");
    insta::assert_snapshot!("wrong_size", project.problem());
    assert_eq!(files(&project.store), "");
    let project = Project::new(answer(), "format = 'raw'");
    insta::assert_snapshot!("wrong_format", project.problem());
    assert_eq!(files(&project.store), "");
    let page = Answer { body: b"<!DOCTYPE html><title>Log in</title>".to_vec(), ..answer() };
    insta::assert_snapshot!("page", Project::new(page, "").problem());
}

#[test]
fn servers_that_refuse_are_told() {
    let told = |status| Project::new(Answer { status: Some(status), ..answer() }, "").problem();
    let all = ["404 Not Found", "401 Unauthorized", "503 Service Unavailable", "418 I'm a teapot"].map(told);
    insta::assert_snapshot!("refused", all.join("\n\n"));
}

#[test]
fn packed_images_are_unpacked() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&image()).unwrap();
    let body = packer.finish().unwrap();
    let project = Project::new(Answer { body, ..answer() }, "");
    let path = project.pull().unwrap();
    assert!(path.to_str().unwrap().ends_with(".qcow2"));
    assert_eq!(fs::read(path).unwrap(), image());
    assert_eq!(files(&project.store).lines().count(), 2, "the record and the image");
}

#[test]
fn redirects_are_followed_to_an_end() {
    let (project, server) = (Project::new(answer(), ""), Server::new(answer()));
    let text = format!("[images.debian]\nurl = '{}'\n", server.url(""));
    fs::write(project.store.folder.parent().unwrap().join(crate::images::PROJECT_CATALOG), text).unwrap();
    server.answer(Answer { location: Some(server.url("")), ..answer() });
    insta::assert_snapshot!("redirects", project.problem().replace(&server.url(""), "http://OTHER/"));
    server.answer(Answer { location: Some(project.server.url("debian.qcow2")), ..answer() });
    assert_eq!(fs::read(project.pull().unwrap()).unwrap(), image());
}

#[test]
fn what_is_no_tls_and_nobody_is_told() {
    let project = Project::new(answer(), "");
    let rewrite = |url: &str| {
        let text = format!("[images.debian]\nurl = '{url}'\n");
        fs::write(project.store.folder.parent().unwrap().join(crate::images::PROJECT_CATALOG), text).unwrap();
        project.problem().replace(&url[url.len() - 10..], "SERVER")
    };
    let https = project.server.url("").replace("http:", "https:").replace("//", "//user:secret@") + "?token=secret";
    let tls = rewrite(&https);
    assert!(tls.contains("has no trustworthy connection") && !tls.contains("secret"), "{tls}");
    // Nobody listens at the port of a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = rewrite(&format!("http://user:secret@127.0.0.1:{port}/a?token=secret"));
    assert!(
        nobody.contains("cannot be reached") && nobody.contains("refused") && !nobody.contains("secret"),
        "{nobody}"
    );
}

#[test]
fn one_run_fetches_at_a_time() {
    let project = Project::new(Answer { cut_after: Some(0), ..answer() }, "");
    project.pull().unwrap_err();
    let name = fs::read_dir(project.store.pulled_folder()).unwrap().map(|entry| entry.unwrap().path());
    let path = name.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "lock")).unwrap();
    let held = File::open(path).unwrap();
    held.lock().unwrap();
    insta::assert_snapshot!("locked", project.problem());
}

#[test]
fn addresses_are_shown_without_secrets() {
    assert_eq!(shown("https://user:secret@example.org/a b?token=secret#x"), "https://example.org/a%20b?…");
    assert_eq!(shown("secret"), "an address that cannot be read");
    assert!(is_address("http://a") && !is_address("a/b://c") && !is_address("/a"));
}
