package sqlite

// Schema is the version of the tables that this program writes. A file bears
// its own in PRAGMA user_version; migrations[v] leads from v to v+1.
const Schema = 6

// mark32 is the application_id of our files ("mins"), so that a foreign SQLite
// file is recognised and left alone.
const mark32 = 0x6d696e73

// migrations are run in order, each in one commit with the new version.
var migrations = [Schema]string{schema1, schema2, schema3, schema4, schema5, schema6}

// Times are milliseconds since 1970 in UTC, 0 where there is none. Lists are
// JSON, or nothing where empty. A lease of a task is a token and a due time that lies
// in the future: when it has passed, the row falls due again by itself.
//
// A post is split in three rows: post is what every query walks over, body the
// text, verdict what analysis said. body.folded is NULL where it equals title,
// line break, text. A mark is a post's share in one series, and tallies are
// sums over marks; what purged posts had counted is kept in the base columns.
const schema1 = `
CREATE TABLE value (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counter (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('token', 0), ('version', 0), ('judged', 0), ('alert', 0);

CREATE TABLE source (
  name TEXT PRIMARY KEY,
  pos INTEGER NOT NULL, active INTEGER NOT NULL,
  url TEXT NOT NULL, form TEXT NOT NULL, class TEXT NOT NULL, zone TEXT NOT NULL,
  every INTEGER NOT NULL, rate INTEGER NOT NULL, pick TEXT NOT NULL,
  keep_all INTEGER NOT NULL, allow_private INTEGER NOT NULL,
  file_paused INTEGER NOT NULL, paused INTEGER NOT NULL,
  first_open INTEGER NOT NULL DEFAULT 0, first_done INTEGER NOT NULL DEFAULT 0,
  tried INTEGER NOT NULL DEFAULT 0, ok INTEGER NOT NULL DEFAULT 0,
  new_post INTEGER NOT NULL DEFAULT 0, posts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  fault TEXT NOT NULL DEFAULT '', fault_url TEXT NOT NULL DEFAULT '', fault_at INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE host (
  name TEXT PRIMARY KEY, next INTEGER NOT NULL DEFAULT 0, delay INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE frontier (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL, host TEXT NOT NULL, role TEXT NOT NULL, rank INTEGER NOT NULL,
  depth INTEGER NOT NULL, first INTEGER NOT NULL, held INTEGER NOT NULL,
  due INTEGER, token INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL, published INTEGER NOT NULL,
  changed INTEGER NOT NULL DEFAULT 0, full_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX frontier_due ON frontier (host, rank, due) WHERE due IS NOT NULL AND held = 0;
CREATE INDEX frontier_source ON frontier (source, due) WHERE due IS NOT NULL;

CREATE TABLE post (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  published INTEGER NOT NULL, fetched INTEGER NOT NULL,
  voice INTEGER NOT NULL, revision INTEGER NOT NULL, version INTEGER NOT NULL,
  hash BLOB NOT NULL,
  source TEXT NOT NULL, class TEXT NOT NULL, kind TEXT NOT NULL,
  url TEXT NOT NULL, thread TEXT NOT NULL, outlet TEXT NOT NULL, flags TEXT NOT NULL
);
CREATE INDEX post_published ON post (published);
CREATE INDEX post_voice ON post (n) WHERE voice <> 0;
CREATE TABLE body (n INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, folded TEXT);
CREATE TABLE verdict (
  n INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE, version INTEGER NOT NULL,
  incident TEXT NOT NULL, near TEXT NOT NULL, negative INTEGER NOT NULL,
  rules TEXT NOT NULL, kind TEXT NOT NULL, lang TEXT NOT NULL, police INTEGER NOT NULL, inherited INTEGER NOT NULL,
  attitude TEXT NOT NULL, score REAL NOT NULL, confidence REAL NOT NULL, uncertain INTEGER NOT NULL,
  tone TEXT NOT NULL, tone_score REAL NOT NULL, tone_confidence REAL NOT NULL,
  topics TEXT NOT NULL, places TEXT NOT NULL, evidence TEXT NOT NULL, rare TEXT NOT NULL, flags TEXT NOT NULL,
  print BLOB NOT NULL, length INTEGER NOT NULL
);
CREATE INDEX verdict_incident ON verdict (incident) WHERE incident <> '';
CREATE TABLE dropped (id TEXT PRIMARY KEY, hash BLOB, at INTEGER NOT NULL, kept INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

CREATE TABLE series (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL, place TEXT NOT NULL, UNIQUE (topic, place)
);
CREATE TABLE mark (
  series INTEGER NOT NULL, bucket INTEGER NOT NULL, post INTEGER NOT NULL,
  negative INTEGER NOT NULL, new_voice INTEGER NOT NULL, new_text INTEGER NOT NULL,
  voice INTEGER NOT NULL, text INTEGER NOT NULL,
  PRIMARY KEY (series, bucket, text, post)
) WITHOUT ROWID;
CREATE INDEX mark_post ON mark (post);
CREATE INDEX mark_voice ON mark (series, bucket, voice) WHERE voice <> 0;
CREATE TABLE tally (
  series INTEGER NOT NULL, bucket INTEGER NOT NULL,
  total INTEGER NOT NULL, negative INTEGER NOT NULL, voices INTEGER NOT NULL, texts INTEGER NOT NULL,
  base_total INTEGER NOT NULL DEFAULT 0, base_negative INTEGER NOT NULL DEFAULT 0,
  base_voices INTEGER NOT NULL DEFAULT 0, base_texts INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (series, bucket)
) WITHOUT ROWID;
CREATE TABLE incident (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  posts INTEGER NOT NULL, negatives INTEGER NOT NULL,
  base_posts INTEGER NOT NULL DEFAULT 0, base_negatives INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL, ref TEXT NOT NULL, slot INTEGER NOT NULL,
  fresh INTEGER NOT NULL, queued INTEGER NOT NULL, due INTEGER NOT NULL,
  token INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
  UNIQUE (kind, ref, slot)
);
CREATE INDEX task_due ON task (kind, fresh, due);

CREATE TABLE alert (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, incident TEXT NOT NULL, episode INTEGER NOT NULL,
  title TEXT NOT NULL, level TEXT NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL,
  topics TEXT NOT NULL, rise TEXT NOT NULL, examples TEXT NOT NULL, words TEXT NOT NULL,
  raised INTEGER NOT NULL, updated INTEGER NOT NULL, seen INTEGER NOT NULL, noted INTEGER NOT NULL,
  taken INTEGER NOT NULL, closed INTEGER NOT NULL,
  UNIQUE (incident, episode)
);
CREATE INDEX alert_seen ON alert (seen);
CREATE TABLE note (
  id INTEGER PRIMARY KEY, alert INTEGER NOT NULL REFERENCES alert,
  at INTEGER NOT NULL, user TEXT NOT NULL, verb TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX note_alert ON note (alert);
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL, channel TEXT NOT NULL,
  state TEXT NOT NULL, due INTEGER NOT NULL, created INTEGER NOT NULL
);
CREATE INDEX delivery_alert ON delivery (alert);
CREATE INDEX delivery_state ON delivery (state);
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES delivery ON DELETE CASCADE,
  at INTEGER NOT NULL, ok INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL,
  retry INTEGER NOT NULL, after INTEGER NOT NULL, message TEXT NOT NULL
);
CREATE INDEX attempt_delivery ON attempt (delivery);
CREATE TABLE receipt (
  channel TEXT PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL, message TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE topic (
  name TEXT PRIMARY KEY, pos INTEGER NOT NULL, file TEXT NOT NULL, edit TEXT NOT NULL,
  edited_by TEXT NOT NULL, edited_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE user (
  folded TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
  disabled INTEGER NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE session (hash TEXT PRIMARY KEY, user TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX session_user ON session (user);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user TEXT NOT NULL,
  verb TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE TABLE voice_key (id INTEGER PRIMARY KEY, key BLOB NOT NULL, made INTEGER NOT NULL);
`
