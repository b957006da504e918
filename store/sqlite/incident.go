package sqlite

import (
	"context"

	"minsheng/opinion"
)

// incidentDelta is by how much an incident's counts move.
type incidentDelta struct {
	posts, negatives int
	first, last      int64
	title            string
	added            bool // a post was added
	recount          bool // a post was taken away: first and last must be read anew
}

func (b *bench) incident(id string) *incidentDelta {
	d := b.incidents[id]
	if d == nil {
		d = &incidentDelta{}
		b.incidents[id] = d
	}
	return d
}

func (d *incidentDelta) add(published int64, negative bool, title string) {
	d.posts, d.added = d.posts+1, true
	if negative {
		d.negatives++
	}
	if d.first == 0 || published < d.first {
		d.first = published
	}
	d.last = max(d.last, published)
	if d.title == "" {
		d.title = title
	}
}

// moveIncident brings an incident up to date; one without posts, past ones
// included, is gone.
func (t *tx) moveIncident(id string, d *incidentDelta) error {
	var err error
	if d.added {
		err = t.exec(`INSERT INTO incident (id, title, first, last, posts, negatives) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET first = MIN(first, excluded.first), last = MAX(last, excluded.last),
			posts = posts + excluded.posts, negatives = negatives + excluded.negatives`, id, d.title, d.first, d.last, d.posts, d.negatives)
	} else {
		err = t.exec(`UPDATE incident SET posts = posts + ?, negatives = negatives + ? WHERE id = ?`, d.posts, d.negatives, id)
	}
	if err != nil || !d.recount {
		return err
	}
	if err := t.exec(`DELETE FROM incident WHERE id = ? AND posts = 0`, id); err != nil {
		return err
	}
	return t.exec(spanAnew, id)
}

// spanAnew reads first and last of an incident again. The index of incidents
// leaves out the empty name, so the name must be said not to be empty: else
// SQLite reads every verdict, for every incident of a batch.
const spanAnew = `UPDATE incident SET first = r.first, last = r.last FROM
	(SELECT MIN(p.published) AS first, MAX(p.published) AS last FROM verdict v JOIN post p USING (n)
		WHERE v.incident = ?1 AND v.incident <> '') r
	WHERE id = ?1 AND base_posts = 0 AND r.first IS NOT NULL`

// Incident returns one incident; of one that was merged, what it became.
func (s *Store) Incident(ctx context.Context, id string) (v opinion.Incident, err error) {
	err = s.f.R.QueryRowContext(ctx, `SELECT id, title, first, last, posts, negatives FROM incident
		WHERE id = COALESCE((SELECT incident FROM merged WHERE id = ?1), ?1)`, id).
		Scan(&v.ID, &v.Title, timeVar{&v.First}, timeVar{&v.Last}, &v.Posts, &v.Negatives)
	return v, fail("read incident", missing(err))
}
