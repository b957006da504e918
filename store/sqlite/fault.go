package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"minsheng/opinion"
)

// fail says what was being done, and turns what a person must mend into an
// *opinion.Fault.
func fail(verb string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*opinion.Fault](err); ok {
		return fmt.Errorf("%s: %w", verb, err)
	}
	if code, retry := faultCode(err); code != "" {
		return fmt.Errorf("%s: %w", verb, &opinion.Fault{Code: code, Err: err, Retry: retry})
	}
	return fmt.Errorf("%s: %w", verb, err)
}

// faultCode is the sentence for an engine's error, "" where it is none that a
// person could mend.
func faultCode(err error) (code string, retry bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return "", false
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return "store.full", true
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_CANTOPEN:
		return "store.readonly", true
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return "store.corrupt", false
	case lib.SQLITE_IOERR:
		return "store.disk", true
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return "store.busy", true
	}
	return "", false
}

// openFault is why a file could not be opened.
func openFault(path string, err error) error {
	var f *opinion.Fault
	if errors.As(err, &f) || errors.Is(err, context.Canceled) {
		return err
	}
	code, retry := faultCode(err)
	if code == "store.full" {
		return opinion.NewRetry(code, err)
	}
	switch {
	case code == "store.corrupt":
		code = "store.damaged"
	case code == "store.readonly", errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code = "store.closed"
	case errors.Is(err, syscall.ENOSPC):
		return opinion.NewRetry("store.full", err)
	case code == "":
		code = "store.unopened"
	}
	return &opinion.Fault{Code: code, Args: []string{path}, Err: err, Retry: retry}
}
