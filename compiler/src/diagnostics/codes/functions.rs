//! E035x: functions of the evaluator.

use super::codes;

codes! {
    E0350: "an unknown function" {
        "There are only the functions of the language; a program declares none of its own."
        wrong: "topology t\nnode a: debian { notes = uper(\"x\") }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { notes = upper(\"x\") }\nnode b: debian\nlink a <-> b\n"
    }
    E0351: "a question to the running lab" {
        "`ping`, `tcp`, `http` and `command` ask the running lab, and stand in `expect`. A `check` is about the graph."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ncheck ping(a, b)\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nexpect ping(a, b)\n"
    }
    E0352: "a template without a node" {
        "A template is rendered for a node: it stands in an attribute of a node or device."
        wrong: "topology t\ntitle = template(\"good.j2\")\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { notes = template(\"good.j2\") }\nnode b: debian\nlink a <-> b\n"
    }
    E0353: "a secret without a source" {
        "A secret is named by where it is fetched at deployment, and never written into a file."
        wrong: "topology t\nnode a: debian { users { ops { password = secret(\"hunter2\") } } }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { users { ops { password = secret(\"env:OPS\") } } }\nnode b: debian\nlink a <-> b\n"
    }
    E0354: "a template cannot be rendered" {
        "The template uses a name that does not exist, or its syntax is broken. The message names the line. In the example, `bad.j2` is `{{ nothing.here }}`, and `good.j2` is `{{ node.name }}`.\n\nIn scope are `node`, `interfaces`, `vlans`, `vrfs`, `routes`, `neighbours`, `management`, `login`, `topology` and `vars`."
        wrong: "topology t\nnode a: debian { notes = template(\"bad.j2\") }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { notes = template(\"good.j2\") }\nnode b: debian\nlink a <-> b\n"
    }
}
