//! E02xx: names, and what they mean.

use super::codes;

codes! {
    E0201: "a name is declared twice" {
        "Each name means one thing in its scope, and each thing is made once. Inside a loop, a node carries an index, so that each turn makes another one."
        wrong: "topology t\nnode a: debian\nnode a: debian\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0202: "a local name hides another" {
        "There is no shadowing: a name has one meaning in a place. Give the variable another name."
        wrong: "topology t\nlet n = 2\nnode h[n in 1..2]: debian\nlink h[1] <-> h[n]\n"
        right: "topology t\nlet n = 2\nnode h[i in 1..2]: debian\nlink h[1] <-> h[n]\n"
    }
    E0203: "an unknown name" {
        "Nothing of that name can be seen here. Names of other files are brought in by `use`; subtraction has spaces around it, since a hyphen is part of a name; text stands in quotes; an element of an array is written `leaf[1]`, though it is called `leaf1` when it runs."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> bb\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0204: "a name that is no value" {
        "Devices, modules, types and targets have names, and are no values."
        wrong: "topology t\ndevice edge extends debian { cpu = 2 }\nnode a: edge\nnode b: debian { notes = edge }\nlink a <-> b\n"
        right: "topology t\ndevice edge extends debian { cpu = 2 }\nnode a: edge\nnode b: debian { notes = \"edge\" }\nlink a <-> b\n"
    }
    E0205: "an unknown word" {
        "Some attributes take one of a few words, without quotes."
        wrong: "topology t\nnetwork lan { subnet = 10.1.0.0/24, forward = natt }\nnode a: debian\nlink a <-> lan\n"
        right: "topology t\nnetwork lan { subnet = 10.1.0.0/24, forward = nat }\nnode a: debian\nlink a <-> lan\n"
    }
    E0206: "a name from a branch that was not taken" {
        "What is declared in an `if` exists only under its condition. What uses it stands under the same condition."
        wrong: "topology t\nparam big: bool = false\nnode a: debian\nif big {\n  node b: debian\n}\nlink a <-> b\n"
        right: "topology t\nparam big: bool = false\nnode a: debian\nnode c: debian\nlink a <-> c\nif big {\n  node b: debian\n  link a <-> b\n}\n"
    }
    E0207: "no list" {
        "A loop runs over a list, a range or an array."
        wrong: "topology t\nfor i in 4 {\n  node h[i]: debian\n}\n"
        right: "topology t\nfor i in 1..2 {\n  node h[i]: debian\n}\nlink h[1] <-> h[2]\n"
    }
    E0208: "a value depends on itself" {
        "The value of a name is computed from others, which lead back to it."
        wrong: "topology t\nlet x = y + 1\nlet y = x - 1\nnode a: debian { cpu = x }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nlet x = 2\nlet y = x - 1\nnode a: debian { cpu = x }\nnode b: debian { cpu = y }\nlink a <-> b\n"
    }
    E0209: "too many elements" {
        "A program may make two million elements: nodes, links, turns of loops, elements of lists. More is surely a mistake in a range."
        wrong: "topology t\nnode h[1..1_000_000_000_000]: debian\n"
        right: "topology t\nnode h[1..2]: debian\nlink h[1] <-> h[2]\n"
    }
    E0210: "no attribute in a record" {
        "A record holds `name = value`, and nothing else."
        wrong: "topology t\nnode a: debian { vars { check true } }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { vars { check = true } }\nnode b: debian\nlink a <-> b\n"
    }
    E0211: "an attribute is set twice" {
        "A block sets an attribute once. To add to a list, write `+=`."
        wrong: "topology t\nnode a: debian { cpu = 1, cpu = 2 }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { cpu = 2 }\nnode b: debian\nlink a <-> b\n"
    }
    E0212: "`self` outside a node" {
        "`self` is the node whose attributes are being written."
        wrong: "topology t\nlet x = self\nnode a: debian\nnode b: debian\nlink a <-> b\ncheck x == 1\n"
        right: "topology t\nnode a: debian { notes = self.name }\nnode b: debian\nlink a <-> b\n"
    }
    E0213: "a wrong index" {
        "Arrays are indexed by their keys, one for each dimension; lists by a number from 0; maps by a string."
        wrong: "topology t\nlet sizes = [1, 2]\nnode a: debian { cpu = sizes[2] }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nlet sizes = [1, 2]\nnode a: debian { cpu = sizes[1] }\nnode b: debian\nlink a <-> b\n"
    }
    E0214: "an array has no such element" {
        "The array was found, and none of its declarations makes that element."
        wrong: "topology t\nnode h[1..2]: debian\nlink h[1] <-> h[3]\n"
        right: "topology t\nnode h[1..2]: debian\nlink h[1] <-> h[2]\n"
    }
    E0215: "an unknown type" {
        "Types are `int`, `string`, `size` and so on, lists `[T]`, maps `map[T]`, `T?`, records, enumerations, and names declared with `type`."
        wrong: "topology t\nparam n: integer = 2\nnode h[1..n]: debian\n"
        right: "topology t\nparam n: int = 2\nnode h[1..n]: debian\nlink h[1] <-> h[2]\n"
    }
    E0216: "no such field" {
        "The value has no field of that name."
        wrong: "topology t\nnode a: debian\nnode b: debian { notes = a.nmae }\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian { notes = a.name }\nlink a <-> b\n"
    }
    E0217: "a private member of a module" {
        "From outside, only the `pub` members of a module and the interfaces it shows can be seen."
        wrong: "topology t\nmodule site() {\n  node gw: debian\n}\nnode s: site\nnode a: debian\nlink a <-> s.gw\n"
        right: "topology t\nmodule site() {\n  pub node gw: debian\n}\nnode s: site\nnode a: debian\nlink a <-> s.gw\n"
    }
    E0218: "too long a chain of values" {
        "Values may depend on others, and these on further ones, some thousand steps deep; a longer chain is refused. Compute long sums and lists with a comprehension or a function."
        wrong: "topology t\nnode h[i in 1..6000]: debian { cpu = if i == 6000 then 1 else h[i + 1].cpu }\n"
        right: "topology t\nnode h[i in 1..6000]: debian { cpu = 1 }\n"
    }
    E0219: "a host name that cannot be" {
        "Guests know and find each other by their host names: letters, digits and `-` inside, each name once. Without `hostname`, it is the name of the node, with `-` for `_`."
        wrong: "topology t\nnode a: debian { hostname = \"web server\" }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { hostname = \"web-server\" }\nnode b: debian\nlink a <-> b\n"
    }
    W0201: "a word with two meanings" {
        "The word is a member of the enumeration that is wanted here, and also a name. It is taken as the member."
        wrong: "topology t\nlet nat = \"x\"\nnetwork lan { subnet = 10.1.0.0/24, forward = nat }\nnode a: debian { notes = nat }\nlink a <-> lan\n"
        right: "topology t\nlet other = \"x\"\nnetwork lan { subnet = 10.1.0.0/24, forward = nat }\nnode a: debian { notes = other }\nlink a <-> lan\n"
    }
}
