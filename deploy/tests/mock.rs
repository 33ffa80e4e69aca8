//! The whole way on libvirt's mock hypervisor: plan, apply, converge, roll back. Its state lives as long as one connection
//! of this process, so that each test takes its own lab, and all of them one hypervisor.
#![cfg(feature = "kvm")]

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use wtop_compiler::backends::libvirt;
use wtop_compiler::lab::{TargetKind, lower};
use wtop_compiler::media::marker;
use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::{CompileOptions, compile};
use wtop_deploy::apply::{Applied, Event, apply};
use wtop_deploy::connect::{EMBEDDED, Hypervisor, connect};
use wtop_deploy::desired::{Desired, desired};
use wtop_deploy::observe::observe;
use wtop_deploy::observed::Observed;
use wtop_deploy::plan::{Action, Plan, plan, removal};
use wtop_deploy::snapshots;
use wtop_deploy::sources::Image;
use wtop_deploy::steps::{Options, StepKind};

/// Two hosts with a cable, and a third on a network.
fn lab(name: &str) -> String {
    format!(
        "topology {name}\nnetwork lan {{ subnet = 10.9.0.0/24 }}\n\
         node a: debian\nnode b: debian {{ after = [a] }}\nnode c: debian\n\
         link a <-> b {{ subnet = 10.8.0.0/30 }}\nlink c <-> lan\n\
         target mock: kvm {{ domain_type = kvm, pool = \"default-pool\" }}\n"
    )
}

fn wanted(text: &str) -> Desired {
    let mut files = MemoryFileSystem::default();
    files.insert("lab.wtop", text);
    let options =
        CompileOptions { file: "lab.wtop".into(), target: Some("mock".to_owned()), ..CompileOptions::default() };
    let topology = compile(&files, &options).topology.unwrap();
    let mut target = topology.targets[0].clone();
    target.attributes.insert("domain_type".into(), wtop_compiler::value::Value::String("test".into()));
    let (lab, _) = lower(&topology, Some(&target), TargetKind::Kvm);
    let (artifacts, _) = libvirt::build(&lab);
    desired(&lab, &artifacts, &marker, &|_, path, format| Ok(Image::file(path, format))).unwrap()
}

struct World {
    hypervisor: Hypervisor,
}

impl World {
    fn new() -> World {
        World { hypervisor: connect(Some(EMBEDDED)).unwrap() }
    }

    fn found(&self, wanted: &Desired) -> Observed {
        observe(&self.hypervisor, &wanted.topology, &wanted.pool).unwrap()
    }

    fn plan(&self, wanted: &Desired) -> Plan {
        plan(wanted, &self.found(wanted), &[]).unwrap()
    }

    fn up(&self, wanted: &Desired) {
        let plan = self.plan(wanted);
        apply(&self.hypervisor, &plan, wanted, Options::default(), &|_| ControlFlow::Continue(())).unwrap();
    }

    fn down(&self, wanted: &Desired, keep: bool) {
        let plan = removal(&wanted.topology, &self.found(wanted), keep);
        let options = Options { force: true, ..Options::default() };
        apply(&self.hypervisor, &plan, wanted, options, &|_| ControlFlow::Continue(())).unwrap();
    }

    /// Is nothing of the lab there: machine, network or volume?
    fn is_clean(&self, wanted: &Desired) -> bool {
        let found = self.found(wanted);
        let of_lab = |name: &String| name.starts_with(&format!("{}-", wanted.topology));
        found.machines.is_empty() && found.networks.is_empty() && !found.volumes.iter().any(of_lab)
    }
}

/// A line a change.
fn shown(plan: &Plan) -> String {
    let line = |change: &wtop_deploy::plan::Change| {
        let fields: Vec<String> = change
            .fields
            .iter()
            .map(|field| format!(" [{}: {:?} -> {:?}]", field.name, field.before.as_deref(), field.after.as_deref()))
            .collect();
        format!("{:?} {:?} {}{}\n", change.action, change.what, change.path, fields.concat())
    };
    plan.changes.iter().map(line).collect()
}

#[test]
fn a_lab_comes_up_once_and_goes_down_whole() {
    let world = World::new();
    let wanted = wanted(&lab("once"));
    insta::assert_snapshot!(shown(&world.plan(&wanted)));
    world.up(&wanted);
    assert_eq!(shown(&world.plan(&wanted)), "", "a second run has nothing to do");
    let found = world.found(&wanted);
    assert!(found.machines.iter().all(|machine| machine.live.is_some()));
    world.down(&wanted, true);
    let kept = world.found(&wanted);
    assert_eq!((kept.machines.len(), kept.networks.len()), (3, 0));
    world.up(&wanted);
    assert_eq!(shown(&world.plan(&wanted)), "");
    world.down(&wanted, false);
    assert!(world.is_clean(&wanted));
}

