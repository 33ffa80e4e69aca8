//! Drawings for the tests: the forms that networks have.

use super::{Drawing, End, Group, Icon, Lag, Link, Network, Node, Shape};

pub fn node(id: &str, icon: Icon, device: &str) -> Node {
    let label = id.rsplit('/').next().unwrap().to_string();
    let group = id.rsplit_once('/').map(|(group, _)| group.to_string());
    Node { id: id.into(), label, sublabel: Some(device.into()), icon, group, ..Node::default() }
}

pub fn network(id: &str, subnet: &str) -> Network {
    let label = id.rsplit('/').next().unwrap().to_string();
    let group = id.rsplit_once('/').map(|(group, _)| group.to_string());
    Network { id: id.into(), label, subnets: vec![subnet.into()], group, ..Network::default() }
}

/// `node`, `node:interface`, or `node:interface address …`.
pub fn end(text: &str) -> End {
    let mut words = text.split(' ');
    let first = words.next().unwrap();
    let (at, interface) =
        first.split_once(':').map_or((first, None), |(at, interface)| (at, Some(interface.to_string())));
    End { at: at.into(), interface, addresses: words.map(str::to_string).collect(), vlan: None }
}

pub fn link(a: &str, b: &str) -> Link {
    Link { id: format!("{a} <-> {b}"), ends: [end(a), end(b)], ..Link::default() }
}

/// The first example of the manual.
pub fn first_lab() -> Drawing {
    Drawing {
        title: "first-lab".into(),
        nodes: vec![
            node("h1", Icon::Host, "debian"),
            node("h2", Icon::Host, "debian"),
            node("fw", Icon::Firewall, "vsrx"),
        ],
        networks: vec![network("lan", "172.16.1.0/24")],
        links: vec![
            Link { label: Some("10 ms, 0.1% loss".into()), ..link("h1:eth1 10.1.0.0/31", "fw:ge-0/0/0 10.1.0.1/31") },
            link("fw:ge-0/0/1 172.16.1.1/24", "lan"),
            link("h2:eth1 172.16.1.2/24", "lan"),
        ],
        ..Drawing::default()
    }
}

pub fn two_hosts_and_router() -> Drawing {
    Drawing {
        title: "two hosts and a router".into(),
        nodes: vec![
            node("h1", Icon::Host, "debian"),
            node("r1", Icon::Router, "vyos"),
            node("h2", Icon::Host, "debian"),
        ],
        links: vec![
            link("h1:eth1 10.0.1.2/24", "r1:eth1 10.0.1.1/24"),
            link("h2:eth1 10.0.2.2/24 2001:db8:2::2/64", "r1:eth2 10.0.2.1/24 2001:db8:2::1/64"),
        ],
        ..Drawing::default()
    }
}

pub fn leaf_spine(spines: usize, leaves: usize) -> Drawing {
    let mut drawing = Drawing { title: format!("leaf-spine {spines} x {leaves}"), ..Drawing::default() };
    for s in 1..=spines {
        drawing.nodes.push(node(&format!("spine{s}"), Icon::Switch, "vqfx"));
    }
    for l in 1..=leaves {
        drawing.nodes.push(node(&format!("leaf{l}"), Icon::Switch, "vqfx"));
        for h in 1..=2 {
            drawing.nodes.push(node(&format!("host{l}-{h}"), Icon::Host, "debian"));
        }
        for s in 1..=spines {
            let n = ((l - 1) * spines + s - 1) * 2;
            let (hi, lo) = (n / 256, n % 256);
            let leaf = format!("leaf{l}:xe-0/0/{} 10.0.{hi}.{lo}/31", s - 1);
            let spine = format!("spine{s}:xe-0/0/{} 10.0.{hi}.{}/31", l - 1, lo + 1);
            drawing.links.push(link(&leaf, &spine));
        }
        for h in 1..=2 {
            let host = format!("host{l}-{h}:eth1 10.1.{l}.{}/24", h + 1);
            drawing.links.push(link(&host, &format!("leaf{l}:xe-0/0/{}", 9 + h)));
        }
    }
    drawing
}

pub fn ring(count: usize) -> Drawing {
    let mut drawing = Drawing { title: format!("ring of {count}"), ..Drawing::default() };
    for n in 0..count {
        drawing.nodes.push(node(&format!("r{}", n + 1), Icon::Router, "frr"));
        let (hi, lo) = (n * 2 / 256, n * 2 % 256);
        let a = format!("r{}:eth2 10.0.{hi}.{lo}/31", n + 1);
        let b = format!("r{}:eth1 10.0.{hi}.{}/31", (n + 1) % count + 1, lo + 1);
        drawing.links.push(link(&a, &b));
    }
    drawing
}

pub fn star(count: usize) -> Drawing {
    let mut drawing = Drawing { title: format!("{count} hosts on a network"), ..Drawing::default() };
    drawing.networks.push(network("lan", "192.168.10.0/24"));
    for n in 1..=count {
        drawing.nodes.push(node(&format!("pc{n}"), Icon::Host, "debian"));
        drawing.links.push(link(&format!("pc{n}:eth0 192.168.10.{n}/24"), "lan"));
    }
    drawing
}

pub fn mesh(count: usize) -> Drawing {
    let mut drawing = Drawing { title: format!("full mesh of {count}"), ..Drawing::default() };
    for n in 1..=count {
        drawing.nodes.push(node(&format!("pe{n}"), Icon::Router, "vmx"));
        for m in 1..n {
            drawing.links.push(link(&format!("pe{m}:ge-0/0/{n}"), &format!("pe{n}:ge-0/0/{m}")));
        }
    }
    drawing
}

