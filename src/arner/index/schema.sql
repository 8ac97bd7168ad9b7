-- Who is named where, and with whom. Offsets are in code points of the decoded text; `end` is behind the last.

-- How this file was made. format: the version of this schema; made_with: what decides the result (arner's version,
-- gazetteers, options), so that a change of it tags all texts anew.
CREATE TABLE about (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE documents (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,      -- the file's path in its folder
  sha256   TEXT,               -- of the file's bytes
  date     TEXT,               -- YYYY-MM-DD, of the name or a dateline
  title    TEXT NOT NULL,      -- the first line that is long enough for one
  chars    INTEGER NOT NULL,
  encoding TEXT NOT NULL
);

-- A person, organisation or place across documents: mentions with one ref, or without, with one label and one name.
CREATE TABLE entities (
  id        INTEGER PRIMARY KEY,
  key       TEXT NOT NULL UNIQUE, -- the ref, or label:name in matching form
  label     TEXT NOT NULL,        -- PER, ORG, LOC
  kind      TEXT NOT NULL,        -- politician, ministry, city, …
  name      TEXT NOT NULL,        -- the commonest full name
  ref       TEXT,                 -- the gazetteer's: per/…, org/…, loc/…
  en        TEXT,                 -- the English name
  country   TEXT,                 -- ISO 3166-1
  mentions  INTEGER NOT NULL,
  documents INTEGER NOT NULL
);

CREATE TABLE mentions (
  id       INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (id),
  entity   INTEGER NOT NULL REFERENCES entities (id),
  start    INTEGER NOT NULL,
  end      INTEGER NOT NULL,
  text     TEXT NOT NULL,      -- as it stands in the document
  form     TEXT NOT NULL,      -- on one line, without marks
  name     TEXT NOT NULL,      -- the full name that the document gives it
  kind     TEXT NOT NULL,
  score    REAL NOT NULL,      -- 0 to 1
  chain    TEXT NOT NULL,      -- one entity's mentions in one document share it
  sentence INTEGER NOT NULL    -- number in the document; who shares it is named together
);
CREATE INDEX mentions_of_entity ON mentions (entity, document, sentence);
CREATE INDEX mentions_of_document ON mentions (document, sentence, entity);

-- A person's role, and the organisation where the text or the title gives one.
CREATE TABLE relations (
  id           INTEGER PRIMARY KEY,
  document     INTEGER NOT NULL REFERENCES documents (id),
  type         TEXT NOT NULL,                           -- role
  person       INTEGER NOT NULL REFERENCES mentions (id),
  role         TEXT NOT NULL,
  role_start   INTEGER NOT NULL,
  role_end     INTEGER NOT NULL,
  organisation INTEGER REFERENCES mentions (id),
  org_ref      TEXT                                     -- the gazetteer's ref, also where the text only implies it
);
CREATE INDEX relations_of_person ON relations (person);

-- Every form of every entity, for search: SELECT entity FROM names WHERE names MATCH 'بوريطه'
CREATE VIRTUAL TABLE names USING fts5 (
  form,                 -- in matching form: أإآ→ا ة→ه ى→ي, marks off
  bare,                 -- the same without the article ال: names are written with and without
  entity UNINDEXED,     -- entities.id
  tokenize = 'unicode61 remove_diacritics 0'
);

-- Two entities in the same sentences, each pair once in each direction.
CREATE VIEW together AS
SELECT a.entity AS entity, b.entity AS other,
       count(DISTINCT a.document || ' ' || a.sentence) AS sentences, count(DISTINCT a.document) AS documents
FROM mentions a JOIN mentions b ON b.document = a.document AND b.sentence = a.sentence AND b.entity <> a.entity
GROUP BY a.entity, b.entity;
