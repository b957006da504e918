package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// SyncSources makes the stored sources those given. A person's pause stays
// until the file's own changes; a changed address begins a first pass anew.
func (s *Store) SyncSources(ctx context.Context, sources []opinion.Source) error {
	if err := distinct(sources); err != nil {
		return fmt.Errorf("sync sources: %w", err)
	}
	return s.write(ctx, "sync sources", func(t *tx) error {
		if err := t.exec(`UPDATE source SET active = 0`); err != nil {
			return err
		}
		for i, src := range sources {
			if err := t.syncSource(i, src); err != nil {
				return err
			}
		}
		gone, err := names(t.rows(`SELECT name FROM source WHERE active = 0`))
		if err != nil {
			return err
		}
		for _, name := range gone {
			if err := t.hold(name, true); err != nil {
				return err
			}
		}
		return nil
	})
}

// distinct refuses what could only be a slip: the frontier knows an address
// once, so it cannot belong to two sources.
func distinct(sources []opinion.Source) error {
	seen := map[string]bool{}
	for _, src := range sources {
		switch {
		case src.Name == "":
			return fmt.Errorf("%w: a source without a name", opinion.ErrInvalid)
		case seen[src.Name]:
			return fmt.Errorf("%w: two sources named %s", opinion.ErrInvalid, src.Name)
		case src.URL != "" && seen["\n"+src.URL]:
			return fmt.Errorf("%w: two sources with the address %s", opinion.ErrInvalid, src.URL)
		}
		seen[src.Name], seen["\n"+src.URL] = true, true
	}
	return nil
}

func (t *tx) syncSource(pos int, src opinion.Source) error {
	var old string
	err := t.row(`SELECT url FROM source WHERE name = ?`, src.Name).Scan(&old)
	isNew := errors.Is(err, sql.ErrNoRows)
	if err != nil && !isNew {
		return err
	}
	zone := ""
	if src.Zone != nil {
		zone = src.Zone.String()
	}
	// In DO UPDATE the bare columns are the old row's: a pause set by a person
	// differs from file_paused and stays unless the file's word changes.
	err = t.exec(`INSERT INTO source (name, pos, active, url, form, class, zone, every, rate, pick, keep_all, allow_private, file_paused, paused, first_done)
		VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)
		ON CONFLICT (name) DO UPDATE SET pos = excluded.pos, active = 1, url = excluded.url, form = excluded.form,
		class = excluded.class, zone = excluded.zone, every = excluded.every, rate = excluded.rate, pick = excluded.pick,
		keep_all = excluded.keep_all, allow_private = excluded.allow_private,
		paused = CASE WHEN file_paused = excluded.file_paused THEN paused ELSE excluded.paused END,
		file_paused = excluded.file_paused`,
		src.Name, pos, src.URL, src.Form, src.Class, zone, int64(src.Every), int64(src.Rate), src.Select,
		src.KeepAll, src.AllowPrivate, src.Paused, t.doneAtOnce(src))
	if err != nil {
		return err
	}
	if old != "" && old != src.URL {
		if err := t.retire(src.Name, old); err != nil {
			return err
		}
	}
	if src.URL != "" && old != src.URL {
		if err := t.addEntry(src); err != nil {
			return err
		}
	}
	var paused bool
	if err := t.row(`SELECT paused FROM source WHERE name = ?`, src.Name).Scan(&paused); err != nil {
		return err
	}
	return t.hold(src.Name, paused)
}

// doneAtOnce is the end of the first pass of a source that has none.
func (t *tx) doneAtOnce(src opinion.Source) int64 {
	if src.URL == "" {
		return t.now
	}
	return 0
}

// retire takes an address that is no entry any more out of the round.
func (t *tx) retire(source, url string) error {
	var id, first int64
	err := t.row(`UPDATE frontier SET due = NULL WHERE url = ? AND source = ? RETURNING id, first`, url, source).Scan(&id, &first)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		t.s.leases.end(id)
	}
	if err != nil || first != firstOpen {
		return err
	}
	if err := t.exec(`UPDATE frontier SET first = 0 WHERE url = ?`, url); err != nil {
		return err
	}
	return t.openPasses(source, -1)
}

// addEntry puts a source's own address into the frontier. One that was known
// as something else becomes the entry.
func (t *tx) addEntry(src opinion.Source) error {
	var source string
	var id, first int64
	err := t.row(`SELECT id, source, first FROM frontier WHERE url = ?`, src.URL).Scan(&id, &source, &first)
	t.s.leases.end(id)
	switch {
	case err == nil && first == firstOpen:
		if err := t.openPasses(source, -1); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	}
	if err := t.exec(`DELETE FROM seen WHERE id = ?`, seenID(src.URL)); err != nil {
		return err
	}
	host := hostOf(src.URL)
	err = t.exec(`INSERT INTO frontier (url, source, host, role, rank, depth, first, held, due, published)
		VALUES (?, ?, ?, ?, ?, 0, ?, 0, ?, 0)
		ON CONFLICT (url) DO UPDATE SET source = excluded.source, role = excluded.role, rank = excluded.rank,
		depth = 0, first = excluded.first, due = excluded.due, attempts = 0, etag = '', modified = ''`,
		src.URL, src.Name, host, store.EntryRole, rankOf(store.EntryRole, false), firstOpen, t.now)
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO host (name) VALUES (?) ON CONFLICT DO NOTHING`, host); err != nil {
		return err
	}
	if err := t.exec(`UPDATE source SET first_done = 0 WHERE name = ?`, src.Name); err != nil {
		return err
	}
	return t.openPasses(src.Name, 1)
}

// hold keeps a source's addresses out of the leases, or lets them in again.
// Only rows that change are written: there may be a hundred thousand.
func (t *tx) hold(source string, held bool) error {
	return t.exec(`UPDATE frontier SET held = ?1 WHERE source = ?2 AND due IS NOT NULL AND held <> ?1`, held, source)
}

// movePasses moves a source's count of addresses whose first pass is open by
// ?1. At none, the first pass is done, now (?2).
const movePasses = `first_open = MAX(0, first_open + ?1),
	first_done = CASE WHEN ?1 = 0 THEN first_done WHEN first_open + ?1 > 0 THEN 0 WHEN first_done = 0 THEN ?2 ELSE first_done END`

func (t *tx) openPasses(source string, by int) error {
	return t.exec(`UPDATE source SET `+movePasses+` WHERE name = ?3`, by, t.now, source)
}

// Sources lists every source's state by name.
func (s *Store) Sources(ctx context.Context) ([]store.SourceState, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT name, active, url, form, class, zone, every, rate, pick, keep_all, allow_private, paused,
		first_done, tried, ok, new_post, posts, failures, fault, fault_url, fault_at,
		COALESCE(h.score, 0), COALESCE(h.login, 0), COALESCE(h.future, 0), COALESCE(h.empty, 0), COALESCE(h.ailing, ''),
		(SELECT COUNT(*) FROM frontier f WHERE f.source = s.name AND f.due IS NOT NULL AND f.due <= ?)
		FROM source s LEFT JOIN health h ON h.source = s.name ORDER BY name`, ms(s.now()))
	all, err := collect(rows, err, scanSource)
	return all, fail("list sources", err)
}

