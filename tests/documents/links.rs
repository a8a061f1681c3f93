//! Links to files of the repository, and to headings in them.

use super::markdown::{Document, documents};

#[test]
fn every_link_leads_to_a_file_and_to_a_heading_in_it() {
    let documents = documents();
    let mut links = 0;
    let mut broken = Vec::new();
    for document in &documents {
        for target in targets(&document.prose()) {
            links += 1;
            if !leads_somewhere(document, &target) {
                broken.push(format!("{}: {target}", document.name()));
            }
        }
    }
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
    assert!(links > 50, "only {links} links were found");
}

#[test]
fn a_heading_is_named_as_on_github() {
    assert_eq!(
        anchor("On Linux, as an ordinary process"),
        "on-linux-as-an-ordinary-process"
    );
    assert_eq!(anchor("`k_pipe` and *more*"), "k_pipe-and-more");
}

/// What follows `](` up to `)`, without links to other sites.
fn targets(prose: &str) -> Vec<String> {
    let after = prose.split("](").skip(1);
    let targets = after.filter_map(|rest| rest.split_once(')'));
    let targets = targets.map(|(target, _)| target.to_string());
    targets.filter(|target| !target.contains("://")).collect()
}

fn leads_somewhere(from: &Document, target: &str) -> bool {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = from.path.parent().expect("a file is in a folder");
    let path = if file.is_empty() {
        from.path.clone()
    } else {
        folder.join(file)
    };
    if !path.exists() {
        return false;
    }
    heading.is_empty() || headings(&Document::read(&path)).contains(&heading.to_string())
}

fn headings(document: &Document) -> Vec<String> {
    let prose = document.prose();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect()
}

/// The name that a heading has in a link: letters, digits, `_` and `-`, and a `-` for each space.
fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower
        .chars()
        .filter(|c| c.is_alphanumeric() || " _-".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
