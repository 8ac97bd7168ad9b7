//! A list that takes no memory of its own as long as it has few things.

use std::ops::Deref;

/// Things, of which the first `N` stand in the list itself; it reads like a slice.
#[derive(Clone, Debug)]
pub struct Few<T, const N: usize> {
    size: usize,
    held: [T; N],
    /// All of them, where they are more than `N`.
    all: Vec<T>,
}

impl<T: Copy + Default, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Few { size: 0, held: [T::default(); N], all: Vec::new() }
    }
}

impl<T: Copy + Default, const N: usize> Few<T, N> {
    /// A list of one thing.
    pub fn one(thing: T) -> Self {
        Few { size: 1, held: [thing; N], all: Vec::new() }
    }

    pub fn push(&mut self, thing: T) {
        match self.held.get_mut(self.size) {
            Some(free) => *free = thing,
            None => {
                if self.all.is_empty() {
                    self.all.extend_from_slice(&self.held);
                }
                self.all.push(thing);
            }
        }
        self.size += 1;
    }
}

impl<T, const N: usize> Deref for Few<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.held.get(..self.size).unwrap_or(&self.all)
    }
}
