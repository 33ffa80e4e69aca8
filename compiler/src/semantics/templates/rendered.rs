//! What templates gave in the last compilation: they are rendered again only where what they read is another.

use crate::collections::IndexMap;
use minijinja::value::Value as Seen;
use smol_str::SmolStr;

/// By the text of a template: what it read, in bytes, and what it gave.
type Texts = IndexMap<SmolStr, IndexMap<Vec<u8>, SmolStr>>;

/// What templates gave. It is kept for as long as each compilation asks for it again.
#[derive(Debug, Default)]
pub struct Rendered {
    before: Texts,
    now: Texts,
}

impl Rendered {
    /// A scope as a key; none where it cannot be written down. It must hold no secret.
    pub fn key(scope: &Seen) -> Option<Vec<u8>> {
        serde_json::to_vec(scope).ok()
    }

    /// What a template gave for a scope.
    pub fn find(&mut self, template: &SmolStr, key: &[u8]) -> Option<SmolStr> {
        if let Some(text) = self.now.get(template).and_then(|of| of.get(key)) {
            return Some(text.clone());
        }
        let (key, text) = self.before.get_mut(template)?.swap_remove_entry(key)?;
        self.keep(template, key, text.clone());
        Some(text)
    }

    /// Keeps what a template gave for a scope.
    pub fn keep(&mut self, template: &SmolStr, key: Vec<u8>, text: SmolStr) {
        self.now.entry(template.clone()).or_default().insert(key, text);
    }

    /// A compilation has ended: what it did not ask for is forgotten.
    pub fn next(self) -> Rendered {
        Rendered { before: self.now, now: Texts::default() }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::MemoryFileSystem;
    use crate::{CompileCache, CompileOptions, compile_again};

    #[test]
    fn a_kept_text_is_given_only_where_all_it_read_is_the_same() {
        let lab = |color: &str| {
            format!("topology t\nnode a: debian {{ vars {{ color = \"{color}\" }}, config = template(\"c.j2\") }}\n")
        };
        let options = CompileOptions { file: "t.wtop".into(), ..CompileOptions::default() };
        let mut cache = CompileCache::default();
        let mut config = |color: &str, template: &str| {
            let fs = MemoryFileSystem::new([("t.wtop", lab(color)), ("c.j2", template.to_owned())]);
            let compilation = compile_again(&fs, &options, &mut cache);
            let wrong: Vec<_> = compilation.diagnostics.iter().filter(|one| one.code.id.starts_with('E')).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            format!("{:?}", compilation.topology.unwrap().nodes[0].guest.config)
        };
        let first = config("red", "{{ node.vars.color }}");
        assert!(first.contains("red"));
        assert_eq!(config("red", "{{ node.vars.color }}"), first);
        assert!(config("blue", "{{ node.vars.color }}").contains("blue"));
        assert!(config("blue", "it is {{ node.vars.color }}").contains("it is blue"));
    }
}
