package sqlite

// schema4 adds what people say of where posts belong: placed holds for a post,
// merged for an incident that is no more. Both name the incident that stands:
// when that one is merged in turn, they follow.
const schema4 = `
CREATE TABLE placed (post TEXT PRIMARY KEY, incident TEXT NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX placed_incident ON placed (incident);
CREATE INDEX placed_seq ON placed (seq);
CREATE TABLE merged (id TEXT PRIMARY KEY, incident TEXT NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX merged_incident ON merged (incident);
CREATE INDEX merged_seq ON merged (seq);
CREATE INDEX incident_last ON incident (last);
INSERT INTO counter VALUES ('regrouped', 0);
`
