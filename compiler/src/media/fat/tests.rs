use super::*;
use crate::test_tools::{Tool, put, scratch};

const FILES: &[(&str, &[u8])] = &[
    ("juniper.conf", b"system { host-name r1; }\n"),
    ("config/a rather long name.txt", b"long"),
    ("boot/loader.conf", b"console=\"comconsole\"\n"),
    ("boot/empty", b""),
];

#[test]
fn same_files_same_bytes() {
    assert!(write("seed", FILES).unwrap() == write("seed", FILES).unwrap());
}

#[test]
fn names_that_differ_by_case_are_refused() {
    let error = write("x", &[("README", b""), ("readme", b"")]).unwrap_err();
    assert_eq!(error, MediaError { path: "readme".to_owned(), kind: MediaErrorKind::Twice });
}

#[test]
fn a_name_that_fat_has_no_characters_for_is_refused() {
    let error = write("x", &[("what?.conf", b"")]).unwrap_err();
    assert_eq!(error.kind, MediaErrorKind::Character('?'));
}

#[test]
fn large_files_fit() {
    let (large, many) = (vec![7; 40 * 1024 * 1024], vec![b'x'; 600]);
    let names: Vec<String> = (0..300).map(|number| format!("many/a file with a long name {number}.conf")).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), many.as_slice())).collect();
    files.push(("large.bin", &large));
    assert!(write("x", &files).is_ok());
}

#[test]
fn mtools_and_fsck_agree() {
    let (Some(mtype), Some(fsck), Some(blkid)) = (Tool::find("mtype"), Tool::find("fsck.fat"), Tool::find("blkid"))
    else {
        return;
    };
    let path = put(&scratch("fat"), "seed.img", &write("vmm-data", FILES).unwrap());
    fsck.run(&["-n", &path]);
    assert_eq!(blkid.run(&["-p", "-o", "value", "-s", "LABEL", &path]), "vmm-data\n");
    for (file, content) in FILES {
        assert_eq!(mtype.run(&["-i", &path, &format!("::/{file}")]).as_bytes(), *content, "{file}");
    }
}
