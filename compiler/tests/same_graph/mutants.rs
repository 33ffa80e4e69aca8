//! What is wrong is noticed: every artifact of a lab is spoiled in every place, one place at a time, and none of the
//! spoiled ones passes for the same graph.

use super::{Artifacts, File, artifacts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wtop_compiler::CompileOptions;
use wtop_compiler::source::MemoryFileSystem;

/// A bit of everything: devices of one and of two machines, cards that are only counted, a network, wires, management.
const LAB: &str = "\
topology lab
network lan { subnet = [10.2.0.0/24, 2001:db8:2::/64] }
node fw: vsrx
node sw: vqfx
node h[1..2]: debian
link h[1] <-> fw { subnet = 10.1.0.0/30 }
link each [fw, h[2]] <-> lan
link sw <-> fw { subnet = 10.3.0.0/30 }
link sw <-> h[2] { subnet = 10.4.0.0/30 }
";

/// Addresses of the hosts, and what they are spoiled to.
const ADDRESSES: [(&str, &str); 4] = [
    ("10.1.0.1/30", "10.1.0.2/30"),
    ("10.2.0.2/24", "10.2.0.9/24"),
    ("10.2.0.2/24", "10.2.0.2/25"),
    ("2001:db8:2::2/64", "2001:db8:3::2/64"),
];

fn made() -> Artifacts {
    let fs = MemoryFileSystem::new([("lab.wtop", LAB)]);
    artifacts(&fs, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() }).unwrap()
}

#[test]
fn the_lab_itself_is_one_graph() {
    assert_eq!(made().differences(), [] as [String; 0]);
}

#[test]
fn every_libvirt_mutant_is_noticed() {
    let whole = made();
    let files = &whole.libvirt[0].1;
    let mutants = libvirt_mutants(files);
    let story = story(mutants.into_iter().map(|(what, files)| {
        let libvirt = vec![("kvm".to_owned(), files)];
        (what, Artifacts { json: whole.json.clone(), libvirt, heat: Vec::new() })
    }));
    insta::assert_snapshot!(story);
}

#[test]
fn every_heat_mutant_is_noticed() {
    let whole = made();
    let template: Value = serde_saphyr::from_str(std::str::from_utf8(&whole.heat[0].1).unwrap()).unwrap();
    let story = story(heat_mutants(&template).into_iter().map(|(what, template)| {
        // YAML contains JSON.
        let heat = vec![("heat".to_owned(), template.to_string().into_bytes())];
        (what, Artifacts { json: whole.json.clone(), libvirt: Vec::new(), heat })
    }));
    insta::assert_snapshot!(story);
}

#[test]
fn every_json_mutant_is_noticed() {
    let whole = made();
    let topology: Value = serde_json::from_slice(&whole.json).unwrap();
    let story = story(json_mutants(&topology).into_iter().map(|(what, topology)| {
        let json = topology.to_string().into_bytes();
        (what, Artifacts { json, libvirt: whole.libvirt.clone(), heat: whole.heat.clone() })
    }));
    insta::assert_snapshot!(story);
}

