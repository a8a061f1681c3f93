//! The library's modules import each other only as the graph in ARCHITECTURE.md says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// For each module, those that it imports from.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn modules_import_as_the_graph_says() {
    let code = Sources::read(Path::new("src")).graph();
    let (graph, order) = documented(include_str!("../ARCHITECTURE.md"));
    assert_eq!(code, graph, "src/ (left) and ARCHITECTURE.md (right)");
    for (module, imported) in &graph {
        let place = |name: &str| order.iter().position(|other| other == name);
        // The lowest modules import nothing, so the graph has no line for them.
        for other in imported.iter().filter(|other| graph.contains_key(*other)) {
            assert!(
                place(module) < place(other),
                "{module} imports from {other}, which is not below it"
            );
        }
    }
}

/// The document's lines `module -> others`, and their order.
fn documented(text: &str) -> (Graph, Vec<String>) {
    let lines = text.lines().filter_map(|line| line.split_once(" -> "));
    let lines = lines.filter(|(module, _)| module.chars().all(char::is_alphabetic));
    let order = lines.clone().map(|(module, _)| module.to_owned()).collect();
    let names = |others: &str| others.split_whitespace().map(str::to_owned).collect();
    let graph = lines
        .map(|(module, others)| (module.to_owned(), names(others)))
        .collect();
    (graph, order)
}

/// The tokens of every file of the library, with the path of its module.
struct Sources(Vec<(Vec<String>, Vec<TokenTree>)>);

impl Sources {
    fn read(root: &Path) -> Self {
        let mut files = Vec::new();
        collect(root, &mut Vec::new(), &mut files);
        Self(files)
    }

    fn graph(&self) -> Graph {
        let exported = self.exports();
        let mut graph = Graph::new();
        for (path, tokens) in &self.0 {
            let Some(module) = path.first() else {
                continue;
            };
            let imported = graph.entry(module.clone()).or_default();
            for name in from_root(tokens, path.len()) {
                // A macro of lib.rs belongs to no module.
                let home = exported
                    .get(&name)
                    .or_else(|| self.is_module(&name).then_some(&name));
                imported.extend(home.filter(|home| *home != module).cloned());
            }
        }
        // The lowest modules import nothing.
        graph.retain(|_, imported| !imported.is_empty());
        graph
    }

    fn is_module(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|(path, _)| path.first().is_some_and(|first| first == name))
    }

    /// What lib.rs has from its modules, and from which.
    fn exports(&self) -> BTreeMap<String, String> {
        let (_, root) = self
            .0
            .iter()
            .find(|(path, _)| path.is_empty())
            .expect("src/lib.rs");
        let mut exports = BTreeMap::new();
        for (index, token) in root.iter().enumerate() {
            let module = root
                .get(index + 1)
                .map(ToString::to_string)
                .unwrap_or_default();
            if token.to_string() == "use" && self.is_module(&module) {
                let names = names_after_colons(&root[index + 2..]);
                exports.extend(names.into_iter().map(|name| (name, module.clone())));
            }
        }
        exports
    }
}

fn collect(folder: &Path, path: &mut Vec<String>, files: &mut Vec<(Vec<String>, Vec<TokenTree>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry").path();
        let name = entry
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let here = path.len();
        if !matches!(name.as_str(), "lib" | "mod") {
            path.push(name);
        }
        if entry.is_dir() {
            collect(&entry, path, files);
        } else {
            let text = fs::read_to_string(&entry).expect("a source");
            let tokens: TokenStream = text.parse().expect("Rust");
            files.push((path.clone(), flat(tokens)));
        }
        path.truncate(here);
    }
}

/// All tokens; of a group its brackets and what is in them.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        all.push(token.clone());
        if let TokenTree::Group(group) = token {
            all.extend(flat(group.stream()));
        }
    }
    all
}

/// The names that paths from the crate's root begin with, in a module so deep below it.
fn from_root(tokens: &[TokenTree], depth: usize) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (index, token) in tokens.iter().enumerate() {
        let supers = tokens[index..]
            .chunks(3)
            .take_while(|path| path[0].to_string() == "super")
            .count();
        let after = match token.to_string().as_str() {
            "crate" => index + 1,
            _ if supers >= depth && supers > 0 => index + 3 * supers - 2,
            _ => continue,
        };
        names.extend(names_after_colons(&tokens[after..]));
    }
    names
}

/// `a` of `::a::b`, and `a` and `c` of `::{a::b, c}`.
fn names_after_colons(tokens: &[TokenTree]) -> Vec<String> {
    let [TokenTree::Punct(first), TokenTree::Punct(second), name, ..] = tokens else {
        return Vec::new();
    };
    if (first.as_char(), second.as_char()) != (':', ':') {
        return Vec::new();
    }
    let TokenTree::Group(group) = name else {
        return vec![name.to_string()];
    };
    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let names = inner.split(is_comma).filter_map(|path| path.first());
    names.map(ToString::to_string).collect()
}

#[test]
fn an_import_is_seen_however_it_is_written() {
    let tokens = |text: &str| flat(text.parse().expect("Rust"));
    let seen = |text, depth| {
        from_root(&tokens(text), depth)
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(seen("use crate::a::b;", 1), ["a"]);
    assert_eq!(seen("use crate::{a::{b, c}, d};", 1), ["a", "d"]);
    assert_eq!(seen("fn f() { crate::a::b() }", 1), ["a"]);
    assert_eq!(seen("use super::a;", 1), ["a"]);
    assert_eq!(seen("use super::super::a;", 2), ["a"]);
    assert_eq!(seen("use super::a;", 2), [""; 0]);
    assert_eq!(seen("/// crate::a\nfn f() {}", 1), [""; 0]);
}
