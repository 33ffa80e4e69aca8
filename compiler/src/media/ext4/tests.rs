use super::*;
use crate::test_tools::{Tool, put, scratch};

const FILES: &[(&str, &[u8])] = &[
    ("juniper.conf", b"system { host-name r1; }\n"),
    ("config/a rather long name, with an é.txt", b"long"),
    ("boot/sub/loader.conf", b"console=\"comconsole\"\n"),
    ("boot/empty", b""),
];

#[test]
fn same_files_same_bytes() {
    assert!(write("seed", FILES).unwrap() == write("seed", FILES).unwrap());
}

#[test]
fn more_than_one_block_group_is_refused() {
    let large = vec![7; MAX_BLOCKS * BLOCK];
    assert_eq!(write("x", &[("large", &large)]).unwrap_err().kind, MediaErrorKind::TooLarge);
}

#[test]
fn e2fsck_and_debugfs_agree() {
    let (Some(fsck), Some(debugfs), Some(blkid)) = (Tool::find("e2fsck"), Tool::find("debugfs"), Tool::find("blkid"))
    else {
        return;
    };
    let path = put(&scratch("ext4"), "seed.img", &write("vmm-data", FILES).unwrap());
    fsck.run(&["-fn", &path]);
    assert_eq!(blkid.run(&["-p", "-o", "value", "-s", "LABEL", &path]), "vmm-data\n");
    assert_eq!(blkid.run(&["-p", "-o", "value", "-s", "TYPE", &path]), "ext4\n");
    for (file, content) in FILES {
        assert_eq!(debugfs.run(&["-R", &format!("cat \"/{file}\""), &path]).as_bytes(), *content, "{file}");
    }
}

#[test]
fn many_files_and_large_ones() {
    let Some(fsck) = Tool::find("e2fsck") else { return };
    let large = vec![7; 40 * 1024 * 1024];
    let names: Vec<String> = (0..900).map(|number| format!("many/a file with a long name {number}.conf")).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    files.push(("large.bin", &large));
    let path = put(&scratch("ext4-many"), "many.img", &write("many", &files).unwrap());
    fsck.run(&["-fn", &path]);
    let Some(debugfs) = Tool::find("debugfs") else { return };
    assert_eq!(debugfs.run(&["-R", &format!("cat \"/{}\"", names[899]), &path]), names[899]);
}
