//! E07xx: checks.

use super::codes;

codes! {
    E0701: "the graph is read too early" {
        "Functions on the graph, such as `reachable`, stand in `check`: nothing else can depend on the graph."
        wrong: "topology t\nnode a: debian { cpu = if reachable(a, b) then 1 else 2 }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ncheck reachable(a, b)\n"
    }
    E0702: "a check fails" {
        "The lab is not as its author says it must be. The labels show the path, the cut or the loop that is to blame."
        wrong: "topology t\nnode a: debian\nnode b: debian\nnode c: debian\nnode d: debian\nlink a <-> b\nlink c <-> d\ncheck reachable(a, d)\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ncheck reachable(a, b)\n"
    }
}
