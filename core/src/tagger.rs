//! The pipeline: the code of a text in, what was found in it out. The twin of `Tagger.tag` in `tagger.py`.

use crate::context::{Context, Still};
use crate::discourse::{lessons, recall};
use crate::features::phrase_tags;
use crate::result::{self, Found, Wanted};
use crate::rules::Places;
use crate::runs::{self, Memory, Reading};
use crate::shared::Shared;
use crate::tokens::{Maker, Types};
use crate::types::{Candidate, Tokens};
use crate::weigh::Pool;
use crate::{decide, gazetteer, weigh};

/// What a tagger shares with others, and what it remembers between texts; that changes no result.
pub struct Tagger {
    shared: &'static Shared,
    types: Types,
    memory: Memory,
    places: Places,
}

impl Tagger {
    pub fn new(shared: &'static Shared) -> Tagger {
        Tagger { shared, types: Types::default(), memory: Memory::default(), places: Places::new() }
    }

    /// Tags a text: its code points, and its code as `clean.scan` gives it, one byte a code point.
    pub fn tag(&mut self, source: &[u32], code: &[u8], wanted: &Wanted) -> Found {
        let shared = self.shared;
        let mut maker = Maker { shared, memory: &mut self.memory, places: &mut self.places };
        let tokens = self.types.tokens(&mut maker, code);
        let found = gazetteer::matches(shared, &tokens);
        let reading = shared.runs.read(&mut self.memory, &tokens, &phrase_tags(&found, tokens.len()));
        let mut candidates = gazetteer::propose(shared, &tokens, &found);
        candidates.extend(shared.rules.propose(&tokens, &self.places));
        runs::propose(&reading, &tokens, &mut candidates);
        let weighed = decided(shared, &tokens, &reading, candidates);
        let chosen: Vec<&Candidate> = decide::choose(&weighed).into_iter().map(|at| &weighed[at]).collect();
        result::write(shared, &tokens, source, &weighed, &chosen, wanted)
    }
}

/// Weighs once, learns from the document, and weighs again with what it taught; what teaches nothing is decided.
fn decided(shared: &Shared, tokens: &Tokens, reading: &Reading, proposed: Vec<Candidate>) -> Vec<Candidate> {
    let mut pool = Pool::default();
    pool.add(proposed);
    let candidates = &mut pool.candidates;
    let still = Still::new(tokens, reading, candidates);
    weigh::weigh(&shared.weights, &Context::new(tokens, reading, &still, candidates, 0), candidates);
    let chosen: Vec<&Candidate> = decide::choose(candidates).into_iter().map(|at| &candidates[at]).collect();
    let taught = recall(tokens, &lessons(tokens, &chosen));
    if taught.is_empty() {
        return pool.candidates;
    }
    pool.add(taught);
    let candidates = &mut pool.candidates;
    weigh::weigh(&shared.weights, &Context::new(tokens, reading, &still, candidates, 1), candidates);
    pool.candidates
}
