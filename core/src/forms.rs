//! Forms in, their numbers out, without memory of its own for each.

use std::hash::Hasher;

use crate::hash::Fx;

/// Folded words, one space between them: a tuple of words in Python. No folded word has a space in it.
pub type Form = Vec<u8>;

/// Forms by numbers, and numbers by forms, in the order in which these were first met.
#[derive(Debug, Default)]
pub struct Forms {
    /// The letters of the forms, one form behind the other.
    letters: Vec<u8>,
    ends: Vec<usize>,
    /// The numbers of the forms from 1, each at the slot that its hash gives or at one behind it; 0 at a free slot. No
    /// more than half of them are taken.
    slots: Vec<u32>,
}

impl Forms {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn form(&self, number: usize) -> &[u8] {
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.letters[begin..self.ends[number]]
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|number| self.form(number))
    }

    /// The slot of a form, or the free one where it goes.
    fn slot(&self, form: &[u8]) -> usize {
        let mut hash = Fx::default();
        hash.write(form);
        let last = self.slots.len() - 1;
        let mut slot = hash.finish() as usize & last;
        while self.slots[slot] != 0 && self.form(self.slots[slot] as usize - 1) != form {
            slot = (slot + 1) & last;
        }
        slot
    }

    /// The number of a form, which is taken up where it is new.
    pub fn number(&mut self, form: &[u8]) -> usize {
        if 2 * self.len() >= self.slots.len() {
            self.slots.clear();
            self.slots.resize((4 * self.len()).next_power_of_two().max(64), 0);
            for number in 0..self.len() {
                let slot = self.slot(self.form(number));
                self.slots[slot] = number as u32 + 1;
            }
        }
        let slot = self.slot(form);
        if self.slots[slot] == 0 {
            self.letters.extend_from_slice(form);
            self.ends.push(self.letters.len());
            self.slots[slot] = self.ends.len() as u32;
        }
        self.slots[slot] as usize - 1
    }

    /// The number of a form that was taken up.
    pub fn get(&self, form: &[u8]) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        (self.slots[self.slot(form)] as usize).checked_sub(1)
    }
}

/// Appends folded words, one space between them.
pub fn join_to(form: &mut Form, keys: &[&[u8]]) {
    for (at, key) in keys.iter().enumerate() {
        if at > 0 {
            form.push(b' ');
        }
        form.extend_from_slice(key);
    }
}
