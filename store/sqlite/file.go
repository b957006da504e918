package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
	f, err := openFile(ctx, path)
	return f, fail("open store", err)
}

func openFile(ctx context.Context, path string) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// Created here so that nobody but the owner can read it.
	c, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = c.Close()
	}
	if err != nil {
		return nil, openFault(path, err)
	}
	if err := inspect(ctx, path); err != nil {
		return nil, err
	}
	f := &File{W: pool(path, writing, 1), R: pool(path, reading, readers)}
	version, err := f.identify(ctx, path)
	if err == nil {
		err = f.migrate(ctx, version)
	}
	if err != nil {
		_ = f.Close()
		return nil, openFault(path, err)
	}
	return f, nil
}

// Close closes both pools.
func (f *File) Close() error { return errors.Join(f.R.Close(), f.W.Close()) }

// settle moves the log into the file and empties it, where no reader stands in
// the way; else the next ordinary checkpoint does.
func (f *File) settle(ctx context.Context) error {
	c, err := f.W.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	ctx = context.WithoutCancel(ctx)
	for _, q := range []string{"PRAGMA busy_timeout(100)", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA busy_timeout(10000)"} {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// The settings of the two kinds of connection. What is deleted is overwritten
// (secure_delete), because people ask for posts to be gone. NORMAL loses, at
// a power cut, the last commits whole, never a part of one. Pages of 8 KiB
// hold five texts of 500 characters where those of 4 hold two.
var (
	writing = []string{
		"busy_timeout(10000)", "page_size(8192)", "synchronous(NORMAL)", "foreign_keys(1)", "secure_delete(1)",
		"cache_size(-16000)", "journal_size_limit(67108864)", "wal_autocheckpoint(2000)", "temp_store(MEMORY)",
	}
	reading = []string{"busy_timeout(10000)", "query_only(1)", "cache_size(-4000)", "temp_store(MEMORY)"}
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

// inspect reads the first bytes of the file and refuses one that is not ours,
// before anything may change it. A file that was not closed may say more in its
// log; that is read later, by identify.
func inspect(ctx context.Context, path string) error {
	wal, err := os.Stat(path + "-wal")
	closed := err != nil || wal.Size() == 0
	f, err := os.Open(path)
	if err != nil {
		return openFault(path, err)
	}
	defer f.Close()
	head := make([]byte, 100)
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil // new
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return openFault(path, err)
	case n < len(head) || string(head[:len(magic)]) != magic:
		return opinion.NewFault("store.damaged", nil, path)
	}
	version, owner := binary.BigEndian.Uint32(head[60:]), binary.BigEndian.Uint32(head[68:])
	if owner != 0 || !closed {
		return refuse(path, int(version), int(owner), 0)
	}
	// No owner: empty as we leave it when stopped in the very first moment, or
	// somebody else's. Immutable reads without making files beside it.
	db := openDB(path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	defer func() { _ = db.Close() }()
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return openFault(path, err)
	}
	return refuse(path, int(version), 0, tables)
}

// magic begins every SQLite file; https://sqlite.org/fileformat2.html, 1.3,
// also names the places of version (60) and owner (68).
const magic = "SQLite format 3\x00"

// refuse says why a file must be left alone, nil where it need not.
func refuse(path string, version, owner, tables int) error {
	switch {
	case owner != mark32 && (owner != 0 || tables > 0):
		return opinion.NewFault("store.foreign", nil, path)
	case version > Schema:
		return opinion.NewFault("store.newer", nil, path, strconv.Itoa(version), strconv.Itoa(Schema))
	}
	return nil
}

// identify reads what the file is with its log, and refuses like inspect.
func (f *File) identify(ctx context.Context, path string) (version int, err error) {
	var owner, tables int
	err = errors.Join(
		f.W.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version),
		f.W.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&owner),
		f.W.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables),
	)
	if err != nil {
		return 0, err
	}
	return version, refuse(path, version, owner, tables)
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
	return nil
}
