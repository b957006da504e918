package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"minsheng/opinion"
	"minsheng/store"
)

// readPlaces reads where people said that the posts of a batch belong.
func (b *bench) readPlaces(ids []string, js []store.Judgement) (err error) {
	if b.placed, err = pairs[string](b.t, `SELECT post, incident FROM placed WHERE post IN (SELECT value FROM json_each(?))`, ids); err != nil {
		return err
	}
	incidents := make([]string, len(js))
	for i := range js {
		incidents[i] = js[i].Incident
	}
	b.merged, err = pairs[string](b.t, `SELECT id, incident FROM merged WHERE id IN (SELECT value FROM json_each(?))`, incidents)
	return err
}

// pairs reads what a statement finds for keys.
func pairs[V ~string](t *tx, q string, keys []string) (map[string]V, error) {
	rows, err := t.rows(q, text(keys))
	found := map[string]V{}
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var key string
		var value V
		err = rows.Scan(&key, &value)
		found[key] = value
		return struct{}{}, err
	})
	return found, err
}

// replaced is a judgement with the incident that people chose.
func (b *bench) replaced(id string, j *store.Judgement) *store.Judgement {
	to := b.placed[id]
	if to == "" {
		to = b.merged[j.Incident]
	}
	if to == "" || to == j.Incident {
		return j
	}
	moved := *j
	moved.Incident = to
	return &moved
}

// standing is the incident that a name leads to.
func (t *tx) standing(id string) (string, error) {
	var to string
	err := t.row(`SELECT incident FROM merged WHERE id = ?`, id).Scan(&to)
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil
	}
	return to, err
}

// MergeIncidents makes one incident of two.
func (s *Store) MergeIncidents(ctx context.Context, into, from, user string) (kept string, err error) {
	err = s.write(ctx, "merge incidents", func(t *tx) error {
		if into, err = t.standing(into); err != nil {
			return err
		}
		if from, err = t.standing(from); err != nil {
			return err
		}
		if into == from {
			return fmt.Errorf("%w: they are one incident already", opinion.ErrConflict)
		}
		rows, err := t.rows(`SELECT id FROM incident WHERE id IN (?, ?) ORDER BY first, id`, into, from)
		both, err := collect(rows, err, one[string])
		if err != nil {
			return err
		}
		if len(both) != 2 {
			return opinion.ErrNotFound
		}
		kept = both[0]
		return t.merge(kept, both[1], user)
	})
	return kept, err
}

