package sqlite

// schema2 adds what people say of verdicts, words and places. A correction is
// kept under the first post with its text, as verdict.near names it, and holds
// no text itself: what is deleted is gone.
const schema2 = `
CREATE TABLE correction (
  text TEXT PRIMARY KEY, post TEXT NOT NULL, label TEXT NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX verdict_near ON verdict (near) WHERE near <> '';
CREATE TABLE own_word (
  word TEXT PRIMARY KEY, said TEXT NOT NULL, edited_by TEXT NOT NULL, edited_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE own_place (
  name TEXT PRIMARY KEY, said TEXT NOT NULL, edited_by TEXT NOT NULL, edited_at INTEGER NOT NULL
) WITHOUT ROWID;
`
