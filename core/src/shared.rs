//! What taggers share: lexicons, rules and weights, read once and kept as long as the process.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use crate::json;
use crate::letters;
use crate::lexicon::{Lexicon, Record, RowId};
use crate::mapped;
use crate::relations::Offices;
use crate::rules::Rules;
use crate::runs::Runs;
use crate::weigh::Weights;

pub struct Shared {
    /// arner's own first, then the user's.
    pub lexicons: Vec<&'static Lexicon>,
    pub rules: Rules,
    pub runs: Runs,
    pub weights: Weights,
    pub offices: Offices,
}

/// What has been set up, by what it was set up with.
static OPENED: Mutex<Option<HashMap<Vec<u8>, &'static Shared>>> = Mutex::new(None);

impl Shared {
    /// Sets up from JSON: `letters`, the paths of `lexicons`, `guidelines`, `weights`; the same for the same setup.
    pub fn open(setup: &[u8]) -> Result<&'static Shared, String> {
        let mut opened = OPENED.lock().map_err(|e| e.to_string())?;
        let opened = opened.get_or_insert_with(HashMap::new);
        if let Some(shared) = opened.get(setup) {
            return Ok(shared);
        }
        let shared = Box::leak(Box::new(Shared::read(setup)?));
        opened.insert(setup.to_vec(), shared);
        Ok(shared)
    }

    fn read(setup: &[u8]) -> Result<Shared, String> {
        let setup = json::parse(std::str::from_utf8(setup).map_err(|e| e.to_string())?)?;
        letters::set_up(setup.get("letters"))?;
        let mut lexicons: Vec<&'static Lexicon> = Vec::new();
        for path in setup.get("lexicons").list() {
            let data = mapped::bytes(Path::new(path.text())).map_err(|e| format!("{}: {e}", path.text()))?;
            lexicons.push(Box::leak(Box::new(Lexicon::new(data, lexicons.len() as u8)?)));
        }
        let own = *lexicons.first().ok_or("no lexicon")?;
        let rules = Rules::new(own.extra.get("rules"))?;
        Ok(Shared {
            runs: Runs::new(own, setup.get("guidelines").text())?,
            weights: Weights::new(setup.get("weights"), &rules)?,
            offices: Offices::new(own.extra.get("offices")),
            rules,
            lexicons,
        })
    }

    /// What the lexicons hold under a key; the entities of a user's list win over the built-in ones.
    pub fn record(&self, key: &[u8]) -> Option<Record> {
        let mut found = self.lexicons[0].get(key);
        for lexicon in &self.lexicons[1..] {
            if let Some(layered) = lexicon.get(key) {
                found = Some(found.map_or(layered, |below| layered.over(below)));
            }
        }
        found
    }

    /// Where a row stands: `path:line`.
    pub fn place_of(&self, row: RowId) -> String {
        self.lexicons[row.0 as usize].place_of(row.1)
    }
}
