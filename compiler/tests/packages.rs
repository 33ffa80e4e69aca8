//! Packages, as the compiler finds them: local ones, fetched ones, and those of packages.

use std::path::Path;
use wtop_compiler::diagnostics::render::{TextOptions, text};
use wtop_compiler::packages::{LockedPackage, PackageLock, content_hash};
use wtop_compiler::source::{FileSystem, MemoryFileSystem};
use wtop_compiler::{Compilation, CompileOptions, compile};

/// Two commits, as git names them.
const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";

const LAB: &str = "topology t\nuse site.juniper.mx\nnode a: mx\nnode b: debian\nlink a <-> b\n";
const DEVICE: &str = "pub device mx extends debian { cpu = 3 }\n";

/// A repository `/repo` with the project `/repo/lab`.
fn project(files: &[(&str, &str)]) -> MemoryFileSystem {
    MemoryFileSystem::new(files.iter().copied())
}

/// Puts a fetched package into the cache, as the lock has it.
fn fetched(fs: &mut MemoryFileSystem, rev: &str, commit: &str, files: &[(&str, &str)]) -> LockedPackage {
    let folder = Path::new("/cache").join(commit);
    for (path, text) in files {
        fs.insert(folder.join(path), *text);
    }
    let sha256 = content_hash(fs, &folder, &fs.list(&folder, &folder).unwrap()).unwrap();
    let git = "https://git.example/site.git".to_owned();
    LockedPackage { git, rev: rev.to_owned(), commit: commit.to_owned(), sha256 }
}

fn manifest(rev: &str) -> String {
    format!("[packages]\nsite = {{ git = \"https://git.example/site.git\", rev = \"{rev}\" }}\n")
}

fn compiled(fs: &MemoryFileSystem) -> Compilation {
    let options = CompileOptions {
        file: "/repo/lab/lab.wtop".into(),
        project: Some("/repo/lab".into()),
        repository: Some("/repo".into()),
        package_cache: Some("/cache".into()),
        ..CompileOptions::default()
    };
    compile(fs, &options)
}

fn said(fs: &MemoryFileSystem) -> String {
    let compilation = compiled(fs);
    text(&compilation.diagnostics, &compilation.sources, &TextOptions::default())
}

/// What each file is called that was read, in order.
fn names(compilation: &Compilation) -> Vec<&str> {
    compilation.sources.iter().map(|(_, file)| file.name.as_str()).collect()
}

#[test]
fn a_local_package() {
    let fs = project(&[
        ("/repo/lab/wtop.toml", "[packages]\nsite = { path = \"../devices\" }\n"),
        ("/repo/lab/lab.wtop", LAB),
        ("/repo/devices/juniper/mx.wtop", DEVICE),
    ]);
    let compilation = compiled(&fs);
    assert_eq!(compilation.diagnostics, []);
    let found = names(&compilation);
    assert_eq!(found, ["/repo/lab/lab.wtop", "wtop.toml", "<site>/juniper/mx.wtop", "<std>/linux.wtop"]);
    let node = &compilation.topology.unwrap().nodes[0];
    assert_eq!((node.name.as_str(), node.device.as_str()), ("a", "mx"));
}

#[test]
fn a_fetched_package() {
    let mut fs = project(&[("/repo/lab/wtop.toml", &manifest("v1")), ("/repo/lab/lab.wtop", LAB)]);
    let locked = fetched(&mut fs, "v1", ONE, &[("juniper/mx.wtop", DEVICE), ("LICENSE", "free")]);
    insta::assert_snapshot!("not_fetched", said(&fs));
    fs.insert("/repo/lab/wtop.lock", PackageLock::new([locked.clone()]).text());
    assert_eq!(said(&fs), "");
    let changed = |path: &str, text: &str| {
        let mut fs = fs.clone();
        fs.insert(format!("/cache/{ONE}/{path}"), text);
        said(&fs)
    };
    insta::assert_snapshot!("changed", changed("juniper/mx.wtop", "pub device mx extends debian { cpu = 4 }\n"));
    assert_eq!(changed("LICENSE", "mine"), changed("new.wtop", ""));
    // Another revision is another package.
    fs.insert("/repo/lab/wtop.toml", manifest("v2"));
    insta::assert_snapshot!("another_revision", said(&fs));
    // The lock is here, and the cache is that of another machine.
    let other = PackageLock::new([LockedPackage { rev: "v2".to_owned(), commit: TWO.to_owned(), ..locked }]);
    fs.insert("/repo/lab/wtop.lock", other.text());
    insta::assert_snapshot!("not_on_this_machine", said(&fs));
}