func scanSource(rows *sql.Rows) (v store.SourceState, err error) {
	var zone, fault string
	err = rows.Scan(&v.Name, &v.Active, &v.URL, &v.Form, &v.Class, &zone, &v.Every, &v.Rate, &v.Select, &v.KeepAll, &v.AllowPrivate, &v.Paused,
		timeVar{&v.FirstDone}, timeVar{&v.Tried}, timeVar{&v.OK}, timeVar{&v.NewPost}, &v.Posts, &v.Failures, &fault, &v.FaultURL, timeVar{&v.FaultAt},
		&v.Score, &v.Login, &v.Future, &v.Empty, jsonVar{&v.Ailments}, &v.Pending)
	if err != nil {
		return v, err
	}
	if zone != "" {
		if v.Zone, err = time.LoadLocation(zone); err != nil {
			v.Zone = nil // a zone that this machine no longer knows: the office's
		}
	}
	v.Fault, err = readFault(fault)
	return v, err
}

// SetPaused stops or resumes a source.
func (s *Store) SetPaused(ctx context.Context, source string, paused bool, user string) error {
	verb := "resumed"
	if paused {
		verb = "paused"
	}
	return s.write(ctx, "pause source", func(t *tx) error {
		var active bool
		err := t.row(`UPDATE source SET paused = ? WHERE name = ? RETURNING active`, paused, source).Scan(&active)
		if err != nil {
			return missing(err)
		}
		if err := t.hold(source, paused || !active); err != nil {
			return err
		}
		return t.audit(user, verb, source, "")
	})
}

// AskNow makes a source's entry due at once; one that is being asked at this
// moment is asked again after it.
func (s *Store) AskNow(ctx context.Context, source, user string) error {
	return s.write(ctx, "ask source", func(t *tx) error {
		var id int64
		err := t.row(`UPDATE frontier SET held = (SELECT paused OR NOT active FROM source WHERE name = ?2), due = ?1
			WHERE url = (SELECT url FROM source WHERE name = ?2 AND url <> '') RETURNING id`, t.now, source).Scan(&id)
		if err != nil {
			return missing(err)
		}
		t.s.leases.remind(id)
		return t.audit(user, "asked", source, "")
	})
}

// CatchingUp says whether the past is still being gathered.
func (s *Store) CatchingUp(ctx context.Context) (c store.CatchUp, err error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT name, first_open FROM source WHERE active AND NOT paused AND first_open > 0 ORDER BY name`)
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var name string
		var pages int
		if err = rows.Scan(&name, &pages); err == nil {
			c.Sources, c.Pages = append(c.Sources, name), c.Pages+pages
		}
		return struct{}{}, err
	})
	if err == nil {
		err = s.f.R.QueryRowContext(ctx, `SELECT COUNT(*) FROM task WHERE kind = ? AND fresh = 0`, store.Analyse).Scan(&c.Posts)
	}
	return c, fail("read catching up", err)
}

// names collects a column of text.
func names(rows *sql.Rows, err error) ([]string, error) { return collect(rows, err, one[string]) }

// missing turns an empty answer into ErrNotFound.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return opinion.ErrNotFound
	}
	return err
}

// hostOf is what pauses together: host and port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// storedFault is a fault as it lies on a source.
type storedFault struct {
	Code  string        `json:"code"`
	Args  []string      `json:"args,omitempty"`
	Cause string        `json:"cause,omitempty"`
	Retry bool          `json:"retry,omitempty"`
	After time.Duration `json:"after,omitempty"`
}

func writeFault(f *opinion.Fault) string {
	v := storedFault{Code: f.Code, Args: f.Args, Retry: f.Retry, After: f.After}
	if f.Err != nil {
		v.Cause = f.Err.Error()
	}
	return text(v)
}

func readFault(s string) (*opinion.Fault, error) {
	if s == "" {
		return nil, nil
	}
	var v storedFault
	if err := (jsonVar{&v}).Scan(s); err != nil {
		return nil, err
	}
	f := &opinion.Fault{Code: cmp.Or(v.Code, "fetch.failed"), Args: v.Args, Retry: v.Retry, After: v.After}
	if v.Cause != "" {
		f.Err = fmt.Errorf("%s", v.Cause)
	}
	return f, nil
}
