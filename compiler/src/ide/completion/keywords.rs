//! The words that begin items, by the block they may stand in.

use super::Asked;
use super::blocks::Block;
use super::item::{Item, ItemKind};
use crate::semantics::schema::Kind;
use crate::syntax::token::TokenKind;

/// A word that begins an item.
struct Keyword {
    word: &'static str,
    /// The whole item, with places to fill in.
    snippet: &'static str,
    doc: &'static str,
}

macro_rules! keywords {
    ($($list:ident { $($word:literal $snippet:literal $doc:literal;)* })*) => {
        $(const $list: &[Keyword] = &[$(Keyword { word: $word, snippet: $snippet, doc: $doc }),*];)*
    };
}

keywords! {
    GRAPH {
        "node" "node ${1:name}: ${2:device}" "An instance of a device or module.";
        "link" "link ${1:a} <-> ${2:b}" "A wire between two ends.";
        "network" "network ${1:name} { subnet = ${2:10.0.0.0/24} }" "A segment that many can share.";
        "for" "for ${1:i} in ${2:1..4} {\n  $0\n}" "Repeats what is in its block.";
        "if" "if ${1:condition} {\n  $0\n}" "What is there only under a condition.";
        "lag" "lag ${1:a:ae0} <-> ${2:b:ae0} {\n  link $0\n}" "Links that act as one.";
        "vlan" "vlan ${1:name} { id = ${2:10} }" "A VLAN with a name.";
        "vrf" "vrf ${1:name} { rd = \"${2:65000:1}\" }" "A routing table with a name.";
        "let" "let ${1:name} = ${2:value}" "A constant.";
        "check" "check ${1:condition}" "What must hold for the graph.";
        "expect" "expect ${1:condition}" "What must hold for the running lab.";
        "defaults" "defaults ${1:node} { $0 }" "Attributes for all of a kind, or of a device, or with a tag.";
        "override" "override ${1:name} { $0 }" "Changes what exists already.";
    }
    FILE {
        "pool" "pool ${1:name} = ${2:10.0.0.0/16} per /${3:31}" "Hands out prefixes, addresses or numbers.";
        "module" "module ${1:name}($2) {\n  $0\n}" "A part of a topology, to be used like a device.";
        "device" "device ${1:name} extends ${2:base} {\n  $0\n}" "A device of your own.";
        "type" "type ${1:name} = ${2:{ name: string \\}}" "A name for a type.";
        "attribute" "attribute ${1:name}: ${2:int} on ${3:node}" "A further attribute, with its type.";
        "use" "use " "Brings in what another file declares.";
        "pub" "pub " "Lets other files use what follows.";
    }
    LAB {
        "param" "param ${1:name}: ${2:int} = ${3:1}" "What can be set from outside.";
        "target" "target ${1:name}: ${2|kvm,heat|} {\n  default = true\n  images { $0 }\n}" "Where the lab runs.";
    }
    ONCE {
        "topology" "topology ${1:name}" "Names the lab. A file without it is a library.";
        "edition" "edition 2026" "The edition of the language.";
    }
    MODULE {
        "interface" "interface ${1:name} = ${2:node:port}" "A port that the module shows.";
        "pub" "pub " "Lets others reach what follows.";
    }
    NODE {
        "interface" "interface ${1:lo0} { address = ${2:10.255.0.1/32} }" "An interface and its attributes.";
    }
    DEVICE {
        "nic" "nic ${1:eth0}" "A network card; the guest counts them in this order.";
        "image" "image ${1:name}" "An image slot, which targets fill.";
        "vm" "vm ${1:name} {\n  $0\n}" "One machine of several.";
        "interface" "interface \"${1:eth\\${n\\}}\" for n in ${2:1..4} = ${3:eth[n]}" "Ports as links name them.";
        "wire" "wire ${1:a:em1} <-> ${2:b:em1}" "A private wire between two machines.";
        "disk" "disk ${1:data} { size = ${2:10GiB} }" "A further disk.";
        "media" "media ${1:seed} { format = ${2|iso,vfat,ext4|}, files { $0 } }" "A boot medium.";
        "console" "console {\n  $0\n}" "What is typed at first boot.";
        "for" "for ${1:i} in ${2:1..4} {\n  $0\n}" "Repeats what is in its block.";
        "if" "if ${1:condition} {\n  $0\n}" "What is there only under a condition.";
        "let" "let ${1:name} = ${2:value}" "A constant.";
        "override" "override ${1:name} { $0 }" "Changes a part of the base.";
        "remove" "remove ${1:name}" "Takes out a part of the base.";
    }
    MACHINE {
        "nic" "nic ${1:eth0}" "A network card; the guest counts them in this order.";
        "disk" "disk ${1:data} { size = ${2:10GiB} }" "A further disk.";
        "media" "media ${1:seed} { format = ${2|iso,vfat,ext4|}, files { $0 } }" "A boot medium.";
        "console" "console {\n  $0\n}" "What is typed at first boot.";
    }
    CONSOLE {
        "expect" "expect \"${1:login: }\"" "Waits until the guest prints this.";
        "send" "send \"${1}\"" "Types a line.";
        "for" "for ${1:line} in ${2:list} {\n  $0\n}" "Repeats steps.";
        "if" "if ${1:condition} {\n  $0\n}" "Steps under a condition.";
    }
    LAG {
        "link" "link ${1:a} <-> ${2:b}" "A member.";
        "for" "for ${1:i} in ${2:1..2} {\n  $0\n}" "Repeats what is in its block.";
        "if" "if ${1:condition} {\n  $0\n}" "What is there only under a condition.";
    }
    TARGET {
        "override" "override ${1:name} { $0 }" "Changes what exists, on this target alone.";
        "defaults" "defaults ${1:node} { $0 }" "Attributes for all of a kind, on this target alone.";
    }
}