#[test]
fn edits_say_what_they_take() {
    let world = World::new();
    let text = lab("edits");
    world.up(&wanted(&text));
    let edits = [
        ("more memory", text.replace("node c: debian", "node c: debian { memory = 1GiB }")),
        ("a slower link", text.replace("10.8.0.0/30 }", "10.8.0.0/30, rate = 1Mbps }")),
        ("a link that is down", text.replace("10.8.0.0/30 }", "10.8.0.0/30, state = down }")),
        ("another configuration", text.replace("node c: debian", "node c: debian { packages = [\"jq\"] }")),
        ("a node less", text.replace("node c: debian\n", "").replace("link c <-> lan\n", "")),
        ("a link more", text.replace("link c <-> lan\n", "link c <-> lan\nlink c <-> a\n")),
        ("another delay", text.replace("node c: debian", "node c: debian { delay = 5s }")),
        ("larger frames", text.replace("subnet = 10.9.0.0/24", "subnet = 10.9.0.0/24, mtu = 9000")),
    ];
    let told = edits.map(|(title, edit)| format!("== {title}\n{}", shown(&world.plan(&wanted(&edit)))));
    insta::assert_snapshot!(told.concat());
    world.down(&wanted(&text), false);
}

#[test]
fn a_run_that_ends_after_any_step_is_finished_or_undone_by_the_next() {
    let world = World::new();
    let wanted = wanted(&lab("cut-up"));
    // One step more each time, until the run comes to its end.
    for last in 1.. {
        for undo in [false, true] {
            let plan = world.plan(&wanted);
            let done = Cell::new(0);
            let cut = |event: &Event<'_>| {
                done.set(done.get() + usize::from(matches!(event, Event::Done(_))));
                if done.get() >= last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let ended = apply(&world.hypervisor, &plan, &wanted, Options::default(), &cut).unwrap();
            if !undo {
                world.up(&wanted);
                assert_eq!(shown(&world.plan(&wanted)), "", "after step {last}");
                assert!(
                    world.found(&wanted).machines.iter().all(|machine| machine.live.is_some()),
                    "after step {last}"
                );
            }
            world.down(&wanted, false);
            assert!(world.is_clean(&wanted), "after step {last}");
            if ended == Applied::Whole {
                return;
            }
        }
    }
}

#[test]
fn a_run_down_that_ends_after_any_step_is_finished_by_the_next() {
    let world = World::new();
    let wanted = wanted(&lab("cut-down"));
    for last in 1.. {
        world.up(&wanted);
        let plan = removal(&wanted.topology, &world.found(&wanted), false);
        let done = Cell::new(0);
        let cut = |event: &Event<'_>| {
            done.set(done.get() + usize::from(matches!(event, Event::Done(_))));
            if done.get() >= last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let ended = apply(&world.hypervisor, &plan, &wanted, Options::default(), &cut).unwrap();
        world.down(&wanted, false);
        assert!(world.is_clean(&wanted), "after step {last}");
        if ended == Applied::Whole {
            return;
        }
    }
}

#[test]
fn what_fails_is_rolled_back() {
    let world = World::new();
    let mut wanted = wanted(&lab("fails"));
    let broken = wanted.machines.last_mut().unwrap();
    broken.xml = broken.xml.replace("<vcpu>1</vcpu>", "<vcpu>none</vcpu>");
    let plan = world.plan(&wanted);
    let told = RefCell::new(false);
    let listener = |event: &Event<'_>| {
        *told.borrow_mut() |= matches!(event, Event::RollsBack);
        ControlFlow::Continue(())
    };
    let problem = apply(&world.hypervisor, &plan, &wanted, Options::default(), &listener).unwrap_err();
    assert!(problem.message.contains("libvirt cannot define `fails-c`"), "{problem}");
    assert!(told.into_inner() && world.is_clean(&wanted));
    let keep = Options { keep: true, ..Options::default() };
    apply(&world.hypervisor, &plan, &wanted, keep, &|_| ControlFlow::Continue(())).unwrap_err();
    assert!(!world.is_clean(&wanted));
    world.down(&wanted, false);
}

#[test]
fn what_others_have_is_told_before_anything_happens() {
    let world = World::new();
    let wanted = wanted(&lab("clash"));
    let theirs = "<network><name>clash-lan</name><bridge name='other0'/></network>";
    let network = world.hypervisor.connection.define_network_xml(theirs).unwrap();
    let problem = plan(&wanted, &world.found(&wanted), &[]).unwrap_err();
    assert_eq!(problem.message, "there is a network `clash-lan` that does not belong to `clash`");
    network.undefine().unwrap();
    let problem = plan(&wanted, &world.found(&wanted), &["z".to_owned()]).unwrap_err();
    assert_eq!(problem.message, "`clash` has no node `z`");
    let only = plan(&wanted, &world.found(&wanted), &["c".to_owned()]).unwrap();
    insta::assert_snapshot!(shown(&only));
}

