//! Tests of `sys::list`, in src/sys/list.rs.

use core::pin::Pin;
use std::{boxed::Box, collections::VecDeque, vec::Vec};

use crate::sys::{list::*, sem::Semaphore};

fn wake() -> Wake {
    static SEMAPHORE: Semaphore = Semaphore::new();
    Wake::Semaphore(&SEMAPHORE)
}

/// The list is compared with a queue of numbers.
#[test]
fn nodes_leave_in_order_by_whichever_way() {
    let nodes: Vec<Pin<Box<Node>>> = (0..6).map(|_| Box::pin(Node::new())).collect();
    let mut list = List::new();
    let (mut waiting, mut due) = (VecDeque::new(), VecDeque::new());
    let mut woken = [false; 6];
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..20_000 {
        let index = random.usize(..6);
        match random.u8(..8) {
            0..4 => {
                list.add(nodes[index].as_ref(), wake());
                if !waiting.contains(&index) && !due.contains(&index) {
                    waiting.push_back(index);
                }
                woken[index] = false;
            }
            4 => {
                list.wake_all();
                due.append(&mut waiting);
            }
            5 | 6 => {
                assert_eq!(list.next_to_wake().is_some(), !due.is_empty());
                if let Some(index) = due.pop_front() {
                    woken[index] = true;
                }
            }
            _ => {
                let is_in = waiting.contains(&index) || due.contains(&index);
                let (was_woken, wake) = list.remove(nodes[index].as_ref());
                assert_eq!(was_woken, core::mem::take(&mut woken[index]));
                assert_eq!(wake.is_some(), is_in);
                waiting.retain(|it| *it != index);
                due.retain(|it| *it != index);
            }
        }
        assert_eq!(list.is_empty(), waiting.is_empty() && due.is_empty());
    }
    nodes.iter().for_each(|node| {
        list.remove(node.as_ref());
    });
}
