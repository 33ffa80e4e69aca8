//! YAML that people can read and that every reader understands alike, old or new: the writer quotes whatever YAML 1.1
//! or 1.2 would take for something else than text (`yes`, `12:30:45`).

use serde::Serialize;

/// `value` as a YAML document.
pub fn to_yaml(value: &impl Serialize) -> String {
    let mut text = String::new();
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    let written = serde_saphyr::to_fmt_writer_with_options(&mut text, value, options);
    debug_assert!(written.is_ok(), "{written:?}"); // a `String` takes everything
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collections::IndexMap;
    use proptest::prelude::*;

    #[test]
    fn reads_well() {
        let value: IndexMap<&str, Vec<&str>> = [
            ("plain", vec!["ls -l", "52:54:00:12:34:56", "yes", "", "a: b # c", "${secret:env:X}"]),
            ("block", vec!["#!/bin/sh\necho \"hi\"\n", "no end\nof line"]),
            ("none", vec![]),
        ]
        .into_iter()
        .collect();
        insta::assert_snapshot!(to_yaml(&value), @r#"
            plain:
            - ls -l
            - "52:54:00:12:34:56"
            - "yes"
            - ""
            - "a: b # c"
            - ${secret:env:X}
            block:
            - |
              #!/bin/sh
              echo "hi"
            - |-
              no end
              of line
            none: []
        "#);
    }

    proptest! {
        #[test]
        fn any_text_survives(entries in proptest::collection::btree_map("\\PC*|[ -~\n\t:#'\"]{0,12}", any::<Vec<String>>(), 0..4)) {
            let read: std::collections::BTreeMap<String, Vec<String>> = serde_saphyr::from_str(&to_yaml(&entries)).unwrap();
            prop_assert_eq!(read, entries);
        }
    }
}