/// What can follow `pub`.
const PUBLIC: &[&str] =
    &["node", "network", "link", "lag", "let", "pool", "type", "device", "module", "use", "vlan", "vrf"];

impl Asked<'_> {
    /// What can begin an item of a block.
    pub fn item_starts(&self, block: &Block, is_public: bool) -> Vec<Item> {
        let is_lab = self.cursor.outline.inside(None).any(|(_, item)| self.cursor.outline.head(item).0 == "topology");
        let is_library =
            !is_lab && self.cursor.outline.inside(None).any(|(_, item)| self.cursor.outline.is_public(item));
        let lists: &[&[Keyword]] = match block {
            Block::File if is_library => &[FILE, GRAPH],
            Block::File if is_lab => &[GRAPH, FILE, LAB],
            Block::File => &[GRAPH, FILE, LAB, ONCE],
            Block::Module => &[GRAPH, MODULE],
            Block::Device => &[DEVICE],
            Block::Console => &[CONSOLE],
            Block::Target => &[TARGET],
            Block::Of(Kind::Node) if !self.is_in_layer() => &[NODE],
            Block::Of(Kind::Machine) => &[MACHINE],
            Block::Of(Kind::Lag) => &[LAG],
            _ => &[],
        };
        // A library has no graph of its own.
        let stands = |keyword: &&Keyword| match block {
            Block::File if is_library => !matches!(
                keyword.word,
                "node"
                    | "link"
                    | "network"
                    | "lag"
                    | "for"
                    | "if"
                    | "check"
                    | "expect"
                    | "override"
                    | "defaults"
                    | "vlan"
                    | "vrf"
            ),
            _ => true,
        };
        let public = |keyword: &&Keyword| !is_public || PUBLIC.contains(&keyword.word);
        let keywords = lists.iter().copied().flatten().filter(stands).filter(public).enumerate();
        let mut items: Vec<Item> = keywords.map(|(order, keyword)| self.keyword(keyword, order)).collect();
        if !is_public {
            items.extend(self.attribute_starts(block));
        }
        items
    }

    /// Is the block one of `defaults` or an `override`, where nothing is declared?
    fn is_in_layer(&self) -> bool {
        let item = self.cursor.innermost().and_then(|(_, frame)| self.cursor.outline.items.get(frame.item?));
        item.is_some_and(|item| matches!(self.cursor.outline.head(item).0, "defaults" | "override"))
    }

    fn keyword(&self, keyword: &Keyword, order: usize) -> Item {
        let item = Item::new(keyword.word, ItemKind::Keyword).documentation(Some(keyword.doc.to_owned())).order(order);
        // Where the rest is there already, only the word is wanted.
        let stands_alone = self.cursor.next().is_none_or(|next| next.kind == TokenKind::CloseBrace);
        if !stands_alone {
            return item;
        }
        let plain = format!("{} ", keyword.word);
        let plain = if keyword.word == "console" { keyword.word.to_owned() } else { plain };
        match keyword.word {
            "use" | "pub" => item.insert(plain),
            "edition" => item.insert(keyword.snippet),
            _ => item.snippet(keyword.snippet, plain).detail(first_line(keyword.snippet)),
        }
    }
}

/// The snippet as people read it: `node name: device`.
fn first_line(snippet: &str) -> String {
    let mut shown = String::new();
    let mut rest = snippet.lines().next().unwrap_or_default();
    while let Some((before, after)) = rest.split_once("${") {
        shown.push_str(before.trim_end_matches('\\'));
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        let place = place.split_once([':', '|']).map_or("", |(_, text)| text);
        shown.push_str(place.split(',').next().unwrap_or_default().trim_end_matches(['|', '\\']));
        rest = after;
    }
    shown.push_str(rest);
    shown.replace("$0", "…").replace("\\", "")
}
