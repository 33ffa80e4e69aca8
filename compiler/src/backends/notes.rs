//! What whoever built a lab must know before it runs: secrets that are not filled in, guests that nobody can log in to,
//! images whose place nobody said.

use super::Artifact;
use super::manifest::secrets;
use crate::lab::bound_image;
use crate::topology::{Node, Target, Topology};
use std::collections::BTreeSet;

/// So many names stand in a note; the others are counted.
const MOST_NAMES: usize = 4;

/// Sentences about what was built; `target` is `None` where the source does not declare it.
pub fn notes(topology: &Topology, target: Option<&Target>, artifacts: &[Artifact]) -> Vec<String> {
    let mut notes: Vec<String> = secrets(topology).iter().filter_map(|secret| placeholder(secret, artifacts)).collect();
    // A cloud gives its guests a key pair, and asks for images by parameters.
    if artifacts.iter().any(|artifact| artifact.path.starts_with("domains/")) {
        notes.extend(closed_guests(topology));
        notes.extend(assumed_images(topology).filter(|_| target.is_none()));
    }
    notes
}

/// A secret that stands in files by its name only.
fn placeholder(secret: &str, artifacts: &[Artifact]) -> Option<String> {
    let marker = format!("${{secret:{secret}}}");
    let holds = |artifact: &&Artifact| contains(&artifact.bytes, marker.as_bytes());
    let files: Vec<&str> = artifacts.iter().filter(holds).map(|artifact| artifact.path.as_str()).collect();
    let hold = if files.len() == 1 { "holds" } else { "hold" };
    (!files.is_empty()).then(|| {
        format!(
            "the secret `{secret}` is not filled in: {} {hold} `{marker}` in its place, and a guest would take that text",
            listed(&files)
        )
    })
}

/// Looks for the first byte, which is rare, so that it is linear in practice.
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| wanted.first() == Some(byte)) {
        let found = rest.get(at..).unwrap_or_default();
        if found.starts_with(wanted) {
            return true;
        }
        rest = found.get(1..).unwrap_or_default();
    }
    false
}

/// Guests that get all their users from the lab, and got none who could log in.
fn closed_guests(topology: &Topology) -> Option<String> {
    let open = |node: &Node| {
        let guest = &node.guest;
        let can_log_in = guest.users.values().any(|user| user.password.is_some() || !user.ssh_keys.is_empty());
        can_log_in || !guest.ssh_keys.is_empty()
    };
    let closed = |node: &&Node| node.machines.iter().any(|machine| machine.cloud_init) && !open(node);
    let names: Vec<&str> = topology.nodes.iter().filter(closed).map(|node| node.path.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "nobody can log in to {}: write `ssh_keys = [file(\"id.pub\")]`, with your public key beside the lab, or a `login`",
            listed(&names)
        )
    })
}

/// Without a target, an image is looked for by the name of its slot.
fn assumed_images(topology: &Topology) -> Option<String> {
    let disks = topology.nodes.iter().flat_map(|node| &node.machines).flat_map(|machine| &machine.disks);
    let images = disks.filter_map(|disk| disk.image.as_ref()).filter(|image| bound_image(None, image).is_none());
    let slots: BTreeSet<&str> = images.map(|image| image.slot.as_str()).collect();
    let slots: Vec<&str> = slots.into_iter().collect();
    let are = if slots.len() == 1 { "is" } else { "are" };
    let example = slots.first()?;
    Some(format!(
        "no target says where the images are: {} {are} taken for files of that name in libvirt's folder of images; \
         `target here: kvm {{ images {{ {example} = \"…\" }} }}` says it",
        listed(&slots)
    ))
}

/// "`a`, `b` and 3 more".
fn listed(names: &[&str]) -> String {
    let shown = if names.len() > MOST_NAMES + 1 { MOST_NAMES } else { names.len() };
    let quoted: Vec<String> = names.iter().take(shown).map(|name| format!("`{name}`")).collect();
    match (quoted.as_slice(), names.len() - shown) {
        ([all @ .., last], 0) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        (all, 0) => all.join(", "),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::sample::debian_machines;
    use crate::topology::sample::Sample;
    use crate::topology::{TextContent, User};
    use crate::value::{SecretSource, SecretText};
    use insta::assert_snapshot;
    use std::sync::Arc;

    fn file(path: &str, text: &str) -> Artifact {
        Artifact { path: path.to_owned(), bytes: text.into(), marks: Vec::new() }
    }

    #[test]
    fn secrets_by_name_in_the_files_that_hold_them() {
        let mut topology = Sample::new("a b").with(debian_machines).build();
        let secret = SecretText::new(SecretSource::Environment("KEY".to_owned()));
        for node in &mut topology.nodes {
            let password = Some(TextContent::Secret(Arc::new(secret.clone())));
            node.guest.users.insert("lab".to_owned(), User { password, ..User::default() });
        }
        let built = [
            file("seeds/a.iso", "$${secret:env:KEY}"),
            file("seeds/b.iso", "x: ${secret:env:KEY}"),
            file("seeds/c.iso", "${secret:env:KEYS}"),
        ];
        assert_snapshot!(notes(&topology, None, &built).join("\n"), @r"
            the secret `env:KEY` is not filled in: `seeds/a.iso` and `seeds/b.iso` hold `${secret:env:KEY}` in its place, and a guest would take that text
        ");
        assert!(notes(&topology, None, &[file("template.yaml", "{ get_param: key }")]).is_empty());
    }

    #[test]
    fn guests_without_anybody_to_log_in_and_images_without_a_place() {
        let mut topology = Sample::new("a b c d e f g").with(debian_machines).build();
        topology.nodes[1].guest.ssh_keys = vec!["ssh-ed25519 AAAA me".to_owned()];
        assert_snapshot!(notes(&topology, None, &[file("domains/a.xml", "")]).join("\n"), @r#"
            nobody can log in to `a`, `c`, `d`, `e` and 2 more: write `ssh_keys = [file("id.pub")]`, with your public key beside the lab, or a `login`
            no target says where the images are: `debian` is taken for files of that name in libvirt's folder of images; `target here: kvm { images { debian = "…" } }` says it
        "#);
        topology.nodes.truncate(2);
        assert_snapshot!(closed_guests(&topology).unwrap(), @r#"
            nobody can log in to `a`: write `ssh_keys = [file("id.pub")]`, with your public key beside the lab, or a `login`
        "#);
    }
}
