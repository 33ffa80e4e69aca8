//! `wtop fetch`, with real repositories in a folder of the test.

use crate::folder::{Folder, told};
use insta::assert_snapshot;
use std::process::Command;

const LAB: &str = "topology lab\nuse site.juniper.mx\nnode a: mx\nnode b: debian\nlink a <-> b\n";
const DEVICE: &str = "pub device mx extends debian { notes = file(\"../notes.txt\") }\n";

/// A folder with the project `lab`, repositories beside it, and the cache `cache`.
struct Place(Folder);

impl Place {
    fn new(manifest: &str) -> Place {
        let place = Place(Folder::with(&[("lab/lab.wtop", LAB)]));
        place.manifest(manifest);
        place
    }

    /// Writes the project's `wtop.toml`; `FOLDER` in it is where the repositories are.
    fn manifest(&self, text: &str) {
        self.0.write("lab/wtop.toml", self.with_folder(text));
    }

    fn with_folder(&self, text: &str) -> String {
        text.replace("FOLDER", self.0.path("").to_str().unwrap().trim_end_matches('/'))
    }

    fn git(&self, repository: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"]);
        command.args(["-c", "tag.gpgsign=false"]).arg("-C").arg(self.0.path(repository)).args(arguments);
        for date in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            command.env(date, "2026-01-01T00:00:00Z");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", told(&output));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Commits these files to a repository, which is made if there is none, and gives the commit.
    fn commit(&self, repository: &str, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            self.0.write(&format!("{repository}/{path}"), self.with_folder(text));
        }
        if !self.0.path(repository).join(".git").exists() {
            self.git(repository, &["init", "--quiet", "--initial-branch=main"]);
        }
        self.git(repository, &["add", "--all"]);
        self.git(repository, &["commit", "--quiet", "--message=A change"]);
        self.git(repository, &["rev-parse", "HEAD"])
    }

    fn run(&self, arguments: &str) -> String {
        let mut command = self.0.command(arguments);
        command.current_dir(self.0.path("lab")).env("XDG_CACHE_HOME", self.0.path("cache"));
        // Repositories of the machine's own do not lead git astray.
        command.env("GIT_DIR", "/nowhere").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("LC_ALL", "C");
        let told = told(&command.output().unwrap());
        told.replace(self.0.path("").to_str().unwrap().trim_end_matches('/'), "FOLDER")
    }
}

const MANIFEST: &str = "[packages]\nsite = { git = \"file://FOLDER/site\", rev = \"v1\" }\n";

/// A project with the package `site`, of which `v1` is the given commit.
fn with_package() -> (Place, String) {
    let place = Place::new(MANIFEST);
    let commit = place.commit("site", &[("juniper/mx.wtop", DEVICE), ("notes.txt", "remember")]);
    place.git("site", &["tag", "--annotate", "--message=First", "v1"]);
    (place, commit)
}

