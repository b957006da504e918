// Package sqlite keeps the state contract (package store) in one SQLite file,
// through modernc.org/sqlite, which needs no C.
//
// It is the store of one machine: one process writes, through one connection,
// and any number of goroutines read beside it (write-ahead log). It locks no
// folder, starts no goroutine and runs no schedule; whoever opens the File
// closes it, and package index/sqlite keeps its own tables (idx_...) in it.
// What it will not do: serve several machines, or keep anything in memory that
// the file does not hold, but which addresses are being asked at this moment. Start reading at Open, then New, then schema.go; the
// verbs stand in files named after what they move.
package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// Store implements store.Store over one File.
type Store struct {
	f      *File
	now    func() time.Time
	leases *leases

	mu    sync.Mutex // guards what follows
	stmts map[string]*sql.Stmt
	wants map[string]bool // statements met inside a transaction, not prepared yet
}

var _ store.Store = (*Store)(nil)

// New returns the Store of a File. All times but those of sessions come from
// now.
func New(f *File, now func() time.Time) *Store {
	return &Store{f: f, now: now, leases: newLeases(), stmts: map[string]*sql.Stmt{}, wants: map[string]bool{}}
}

// Close closes the File.
func (s *Store) Close() error { return s.f.Close() }

// Value returns the value of a key, "" where there is none.
func (s *Store) Value(ctx context.Context, key string) (string, error) {
	var v string
	err := s.f.R.QueryRowContext(ctx, `SELECT value FROM value WHERE key = ?`, key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, fail("read value", err)
}

// SetValue stores the value of a key.
func (s *Store) SetValue(ctx context.Context, key, value string) error {
	return s.write(ctx, "set value", func(t *tx) error {
		return t.exec(`INSERT INTO value VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`, key, value)
	})
}

// tx is one verb's transaction. Its statements are prepared once for the life
// of the Store, because parsing them costs more than running them.
type tx struct {
	*sql.Tx
	ctx  context.Context
	s    *Store
	now  int64
	mine map[string]*sql.Stmt
}

// write runs f in one transaction. The context ends the wait for the writer,
// but no transaction that has begun: those are short, and a shutdown should
// keep what is done.
func (s *Store) write(ctx context.Context, verb string, f func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	s.prepare(ctx)
	conn, err := s.f.W.Conn(ctx)
	if err != nil {
		return fail(verb, err)
	}
	defer conn.Close()
	ctx = context.WithoutCancel(ctx)
	raw, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fail(verb, err)
	}
	t := &tx{Tx: raw, ctx: ctx, s: s, now: ms(s.now()), mine: map[string]*sql.Stmt{}}
	if err := f(t); err != nil {
		raw.Rollback()
		return fail(verb, err)
	}
	return fail(verb, raw.Commit())
}

// prepare readies the statements that earlier transactions met. It cannot be
// done inside one, because the writer has a single connection, nor under the
// lock, which a transaction that holds the connection may want.
func (s *Store) prepare(ctx context.Context) {
	s.mu.Lock()
	wants := slices.Collect(maps.Keys(s.wants))
	clear(s.wants)
	s.mu.Unlock()
	for _, q := range wants {
		p, err := s.f.W.PrepareContext(ctx, q)
		if err != nil {
			return // the transaction itself will meet the cause and say it
		}
		s.mu.Lock()
		if s.stmts[q] == nil {
			s.stmts[q], p = p, nil
		}
		s.mu.Unlock()
		if p != nil {
			_ = p.Close() // another goroutine was quicker
		}
	}
}

// stmt returns the prepared form of q in t. One that nobody has met yet is
// prepared for later transactions after this one, and in it when it comes a
// second time.
func (t *tx) stmt(q string) *sql.Stmt {
	p, met := t.mine[q]
	switch {
	case p != nil:
		return p
	case met:
		p, _ = t.PrepareContext(t.ctx, q) // ends with t; run as it is, q says what is wrong
	default:
		t.s.mu.Lock()
		p = t.s.stmts[q]
		if p == nil {
			t.s.wants[q] = true
		}
		t.s.mu.Unlock()
		if p != nil {
			p = t.StmtContext(t.ctx, p)
		}
	}
	t.mine[q] = p
	return p
}

func (t *tx) run(q string, args ...any) (sql.Result, error) {
	if p := t.stmt(q); p != nil {
		return p.ExecContext(t.ctx, args...)
	}
	return t.ExecContext(t.ctx, q, args...)
}

func (t *tx) exec(q string, args ...any) error {
	_, err := t.run(q, args...)
	return err
}

// count runs a change and says how many rows it changed.
func (t *tx) count(q string, args ...any) (int64, error) {
	r, err := t.run(q, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs an INSERT and returns the new row's number.
func (t *tx) insert(q string, args ...any) (int64, error) {
	r, err := t.run(q, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (t *tx) row(q string, args ...any) *sql.Row {
	if p := t.stmt(q); p != nil {
		return p.QueryRowContext(t.ctx, args...)
	}
	return t.QueryRowContext(t.ctx, q, args...)
}

func (t *tx) rows(q string, args ...any) (*sql.Rows, error) {
	if p := t.stmt(q); p != nil {
		return p.QueryContext(t.ctx, args...)
	}
	return t.QueryContext(t.ctx, q, args...)
}

// next takes n numbers of a counter and returns the first.
func (t *tx) next(name string, n int) (int64, error) {
	var last int64
	err := t.row(`UPDATE counter SET n = n + ? WHERE name = ? RETURNING n`, n, name).Scan(&last)
	return last - int64(n) + 1, err
}

// audit writes a line of the log in the same commit.
func (t *tx) audit(user, verb, object, detail string) error {
	return t.exec(`INSERT INTO audit (at, user, verb, object, detail) VALUES (?, ?, ?, ?, ?)`,
		t.now, user, verb, object, detail)
}

// collect reads every row of a query.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// one scans a single column.
func one[T any](rows *sql.Rows) (v T, err error) { return v, rows.Scan(&v) }

// ms is a time as it is stored.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is the time of a stored number.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// timeVar scans a stored time into its target.
type timeVar struct{ t *time.Time }

// Scan implements sql.Scanner.
func (v timeVar) Scan(src any) error {
	switch n := src.(type) {
	case int64:
		*v.t = at(n)
	case nil:
		*v.t = time.Time{}
	default:
		return fmt.Errorf("scan time: %w: %T", opinion.ErrInvalid, src)
	}
	return nil
}

// jsonVar scans a stored list or record into its target.
type jsonVar struct{ v any }

// Scan implements sql.Scanner.
func (j jsonVar) Scan(src any) error {
	switch b := src.(type) {
	case nil:
		return nil
	case string:
		if b == "" {
			return nil
		}
		return json.Unmarshal([]byte(b), j.v)
	default:
		return fmt.Errorf("scan list: %w: %T", opinion.ErrInvalid, src)
	}
}

// list is a slice as it is stored.
func list[T any](v []T) string {
	if len(v) == 0 {
		return ""
	}
	return text(v)
}

// text is a record as JSON. What we store are plain records, which cannot fail
// to be written.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