#[test]
fn packages_read_their_own_files() {
    let device =
        "pub device mx extends debian {\n  notes = file(\"../notes.txt\")\n  config = template(\"mx.j2\")\n}\n";
    let mut fs = project(&[("/repo/lab/wtop.toml", &manifest("v1")), ("/repo/lab/lab.wtop", LAB)]);
    let files = [("juniper/mx.wtop", device), ("juniper/mx.j2", "I am {{ node.name }}"), ("notes.txt", "remember")];
    let locked = fetched(&mut fs, "v1", ONE, &files);
    fs.insert("/repo/lab/wtop.lock", PackageLock::new([locked]).text());
    let compilation = compiled(&fs);
    assert_eq!(compilation.diagnostics, []);
    let attributes = format!("{:?}", compilation.topology.unwrap().nodes[0]);
    assert!(attributes.contains("I am a") && attributes.contains("remember"), "{attributes}");
}

#[test]
fn packages_read_no_files_of_others() {
    let device = "use \"../../../repo/lab/secret.wtop\".{x}\npub device mx extends debian {\n  \
                  notes = file(\"../../../repo/lab/secret\")\n  config = file(\"/repo/lab/secret\")\n  \
                  run = [file(\"../../other/secret\")]\n}\n";
    // The project itself reads the file first: that does not make it the package's.
    let lab = LAB.replace("debian", "debian { notes = file(\"secret\") }");
    for is_local in [false, true] {
        let mut fs = project(&[
            ("/repo/lab/lab.wtop", &lab),
            ("/repo/lab/secret", "my secret"),
            ("/repo/lab/secret.wtop", "pub let x = 1\n"),
            ("/cache/other/secret", "my secret"),
        ]);
        if is_local {
            fs.insert("/repo/lab/wtop.toml", "packages.site.path = \"../devices/site\"\n");
            fs.insert("/repo/devices/site/juniper/mx.wtop", device);
        } else {
            let locked = fetched(&mut fs, "v1", ONE, &[("juniper/mx.wtop", device)]);
            fs.insert("/repo/lab/wtop.toml", manifest("v1"));
            fs.insert("/repo/lab/wtop.lock", PackageLock::new([locked]).text());
        }
        let compilation = compiled(&fs);
        let messages: Vec<&str> = compilation.diagnostics.iter().map(|said| said.message.as_str()).collect();
        assert_eq!(messages.len(), 4, "{messages:#?}");
        for message in messages {
            assert!(message.starts_with("cannot read"), "{message}");
            assert!(message.ends_with("it lies outside the package"), "{message}");
        }
    }
}

#[test]
fn local_packages_stay_in_the_repository() {
    for path in ["../../other", "../..", "../../repository"] {
        let fs = project(&[
            ("/repo/lab/wtop.toml", &format!("packages.site.path = \"{path}\"\n")),
            ("/repo/lab/lab.wtop", LAB),
            ("/other/juniper/mx.wtop", DEVICE),
            ("/repository/juniper/mx.wtop", DEVICE),
        ]);
        let said = compiled(&fs).diagnostics;
        let messages: Vec<&str> = said.iter().map(|said| said.message.as_str()).collect();
        let reason = "it lies outside the repository of the project";
        assert_eq!(messages, [format!("cannot read the package `site` in `{path}`: {reason}")]);
    }
}

