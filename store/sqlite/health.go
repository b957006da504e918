package sqlite

import (
	"context"
	"database/sql"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// volumeKept is how far back the hours of a source go: eight weeks say what is
// usual on each hour of the week.
const volumeKept = 8 * 7 * 24 * time.Hour

// health is how outcomes move what a source's health is judged by. It knows the
// move and not the value, so that nothing is read for it.
type health struct {
	score, login, future share
	heard                bool // the source's address held something
	empty                int  // times that it held nothing, since then
}

// share is a running mean's way from what is stored to what it becomes: so much
// of it is kept, so much added.
type share struct{ lost, added float64 }

// note moves the mean by one value of the given weight.
func (s *share) note(weight, value float64) {
	s.lost += weight * (1 - s.lost)
	s.added += weight * (value - s.added)
}

// note moves the shares by one outcome.
func (h *health) note(f store.Fetch, o store.Outcome) {
	w, login := store.Weight(f.Role), 0.0
	if o.Fault != nil && o.Fault.Code == "read.is_login" {
		login = 1
	}
	h.score.note(w, store.Severity(f.Role, o.Fault))
	h.login.note(w, login)
	if o.Read > 0 {
		h.future.note(0.1, float64(o.Future)/float64(o.Read))
	}
	switch barren(f, o) {
	case 1:
		h.heard, h.empty = true, 0
	case 2:
		h.empty++
	}
}

// markHealth writes the shares, and the posts of this hour.
func (t *tx) markHealth(m *sourceMark) error {
	h := m.health
	err := t.exec(`INSERT INTO health (source, score, login, future, empty) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT DO UPDATE SET score = score - score * ?6 + ?2, login = login - login * ?7 + ?3, future = future - future * ?8 + ?4,
		empty = CASE WHEN ?9 THEN ?5 ELSE empty + ?5 END`,
		m.name, h.score.added, h.login.added, h.future.added, h.empty, h.score.lost, h.login.lost, h.future.lost, h.heard)
	if err != nil || m.fresh == 0 {
		return err
	}
	hour := t.now / time.Hour.Milliseconds()
	err = t.exec(`INSERT INTO volume VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET posts = posts + excluded.posts`, m.name, hour, m.fresh)
	if err != nil {
		return err
	}
	return t.exec(`DELETE FROM volume WHERE source = ? AND hour < ?`, m.name, hour-int64(volumeKept/time.Hour))
}

// barren says what a fetch tells of a source's own address: 0 nothing, 1 that it
// holds links or posts, 2 that it holds neither.
func barren(f store.Fetch, o store.Outcome) int {
	switch {
	case f.Role != store.EntryRole || o.NotModified:
		return 0
	case o.Fault != nil && o.Fault.Code == "read.list_none":
		return 2
	case o.Fault != nil:
		return 0
	case len(o.Links) == 0 && o.Read == 0:
		return 2
	}
	return 1
}

// Volume lists the hours in which a source brought new posts.
func (s *Store) Volume(ctx context.Context, source string, since time.Time) ([]store.Hour, error) {
	const hour = int64(time.Hour / time.Millisecond)
	rows, err := s.f.R.QueryContext(ctx, `SELECT hour * ?1, posts FROM volume WHERE source = ?2 AND hour >= ?3 / ?1 ORDER BY hour`, hour, source, ms(since))
	all, err := collect(rows, err, func(rows *sql.Rows) (h store.Hour, err error) {
		return h, rows.Scan(timeVar{&h.Start}, &h.Posts)
	})
	return all, fail("read volume", err)
}

// SetAilments records what is wrong with a source.
func (s *Store) SetAilments(ctx context.Context, source string, all []store.Ailment) error {
	return s.write(ctx, "set ailments", func(t *tx) error {
		var known bool
		err := t.row(`SELECT EXISTS (SELECT 1 FROM source WHERE name = ?)`, source).Scan(&known)
		if err == nil && !known {
			err = opinion.ErrNotFound
		}
		if err != nil {
			return err
		}
		return t.exec(`INSERT INTO health (source, score, login, future, empty, ailing) VALUES (?, 0, 0, 0, 0, ?)
			ON CONFLICT DO UPDATE SET ailing = excluded.ailing`, source, list(all))
	})
}

// Lively lists the sources with posts in an incident that is alerted of.
func (s *Store) Lively(ctx context.Context, since time.Time) ([]string, error) {
	all, err := names(s.f.R.QueryContext(ctx, `SELECT DISTINCT p.source FROM alert a JOIN verdict v ON v.incident = a.incident JOIN post p ON p.n = v.n
		WHERE a.seen >= ? AND a.state IN (?, ?) AND a.incident <> '' ORDER BY 1`, ms(since), opinion.Open, opinion.Taken))
	return all, fail("list lively sources", err)
}
