package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	sessionCookie = "minsheng_session"
	langCookie    = "minsheng_lang"
	sessionFor    = 12 * time.Hour // a working day, wall time
	leastPassword = 10             // characters
	mostPassword  = 200            // bytes
	mostHashing   = 2              // passwords hashed at once, each in 19 MiB
)

// Argon2id parameters: those of the OWASP Password Storage Cheat Sheet. RFC
// 9106 would have 64 MiB, a sixth of what the whole daemon may take.
const (
	argonTime    = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// HashPassword returns a password's hash with its parameters and salt.
func HashPassword(password string) (string, error) {
	if len(password) > mostPassword {
		return "", fmt.Errorf("hash password: longer than %d bytes: %w", mostPassword, opinion.ErrInvalid)
	}
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, enc(salt), enc(key)), nil
}

// passwordIs compares in constant time. What is no hash fits no password.
func passwordIs(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || len(password) > mostPassword {
		return false
	}
	var version, memory, passes uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil || memory > 1<<20 || passes > 20 || passes == 0 || threads == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	key, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(key) == 0 || len(key) > 128 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1
}

// CheckPassword says what is wrong with a new password; nil where nothing is.
func CheckPassword(password, user string) *opinion.Fault {
	runes := []rune(password)
	switch {
	case len(runes) < leastPassword:
		return opinion.NewFault("web.password_short", nil)
	case len(password) > mostPassword:
		return opinion.NewFault("web.password_long", nil)
	case strings.EqualFold(password, user), strings.Count(password, string(runes[0])) == len(runes):
		return opinion.NewFault("web.password_plain", nil)
	}
	return nil
}

// try compares a password and counts the failures under keys; wait says how
// long they must still wait. Only so many are compared at once, and the throttle
// is asked when the turn has come: guesses sent together neither fill the memory
// nor slip past it.
func (s *Server) try(ctx context.Context, hash, password string, keys ...string) (right bool, wait time.Duration, err error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false, 0, ctx.Err()
	}
	if wait := s.throttle.wait(keys...); wait > 0 {
		return false, wait, nil
	}
	if right = passwordIs(hash, password); right {
		s.throttle.succeeded(keys...)
	} else {
		s.throttle.failed(keys...)
	}
	return right, 0, nil
}

// GivenKey is the key of the store under which the hash of a password lies that
// somebody else chose for a user. While it is the user's hash, the user is
// reminded to choose another; any change of the password ends that by itself.
func GivenKey(user string) string { return "given_password/" + user }

func (s *Server) hasGivenPassword(ctx context.Context, u store.User) (bool, error) {
	given, err := s.State.Value(ctx, GivenKey(u.Name))
	return given != "" && given == u.Hash, err
}

// visitor is the signed-in user; the zero User where there is none.
func (s *Server) visitor(r *http.Request) (store.User, error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return store.User{}, nil //nolint:nilerr // no cookie means not signed in
	}
	u, err := s.State.SessionUser(r.Context(), secretHash(c.Value), wall())
	if errors.Is(err, opinion.ErrNotFound) {
		return store.User{}, nil
	}
	return u, err
}

// wall is the wall clock, by which sessions and the throttle go.
func wall() time.Time { return time.Now() } //nolint:forbidigo // see docs/architecture.md, Clock

func secretHash(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

func (s *Server) startSession(r *http.Request, user string) (*http.Cookie, error) {
	secret := rand.Text()
	expires := wall().Add(sessionFor)
	err := s.State.StartSession(r.Context(), store.Session{Hash: secretHash(secret), User: user, Expires: expires})
	return s.cookie(sessionCookie, secret, int(sessionFor.Seconds())), err
}

// endSession ends the session that a browser brings, where it brings one.
func (s *Server) endSession(r *http.Request) error {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil //nolint:nilerr // no cookie, no session
	}
	if err := s.State.EndSession(r.Context(), secretHash(c.Value)); !errors.Is(err, opinion.ErrNotFound) {
		return err
	}
	return nil
}

func (s *Server) cookie(name, value string, age int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
}

// lang is the visitor's choice, Chinese where there is none.
func lang(r *http.Request) i18n.Lang {
	if c, err := r.Cookie(langCookie); err == nil && c.Value == string(i18n.English) {
		return i18n.English
	}
	return i18n.Chinese
}

// local keeps a way back within this site.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// remote is the address of the other side, without its port.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// throttle slows down guessing: after free failures of one name or address
// each further one doubles the wait.
type throttle struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*failures
}

type failures struct {
	n     int
	until time.Time
	last  time.Time
}

const (
	freeTries    = 5  // of a name
	freeOfOne    = 20 // of an address, behind which a whole office may sit
	firstWait    = 10 * time.Second
	longestWait  = 15 * time.Minute
	forgetAfter  = 30 * time.Minute
	mostThrottle = 10_000 // keys kept
)

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, by: map[string]*failures{}}
}

// wait is how long the keys must still wait, 0 where they may try.
func (t *throttle) wait(keys ...string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	var longest time.Duration
	for _, k := range keys {
		if f := t.by[k]; f != nil {
			longest = max(longest, f.until.Sub(t.now()))
		}
	}
	return longest
}

func (t *throttle) failed(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if len(t.by) >= mostThrottle {
		for k, f := range t.by {
			if now.Sub(f.last) > forgetAfter || len(t.by) >= 2*mostThrottle {
				delete(t.by, k)
			}
		}
	}
	for _, k := range keys {
		f := t.by[k]
		if f == nil || now.Sub(f.last) > forgetAfter {
			f = &failures{}
			t.by[k] = f
		}
		f.n++
		f.last = now
		free := freeTries
		if strings.HasPrefix(k, "address ") {
			free = freeOfOne
		}
		if f.n >= free {
			f.until = now.Add(min(firstWait<<min(f.n-free, 10), longestWait))
		}
	}
}

func (t *throttle) succeeded(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		delete(t.by, k)
	}
}