/// A connected mesh without any order.
pub fn random(count: usize, links: usize) -> Drawing {
    let mut drawing = Drawing { title: format!("{count} nodes by chance"), ..Drawing::default() };
    let mut chance = 7_usize;
    let mut next = |limit: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % limit
    };
    for n in 0..count {
        drawing.nodes.push(node(&format!("r{n}"), Icon::Router, "frr"));
    }
    for n in 1..=links {
        let (a, b) = if n < count { (n, n - 1 - next(n.min(30))) } else { (next(count), next(count)) };
        let (hi, lo) = (n * 2 / 256, n * 2 % 256);
        drawing
            .links
            .push(link(&format!("r{a}:eth{n} 10.0.{hi}.{lo}/31"), &format!("r{b}:eth{n} 10.0.{hi}.{}/31", lo + 1)));
    }
    drawing
}

/// Three modules around a core pair, with a bundle, parallel links, a link that is down and a nested group.
pub fn campus() -> Drawing {
    let mut drawing = Drawing { title: "campus".into(), ..Drawing::default() };
    let group = |id: &str, parent: Option<&str>| {
        let label = id.rsplit('/').next().unwrap().to_string();
        Group { id: id.into(), label, parent: parent.map(str::to_string) }
    };
    drawing.nodes.push(node("core1", Icon::Router, "vmx"));
    drawing.nodes.push(node("core2", Icon::Router, "vmx"));
    drawing.networks.push(Network { shape: Shape::Cloud, ..network("internet", "0.0.0.0/0") });
    drawing.links.push(link("core1:ge-0/0/9 203.0.113.2/30", "internet"));
    drawing.links.push(link("core2:ge-0/0/9 203.0.113.6/30", "internet"));
    drawing.lags.push(Lag { id: "core1:ae0".into(), label: "ae0".into() });
    for n in 0..2 {
        let member = link(&format!("core1:xe-0/1/{n}"), &format!("core2:xe-0/1/{n}"));
        drawing.links.push(Link { lag: Some("core1:ae0".into()), ..member });
    }
    for (number, site) in ["office-nyc", "office-lon", "dc"].into_iter().enumerate() {
        drawing.groups.push(group(site, None));
        drawing.nodes.push(node(&format!("{site}/gw"), Icon::Firewall, "vsrx"));
        for core in 1..=2 {
            let up = format!("{site}/gw:ge-0/0/{} 10.0.{number}.{}/31", core - 1, core * 2 - 2);
            let down = format!("core{core}:ge-0/0/{number} 10.0.{number}.{}/31", core * 2 - 1);
            drawing.links.push(Link { down: site == "office-lon" && core == 2, ..link(&up, &down) });
        }
        if site == "dc" {
            drawing.groups.push(group("dc/rack", Some("dc")));
            drawing.nodes.push(node("dc/rack/tor", Icon::Switch, "vqfx"));
            for n in 0..2 {
                drawing.links.push(link(&format!("dc/gw:ge-0/0/{}", n + 4), &format!("dc/rack/tor:xe-0/0/{n}")));
            }
            for n in 1..=3 {
                drawing.nodes.push(node(&format!("dc/rack/srv{n}"), Icon::Server, "ubuntu"));
                let mut access =
                    link(&format!("dc/rack/srv{n}:eth0 10.9.0.{n}/24"), &format!("dc/rack/tor:xe-0/0/{}", n + 10));
                access.ends[1].vlan = Some("vlan 10".into());
                drawing.links.push(access);
            }
        } else {
            drawing.networks.push(network(&format!("{site}/lan"), &format!("10.9.{number}.0/24")));
            drawing.links.push(link(&format!("{site}/gw:ge-0/0/2 10.9.{number}.1/24"), &format!("{site}/lan")));
            for n in 1..=3 + number {
                drawing.nodes.push(node(&format!("{site}/pc{n}"), Icon::Host, "debian"));
                drawing
                    .links
                    .push(link(&format!("{site}/pc{n}:eth1 10.9.{number}.{}/24", n + 1), &format!("{site}/lan")));
            }
        }
    }
    drawing
}

/// A hierarchy of core, distribution, access and hosts, with about `count` nodes.
pub fn three_tier(count: usize) -> Drawing {
    let mut drawing = Drawing { title: format!("three tiers, {count} nodes"), ..Drawing::default() };
    let (cores, distributions, accesses) = (2, count / 40 * 2, count / 10);
    for c in 1..=cores {
        drawing.nodes.push(node(&format!("core{c}"), Icon::Router, "vmx"));
    }
    drawing.links.push(link("core1:et-0", "core2:et-0"));
    for d in 1..=distributions {
        drawing.nodes.push(node(&format!("dist{d}"), Icon::Switch, "qfx"));
        for c in 1..=cores {
            drawing.links.push(link(&format!("dist{d}:et-{c}"), &format!("core{c}:et-{d}")));
        }
    }
    for a in 1..=accesses {
        drawing.nodes.push(node(&format!("access{a}"), Icon::Switch, "ex"));
        let pair = (a - 1) * (distributions / 2) / accesses * 2;
        for d in 1..=2 {
            drawing.links.push(link(&format!("access{a}:xe-{d}"), &format!("dist{}:xe-{a}", pair + d)));
        }
    }
    for h in 0..count - cores - distributions - accesses {
        drawing.nodes.push(node(&format!("host{}", h + 1), Icon::Host, "debian"));
        let access = h % accesses + 1;
        let address = format!("10.{}.{}.{}/24", access / 256, access % 256, h / accesses + 2);
        drawing
            .links
            .push(link(&format!("host{}:eth0 {address}", h + 1), &format!("access{access}:ge-{}", h / accesses)));
    }
    drawing
}
