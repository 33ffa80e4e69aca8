//! E00xx and E01xx: characters, tokens, structure.

use super::codes;

codes! {
    E0101: "a string is never closed" {
        "A string on one line ends at its second `\"`. Without it, the string ends at the end of the line.\n\nFor text of several lines, use `\"\"\"`."
        wrong: "topology t\nnode a: debian { notes = \"edge }\n"
        right: "topology t\nnode a: debian { notes = \"edge\" }\n"
    }
}
