//! E00xx: characters and tokens. E01xx: strings, brackets, and what the grammar misses.

use super::codes;

codes! {
    E0001: "characters that mean nothing" {
        "Outside of strings and comments, only the characters of the language may stand."
        wrong: "topology t\nnode a: debian @\n"
        right: "topology t\nnode a: debian\n"
    }
    E0002: "not a comment" {
        "A comment starts with `//` and ends with its line. `#` and `/* … */` are not comments."
        wrong: "topology t\n# a host\nnode a: debian\n"
        right: "topology t\n// a host\nnode a: debian\n"
    }
    E0003: "a space that is none" {
        "Copied text often has special spaces (U+00A0 and others) that look like a space. Only spaces and tabs separate words."
        wrong: "topology t\nnode\u{a0}a: debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0004: "a lone carriage return" {
        "Lines end with LF, or with CRLF."
        wrong: "topology t\rnode a: debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0005: "letters that names do not have" {
        "A name has the letters a to z and A to Z, digits and `_`, and hyphens inside. It becomes a host name, so nothing else is possible.\n\nFor people, there is `label = \"…\"`."
        wrong: "topology t\nnode café: debian\n"
        right: "topology t\nnode cafe: debian { label = \"café\" }\n"
    }
    E0006: "a name with `${…}`" {
        "`${…}` stands in strings, interface names and addresses. Nodes that are counted are an array: `node leaf[1..4]: vqfx`, and one of them is `leaf[2]`."
        wrong: "topology t\nfor i in 1..2 {\n  node h${i}: debian\n}\n"
        right: "topology t\nfor i in 1..2 {\n  node h[i]: debian\n}\n"
    }
    E0007: "quotes of another kind" {
        "A string stands in straight double quotes, `\"…\"`. Single quotes and typographic quotes (from text processors) are not quotes here."
        wrong: "topology t\nnode a: debian { notes = 'edge' }\n"
        right: "topology t\nnode a: debian { notes = \"edge\" }\n"
    }
    E0008: "not a unit" {
        "Sizes: B kB MB GB TB KiB MiB GiB TiB. Times: ns us ms s min h d. Rates: bps kbps Mbps Gbps Tbps. And `%`. `GB` is 1000³ bytes and `GiB` 1024³, so `4G` says too little."
        wrong: "topology t\nnode a: debian { memory = 4G }\n"
        right: "topology t\nnode a: debian { memory = 4GiB }\n"
    }
    E0009: "decimals without a unit" {
        "Numbers are whole. Only quantities have decimals, and these are exact: `1.5Gbps`, `0.1%`."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { delay = 1.5 }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { delay = 1.5s }\n"
    }
    E0010: "a number out of range" {
        "A number has at most 63 bits. A quantity is a whole number of bytes, nanoseconds, bits a second or millionths."
        wrong: "topology t\nnode a: debian { vars { serial = 99999999999999999999 } }\n"
        right: "topology t\nnode a: debian { vars { serial = \"99999999999999999999\" } }\n"
    }
    E0011: "not an address" {
        "An IPv4 address has four numbers from 0 to 255. An IPv6 address has eight groups of hexadecimal digits, or fewer with one `::`."
        wrong: "topology t\nnode a: debian { loopback = 10.0.0.256 }\n"
        right: "topology t\nnode a: debian { loopback = 10.0.0.255 }\n"
    }
    E0012: "not a prefix length" {
        "The prefix length of IPv4 is 0 to 32, that of IPv6 0 to 128."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = 10.0.0.0/33 }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = 10.0.0.0/31 }\n"
    }
    E0013: "an operator of another language" {
        "The logical operators are words: `and`, `or`, `not`."
        wrong: "topology t\nparam big: bool = false\nnode a: debian { nested = big && true }\n"
        right: "topology t\nparam big: bool = false\nnode a: debian { nested = big and true }\n"
    }
    E0014: "`..=`" {
        "A range `a..b` includes both its ends, so there is no other form."
        wrong: "topology t\nnode a[1..=2]: debian\n"
        right: "topology t\nnode a[1..2]: debian\n"
    }
    E0015: "`;`" {
        "An item ends with its line. In braces, commas separate items on one line."
        wrong: "topology t;\nnode a: debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0016: "`::` in a path" {
        "The parts of a path are separated by dots. `::` stands only in IPv6 addresses."
        wrong: "topology t\nuse std::juniper.vsrx\nnode fw: vsrx\n"
        right: "topology t\nuse std.juniper.vsrx\nnode fw: vsrx\n"
    }
    E0017: "not an escape" {
        "In strings, a backslash begins `\\n` `\\t` `\\r` `\\\"` `\\\\` `\\$` or `\\u{…}`. `r\"…\"` has no escapes."
        wrong: "topology t\nnode a: debian { notes = \"C:\\data\" }\n"
        right: "topology t\nnode a: debian { notes = \"C:\\\\data\" }\n"
    }
    E0018: "a space before a unit" {
        "A number and its unit are one word: `10ms`, `4GiB`."
        wrong: "topology t\nnode a: debian { memory = 4 GiB }\n"
        right: "topology t\nnode a: debian { memory = 4GiB }\n"
    }
    E0101: "a string is never closed" {
        "A string on one line ends at its second `\"`. Without it, the string ends at the end of the line.\n\nFor text of several lines, use `\"\"\"`."
        wrong: "topology t\nnode a: debian { notes = \"edge }\n"
        right: "topology t\nnode a: debian { notes = \"edge\" }\n"
    }
    E0102: "a `\"\"\"` text is never closed" {
        "Text of several lines stands between `\"\"\"` and `\"\"\"`, each on its line's end or a line of its own. Without the second, the text is taken to end before the next declaration."
        wrong: "topology t\nnode a: debian {\n  notes = \"\"\"\n    edge\n}\n"
        right: "topology t\nnode a: debian {\n  notes = \"\"\"\n    edge\n    \"\"\"\n}\n"
    }
    E0103: "a `${` is never closed" {
        "`${…}` puts a value into a text; its `}` stands on the same line. For the characters themselves write `\\${`."
        wrong: "topology t\nnode a[i in 1..2]: debian { notes = \"host ${i\" }\n"
        right: "topology t\nnode a[i in 1..2]: debian { notes = \"host ${i}\" }\n"
    }
    E0104: "text on the line of `\"\"\"`" {
        "The text of a `\"\"\"` starts on the line below it."
        wrong: "topology t\nnode a: debian {\n  notes = \"\"\"In rack 4\n    \"\"\"\n}\n"
        right: "topology t\nnode a: debian {\n  notes = \"\"\"\n    In rack 4\n    \"\"\"\n}\n"
    }
    E0105: "text before the closing `\"\"\"`" {
        "The closing `\"\"\"` stands on a line of its own; its indentation is taken off each line of the text."
        wrong: "topology t\nnode a: debian {\n  notes = \"\"\"\n    In rack 4\"\"\"\n}\n"
        right: "topology t\nnode a: debian {\n  notes = \"\"\"\n    In rack 4\n    \"\"\"\n}\n"
    }
    E0106: "a line indented less than its text" {
        "The indentation of the closing `\"\"\"` is taken off each line of the text, so no line may have less of it."
        wrong: "topology t\nnode a: debian {\n  notes = \"\"\"\n  In rack 4\n    \"\"\"\n}\n"
        right: "topology t\nnode a: debian {\n  notes = \"\"\"\n    In rack 4\n    \"\"\"\n}\n"
    }
    E0107: "nothing in `${…}`" {
        "`${…}` puts a value into a text. For the characters themselves write `\\${`."
        wrong: "topology t\nnode a[i in 1..2]: debian { notes = \"host ${}\" }\n"
        right: "topology t\nnode a[i in 1..2]: debian { notes = \"host ${i}\" }\n"
    }
    E0110: "a bracket is never closed" {
        "Each `{`, `(` and `[` needs its closing bracket. Where one is missing, the next declaration or the indentation decides what was meant."
        wrong: "topology t\nnode a: debian {\n  memory = 4GiB\n"
        right: "topology t\nnode a: debian {\n  memory = 4GiB\n}\n"
    }
    E0111: "a bracket that closes nothing" {
        "A closing bracket without an opening one."
        wrong: "topology t\nnode a: debian\n}\n"
        right: "topology t\nnode a: debian\n"
    }
    E0112: "nested too deeply" {
        "At most 64 brackets stand in each other, and at most 256 operators on the way to a value. Give parts of it a name with `let`."
        wrong: "topology t\nnode a: debian { vars { deep = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] } }\n"
        right: "topology t\nnode a: debian { vars { deep = [[[[1]]]] } }\n"
    }
    E0113: "documentation that documents nothing" {
        "A `///` line documents the item or parameter on the line below it. A remark is a comment: `//`."
        wrong: "topology t\nnode a: debian /// edge\n"
        right: "topology t\n/// edge\nnode a: debian\n"
    }
    E0114: "file documentation after the first item" {
        "`//!` lines document the file and stand before its first item."
        wrong: "topology t\n//! A lab.\n"
        right: "//! A lab.\ntopology t\n"
    }
    E0115: "a comma outside of braces" {
        "Commas separate items only in braces. In a file each item has its line."
        wrong: "topology t, node a: debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0120: "a value is missing" {
        "A value stands on the line of its `=`, and on both sides of an operator. A line that ends with an operator does not go on with the next: put the operator at the start of the next line."
        wrong: "topology t\nnode a: debian { memory = }\n"
        right: "topology t\nnode a: debian { memory = 4GiB }\n"
    }
    E0121: "a name is missing" {
        "Names are letters, digits, `_` and, inside, `-`; they begin with a letter or `_` and stand without quotes."
        wrong: "topology t\nnode \"a\": debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0122: "a `:` is missing" {
        "A `:` and a space stand between the name of a node and its device, of a parameter and its type, of a target and its kind."
        wrong: "topology t\nnode a debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0123: "a `:` without a space" {
        "A `:` glued on both sides names an interface: `fw:eth1`. Before a device, a type or a kind, a space follows it."
        wrong: "topology t\nnode a:debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0124: "a link without `<->`" {
        "A link, lag or wire has two ends with `<->` between them."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a:eth1 -- b:eth1\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a:eth1 <-> b:eth1\n"
    }
    E0125: "no declaration and no attribute" {
        "A line begins with the word of a declaration (`node`, `link`, `param`, …), with a word and a name (`network lan { … }`), or sets an attribute (`name = value`)."
        wrong: "topology t\nnod a: debian\n"
        right: "topology t\nnode a: debian\n"
    }
    E0126: "a reserved word as a name" {
        "`true false null and or not in if then else for from where self` cannot be names. All other words can."
        wrong: "topology t\nnode from: debian\n"
        right: "topology t\nnode from-lab: debian\n"
    }
    E0127: "an attribute without `=`" {
        "An attribute is set with `=`: `memory = 4GiB`. `+=` appends to a list, and `name { … }` merges."
        wrong: "topology t\nnode a: debian { memory: 4GiB }\n"
        right: "topology t\nnode a: debian { memory = 4GiB }\n"
    }
    E0128: "a body is missing" {
        "This declaration needs `{ … }`, if only an empty one. The `{` stands at the end of its line or begins the next."
        wrong: "topology t\nmodule m(n: int)\n"
        right: "topology t\nmodule m(n: int) { }\n"
    }
    E0129: "something that does not fit" {
        "What stands here belongs to no form of this item."
        wrong: "topology t here\n"
        right: "topology t\n"
    }
    E0130: "a chain of comparisons" {
        "A comparison has two sides: `a < b and b < c`. For ranges there is `x in 1..4`."
        wrong: "topology t\nparam n: int = 2 where 1 < n < 4\nnode a[1..n]: debian\n"
        right: "topology t\nparam n: int = 2 where n in 2..3\nnode a[1..n]: debian\n"
    }
    E0131: "an `else` of another kind" {
        "A second condition is `else if`, and `else` follows the `}` of its `if`."
        wrong: "topology t\nlet a = 1\nif a == 1 { } elif a == 2 { }\n"
        right: "topology t\nlet a = 1\nif a == 1 { } else if a == 2 { }\n"
    }
    E0132: "`pub` where it means nothing" {
        "`pub` makes a device, module, type, constant, or a member of a module visible to others. It stands before the word of the declaration."
        wrong: "topology t\nnode a: debian { pub memory = 4GiB }\n"
        right: "topology t\nnode a: debian { memory = 4GiB }\n"
    }
    E0133: "only attributes here" {
        "A value in braces is a record: it holds attributes and nothing else."
        wrong: "topology t\nnode a: debian { vars = { network lan } }\n"
        right: "topology t\nnode a: debian { vars = { network = \"lan\" } }\n"
    }
    E0134: "a type is missing" {
        "A parameter has a type: `param n: int`. Types are `bool int string size duration rate percent ip cidr prefix mac`, `[T]`, `map[T]`, `T?`, `{ a: T }`, `enum { a, b }` and those declared with `type`."
        wrong: "topology t\nparam n = 4\nnode a[1..n]: debian\n"
        right: "topology t\nparam n: int = 4\nnode a[1..n]: debian\n"
    }
    E0135: "a `=` is missing" {
        "`let`, `type` and `pool` have one `=` between the name and what it stands for."
        wrong: "topology t\nlet n 4\nnode a[1..n]: debian\n"
        right: "topology t\nlet n = 4\nnode a[1..n]: debian\n"
    }
    E0136: "a choice without `then` or `else`" {
        "A choice between values is written `if CONDITION then VALUE else VALUE`, with all three words. `if CONDITION { … }` stands around declarations."
        wrong: "topology t\nparam big: bool = false\nnode a: debian { cpu = if big then 4 }\n"
        right: "topology t\nparam big: bool = false\nnode a: debian { cpu = if big then 4 else 1 }\n"
    }
    E0137: "`for` without `in`" {
        "`for x in LIST { … }`: `in` stands between the variable and the list."
        wrong: "topology t\nfor i = 1..4 { }\n"
        right: "topology t\nfor i in 1..4 { }\n"
    }
    E0138: "two items on one line" {
        "Each item has its line. In braces a comma may separate them instead."
        wrong: "topology t\nnode a: debian { cpu = 1 memory = 2GiB }\n"
        right: "topology t\nnode a: debian { cpu = 1, memory = 2GiB }\n"
    }
    E0139: "`=` in a condition" {
        "`=` sets an attribute; `==` compares two values."
        wrong: "topology t\nlet a = 1\nif a = 1 { }\n"
        right: "topology t\nlet a = 1\nif a == 1 { }\n"
    }
    E0140: "a field with `=`" {
        "In a type, a field has a name and a type: `name: string`. A default follows: `hosts: int = 2`."
        wrong: "topology t\ntype site = { name = string }\n"
        right: "topology t\ntype site = { name: string }\n"
    }
    E0141: "a string is missing" {
        "A tag and a message stand in quotes."
        wrong: "topology t\nnode a: debian { tags = [\"wan\"] }\ndefaults node tagged wan { memory = 1GiB }\n"
        right: "topology t\nnode a: debian { tags = [\"wan\"] }\ndefaults node tagged \"wan\" { memory = 1GiB }\n"
    }
    E0142: "a number is missing" {
        "`edition` and `per /` are followed by a whole number."
        wrong: "topology t\npool p = 10.0.0.0/16 per 31\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p }\n"
        right: "topology t\npool p = 10.0.0.0/16 per /31\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p }\n"
    }
    E0143: "a comma is missing" {
        "Values in `( )` and `[ ]` have commas between them."
        wrong: "topology t\nnode a: debian { tags = [\"edge\" \"wan\"] }\n"
        right: "topology t\nnode a: debian { tags = [\"edge\", \"wan\"] }\n"
    }
    E0144: "an operator at the end of a line" {
        "An item ends with its line, unless the next line begins with an operator (or `<->`, `and`, `then` …). So the operator begins the next line: a half-typed line never swallows the one below it."
        wrong: "topology t\nnode a: debian {\n  memory = 1GiB +\n    512MiB\n}\n"
        right: "topology t\nnode a: debian {\n  memory = 1GiB\n    + 512MiB\n}\n"
    }
    E0145: "a word of another language" {
        "The two truth values are `true` and `false`; a value that is absent is `null`."
        wrong: "topology t\nnode a: debian { nested = True }\n"
        right: "topology t\nnode a: debian { nested = true }\n"
    }
    E0146: "a space in the end of a link" {
        "A node and its interface are one word: `b:eth1`. With a space, the `:` would be that after the name of the link."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a:eth1 <-> b: eth1\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a:eth1 <-> b:eth1\n"
    }
    E0147: "a file of another language" {
        "The file is written in YAML, which other tools use for labs. In wtop, a node, a network or a link is a declaration of its own: `node NAME: DEVICE`, `link NODE:INTERFACE <-> NODE:INTERFACE`."
        wrong: "name: t\ntopology:\n  nodes:\n    a:\n      kind: linux\n    b:\n      kind: linux\n  links:\n    - endpoints: [\"a:eth1\", \"b:eth1\"]\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a:eth1 <-> b:eth1\n"
    }
}
