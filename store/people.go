package store

import (
	"context"
	"time"
)

// User is a person who signs in.
type User struct {
	Name     string
	Role     UserRole
	Hash     string // of the password, in the form that web writes
	Disabled bool
	Created  time.Time
	LastSeen time.Time
}

// UserRole says what a user may do.
type UserRole string

// The roles; each may do what the one before it may.
const (
	Press   UserRole = "press"
	Analyst UserRole = "analyst"
	Admin   UserRole = "admin"
)

// Session is a signed-in browser. Sessions use the wall clock.
type Session struct {
	Hash    string // of the cookie's secret
	User    string
	Expires time.Time
}

// Entry is a line of the audit log.
type Entry struct {
	At     time.Time
	User   string // "" for Minsheng itself
	Verb   string
	Object string
	Detail string
}

// People are users, sessions and the audit log.
type People interface {
	Users(ctx context.Context) ([]User, error)
	User(ctx context.Context, name string) (User, error)
	// PutUser adds a user or changes role, hash and Disabled, recorded under
	// the name of who did it. Changing the hash ends the user's sessions.
	PutUser(ctx context.Context, u User, by string) error
	StartSession(ctx context.Context, s Session) error
	// SessionUser returns the user of a live session; ErrNotFound otherwise.
	SessionUser(ctx context.Context, hash string, now time.Time) (User, error)
	EndSession(ctx context.Context, hash string) error
	Audit(ctx context.Context, e Entry) error
	// AuditLog lists the newest entries.
	AuditLog(ctx context.Context, limit int) ([]Entry, error)
}

// Keeper keeps single values: the clock's position, the schema's owner.
type Keeper interface {
	// Value returns the value of a key, "" where there is none.
	Value(ctx context.Context, key string) (string, error)
	SetValue(ctx context.Context, key, value string) error
	Close() error
}
