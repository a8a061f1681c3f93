//! Markdown, as far as these tests need it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Markdown file of the repository.
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    text: String,
}

/// A fenced block.
pub(crate) struct Block {
    /// What follows the three backticks.
    pub(crate) info: String,
    /// The number of its first line, from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Document {
    pub(crate) fn read(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            text: fs::read_to_string(path).expect("a text file"),
        }
    }

    /// The path from the root of the repository.
    pub(crate) fn name(&self) -> String {
        let path = self.path.strip_prefix(root()).expect("below the root");
        path.display().to_string()
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (index, line) in self.text.lines().enumerate() {
            match (line.trim_start().strip_prefix("```"), open.as_mut()) {
                (Some(info), None) => {
                    open = Some(Block {
                        info: info.to_string(),
                        line: index + 2,
                        text: String::new(),
                    });
                }
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (None, Some(block)) => block.text += &format!("{line}\n"),
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block has no end", self.name());
        blocks
    }

    /// The lines outside of fenced blocks.
    pub(crate) fn prose(&self) -> String {
        let mut prose = String::new();
        let mut in_block = false;
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
            } else if !in_block {
                prose += &format!("{line}\n");
            }
        }
        prose
    }
}

/// All Markdown files of the repository.
pub(crate) fn documents() -> Vec<Document> {
    fn add(folder: &Path, found: &mut Vec<Document>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if path.is_dir() && !name.starts_with('.') && name != "target" && name != "corpus" {
                add(&path, found);
            } else if name.ends_with(".md") {
                found.push(Document::read(&path));
            }
        }
    }
    let mut found = Vec::new();
    add(root(), &mut found);
    found
}