// merge makes all that was of one incident another's.
func (t *tx) merge(kept, gone, user string) error {
	if strings.TrimSpace(user) == "" {
		return fmt.Errorf("%w: nobody merges", opinion.ErrInvalid)
	}
	rows, err := t.rows(`SELECT p.id FROM verdict v JOIN post p USING (n) WHERE v.incident = ? AND v.incident <> ''`, gone)
	ids, err := collect(rows, err, one[string])
	if err != nil {
		return err
	}
	if err := t.reindex(kept, ids); err != nil {
		return err
	}
	seq, err := t.next("regrouped", 1)
	if err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE incident SET first = MIN(incident.first, o.first), last = MAX(incident.last, o.last),
			posts = incident.posts + o.posts, negatives = incident.negatives + o.negatives,
			base_posts = incident.base_posts + o.base_posts, base_negatives = incident.base_negatives + o.base_negatives,
			title = CASE incident.title WHEN '' THEN o.title ELSE incident.title END
			FROM (SELECT * FROM incident WHERE id = ?2) o WHERE incident.id = ?1`,
		`DELETE FROM incident WHERE id = ?2 AND ?1 <> ?2`,
		`UPDATE alert SET incident = ?1, episode = episode + (SELECT COALESCE(MAX(episode), 0) FROM alert WHERE incident = ?1) WHERE incident = ?2`,
		`UPDATE merged SET incident = ?1 WHERE incident = ?2`,
		`UPDATE placed SET incident = ?1 WHERE incident = ?2`,
	} {
		if err := t.exec(q, kept, gone); err != nil {
			return err
		}
	}
	err = t.exec(`INSERT INTO merged (id, incident, seq) VALUES (?, ?, ?)`, gone, kept, seq)
	if err != nil {
		return err
	}
	return t.audit(user, "merged", gone, kept)
}

// reindex puts posts that are judged in an incident and has the index follow.
// It leaves the incident's counts to the caller.
func (t *tx) reindex(incident string, ids []string) error {
	version, err := t.next("version", 1)
	if err != nil {
		return err
	}
	err = t.exec(`UPDATE verdict SET incident = ?1, version = ?2 WHERE n IN
		(SELECT p.n FROM json_each(?3) j CROSS JOIN post p ON p.id = j.value)`, incident, version, text(ids))
	if err != nil {
		return err
	}
	var due refs
	for _, id := range ids {
		due.add(id, true) // a person is looking
	}
	return t.queueNow(store.Index, due)
}

// MovePosts moves posts, with their copies and what was said under them.
func (s *Store) MovePosts(ctx context.Context, posts []string, to, user string) (incident string, n int, err error) {
	err = s.write(ctx, "move posts", func(t *tx) error {
		if strings.TrimSpace(user) == "" || len(posts) == 0 {
			return fmt.Errorf("%w: nobody or nothing moves", opinion.ErrInvalid)
		}
		if to != "" {
			if to, err = t.standing(to); err != nil {
				return err
			}
			if err := t.row(`SELECT id FROM incident WHERE id = ?`, to).Scan(&to); err != nil {
				return missing(err)
			}
		}
		incident, n, err = t.move(posts, to, user)
		return err
	})
	return incident, n, err
}

func (t *tx) move(posts []string, to, user string) (string, int, error) {
	rows, err := t.rows(party, text(posts))
	ids, err := collect(rows, err, one[string])
	if err != nil {
		return "", 0, err
	}
	if len(ids) == 0 {
		return "", 0, opinion.ErrNotFound
	}
	b, err := t.bench(ids)
	if err != nil {
		return "", 0, err
	}
	from := b.seats[posts[0]].incident
	for _, id := range ids {
		if b.seats[id].incident != from {
			return "", 0, fmt.Errorf("%w: posts of several incidents", opinion.ErrInvalid)
		}
	}
	if from == to {
		return "", 0, fmt.Errorf("%w: it is there already", opinion.ErrConflict)
	}
	var all int
	if err := t.row(`SELECT posts FROM incident WHERE id = ?`, from).Scan(&all); err != nil {
		return "", 0, err
	}
	switch whole := all == len(ids); {
	case whole && to == "":
		return "", 0, fmt.Errorf("%w: nothing would stay behind", opinion.ErrConflict)
	case whole: // nothing is left of it: its name must lead somewhere
		return to, len(ids), t.merge(to, from, user)
	}
	return b.move(ids, to, posts[0], user)
}

// party is a post with its copies and what was said under any of them, all of
// the same incident.
const party = `WITH asked AS (SELECT p.id, v.incident, COALESCE(NULLIF(v.near, ''), p.id) AS first
		FROM json_each(?) j CROSS JOIN post p ON p.id = j.value JOIN verdict v USING (n) WHERE v.incident <> ''),
	around AS (SELECT p.id, p.thread, v.incident, COALESCE(NULLIF(v.near, ''), p.id) AS first
		FROM (SELECT DISTINCT incident FROM asked) i CROSS JOIN verdict v ON v.incident = i.incident AND v.incident <> '' JOIN post p USING (n)),
	alike AS (SELECT r.id, r.incident FROM around r WHERE EXISTS (SELECT 1 FROM asked a WHERE a.incident = r.incident AND
		(a.id = r.id OR a.first = r.first)))
	SELECT id FROM alike UNION
	SELECT r.id FROM around r JOIN alike o ON r.thread = o.id AND r.incident = o.incident`

// heading names an incident after a post.
func (t *tx) heading(post string) (string, error) {
	var p opinion.Post
	err := t.row(`SELECT title, text FROM body WHERE n = (SELECT n FROM post WHERE id = ?)`, post).Scan(&p.Title, &p.Text)
	return p.Heading(), err
}

// move takes posts out of their incident and puts them in another, or in a new
// one that bears the name of the first.
func (b *bench) move(ids []string, to, first, user string) (string, int, error) {
	seq, err := b.t.next("regrouped", 1)
	if err != nil {
		return "", 0, err
	}
	title := ""
	if to == "" {
		to = opinion.PostID("incident", first, strconv.FormatInt(seq, 10))
		if title, err = b.t.heading(first); err != nil {
			return "", 0, err
		}
	}
	for _, id := range ids {
		p := b.seats[id]
		b.leave(p)
		b.incident(to).add(p.published, p.negative, title)
	}
	if err := b.t.reindex(to, ids); err != nil {
		return "", 0, err
	}
	if err := b.flush(); err != nil {
		return "", 0, err
	}
	err = b.t.exec(`INSERT INTO placed (post, incident, seq) SELECT value, ?2, ?3 FROM json_each(?1) WHERE true
		ON CONFLICT (post) DO UPDATE SET incident = excluded.incident, seq = excluded.seq`, text(ids), to, seq)
	if err != nil {
		return "", 0, err
	}
	return to, len(ids), b.t.audit(user, "moved", first, to)
}

// Regroupings lists what people said later than seq.
func (s *Store) Regroupings(ctx context.Context, seq int64) ([]store.Regrouping, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT seq, '', id, incident FROM merged WHERE seq > ?1
		UNION ALL SELECT seq, post, '', incident FROM placed WHERE seq > ?1 ORDER BY 1, 2`, seq)
	all, err := collect(rows, err, func(rows *sql.Rows) (r store.Regrouping, err error) {
		return r, rows.Scan(&r.Seq, &r.Post, &r.From, &r.Incident)
	})
	return all, fail("list regroupings", err)
}

// RecentIncidents lists incidents of several posts, the newest first.
func (s *Store) RecentIncidents(ctx context.Context, posts, limit int) ([]opinion.Incident, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT id, title, first, last, posts, negatives FROM incident INDEXED BY incident_last
		WHERE posts >= ? ORDER BY last DESC LIMIT ?`, posts, limit)
	all, err := collect(rows, err, func(rows *sql.Rows) (v opinion.Incident, err error) {
		return v, rows.Scan(&v.ID, &v.Title, timeVar{&v.First}, timeVar{&v.Last}, &v.Posts, &v.Negatives)
	})
	return all, fail("list incidents", err)
}
