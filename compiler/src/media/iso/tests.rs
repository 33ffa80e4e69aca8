use super::*;
use crate::media::MediaErrorKind;
use crate::test_tools::{Tool, put, scratch};

fn kind(paths: &[&str]) -> MediaErrorKind {
    let files: Vec<(&str, &[u8])> = paths.iter().map(|path| (*path, &b""[..])).collect();
    write("x", &files).unwrap_err().kind
}

#[test]
fn same_files_same_bytes() {
    let files: &[(&str, &[u8])] = &[("meta-data", b"instance-id: x\n"), ("etc/empty", b"")];
    let image = write("cidata", files).unwrap();
    assert_eq!(image, write("cidata", files).unwrap());
    assert_eq!(image.len() % SECTOR, 0);
    assert_eq!(&image[16 * SECTOR + 1..16 * SECTOR + 6], b"CD001");
}

#[test]
fn refuses_what_would_not_come_out_as_written() {
    assert_eq!(kind(&["/etc/x"]), MediaErrorKind::BadName);
    assert_eq!(kind(&["a/../b"]), MediaErrorKind::BadName);
    assert_eq!(kind(&["a\nb"]), MediaErrorKind::BadName);
    assert_eq!(kind(&[&"x".repeat(65)]), MediaErrorKind::LongName(64));
    assert_eq!(kind(&["1/2/3/4/5/6/7/8/file"]), MediaErrorKind::TooDeep(7));
    assert_eq!(kind(&["a", "a"]), MediaErrorKind::Twice);
    assert_eq!(kind(&["a/b", "a"]), MediaErrorKind::Twice);
    assert_eq!(kind(&["a", "a/b"]), MediaErrorKind::BelowFile("a".to_owned()));
}

#[test]
fn names_that_come_out_alike_are_numbered() {
    let tree = Tree::new(["Read me.md", "read-me.md", "READ+ME.MD"].into_iter()).unwrap();
    let names: Vec<String> =
        identifiers(&tree, 0, View::Primary).into_iter().map(|(name, _)| String::from_utf8(name).unwrap()).collect();
    assert_eq!(names, ["READ_ME.MD;1", "READ_ME_1.MD;1", "READ_ME_2.MD;1"]);
}

const FILES: &[(&str, &[u8])] = &[
    ("user-data", b"#cloud-config\n"),
    ("meta-data", b"instance-id: x\n"),
    ("network-config", b""),
    ("openstack/latest/user_data", b"u"),
    ("openstack/content/0000", b"c"),
    ("boot/loader.conf", b"console=\"comconsole\"\n"),
    ("README.md", b"upper"),
    ("readme.md", b"lower"),
    ("a name with spaces, commas & an é-acute that is long.tar.gz", b"tar"),
    (".hidden", b"h"),
];

fn sample(name: &str) -> String {
    put(&scratch(name), "sample.iso", &write("cidata", FILES).unwrap())
}

#[test]
fn isoinfo_reads_rock_ridge_and_joliet() {
    let Some(isoinfo) = Tool::find("isoinfo") else { return };
    let path = sample("isoinfo");
    let descriptor = isoinfo.run(&["-d", "-i", &path]);
    assert!(descriptor.contains("Volume id: cidata"), "{descriptor}");
    assert!(descriptor.contains("Rock Ridge signatures version 1 found"), "{descriptor}");
    assert!(descriptor.contains("Joliet with UCS level 3 found"), "{descriptor}");
    // It knows no UTF-8, so the name with an accent is left to xorriso.
    for (file, content) in FILES.iter().filter(|(file, _)| file.is_ascii()) {
        for view in ["-R", "-J"] {
            let read = isoinfo.run(&[view, "-i", &path, "-x", &format!("/{file}")]);
            assert_eq!(read.as_bytes(), *content, "{view} {file}");
        }
    }
    insta::assert_snapshot!(isoinfo.run(&["-f", "-i", &path]), @r"
        /A_NAME_WITH_SPACES__COMMAS_.GZ;1
        /BOOT
        /META_DATA.;1
        /NETWORK_CONFIG.;1
        /OPENSTACK
        /README.MD;1
        /README_1.MD;1
        /USER_DATA.;1
        /_HIDDEN.;1
        /BOOT/LOADER.CONF;1
        /OPENSTACK/CONTENT
        /OPENSTACK/LATEST
        /OPENSTACK/CONTENT/0000.;1
        /OPENSTACK/LATEST/USER_DATA.;1
    ");
}

#[test]
fn xorriso_reads_the_tree_without_complaint() {
    let Some(xorriso) = Tool::find("xorriso") else { return };
    let path = sample("xorriso");
    let listed = xorriso.run(&["-abort_on", "WARNING", "-indev", &path, "-find", "/", "-exec", "lsdl"]);
    insta::assert_snapshot!(listed, @r"
        dr-xr-xr-x    1 0        0               0 Jan  1  2000 '/'
        -r--r--r--    1 0        0               1 Jan  1  2000 '/.hidden'
        -r--r--r--    1 0        0               5 Jan  1  2000 '/README.md'
        -r--r--r--    1 0        0               3 Jan  1  2000 '/a name with spaces, commas & an é-acute that is long.tar.gz'
        dr-xr-xr-x    1 0        0               0 Jan  1  2000 '/boot'
        -r--r--r--    1 0        0              21 Jan  1  2000 '/boot/loader.conf'
        -r--r--r--    1 0        0              15 Jan  1  2000 '/meta-data'
        -r--r--r--    1 0        0               0 Jan  1  2000 '/network-config'
        dr-xr-xr-x    1 0        0               0 Jan  1  2000 '/openstack'
        dr-xr-xr-x    1 0        0               0 Jan  1  2000 '/openstack/content'
        -r--r--r--    1 0        0               1 Jan  1  2000 '/openstack/content/0000'
        dr-xr-xr-x    1 0        0               0 Jan  1  2000 '/openstack/latest'
        -r--r--r--    1 0        0               1 Jan  1  2000 '/openstack/latest/user_data'
        -r--r--r--    1 0        0               5 Jan  1  2000 '/readme.md'
        -r--r--r--    1 0        0              14 Jan  1  2000 '/user-data'
    ");
}

#[test]
fn the_label_is_found_as_written() {
    let Some(blkid) = Tool::find("blkid") else { return };
    let path = sample("blkid");
    assert_eq!(blkid.run(&["-p", "-o", "value", "-s", "LABEL", &path]), "cidata\n");
}

#[test]
fn many_files_spread_over_sectors() {
    let Some(isoinfo) = Tool::find("isoinfo") else { return };
    let names: Vec<String> = (0..500).map(|n| format!("d{}/file-{n}.conf", n % 7)).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let path = put(&scratch("many"), "many.iso", &write("many", &files).unwrap());
    for view in ["-R", "-J"] {
        let listed = isoinfo.run(&["-f", view, "-i", &path]);
        assert_eq!(listed.lines().filter(|line| line.contains("/file-")).count(), 500, "{view}");
    }
    assert_eq!(isoinfo.run(&["-R", "-i", &path, "-x", "/d3/file-339.conf"]), "d3/file-339.conf");
}
