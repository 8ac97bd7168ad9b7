"""The columns, kinds and word classes that gazetteer files may hold: the contract between data and code."""

from __future__ import annotations

from typing import Final

ENTITY_COLUMNS: Final = ("ref", "name", "aliases", "weak", "en", "kind", "country", "tier", "source")
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "people": (*ENTITY_COLUMNS[:7], "role", "tier", "source"),
    "orgs": ENTITY_COLUMNS,
    "places": (*ENTITY_COLUMNS[:7], "lat", "lon", "tier", "source"),
    "coordinates": ("ref", "lat", "lon", "geoname"),
    "given": ("name", "gender", "origin", "tier", "source"),
    "family": ("name", "origin", "tier", "source"),
    "particles": ("name", "class", "note"),
    "words": ("word", "class", "note"),
    "nationalities": ("country", "forms", "note"),
    "noise": ("pattern", "kind", "example"),
    "frequency": ("word", "zipf"),
    "offices": ("title", "office"),
    "retired": ("old", "new"),
}
LABELS: Final = {"people": "PER", "orgs": "ORG", "places": "LOC"}
REF_PREFIX: Final = {"people": "per/", "orgs": "org/", "places": "loc/"}
TIERS: Final = ("sure", "weak")
GENDERS: Final = ("m", "f", "u")

PERSON_KINDS: Final = (
    "politician", "official", "security", "military", "diplomat", "judge", "royal", "cleric", "militant",
    "activist", "journalist", "writer", "scientist", "business", "artist", "athlete", "coach", "historical",
)  # fmt: skip
ORG_KINDS: Final = (
    "police", "intelligence", "military", "border", "ministry", "agency", "government", "parliament", "court",
    "bank", "company", "media", "party", "armed-group", "union", "club", "federation", "university", "school",
    "think-tank", "ngo", "international", "religious", "cultural",
)  # fmt: skip
PLACE_KINDS: Final = (
    "country", "territory", "region", "city", "town", "village", "quarter", "continent", "world-region", "sea",
    "ocean", "lake", "river", "mountain", "island", "strait", "desert", "valley", "oasis", "crossing", "camp",
    "airport", "port", "stadium", "square", "street", "monument", "palace", "museum", "hospital", "mosque",
    "church", "dam", "forest", "base", "site",
)  # fmt: skip
KINDS: Final = {"people": PERSON_KINDS, "orgs": ORG_KINDS, "places": PLACE_KINDS}
ORIGINS: Final = frozenset((
    "ar", "amazigh", "persian", "turkish", "kurdish", "african", "european", "slavic", "latin", "asian", "hebrew",
    "armenian",
))  # fmt: skip

WORD_CLASSES: Final = (
    "honorific",
    "rank",
    "occupation",
    "role",
    "kin",
    "org-head",
    "org-classifier",
    "org-field",
    "org-adjective",
    "org-topic",
    "place-outside",
    "place-inside",
    "direction",
    "say",
    "motion",
    "verb",
    "month",
    "weekday",
    "time",
    "number",
    "ordinal",
    "stop",
    "nationality",
    "regional",
    "adjective",
    "noun",
    "kunya",
    "nasab",
    "abd",
    "laqab",
    "particle",
)
# What a key can be beyond a listed word: entries and name parts, by tier, and what the tokenizer sees.
ENTRY_CLASSES: Final = (
    "given",
    "given-weak",
    "family",
    "family-weak",
    "name-token",
    "per",
    "per-weak",
    "org",
    "org-weak",
    "loc",
    "loc-weak",
    "country",
    "frequent",
)
TOKEN_CLASSES: Final = (
    "unknown",
    "definite",
    "conjunction",
    "preposition",
    "latin",
    "acronym",
    "digits",
    "comma",
    "stop-mark",
    "colon",
    "quote-open",
    "quote-close",
    "bracket-open",
    "bracket-close",
    "dash",
    "mark",
    "newline",
    "letter",
)
BITS: Final[dict[str, int]] = {name: 1 << i for i, name in enumerate((*WORD_CLASSES, *ENTRY_CLASSES, *TOKEN_CLASSES))}
assert len(BITS) <= 64, "a class mask is stored in 64 bits"
NOISE_KINDS: Final = frozenset((
    "ad-slot", "share", "related", "navigation", "follow", "keywords", "copyright", "subscribe", "comments",
    "counter",
))  # fmt: skip

# Best first: the row's name, an alias, a spelling made of either, a form that needs other evidence, a word's class.
SENSE_NAME, SENSE_ALIAS, SENSE_VARIANT, SENSE_WEAK, SENSE_CLASS = range(5)
