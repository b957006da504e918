// Package sqlite is the embedded search index: FTS5 in the data file that the
// store uses too. It holds tokens and numbers, never a text that could be read
// back. Start reading at New, then put.go and search.go.
//
// One FTS5 table has one column, and in it, one after another, the characters
// of a post, its words, and its filters (source, topic, attitude, ...) as
// tokens of their own. So a query is one MATCH, whatever it mixes, and FTS5
// itself skips from filter to word to phrase. The row number grows with the
// time of publication: newest-first is a walk backwards that stops early, and
// a span of time is a range of rows. docs/search.md has the figures that chose
// this over other ways.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"minsheng/index"
	"minsheng/opinion"
)

// schema is the version of the tables below.
const schema = 3

// idx_docs.traits is what facets count, packed so that SQLite can hand over
// 100,000 posts as one string; see traits.
//
// automerge is at its highest because each level of merging writes every token
// again: it doubled the speed of Put against the default. crisismerge is out
// of its way, since a crisis merges everything while the writer waits.
//
// idx_left counts the docs whose tokens still lie in idx_text after they were
// replaced or deleted; see sweep.
var tables = []string{
	`CREATE TABLE idx_docs (
		doc INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		version INTEGER NOT NULL,
		published INTEGER NOT NULL,
		traits TEXT NOT NULL)`,
	`CREATE TABLE idx_names (
		name INTEGER PRIMARY KEY,
		facet TEXT NOT NULL,
		value TEXT NOT NULL,
		UNIQUE (facet, value))`,
	`CREATE VIRTUAL TABLE idx_text USING fts5 (
		tokens, content='', contentless_delete=1, tokenize='ascii')`,
	`INSERT INTO idx_text (idx_text, rank) VALUES ('automerge', 16)`,
	`INSERT INTO idx_text (idx_text, rank) VALUES ('crisismerge', 256)`,
	`INSERT INTO idx_text (idx_text, rank) VALUES ('hashsize', 16777216)`,
	`CREATE TABLE idx_left (docs INTEGER NOT NULL, swept INTEGER NOT NULL)`,
	`INSERT INTO idx_left VALUES (0, unixepoch())`,
}

// Index is an index.Index in SQLite.
type Index struct {
	w, r *sql.DB
	cut  index.Cut
}

var _ index.Index = (*Index)(nil)

// New makes the tables where they are missing. The only writer is w, with one
// connection; r reads beside it (the file is in WAL mode); both stay the
// caller's. Cut takes text into words; it may block, and must give the same
// words for the same text at every call.
//
// Tables of an older version are made anew and empty. Those of a newer one are
// left alone: the error is an *opinion.Fault.
func New(w, r *sql.DB, cut func(string) []string) (*Index, error) {
	x := &Index{w: w, r: r, cut: cut}
	if err := x.migrate(context.Background()); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	return x, nil
}

func (x *Index) migrate(ctx context.Context) error {
	tx, err := x.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS idx_schema (version INTEGER NOT NULL)`); err != nil {
		return err
	}
	var version int
	err = tx.QueryRowContext(ctx, `SELECT version FROM idx_schema`).Scan(&version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case version == schema:
		return nil
	case version > schema:
		return opinion.NewFault("index.newer", fmt.Errorf("tables have version %d, this program knows %d", version, schema))
	}
	for _, q := range slices.Concat(older, tables) {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO idx_schema (version) VALUES (?)`, schema); err != nil {
		return err
	}
	return tx.Commit()
}

// older takes away the tables of another version: what an index holds is filled again from
// the store, by whoever opens it and finds it empty.
var older = []string{
	`DROP TABLE IF EXISTS idx_docs`, `DROP TABLE IF EXISTS idx_names`, `DROP TABLE IF EXISTS idx_text`, `DROP TABLE IF EXISTS idx_left`,
	`DELETE FROM idx_schema`,
}

// Count is the number of docs.
func (x *Index) Count(ctx context.Context) (int, error) {
	var n int
	if err := x.r.QueryRowContext(ctx, `SELECT count(*) FROM idx_docs`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count docs: %w", err)
	}
	return n, nil
}

// mergePages is how much one Merge writes, about 40 ms of the writer's time.
const mergePages = 200

// Merge joins segments of the full text, of which a hundred thousand posts leave
// some thirty: searches that rank take a third of the time with five. When that
// is done it sweeps, where it is time to.
func (x *Index) Merge(ctx context.Context) (more bool, err error) {
	err = x.write(ctx, func(p *putter) error {
		var before, after int64
		if err := p.scan(ctx, `SELECT total_changes()`, nil, &before); err != nil {
			return err
		}
		if err := p.exec(ctx, mergeText, mergePages); err != nil {
			return err
		}
		err := p.scan(ctx, `SELECT total_changes()`, nil, &after)
		more = after-before >= 2 // https://sqlite.org/fts5.html, 6.9
		if err != nil || more {
			return err
		}
		more, err = p.sweep(ctx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("merge index: %w", err)
	}
	return more, nil
}

const mergeText = `INSERT INTO idx_text (idx_text, rank) VALUES ('merge', ?)`

// sweepDue finds that a sweep is due: a day after the last one where anything
// was replaced or deleted since, at once where that is a tenth of all docs, as
// after all were judged again.
const sweepDue = `UPDATE idx_left SET docs = 0, swept = unixepoch() WHERE docs > 0 AND
	(swept <= unixepoch() - 86400 OR docs * 10 >= (SELECT count(*) FROM idx_docs)) RETURNING 1`

// sweep begins to write the full text anew without what was replaced or deleted:
// FTS5 only marks that as gone, and merging alone may never come to it. A
// negative number has every segment merged, in pieces like the others.
func (p *putter) sweep(ctx context.Context) (begun bool, err error) {
	err = p.scan(ctx, sweepDue, nil, &begun)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, p.exec(ctx, mergeText, -mergePages)
}

// Ping reports whether the tables can be read.
func (x *Index) Ping(ctx context.Context) error {
	var version int
	if err := x.r.QueryRowContext(ctx, `SELECT version FROM idx_schema`).Scan(&version); err != nil {
		return fmt.Errorf("ping index: %w", err)
	}
	return nil
}

// Close does nothing: the databases are the caller's.
func (x *Index) Close() error { return nil }