#[test]
fn packages_of_packages() {
    // Both name a package `site`, and mean different ones; that of the package is pinned by the project's lock too.
    let mut fs = project(&[("/repo/lab/wtop.toml", &manifest("v1")), ("/repo/lab/lab.wtop", LAB)]);
    let device = "use site.base.chassis\nuse inside.more.cpus\npub device mx extends chassis { cpu = cpus }\n";
    let own = manifest("v2") + "inside = { path = \"parts\" }\n";
    let files = [("juniper/mx.wtop", device), ("wtop.toml", &*own), ("parts/more.wtop", "pub let cpus = 3\n")];
    let one = fetched(&mut fs, "v1", ONE, &files);
    let two = fetched(&mut fs, "v2", TWO, &[("base.wtop", "pub device chassis extends debian { memory = 3GiB }\n")]);
    fs.insert("/repo/lab/wtop.lock", PackageLock::new([one.clone()]).text());
    insta::assert_snapshot!("package_of_package_not_fetched", said(&fs));
    fs.insert("/repo/lab/wtop.lock", PackageLock::new([one, two]).text());
    let compilation = compiled(&fs);
    assert_eq!(compilation.diagnostics, []);
    insta::assert_debug_snapshot!(names(&compilation));
}

#[test]
fn local_packages_of_a_fetched_one_stay_in_it() {
    let mut fs = project(&[("/repo/lab/wtop.toml", &manifest("v1")), ("/repo/lab/lab.wtop", LAB)]);
    fs.insert("/cache/other/more.wtop", "pub let cpus = 3\n");
    let device = "use inside.more.cpus\npub device mx extends debian { cpu = cpus }\n";
    let files = [("juniper/mx.wtop", device), ("wtop.toml", "packages.inside.path = \"../other\"\n")];
    let locked = fetched(&mut fs, "v1", ONE, &files);
    fs.insert("/repo/lab/wtop.lock", PackageLock::new([locked]).text());
    insta::assert_snapshot!(said(&fs));
}

#[test]
fn circles_of_packages_are_shown() {
    let fs = project(&[
        ("/repo/lab/wtop.toml", "[packages]\nsite = { path = \"../a\" }\n"),
        ("/repo/lab/lab.wtop", LAB),
        ("/repo/a/wtop.toml", "packages.b.path = \"../b\"\n"),
        ("/repo/a/juniper/mx.wtop", "use b.part.x\npub device mx extends debian { cpu = x }\n"),
        ("/repo/b/wtop.toml", "packages.a.path = \"../a\"\n"),
        ("/repo/b/part.wtop", "use a.juniper.mx\npub let x = 3\n"),
    ]);
    insta::assert_snapshot!(said(&fs));
}

#[test]
fn what_is_not_there() {
    let fs = project(&[
        (
            "/repo/lab/wtop.toml",
            "[packages]\nsite = { path = \"../site\" }\ngone = { path = \"gone\" }\nbad = { path = 1 }\n",
        ),
        (
            "/repo/lab/lab.wtop",
            "topology t\nuse site.juniper.mz\nuse site.cisco.nexus.x\nuse site\nuse sites.juniper.mx\nuse nowhere.x\n\
             use gone.a.b\nuse gone.a.c\nuse bad.a.b as d\nnode a: debian\nnode b: debian\nlink a <-> b\n",
        ),
        ("/repo/site/juniper/mx.wtop", DEVICE),
        ("/repo/site/cisco/xr.wtop", "device hidden extends debian { }\n"),
    ]);
    insta::assert_snapshot!(said(&fs));
}

#[test]
fn nobody_mends_what_was_fetched() {
    // Making the item public would be a fix, if the file were one's own.
    let private = [("juniper/mx.wtop", "device mx extends debian { cpu = 3 }\n")];
    let mut fs = project(&[("/repo/lab/wtop.toml", &manifest("v1")), ("/repo/lab/lab.wtop", LAB)]);
    let locked = fetched(&mut fs, "v1", ONE, &private);
    fs.insert("/repo/lab/wtop.lock", PackageLock::new([locked]).text());
    let fixes = |fs: &MemoryFileSystem| {
        let said = compiled(fs).diagnostics;
        assert_eq!(said.iter().map(|said| said.code.id).collect::<Vec<_>>(), ["E0905"]);
        said[0].fixes.len()
    };
    assert_eq!(fixes(&fs), 0);
    fs.insert("/repo/lab/wtop.toml", "packages.site.path = \"../site\"\n");
    fs.insert("/repo/site/juniper/mx.wtop", private[0].1);
    assert_eq!(fixes(&fs), 1);
}