#[test]
fn a_package_is_fetched_once() {
    let (place, commit) = with_package();
    assert_snapshot!("not_fetched", place.run("check lab.wtop"));
    assert!(!place.0.path("cache").exists());
    let fetched = place.run("fetch").replace(&commit, "COMMIT");
    assert_snapshot!(fetched, @r"
    --- standard error
    fetched `v1` of `file://FOLDER/site`: commit COMMIT
    `wtop.lock` is written
    --- exit 0
    ");
    let lock = place.0.read("lab/wtop.lock");
    assert!(lock.contains(&format!("commit = \"{commit}\"")) && lock.contains("sha256 = \""), "{lock}");
    assert_snapshot!(place.run("check lab.wtop"), @r"
    no errors, no warnings
    --- exit 0
    ");
    // From another folder, and with nothing left to do: the repository may be gone.
    std::fs::remove_dir_all(place.0.path("site")).unwrap();
    assert_snapshot!(place.run("fetch lab.wtop --locked"), @r"
    --- standard error
    `wtop.lock` is up to date
    --- exit 0
    ");
    assert!(place.run("build lab.wtop --target json -o -").contains("\"<site>/juniper/mx.wtop\""));
    assert_eq!(place.run("check --format json ../lab").matches("\"errors\": 0").count(), 1);
    // Nothing but the files of the commit is in the cache.
    let cached: Vec<String> =
        place.0.list().lines().filter_map(|file| file.strip_prefix("cache/").map(str::to_owned)).collect();
    assert_eq!(
        cached,
        [format!("wtop/packages/{commit}/juniper/mx.wtop"), format!("wtop/packages/{commit}/notes.txt")]
    );
}

#[test]
fn a_tag_that_moves_changes_nothing() {
    let (place, first) = with_package();
    place.run("fetch");
    let second = place.commit("site", &[("notes.txt", "forget")]);
    place.git("site", &["tag", "--force", "v1"]);
    // On another machine, the lock still says which commit is meant.
    std::fs::remove_dir_all(place.0.path("cache")).unwrap();
    assert_snapshot!("cache_is_gone", place.run("check lab.wtop").replace(&first, "COMMIT"));
    assert!(place.run("fetch --locked").contains(&format!("commit {first}\n")));
    assert!(place.0.read("lab/wtop.lock").contains(&first));
    assert!(place.run("fetch --update").contains(&format!("commit {second}\n")));
    assert!(place.0.read("lab/wtop.lock").contains(&second));
}

#[test]
fn revisions_are_tags_branches_and_commits() {
    let (place, commit) = with_package();
    for revision in ["v1", "main", &commit] {
        place.manifest(&MANIFEST.replace("\"v1\"", &format!("\"{revision}\"")));
        let told = place.run("fetch");
        assert!(told.contains(&commit) && told.ends_with("--- exit 0\n"), "{revision}: {told}");
        // What is no longer asked for is forgotten.
        assert_eq!(place.0.read("lab/wtop.lock").matches("[[package]]").count(), 1);
    }
}

#[test]
fn changed_files_are_noticed() {
    let (place, commit) = with_package();
    place.run("fetch");
    let notes = format!("cache/wtop/packages/{commit}/notes.txt");
    place.0.write(&notes, "hacked");
    assert_snapshot!("changed", place.run("check lab.wtop"));
    assert!(place.run("fetch").contains("fetched `v1`"));
    assert_eq!(place.0.read(&notes), "remember");
    assert!(place.run("check lab.wtop").ends_with("--- exit 0\n"));
    // A lock that says something else is not believed, and not overwritten either.
    let lock = place.0.read("lab/wtop.lock");
    let (before, hash) = lock.split_once("sha256 = \"").unwrap();
    let wrong = format!("{before}sha256 = \"{}\"\n", "0".repeat(64));
    assert_ne!(&hash[..64], "0".repeat(64));
    place.0.write("lab/wtop.lock", &wrong);
    assert!(place.run("check lab.wtop").contains("E0914"));
    assert_snapshot!("lock_is_wrong", place.run("fetch").replace(&commit, "COMMIT"));
    assert_eq!(place.0.read("lab/wtop.lock"), wrong);
}

#[test]
fn nothing_new_where_it_is_forbidden() {
    let (place, _) = with_package();
    assert_snapshot!(place.run("fetch --locked"), @r"
    --- standard error
    error: `wtop.lock` is out of date: it does not say what `v1` of `file://FOLDER/site` is
    help: `wtop fetch` without `--locked` writes it
    --- exit 1
    ");
    assert!(!place.0.path("lab/wtop.lock").exists() && !place.0.path("cache").exists());
    place.run("fetch");
    place.manifest("");
    assert!(place.run("fetch --locked").contains("it names packages that are no longer used"));
    assert!(place.run("fetch --locked --update").ends_with("--- exit 2\n"));
}

#[test]
fn packages_of_packages() {
    let (place, _) = with_package();
    place.commit("base", &[("chassis.wtop", "pub device chassis extends debian { memory = 3GiB }\n")]);
    let device = "use base.chassis.chassis\npub device mx extends chassis { cpu = 3 }\n";
    let own = "[packages]\nbase = { git = \"file://FOLDER/base\", rev = \"main\" }\n";
    place.commit("site", &[("juniper/mx.wtop", device), ("wtop.toml", own)]);
    place.git("site", &["tag", "v2"]);
    place.manifest(&MANIFEST.replace("v1", "v2"));
    let told = place.run("fetch");
    assert!(told.contains("fetched `v2`") && told.contains("fetched `main` of `file://FOLDER/base`"), "{told}");
    assert!(place.run("check lab.wtop").ends_with("--- exit 0\n"));
    assert_eq!(place.0.read("lab/wtop.lock").matches("[[package]]").count(), 2);
}

#[test]
fn local_packages_need_no_fetching() {
    let place = Place::new("[packages]\nsite = { path = \"../site\" }\n");
    place.0.write("site/juniper/mx.wtop", DEVICE);
    place.0.write("site/notes.txt", "remember");
    assert!(place.run("check lab.wtop --format github").contains("it lies outside the repository of the project"));
    place.git("", &["init", "--quiet"]);
    assert!(place.run("check lab.wtop").ends_with("--- exit 0\n"));
    assert_snapshot!(place.run("fetch"), @r"
    --- standard error
    `wtop.lock` is up to date
    --- exit 0
    ");
    assert!(!place.0.path("lab/wtop.lock").exists());
}

#[cfg(unix)]
#[test]
fn links_out_of_a_package_are_refused() {
    use std::os::unix::fs::symlink;
    let (place, _) = with_package();
    place.0.write("secret", "my secret");
    let device = "pub device mx extends debian { notes = file(\"inside\") }\n";
    place.0.write("site/juniper/mx.wtop", device);
    symlink("../notes.txt", place.0.path("site/juniper/inside")).unwrap();
    place.commit("site", &[]);
    place.git("site", &["tag", "inside"]);
    place.manifest(&MANIFEST.replace("v1", "inside"));
    assert!(place.run("fetch").ends_with("--- exit 0\n"));
    assert!(place.run("build lab.wtop --target json -o -").contains("remember"));
    for (revision, leads) in [("up", "../../secret"), ("away", "/etc/passwd"), ("folder", "juniper")] {
        let link = place.0.path("site/link");
        let _ = std::fs::remove_file(&link);
        symlink(leads, &link).unwrap();
        place.commit("site", &[]);
        place.git("site", &["tag", revision]);
        place.manifest(&MANIFEST.replace("v1", revision));
        let told = place.run("fetch");
        assert!(told.contains(&format!("is refused: its link `link` leads to `{leads}`")), "{told}");
        assert!(told.ends_with("--- exit 3\n"), "{told}");
    }
}

/// What a repository brings along runs nowhere, and its submodules are left alone.
#[cfg(unix)]
#[test]
fn nothing_of_a_repository_runs() {
    let (place, _) = with_package();
    place.commit("other", &[("a.wtop", "")]);
    place.git("site", &["-c", "protocol.file.allow=always", "submodule", "add", "--quiet", "../other", "sub"]);
    place.commit("site", &[(".gitattributes", "* text eol=crlf ident filter=evil\n"), ("id.wtop", "// $Id$\n")]);
    place.git("site", &["tag", "v2"]);
    let evil = place.0.path("evil");
    place.0.write("gitconfig", format!("[filter \"evil\"]\n\tsmudge = touch {}\n\trequired\n", evil.display()));
    place.0.write("template/hooks/post-checkout", format!("#!/bin/sh\ntouch {}\n", evil.display()));
    place.manifest(&MANIFEST.replace("v1", "v2"));
    let mut command = place.0.command("fetch lab");
    command.env("XDG_CACHE_HOME", place.0.path("cache")).env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GIT_CONFIG_GLOBAL", place.0.path("gitconfig")).env("GIT_TEMPLATE_DIR", place.0.path("template"));
    let told = told(&command.output().unwrap());
    assert!(told.ends_with("--- exit 0\n"), "{told}");
    assert!(!evil.exists());
    let listed = place.0.list();
    let cached: Vec<&str> = listed.lines().filter(|file| file.starts_with("cache/")).collect();
    assert!(cached.iter().any(|file| file.ends_with("/id.wtop")) && !cached.iter().any(|file| file.contains("/sub/")));
    let id = cached.iter().find(|file| file.ends_with("/id.wtop")).unwrap();
    assert_eq!(place.0.read(id), "// $Id$\n");
}

/// By ssh, which a script stands for that runs here what it should run there.
#[cfg(unix)]
#[test]
fn a_package_from_elsewhere_reads_no_repository_here() {
    use std::os::unix::fs::PermissionsExt;
    let (place, _) = with_package();
    place.0.write("ssh", "#!/bin/sh\nfor last; do :; done\neval \"$last\"\n");
    std::fs::set_permissions(place.0.path("ssh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let fetch = || {
        let mut command = place.0.command("fetch lab");
        command.env("XDG_CACHE_HOME", place.0.path("cache"));
        command.env("GIT_SSH_COMMAND", place.0.path("ssh")).env("GIT_SSH_VARIANT", "simple");
        told(&command.output().unwrap())
    };
    place.manifest(&MANIFEST.replace("file://", "ssh://git@git.example"));
    let fetched = fetch();
    assert!(fetched.contains("fetched `v1` of `ssh://git@git.example/"), "{fetched}");
    place.commit("secret", &[("a.wtop", "pub let x = 1\n")]);
    let own = "packages.secret = { git = \"file://FOLDER/secret\", rev = \"main\" }\n";
    place.commit("site", &[("wtop.toml", own)]);
    place.git("site", &["tag", "v2"]);
    place.manifest(&MANIFEST.replace("file://", "ssh://git@git.example").replace("v1", "v2"));
    let refused = fetch();
    assert!(refused.contains("a package that comes from elsewhere may not read it"), "{refused}");
    assert!(refused.ends_with("--- exit 3\n"), "{refused}");
}

#[test]
fn what_cannot_be_fetched() {
    let (place, _) = with_package();
    let told = |manifest: &str| {
        place.manifest(manifest);
        place.run("fetch")
    };
    let gone = told(&MANIFEST.replace("v1", "v9"));
    assert!(gone.contains("error: cannot fetch `v9` of `file://FOLDER/site`\nhelp: git said: "), "{gone}");
    assert!(gone.ends_with("--- exit 3\n"), "{gone}");
    assert!(told(&MANIFEST.replace("FOLDER/site", "FOLDER/none")).ends_with("--- exit 3\n"));
    assert_snapshot!(
        "manifest_is_wrong",
        told("[packages]\nsite = { git = \"git@git.example:site\", rev = \"-v\" }\n")
    );
    assert!(!place.0.path("cache").exists() && !place.0.path("lab/wtop.lock").exists());

    let empty = Folder::with(&[("lab.wtop", "topology t\n")]);
    let here = empty.run("fetch");
    assert!(
        here.contains("error: there is no `wtop.toml` in `.` or above") && here.ends_with("--- exit 3\n"),
        "{here}"
    );
    assert!(empty.run("fetch gone").contains("cannot find `gone`"));
}

#[test]
fn a_broken_lock_is_written_anew() {
    let (place, _) = with_package();
    place.0.write("lab/wtop.lock", "<<<<<<< HEAD\n");
    assert_snapshot!("broken_lock", place.run("check lab.wtop"));
    assert!(place.run("fetch").ends_with("`wtop.lock` is written\n--- exit 0\n"));
    assert!(place.run("check lab.wtop").ends_with("--- exit 0\n"));
}