/// Each kind of mutant, how many there are, and what is said about the first; panics if one of them passes.
fn story(mutants: impl Iterator<Item = (&'static str, Artifacts)>) -> String {
    let mut kinds: Vec<(&str, usize, Vec<String>)> = Vec::new();
    for (what, mutant) in mutants {
        let said = mutant.differences();
        assert!(!said.is_empty(), "nobody notices: {what}");
        match kinds.iter_mut().find(|(kind, ..)| *kind == what) {
            Some((_, count, _)) => *count += 1,
            None => kinds.push((what, 1, said)),
        }
    }
    let told =
        kinds.iter().map(|(what, count, said)| format!("{count} times {what}; the first:\n  {}", said.join("\n  ")));
    told.collect::<Vec<_>>().join("\n\n")
}

fn libvirt_mutants(files: &[File]) -> Vec<(&'static str, Vec<File>)> {
    let networks: Vec<&str> =
        files.iter().filter_map(|(path, _)| path.strip_prefix("networks/")?.strip_suffix(".xml")).collect();
    let mut mutants = Vec::new();
    for (at, (path, bytes)) in files.iter().enumerate() {
        let with = |bytes: Vec<u8>| {
            let mut files = files.to_vec();
            files[at].1 = bytes;
            files
        };
        if path.starts_with("seeds/") && path.contains("-h") {
            let spoiled = ADDRESSES.iter().filter_map(|(from, to)| replaced_bytes(bytes, from, to));
            mutants.extend(spoiled.map(|bytes| ("another address in a seed", with(bytes))));
        }
        if !path.ends_with(".xml") {
            continue;
        }
        let text = String::from_utf8(bytes.clone()).unwrap();
        let with = |text: String| with(text.into_bytes());
        if path.starts_with("networks/") {
            for reservation in pieces(&text, " ip=\"", "\"") {
                mutants.push(("another DHCP reservation", with(text.replacen(reservation, "100.64.0.99", 1))));
            }
        }
        if !path.starts_with("domains/") {
            continue;
        }
        mutants.push(("no such domain", files.iter().filter(|(other, _)| other != path).cloned().collect()));
        let cards = pieces(&text, "<interface ", "</interface>");
        for pair in cards.windows(2) {
            let places = [pair[0], pair[1]].map(|card| pieces(card, "<address type=\"pci\"", "/>")[0]);
            let swapped = text.replacen(places[0], "HERE", 1).replacen(places[1], places[0], 1);
            mutants.push(("two cards in each other's slot", with(swapped.replacen("HERE", places[1], 1))));
        }
        for card in &cards {
            let mac = pieces(card, "<mac address=\"", "\"")[0];
            mutants.push(("another MAC", with(text.replacen(mac, "52:54:00:00:00:00", 1))));
            let Some(source) = pieces(card, "<source network=\"", "\"").first().copied() else { continue };
            for network in networks.iter().filter(|network| **network != source) {
                let moved = card.replacen(source, network, 1);
                mutants.push(("a card on another network", with(text.replacen(card, &moved, 1))));
            }
        }
    }
    for gone in &networks {
        for kept in networks.iter().filter(|kept| *kept < gone) {
            let merge = |(path, bytes): &File| {
                let text = String::from_utf8_lossy(bytes);
                let merged = text.replace(&format!("network=\"{gone}\""), &format!("network=\"{kept}\""));
                (path.clone(), if path.starts_with("domains/") { merged.into_bytes() } else { bytes.clone() })
            };
            mutants.push(("two networks merged", files.iter().map(merge).collect()));
        }
    }
    mutants
}

fn heat_mutants(template: &Value) -> Vec<(&'static str, Value)> {
    let resources = template["resources"].as_object().unwrap();
    let of_type = |kind: &'static str| resources.iter().filter(move |(_, resource)| resource["type"] == kind);
    let networks: BTreeSet<String> = of_type("OS::Neutron::Net").map(|(name, _)| name.clone()).collect();
    let mut mutants = Vec::new();
    let mut push = |what, pointer: String, value: Value| {
        let mut mutant = template.clone();
        let place = mutant.pointer_mut(&pointer).unwrap_or_else(|| panic!("no {pointer}"));
        assert_ne!(*place, value, "{what}: {pointer}");
        *place = value;
        mutants.push((what, mutant));
    };
    for (name, server) in of_type("OS::Nova::Server") {
        let at = format!("/resources/{name}");
        push("a server less", format!("{at}/type"), json!("OS::Heat::None"));
        let ports = server["properties"]["networks"].as_array().unwrap();
        for place in 1..ports.len() {
            let mut ports = ports.clone();
            ports.swap(place - 1, place);
            push("two ports in the other order", format!("{at}/properties/networks"), ports.into());
        }
        if let Some(text) = server["properties"]["user_data"].as_str() {
            for (from, to) in ADDRESSES.iter().filter(|(from, _)| text.contains(from)) {
                push(
                    "another address in user data",
                    format!("{at}/properties/user_data"),
                    text.replace(from, to).into(),
                );
            }
        }
    }
    for (name, port) in of_type("OS::Neutron::Port") {
        let at = format!("/resources/{name}/properties");
        push("another MAC", format!("{at}/mac_address"), json!("52:54:00:00:00:00"));
        let plugged = port["properties"]["network"]["get_resource"].as_str().unwrap();
        for network in networks.iter().filter(|network| !network.ends_with("unplugged") && *network != plugged) {
            // A card that is only counted stays alone wherever it is, as its port lets nothing pass.
            if port["properties"]["security_groups"] != json!([]) {
                push("a port on another net", format!("{at}/network/get_resource"), json!(network));
            }
        }
        for (index, fixed) in port["properties"]["fixed_ips"].as_array().into_iter().flatten().enumerate() {
            if fixed["ip_address"].is_string() {
                push("another fixed address", format!("{at}/fixed_ips/{index}/ip_address"), json!("10.99.0.1"));
            }
        }
    }
    for gone in &networks {
        for kept in networks.iter().filter(|kept| *kept < gone && !kept.ends_with("unplugged")) {
            if !gone.ends_with("unplugged") {
                let merged = |text: String| {
                    text.replace(
                        &json!({ "get_resource": gone }).to_string(),
                        &json!({ "get_resource": kept }).to_string(),
                    )
                };
                mutants.push(("two nets merged", serde_json::from_str(&merged(template.to_string())).unwrap()));
            }
        }
    }
    mutants
}

fn json_mutants(document: &Value) -> Vec<(&'static str, Value)> {
    let topology = &document["topology"];
    let mut mutants = Vec::new();
    let mut push = |what, pointer: String, value: Value| {
        let mut mutant = document.clone();
        *mutant.pointer_mut(&pointer).unwrap() = value;
        mutants.push((what, mutant));
    };
    let links = topology["links"].as_array().unwrap().len();
    for (node_index, node) in topology["nodes"].as_array().unwrap().iter().enumerate() {
        let at = format!("/topology/nodes/{node_index}");
        push("a node without machines", format!("{at}/machines"), json!([]));
        for (index, interface) in node["interfaces"].as_array().unwrap().iter().enumerate() {
            for link in
                (0..links).filter(|link| interface["link"] != *link && is_another_segment(topology, interface, *link))
            {
                push("an interface on another link", format!("{at}/interfaces/{index}/link"), json!(link));
            }
            push("another address", format!("{at}/interfaces/{index}/addresses"), json!(["10.99.0.1/24"]));
        }
        for (machine_index, machine) in node["machines"].as_array().unwrap().iter().enumerate() {
            for (nic_index, _) in machine["nics"].as_array().unwrap().iter().enumerate() {
                let at = format!("{at}/machines/{machine_index}/nics/{nic_index}");
                push("another MAC", format!("{at}/mac"), json!("52:54:00:00:00:00"));
                if machine["nics"][nic_index]["plug"]["type"] != "nothing" {
                    push("a card plugged into nothing", format!("{at}/plug"), json!({ "type": "nothing" }));
                }
            }
        }
    }
    mutants
}

/// Two links to one network are the same segment.
fn is_another_segment(topology: &Value, interface: &Value, link: usize) -> bool {
    let network = |link: &Value| {
        let ends = topology["links"][link.as_u64().unwrap() as usize]["ends"].as_array().unwrap();
        ends.iter().find_map(|end| end["network"]["network"].as_u64())
    };
    network(&interface["link"]).is_none() || network(&interface["link"]) != network(&json!(link))
}

/// What stands between two marks, each time; the first mark included if it opens an element.
fn pieces<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    let skipped = if from.starts_with('<') && !from.ends_with('"') { 0 } else { from.len() };
    let places = text.match_indices(from).map(|(start, _)| start + skipped);
    places.filter_map(|start| Some(&text[start..start + text[start..].find(to)?])).collect()
}

/// Bytes with a text replaced by another of the same length, where it is there.
fn replaced_bytes(bytes: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes())?;
    let mut spoiled = bytes.to_vec();
    spoiled[at..at + to.len()].copy_from_slice(to.as_bytes());
    Some(spoiled)
}
