package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// seenGap is the grain of a user's LastSeen, so that a click is no write.
const seenGap = 5 * time.Minute

// fold is how names of users are compared.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

const userColumns = `u.name, u.role, u.hash, u.disabled, u.created, u.seen`

func scanUser(row interface{ Scan(...any) error }) (u store.User, err error) {
	return u, row.Scan(&u.Name, &u.Role, &u.Hash, &u.Disabled, timeVar{&u.Created}, timeVar{&u.LastSeen})
}

// Users lists the users by name.
func (s *Store) Users(ctx context.Context) ([]store.User, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT `+userColumns+` FROM user u ORDER BY folded`)
	all, err := collect(rows, err, func(rows *sql.Rows) (store.User, error) { return scanUser(rows) })
	return all, fail("list users", err)
}

// User returns one user; case and outer spaces of the name do not matter.
func (s *Store) User(ctx context.Context, name string) (store.User, error) {
	u, err := scanUser(s.f.R.QueryRowContext(ctx, `SELECT `+userColumns+` FROM user u WHERE folded = ?`, fold(name)))
	return u, fail("read user", missing(err))
}

// roles are the roles there are.
var roles = []store.UserRole{store.Press, store.Analyst, store.Admin}

// PutUser adds or changes a user. An empty hash leaves the password as it is.
// Disabling ends the user's sessions as a new hash does. ErrConflict where
// nobody would be left who may administer.
func (s *Store) PutUser(ctx context.Context, u store.User, by string) error {
	return s.write(ctx, "put user", func(t *tx) error {
		u.Name = strings.TrimSpace(u.Name)
		if u.Name == "" || strings.ContainsAny(u.Name, "\r\n\t") || !slices.Contains(roles, u.Role) {
			return fmt.Errorf("%w: user %q with role %q", opinion.ErrInvalid, u.Name, u.Role)
		}
		old, err := scanUser(t.row(`SELECT `+userColumns+` FROM user u WHERE folded = ?`, fold(u.Name)))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return t.addUser(u, by)
		case err != nil:
			return err
		}
		u.Hash = cmp.Or(u.Hash, old.Hash)
		err = t.exec(`UPDATE user SET role = ?, hash = ?, disabled = ? WHERE folded = ?`, u.Role, u.Hash, u.Disabled, fold(u.Name))
		if err != nil {
			return err
		}
		if err := t.oneAdmin(old); err != nil {
			return err
		}
		if u.Hash != old.Hash || u.Disabled {
			if err := t.exec(`DELETE FROM session WHERE user = ?`, fold(u.Name)); err != nil {
				return err
			}
		}
		return t.audit(by, "changed user", old.Name, changes(old, u))
	})
}

func (t *tx) addUser(u store.User, by string) error {
	if u.Hash == "" {
		return fmt.Errorf("%w: user %q without a password", opinion.ErrInvalid, u.Name)
	}
	err := t.exec(`INSERT INTO user (folded, name, role, hash, disabled, created, seen) VALUES (?, ?, ?, ?, ?, ?, 0)`,
		fold(u.Name), u.Name, u.Role, u.Hash, u.Disabled, t.now)
	if err != nil {
		return err
	}
	return t.audit(by, "added user", u.Name, string(u.Role))
}

// oneAdmin refuses a change that took the last enabled administrator away.
func (t *tx) oneAdmin(old store.User) error {
	if old.Role != store.Admin || old.Disabled {
		return nil
	}
	var left int
	if err := t.row(`SELECT COUNT(*) FROM user WHERE role = ? AND NOT disabled`, store.Admin).Scan(&left); err != nil {
		return err
	}
	if left == 0 {
		return fmt.Errorf("%w: %s is the last administrator", opinion.ErrConflict, old.Name)
	}
	return nil
}

// changes says what became different, without the hash itself.
func changes(old, u store.User) string {
	var said []string
	if old.Role != u.Role {
		said = append(said, "role "+string(old.Role)+" → "+string(u.Role))
	}
	if old.Hash != u.Hash {
		said = append(said, "password")
	}
	switch {
	case u.Disabled && !old.Disabled:
		said = append(said, "disabled")
	case old.Disabled && !u.Disabled:
		said = append(said, "enabled")
	}
	return strings.Join(said, ", ")
}

// StartSession stores a session of an enabled user.
func (s *Store) StartSession(ctx context.Context, v store.Session) error {
	return s.write(ctx, "start session", func(t *tx) error {
		n, err := t.count(`INSERT INTO session (hash, user, expires) SELECT ?, folded, ? FROM user WHERE folded = ? AND NOT disabled`,
			v.Hash, ms(v.Expires), fold(v.User))
		if err == nil && n == 0 {
			err = opinion.ErrNotFound
		}
		return err
	})
}

// SessionUser returns the user of a live session, and notes now and then that
// the user was seen; sessions that have expired go on that occasion.
func (s *Store) SessionUser(ctx context.Context, hash string, now time.Time) (store.User, error) {
	u, err := scanUser(s.f.R.QueryRowContext(ctx, `SELECT `+userColumns+` FROM session s JOIN user u ON u.folded = s.user
		WHERE s.hash = ? AND s.expires > ? AND NOT u.disabled`, hash, ms(now)))
	if err != nil {
		return u, fail("read session", missing(err))
	}
	if now.Sub(u.LastSeen) < seenGap {
		return u, nil
	}
	u.LastSeen = at(ms(now))
	return u, s.write(ctx, "note session", func(t *tx) error {
		if err := t.exec(`UPDATE user SET seen = ? WHERE folded = ?`, ms(now), fold(u.Name)); err != nil {
			return err
		}
		return t.exec(`DELETE FROM session WHERE expires <= ?`, ms(now))
	})
}

// EndSession forgets a session; one that is not there is no fault.
func (s *Store) EndSession(ctx context.Context, hash string) error {
	return s.write(ctx, "end session", func(t *tx) error {
		return t.exec(`DELETE FROM session WHERE hash = ?`, hash)
	})
}

// Audit writes a line of the log; without a time it is now.
func (s *Store) Audit(ctx context.Context, e store.Entry) error {
	return s.write(ctx, "write audit log", func(t *tx) error {
		if !e.At.IsZero() {
			t.now = ms(e.At)
		}
		return t.audit(e.User, e.Verb, e.Object, e.Detail)
	})
}

// AuditLog lists the newest entries.
func (s *Store) AuditLog(ctx context.Context, limit int) ([]store.Entry, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT at, user, verb, object, detail FROM audit ORDER BY id DESC LIMIT ?`, limit)
	all, err := collect(rows, err, func(rows *sql.Rows) (e store.Entry, err error) {
		return e, rows.Scan(timeVar{&e.At}, &e.User, &e.Verb, &e.Object, &e.Detail)
	})
	return all, fail("read audit log", err)
}
