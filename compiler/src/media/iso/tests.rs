use super::*;
use crate::media::MediaErrorKind;

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