#[test]
fn a_snapshot_is_of_all_machines_and_brings_all_back() {
    let world = World::new();
    let wanted = wanted(&lab("moments"));
    world.up(&wanted);
    let (hypervisor, topology) = (&world.hypervisor, "moments");
    let quiet = |_: &str| ();
    let found = || world.found(&wanted);
    snapshots::create(hypervisor, topology, &found(), "before", &quiet).unwrap();
    let again = snapshots::create(hypervisor, topology, &found(), "before", &quiet).unwrap_err();
    assert_eq!(again.message, "`moments` has a snapshot `before`");
    let listed = snapshots::list(hypervisor, topology, &found()).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].machines.join(" "), listed[0].missing.len()), ("a b c".to_owned(), 0));

    // What a person does to one machine is undone with the rest.
    let name = &wanted.machines[0].document.name;
    hypervisor.connection.lookup_domain_by_name(name).unwrap().destroy().unwrap();
    assert_eq!(world.plan(&wanted).changes.len(), 1);
    snapshots::restore(hypervisor, &wanted, &found(), "before", &quiet).unwrap();
    assert_eq!(shown(&world.plan(&wanted)), "");
    assert!(found().machines.iter().all(|machine| machine.state == "running"));

    let other = snapshots::restore(hypervisor, &wanted, &found(), "after", &quiet).unwrap_err();
    assert_eq!(other.help.unwrap(), "it has `before`");
    snapshots::delete(hypervisor, topology, &found(), "before", &quiet).unwrap();
    assert!(snapshots::list(hypervisor, topology, &found()).unwrap().is_empty());
    world.down(&wanted, false);
    assert!(world.is_clean(&wanted));
}

#[test]
fn a_snapshot_has_a_plain_name_and_a_lab() {
    let world = World::new();
    let wanted = wanted(&lab("nothing"));
    let create = |name| snapshots::create(&world.hypervisor, "nothing", &world.found(&wanted), name, &|_| ());
    assert_eq!(create("a/b").unwrap_err().message, "`a/b` is no name for a snapshot");
    assert_eq!(create("ok").unwrap_err().message, "`nothing` is not there");
}

#[test]
fn what_takes_its_configuration_on_its_console_is_unfinished_until_it_has_it() {
    let world = World::new();
    let device = "device spoken extends debian { console { expect \"login: \" { within = 1min }, send \"root\" } }\n";
    let text = format!("topology spoken\n{device}node a: spoken\ntarget mock: kvm {{ pool = \"default-pool\" }}\n");
    let wanted = wanted(&text);
    let plan = world.plan(&wanted);
    // The run ends while somebody would be typing.
    let stop = |event: &Event<'_>| match event {
        Event::Begins(step) if step.kind == StepKind::Converse => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    assert_eq!(apply(&world.hypervisor, &plan, &wanted, Options::default(), &stop).unwrap(), Applied::Stopped);
    let again = world.plan(&wanted);
    assert!(again.changes.iter().any(|change| change.path == "a" && change.action == Action::Create), "{again:?}");
    let go_on = |_: &Event<'_>| ControlFlow::Continue(());
    apply(&world.hypervisor, &again, &wanted, Options::default(), &go_on).unwrap();
    assert!(world.plan(&wanted).is_empty());
    apply(&world.hypervisor, &removal("spoken", &world.found(&wanted), false), &wanted, Options::default(), &go_on)
        .unwrap();
}

#[test]
fn three_hundred_nodes_come_up_and_go_down() {
    let world = World::new();
    let text = "topology many\nnode n[1..300]: debian\n\
                for i in 1..300 { link n[i] <-> n[i % 300 + 1] }\n\
                target mock: kvm { pool = \"default-pool\" }\n";
    let wanted = wanted(text);
    assert_eq!(wanted.machines.len(), 300);
    let go_on = |_: &Event<'_>| ControlFlow::Continue(());
    apply(&world.hypervisor, &world.plan(&wanted), &wanted, Options::default(), &go_on).unwrap();
    let found = world.found(&wanted);
    assert!(found.machines.iter().filter(|there| there.state == "running").count() == 300);
    assert!(world.plan(&wanted).is_empty());
    apply(&world.hypervisor, &removal("many", &found, false), &wanted, Options::default(), &go_on).unwrap();
    assert!(world.found(&wanted).machines.is_empty());
}
