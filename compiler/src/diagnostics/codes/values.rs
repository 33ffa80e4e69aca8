//! E03xx: values, their types and units, operators and functions.

use super::codes;

codes! {
    E0300: "a value of another kind is wanted" {
        "Each attribute, parameter and field has a type, and takes nothing else. Only two things are converted: one value where a list is wanted, and a value where it may be missing (`T?`)."
        wrong: "topology t\nnode a: debian { cpu = \"two\" }\n"
        right: "topology t\nnode a: debian { cpu = 2 }\n"
    }
    E0301: "a unit of another kind" {
        "Units are types: a size (`4GiB`), a duration (`10ms`), a rate (`1Gbps`), a percentage (`0.1%`) and a number without a unit are five different things. None stands for another, and none can be compared with another."
        wrong: "topology t\nnode a: debian { memory = 10ms }\n"
        right: "topology t\nnode a: debian { memory = 1GiB }\n"
    }
    E0302: "not a word of the enumeration" {
        "Some attributes take one of a few words, written without quotes."
        wrong: "topology t\nnetwork lan { subnet = 10.0.0.0/24, forward = \"nat\" }\nnode a: debian\nlink a <-> lan\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24, forward = nat }\nnode a: debian\nlink a <-> lan\n"
    }
    E0303: "a prefix with host bits" {
        "A prefix names a whole range, so its bits after the length are zero: `10.0.0.0/24`. `10.0.0.1/24` is one address in it."
        wrong: "topology t\nnetwork lan { subnet = 10.0.0.1/24 }\nnode a: debian\nlink a <-> lan\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
    }
    E0304: "a record has no such field" {
        "A record type lists all fields that its values can have."
        wrong: "topology t\ntype site = { name: string, hosts: int = 2 }\nparam main: site = { name = \"nyc\", host = 3 }\nnode a: debian { notes = main.name }\n"
        right: "topology t\ntype site = { name: string, hosts: int = 2 }\nparam main: site = { name = \"nyc\", hosts = 3 }\nnode a: debian { notes = main.name }\n"
    }
    E0305: "a field is missing" {
        "A field without a default has to be given. A type with `?` makes a field optional: `asn: int?`."
        wrong: "topology t\ntype site = { name: string, hosts: int = 2 }\nparam main: site = { hosts = 3 }\nnode a: debian { notes = main.name }\n"
        right: "topology t\ntype site = { name: string, hosts: int = 2 }\nparam main: site = { name = \"nyc\", hosts = 3 }\nnode a: debian { notes = main.name }\n"
    }
    E0306: "an operator does not take these values" {
        "Operators work on values of one kind. Text is put together with `\"… ${value} …\"`, lists with `+`, records with `merge`."
        wrong: "topology t\nlet n = 3\nnode a: debian { notes = \"host \" + n }\n"
        right: "topology t\nlet n = 3\nnode a: debian { notes = \"host ${n}\" }\n"
    }
    E0307: "a result out of bounds" {
        "Numbers lie between -9223372036854775808 and 9223372036854775807. Sizes, durations and rates are never below zero, and an address with a length stays in its prefix."
        wrong: "topology t\nnode a: debian { memory = 1GiB - 2GiB }\n"
        right: "topology t\nnode a: debian { memory = 2GiB - 1GiB }\n"
    }
    E0308: "division by zero" {
        "Nothing can be divided by zero; `/` and `%` both refuse it."
        wrong: "topology t\nlet parts = 0\nnode a: debian { memory = 4GiB / parts }\n"
        right: "topology t\nlet parts = 2\nnode a: debian { memory = 4GiB / parts }\n"
    }
    E0309: "a secret decides something, or would be written down" {
        "A secret is known only at deployment: no condition, name or count can depend on one. It may flow into passwords, keys, files and configurations, where it never appears in plans, logs or artifacts."
        wrong: "topology t\nlet word = secret(\"env:WORD\")\nnode a: debian { cpu = if word == \"big\" then 4 else 1 }\n"
        right: "topology t\nlet word = secret(\"env:WORD\")\nnode a: debian { users { ops { password = word } } }\n"
    }
    E0310: "a value that has no text" {
        "`${…}` takes text, numbers, quantities, addresses, truth values and words. A node, network or link needs `.name`; a list needs `join`; a record one of its fields."
        wrong: "topology t\nnode a: debian\nnode b: debian { notes = \"beside ${a}\" }\n"
        right: "topology t\nnode a: debian\nnode b: debian { notes = \"beside ${a.name}\" }\n"
    }
    E0311: "not an address" {
        "An address that holds `${…}` is read once they are filled in, and has to be an address then. Numbers are put in as they read; `hex(n)` writes hexadecimal ones."
        wrong: "topology t\nlet n = 300\nnetwork lan { subnet = 10.1.${n}.0/24 }\nnode a: debian\nlink a <-> lan\n"
        right: "topology t\nlet n = 30\nnetwork lan { subnet = 10.1.${n}.0/24 }\nnode a: debian\nlink a <-> lan\n"
    }
    E0312: "a function is called the wrong way" {
        "Each function has its arguments in order, and its options by name. `wtop explain` and the editor's hover show its signature."
        wrong: "topology t\nnode a: debian { notes = upper() }\n"
        right: "topology t\nnode a: debian { notes = upper(\"edge\") }\n"
    }
    E0313: "too large" {
        "A text that is put together may have 1 MiB, a value 1,000,000 elements and 64 levels."
        wrong: "topology t\nlet all = [n for n in 1..1500000]\nnode a: debian { cpu = len(all) / 1000000 }\n"
        right: "topology t\nlet all = [n for n in 1..2000]\nnode a: debian { cpu = len(all) / 1000 }\n"
    }
    E0314: "a function has no result for these values" {
        "The arguments are of the right kind, but there is no such thing: the tenth address of a prefix that has two, the first element of an empty list, the number in a word."
        wrong: "topology t\nnode a: debian { notes = \"${host(10.0.0.0/30, 9)}\" }\n"
        right: "topology t\nnode a: debian { notes = \"${host(10.0.0.0/28, 9)}\" }\n"
    }
}
