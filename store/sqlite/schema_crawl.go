package sqlite

// schema3 adds seen, where addresses that were read for good lie in less than
// 32 bytes each (see frontier_seen.go), and what the health of a source is
// judged by: posts of each hour, in hours since 1970, and shares of late. The
// index by source no longer holds the due time, which a lease moves.
const schema3 = `
CREATE TABLE seen (id INTEGER PRIMARY KEY, upto INTEGER NOT NULL);
CREATE TABLE volume (source TEXT NOT NULL, hour INTEGER NOT NULL, posts INTEGER NOT NULL, PRIMARY KEY (source, hour)) WITHOUT ROWID;
CREATE TABLE health (
  source TEXT PRIMARY KEY, score REAL NOT NULL, login REAL NOT NULL, future REAL NOT NULL, empty INTEGER NOT NULL,
  ailing TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
DROP INDEX frontier_source;
CREATE INDEX frontier_source ON frontier (source) WHERE due IS NOT NULL;
`
