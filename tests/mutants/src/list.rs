//! The list of faults.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// One way to break the library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) name: String,
    /// What the fault does.
    pub(crate) why: String,
    /// The file, from the root of the repository.
    pub(crate) file: String,
    /// A text that occurs in the file once.
    pub(crate) find: String,
    /// The text that replaces it.
    pub(crate) replace: String,
    /// The test that must fail. Its target is a file in `tests/`, or `lib`; with the prefix
    /// `checks/` it is one of the checks. `test` is its name there.
    pub(crate) target: String,
    pub(crate) test: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    fault: Vec<Fault>,
}

/// Reads the list.
pub(crate) fn load() -> Result<Vec<Fault>, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn parse(text: &str) -> Result<Vec<Fault>, String> {
    let List { fault: faults } = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut names = BTreeSet::new();
    match faults.iter().find(|fault| !names.insert(&fault.name)) {
        Some(fault) => Err(format!("{} is there twice", fault.name)),
        None => Ok(faults),
    }
}

/// The faults with these names, or all if there are none.
pub(crate) fn select(faults: Vec<Fault>, names: &[String]) -> Result<Vec<Fault>, String> {
    let unknown = names
        .iter()
        .find(|name| faults.iter().all(|fault| fault.name != **name));
    if let Some(name) = unknown {
        return Err(format!(
            "there is no fault {name}; --list prints those there are"
        ));
    }
    let wanted = |fault: &Fault| names.is_empty() || names.contains(&fault.name);
    Ok(faults.into_iter().filter(wanted).collect())
}

/// The tests that the faults name, by target.
pub(crate) fn tests(faults: &[Fault]) -> Vec<(String, BTreeSet<String>)> {
    let mut tests: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for fault in faults {
        let of_target = tests.entry(fault.target.clone()).or_default();
        of_target.insert(fault.test.clone());
    }
    tests.into_iter().collect()
}

/// Checks that every fault can be made; the error names all that cannot.
pub(crate) fn check(
    faults: &[Fault],
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<(), String> {
    let errors: Vec<String> = faults
        .iter()
        .filter_map(|fault| {
            let error = read(&fault.file)
                .and_then(|text| fault.apply(&text))
                .err()?;
            Some(format!("fault {}: {error}", fault.name))
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\nmutants: "))
    }
}

impl Fault {
    /// The text of the file with the fault in it.
    pub(crate) fn apply(&self, text: &str) -> Result<String, String> {
        if self.find == self.replace {
            return Err("it changes nothing".to_owned());
        }
        match text.matches(&self.find).count() {
            1 => Ok(text.replacen(&self.find, &self.replace, 1)),
            count => Err(format!(
                "the text to find is {count} times in {}, and has to be there once: {:?}",
                self.file, self.find
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
        [[fault]]
        name = "off-by-one"
        why = "one too many"
        file = "a.rs"
        find = "<="
        replace = "<"
        target = "b"
        test = "c"
    "#;

    fn one() -> Fault {
        parse(ONE).unwrap().remove(0)
    }

    #[test]
    fn a_fault_takes_the_place_of_its_text() {
        assert_eq!(one().apply("1 <= 2").unwrap(), "1 < 2");
    }

    #[test]
    fn a_text_that_is_not_there_once_is_named() {
        for (text, count) in [("1 < 2", 0), ("1 <= 2 <= 3", 2)] {
            let error = check(&[one()], |_| Ok(text.to_owned())).unwrap_err();
            let expected = format!(
                "fault off-by-one: the text to find is {count} times in a.rs, and has to be there \
                 once: \"<=\""
            );
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn two_faults_of_one_name_are_refused() {
        let error = parse(&[ONE, ONE].concat()).unwrap_err();
        assert_eq!(error, "off-by-one is there twice");
    }

    #[test]
    fn an_entry_that_lacks_something_is_refused() {
        let error = parse(&ONE.replace("why", "what")).unwrap_err();
        assert!(error.contains("unknown field `what`"), "{error}");
    }

    #[test]
    fn a_name_that_is_not_there_is_refused() {
        let error = select(vec![one()], &["of-by-one".to_owned()]).unwrap_err();
        assert!(error.starts_with("there is no fault of-by-one"), "{error}");
        assert_eq!(select(vec![one()], &[]).unwrap().len(), 1);
    }

    #[test]
    fn the_list_fits_the_sources() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let read = |file: &str| {
            fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
        };
        check(&load().unwrap(), read).unwrap();
    }
}
