package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// faultsShown is how many findings of one check Verify names; the rest is
// counted.
const faultsShown = 20

// checks are the recounts. Each selects what is wrong, as a name and what is
// said of it.
var checks = []string{
	`SELECT p.id, 'post has neither verdict nor task' FROM post p
		WHERE NOT EXISTS (SELECT 1 FROM verdict v WHERE v.n = p.n)
		AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind = 'analyse' AND t.ref = p.id)`,
	`SELECT p.id, 'post has no text' FROM post p WHERE NOT EXISTS (SELECT 1 FROM body b WHERE b.n = p.n)`,
	`SELECT n, 'verdict of no post' FROM verdict v WHERE NOT EXISTS (SELECT 1 FROM post p WHERE p.n = v.n)`,
	`SELECT post, 'mark of no verdict' FROM mark m WHERE NOT EXISTS (SELECT 1 FROM verdict v WHERE v.n = m.post) GROUP BY post`,
	`SELECT s.topic || '/' || s.place || ' ' || datetime(t.bucket / 1000, 'unixepoch'),
		'tally ' || t.total || '/' || t.negative || '/' || t.voices || '/' || t.texts || ', recount ' || ` + recounted + `
		FROM tally t JOIN series s ON s.id = t.series LEFT JOIN (` + summed + `) m ON m.series = t.series AND m.bucket = t.bucket
		WHERE (t.total, t.negative, t.voices, t.texts) <> (` + expected + `)`,
	`SELECT 'series ' || m.series || ' ' || datetime(m.bucket / 1000, 'unixepoch'), 'marks without tally' FROM mark m
		WHERE NOT EXISTS (SELECT 1 FROM tally t WHERE t.series = m.series AND t.bucket = m.bucket) GROUP BY m.series, m.bucket`,
	`SELECT p.id, 'counted as negative: ' || v.negative || ', but said to be ' || COALESCE(c.label, v.attitude)
		FROM verdict v JOIN post p USING (n) LEFT JOIN correction c ON c.text = COALESCE(NULLIF(v.near, ''), p.id)
		WHERE v.negative <> (COALESCE(c.label, v.attitude) = 'neg')`,
	`SELECT i.id, 'incident ' || i.posts || '/' || i.negatives || ', recount ' ||
		(i.base_posts + COALESCE(v.posts, 0)) || '/' || (i.base_negatives + COALESCE(v.negatives, 0))
		FROM incident i LEFT JOIN (SELECT incident, COUNT(*) AS posts, SUM(negative) AS negatives FROM verdict GROUP BY incident) v ON v.incident = i.id
		WHERE i.posts <> i.base_posts + COALESCE(v.posts, 0) OR i.negatives <> i.base_negatives + COALESCE(v.negatives, 0)`,
	`SELECT incident, 'incident is missing' FROM verdict v WHERE incident <> ''
		AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = v.incident) GROUP BY incident`,
	`SELECT d.id, 'waiting delivery has no task' FROM delivery d WHERE d.state = 'waiting'
		AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind = 'notify' AND t.ref = CAST(d.id AS TEXT))`,
	`SELECT s.name, 'first pass counts ' || s.first_open || ', recount ' || COALESCE(f.n, 0) FROM source s
		LEFT JOIN (SELECT source, COUNT(*) AS n FROM frontier WHERE first = 1 GROUP BY source) f ON f.source = s.name
		WHERE s.first_open <> COALESCE(f.n, 0)`,
}

// The parts of the recount of tallies: the sums over marks, and what a tally
// must then be, what purged posts had counted included.
const (
	summed = `SELECT series, bucket, COUNT(*) AS total, SUM(negative) AS negative, SUM(new_voice) AS voices, SUM(new_text) AS texts
		FROM mark GROUP BY series, bucket`
	expected = `t.base_total + COALESCE(m.total, 0), t.base_negative + COALESCE(m.negative, 0),
		t.base_voices + COALESCE(m.voices, 0), t.base_texts + COALESCE(m.texts, 0)`
	recounted = `(t.base_total + COALESCE(m.total, 0)) || '/' || (t.base_negative + COALESCE(m.negative, 0)) || '/' ||
		(t.base_voices + COALESCE(m.voices, 0)) || '/' || (t.base_texts + COALESCE(m.texts, 0))`
)

// Verify recounts, within one view of the file.
func (s *Store) Verify(ctx context.Context) ([]string, error) {
	t, err := s.f.R.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fail("verify", err)
	}
	defer t.Rollback()
	var all []string
	for _, q := range checks {
		rows, err := t.QueryContext(ctx, q)
		found, err := collect(rows, err, func(rows *sql.Rows) (string, error) {
			var name, said string
			err := rows.Scan(&name, &said)
			return name + ": " + said, err
		})
		if err != nil {
			return nil, fail("verify", err)
		}
		if rest := len(found) - faultsShown; rest > 0 {
			found = append(found[:faultsShown], fmt.Sprintf("... and %d more of this kind", rest))
		}
		all = append(all, found...)
	}
	return all, nil
}

// Counts gives how much there is of each thing.
func (s *Store) Counts(ctx context.Context) (map[string]int, error) {
	var posts, judged, dropped, incidents, alerts int
	err := s.f.R.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM post), (SELECT COUNT(*) FROM verdict),
		(SELECT COUNT(*) FROM dropped), (SELECT COUNT(*) FROM incident), (SELECT COUNT(*) FROM alert)`).
		Scan(&posts, &judged, &dropped, &incidents, &alerts)
	if err != nil {
		return nil, fail("count", err)
	}
	return map[string]int{"posts": posts, "judged": judged, "dropped": dropped, "incidents": incidents, "alerts": alerts}, nil
}
