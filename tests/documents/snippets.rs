//! C in the documents. A block is
//!
//! - `c`, for Zephyr: it compiles against the library's headers and the stand-ins for Zephyr's in this folder;
//! - `c user`, for Zephyr with user mode: `tests/zephyr/user` compiles it;
//! - `c posix`, for Linux: it compiles as it is;
//! - `c kernel`, of a Linux driver, and `c unreleased`, of a Zephyr to come: it is for comparison, and not compiled.

use std::{
    env,
    io::Write,
    process::{Command, Stdio},
};

use super::markdown::{Block, Document, root};

const DOCUMENTS: [&str; 7] = [
    "README.md",
    "docs/alternatives.md",
    "docs/c.md",
    "docs/howto.md",
    "docs/linux.md",
    "docs/replay.md",
    "docs/zephyr.md",
];

#[test]
fn c_in_the_documents_compiles() {
    let mut compiled = 0;
    for name in DOCUMENTS {
        let document = Document::read(&root().join(name));
        for Block { info, line, text } in document.blocks() {
            let text = format!("#line {line} \"{name}\"\n{text}");
            match info.as_str() {
                "c" => compile(&text, &["bindings/c/include", "tests/documents"]),
                "c posix" => compile(&text, &[]),
                "c user" | "c kernel" | "c unreleased" => continue,
                _ if info.starts_with('c') => panic!("{name}:{line}: what kind of C is {info:?}?"),
                _ => continue,
            }
            compiled += 1;
        }
    }
    assert!(compiled >= 4, "only {compiled} blocks were found");
}

/// Has the C compiler check a source, with includes from these folders.
fn compile(source: &str, includes: &[&str]) {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_string());
    let mut child = Command::new(&compiler)
        .args([
            "-fsyntax-only",
            "-std=gnu11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-x",
            "c",
            "-",
        ])
        .args(
            includes
                .iter()
                .map(|folder| format!("-I{}", root().join(folder).display())),
        )
        .stdin(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{compiler}: {error}"));
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin
        .write_all(source.as_bytes())
        .expect("the compiler reads it");
    drop(stdin);
    let status = child.wait().expect("the compiler ends");
    assert!(
        status.success(),
        "this does not compile, see above:\n{source}"
    );
}
