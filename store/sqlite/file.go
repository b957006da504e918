package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"minsheng/opinion"
)

// File is an open data file. Everything that writes goes through W, which has
// one connection, so that nobody waits for a lock; R has several and cannot
// write.
type File struct {
	W *sql.DB
	R *sql.DB
}

// readers is how many queries may read at the same time.
const readers = 4

// Open opens or creates the file and brings its schema up to this program's. A
// file of a newer program, a foreign or damaged one, and a folder that cannot
// be written are each refused with an *opinion.Fault and left as they are.
func Open(ctx context.Context, path string) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fail("open store", err)
	}
	// Created here so that nobody but the owner can read it.
	c, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, openFault(path, err)
	}
	if err := c.Close(); err != nil {
		return nil, openFault(path, err)
	}
	version, err := inspect(ctx, path)
	if err != nil {
		return nil, err
	}
	f := &File{W: pool(path, writing, 1), R: pool(path, reading, readers)}
	if err := f.migrate(ctx, version); err != nil {
		f.Close()
		return nil, openFault(path, err)
	}
	return f, nil
}

// Close closes both pools.
func (f *File) Close() error { return errors.Join(f.R.Close(), f.W.Close()) }

// The settings of the two kinds of connection. What is deleted is overwritten
// (secure_delete), because people ask for posts to be gone. NORMAL loses, at
// a power cut, the last commits whole, never a part of one. Pages of 8 KiB
// hold five texts of 500 characters where those of 4 hold two.
var (
	writing = []string{
		"busy_timeout(10000)", "page_size(8192)", "synchronous(NORMAL)", "foreign_keys(1)", "secure_delete(1)",
		"cache_size(-32000)", "journal_size_limit(67108864)", "wal_autocheckpoint(2000)", "temp_store(MEMORY)",
	}
	reading = []string{"busy_timeout(10000)", "query_only(1)", "cache_size(-8000)", "temp_store(MEMORY)"}
)

func pool(path string, pragmas []string, conns int) *sql.DB {
	q := url.Values{"_pragma": pragmas}
	if conns == 1 {
		q.Set("_txlock", "immediate")
		q.Set("_journal_mode", "WAL") // comes after the list, which the driver sorts: the page size is fixed by then
	}
	db := openDB(path, q)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

func openDB(path string, q url.Values) *sql.DB {
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		panic("sqlite: driver not registered: " + err.Error()) // it is: we import it
	}
	return db
}

// inspect reads what the file is before anything may change it.
func inspect(ctx context.Context, path string) (version int, err error) {
	db := openDB(path, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)"}})
	defer db.Close()
	var owner, tables int
	err = errors.Join(
		db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version),
		db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&owner),
		db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables),
	)
	switch {
	case err != nil:
		return 0, openFault(path, err)
	case tables > 0 && owner != mark32:
		return 0, opinion.NewFault("store.foreign", nil, path)
	case version > Schema:
		return 0, opinion.NewFault("store.newer", nil, path, strconv.Itoa(version), strconv.Itoa(Schema))
	}
	return version, nil
}

// migrate runs the steps that the file has not seen, one commit each.
func (f *File) migrate(ctx context.Context, version int) error {
	for v := version; v < Schema; v++ {
		t, err := f.W.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		// A PRAGMA takes no parameters; both numbers are ours.
		step := migrations[v] + fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", mark32, v+1)
		if _, err := t.ExecContext(ctx, step); err != nil {
			return errors.Join(err, t.Rollback())
		}
		if err := t.Commit(); err != nil {
			return err
		}
	}
	return f.W.PingContext(ctx) // nothing to migrate: the settings are applied all the same
}
