//! Symbolic links of a repository: a package has copies of the files that they lead to, and no links.

use super::git::Entry;
use std::collections::BTreeMap;

/// So many links may lead to each other.
const MOST_FOLLOWED: usize = 8;

/// The files of a package by path, with a copy for each link.
///
/// # Errors
/// A link that leads out of the package, or to no file of it.
pub fn resolve(entries: Vec<Entry>) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let (links, files): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.is_link);
    let files: BTreeMap<String, Vec<u8>> = files.into_iter().map(|file| (file.path, file.bytes)).collect();
    let text = |link: Entry| (link.path, String::from_utf8_lossy(&link.bytes).into_owned());
    let links: BTreeMap<String, String> = links.into_iter().map(text).collect();
    let mut all = files.clone();
    for (link, written) in &links {
        let mut at = link.clone();
        for _ in 0..MOST_FOLLOWED {
            let Some(leads) = links.get(&at) else { break };
            at = target(&at, leads)
                .ok_or_else(|| format!("its link `{link}` leads to `{written}`, which is outside"))?;
        }
        let bytes =
            files.get(&at).ok_or_else(|| format!("its link `{link}` leads to `{written}`, which is no file of it"))?;
        all.insert(link.clone(), bytes.clone());
    }
    Ok(all)
}

/// Where a link leads, as a path in the package.
fn target(link: &str, leads: &str) -> Option<String> {
    if leads.starts_with('/') || leads.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    for part in leads.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(links: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let entry = |path: &str, bytes: &str, is_link| Entry { path: path.to_owned(), bytes: bytes.into(), is_link };
        let mut entries = vec![entry("a/one.wtop", "1", false), entry("b.wtop", "2", false)];
        entries.extend(links.iter().map(|(path, leads)| entry(path, leads, true)));
        let held = |(path, bytes): (String, Vec<u8>)| format!("{path}: {}", String::from_utf8(bytes).unwrap());
        resolve(entries).map(|files| files.into_iter().map(held).collect())
    }

    #[test]
    fn links_become_copies() {
        let links = [("c/deep", "../a/./one.wtop"), ("a/two.wtop", "three.wtop"), ("a/three.wtop", "../b.wtop")];
        let files = ["a/one.wtop: 1", "a/three.wtop: 2", "a/two.wtop: 2", "b.wtop: 2", "c/deep: 1"];
        assert_eq!(package(&links).unwrap(), files);
    }

    #[test]
    fn links_stay_inside() {
        for leads in ["/etc/passwd", "../x", "../../x", "a/../../x", "..\\x"] {
            let error = package(&[("link", leads)]).unwrap_err();
            assert_eq!(error, format!("its link `link` leads to `{leads}`, which is outside"));
        }
        for leads in ["a", "gone", "link", "", "."] {
            let error = package(&[("link", leads)]).unwrap_err();
            assert_eq!(error, format!("its link `link` leads to `{leads}`, which is no file of it"));
        }
    }
}
