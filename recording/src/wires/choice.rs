//! The wires of a recording that a choice means.

use std::collections::HashSet;

use super::{Item, Pattern, Wires};
use crate::WIRES_MAX;
use crate::error::quoted;
use crate::names::Declared;

/// The most names that a message lists.
const LISTED_MAX: usize = 10;

impl Wires {
    /// The names and the indices of the wires to play. The error is the cause.
    pub(crate) fn choose(&self, declared: &Declared) -> Result<Vec<(String, usize)>, String> {
        let names = declared.unique_names()?;
        let Some(items) = &self.items else {
            if names.len() > WIRES_MAX {
                return Err(format!(
                    "{} wires, and at most {WIRES_MAX} can be played: {}; choose with --wires A,B,...",
                    names.len(),
                    listed(&names),
                ));
            }
            return Ok(names.into_iter().zip(0..).collect());
        };
        let mut chosen: Vec<(String, usize)> = Vec::new();
        let mut seen = HashSet::new();
        let mut taken = HashSet::new();
        for item in items {
            let wires = item.wires(declared, &names)?;
            if chosen.len() + wires.len() > WIRES_MAX {
                let pattern = quoted(&item.wanted.text);
                return Err(format!(
                    "with {pattern} {} wires are chosen, and at most {WIRES_MAX} can be played",
                    chosen.len() + wires.len()
                ));
            }
            for wire in wires {
                if !seen.insert(wire) {
                    return Err(format!("wire {} is chosen twice", quoted(&names[wire])));
                }
                let name = item.name.as_ref().unwrap_or(&names[wire]);
                if !taken.insert(name.clone()) {
                    return Err(format!(
                        "two of the chosen wires have the name {}",
                        quoted(name)
                    ));
                }
                chosen.push((name.clone(), wire));
            }
        }
        Ok(chosen)
    }
}

impl Item {
    /// At least one wire, and only one for a new name.
    fn wires(&self, declared: &Declared, names: &[String]) -> Result<Vec<usize>, String> {
        let wires = self.wanted.wires(declared, names)?;
        match &self.name {
            Some(name) if wires.len() > 1 => Err(format!(
                "{} means {} wires, which cannot all be {}: {}",
                quoted(&self.wanted.text),
                wires.len(),
                quoted(name),
                listed_of(&wires, names),
            )),
            _ => Ok(wires),
        }
    }
}

impl Pattern {
    fn wires(&self, declared: &Declared, names: &[String]) -> Result<Vec<usize>, String> {
        let all = || names.iter().zip(&declared.wires).enumerate();
        let paths = |matches: &dyn Fn(&str) -> bool| -> Vec<usize> {
            all()
                .filter(|(_, (name, wire))| matches(name) || matches(&declared.path(wire)))
                .map(|(n, _)| n)
                .collect()
        };
        // The very name comes first.
        if let Some(wire) = names.iter().position(|name| *name == self.text) {
            return Ok(vec![wire]);
        }
        let wires = match &self.glob {
            Some(glob) => paths(&|name| glob.matches(name)),
            None => paths(&|name| name == self.text),
        };
        if !wires.is_empty() && (self.glob.is_some() || wires.len() == 1) {
            return Ok(wires);
        }
        // What is left is an error. Maybe several wires have the name, in several scopes.
        let wanted = quoted(&self.text);
        let equal: Vec<_> = all()
            .filter(|(_, (_, wire))| wire.name == self.text)
            .map(|(n, _)| n)
            .chain(wires)
            .collect();
        if equal.len() > 1 {
            return Err(format!(
                "{} wires are {wanted}: {}",
                equal.len(),
                listed_of(&equal, names)
            ));
        }
        let lower = self.text.to_lowercase();
        let near: Vec<_> = (0..names.len())
            .filter(|&n| names[n].to_lowercase().contains(&lower))
            .collect();
        let there_are = match near.is_empty() {
            true => listed(names),
            false => listed_of(&near, names),
        };
        Err(format!("no wire is {wanted}; there are {there_are}"))
    }
}

/// The first of the names, and how many there are beyond.
fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<_> = names
        .iter()
        .take(LISTED_MAX)
        .map(|name| quoted(name.as_ref()))
        .collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(LISTED_MAX) {
        0 => shown,
        beyond => format!("{shown} and {beyond} more"),
    }
}

fn listed_of(wires: &[usize], names: &[String]) -> String {
    let names: Vec<_> = wires.iter().map(|&wire| &names[wire]).collect();
    listed(&names)
}
