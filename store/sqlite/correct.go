package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"minsheng/opinion"
	"minsheng/store"
)

// readLabels reads the corrections that hold for posts about to be judged.
func (b *bench) readLabels(ids []string, js []store.Judgement) error {
	texts := make([]string, 0, len(ids))
	for i, id := range ids {
		texts = append(texts, cmp.Or(js[i].Near, id))
		if p := b.seats[id]; js[i].Drop && p != nil && p.near != "" {
			texts = append(texts, p.near)
		}
	}
	var err error
	b.labels, err = pairs[store.Label](b.t, `SELECT text, label FROM correction WHERE text IN (SELECT value FROM json_each(?))`, texts)
	return err
}

// Correct lays a label over a post and its copies. Tallies and incidents
// follow in the same commit; no watch task comes of it.
func (s *Store) Correct(ctx context.Context, post string, label store.Label, user string) (int, error) {
	if label != "" && !slices.Contains(store.Labels, label) {
		return 0, fmt.Errorf("correct verdict: %w: label %q", opinion.ErrInvalid, label)
	}
	n := 0
	err := s.write(ctx, "correct verdict", func(t *tx) error {
		var first string
		var was store.Label
		err := t.row(`SELECT COALESCE(NULLIF(v.near, ''), p.id), COALESCE(c.label, '') FROM post p JOIN verdict v USING (n)
			LEFT JOIN correction c ON c.text = COALESCE(NULLIF(v.near, ''), p.id) WHERE p.id = ?`, post).Scan(&first, &was)
		if err != nil {
			return missing(err)
		}
		switch {
		case label == "" && was == "":
			return fmt.Errorf("%w: post %s has no correction", opinion.ErrConflict, post)
		case label == "":
			err = t.exec(`DELETE FROM correction WHERE text = ?`, first)
		default:
			err = t.exec(`INSERT INTO correction (text, post, label, user, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (text) DO UPDATE SET
				post = excluded.post, label = excluded.label, user = excluded.user, at = excluded.at`, first, post, label, user, t.now)
		}
		if err != nil {
			return err
		}
		if n, err = t.relabel(first, was, label); err != nil {
			return err
		}
		if label == "" {
			return t.audit(user, "uncorrected", post, string(was))
		}
		return t.audit(user, "corrected", post, string(label))
	})
	return n, err
}

// relabelled are the posts that one bench counts anew.
const relabelled = 500

// relabel counts every post with a text anew, which was counted by another
// label or none.
func (t *tx) relabel(first string, was, label store.Label) (int, error) {
	rows, err := t.rows(`SELECT p.id FROM verdict v JOIN post p USING (n) WHERE v.near = ?1 AND v.near <> ''
		UNION SELECT p.id FROM post p JOIN verdict v USING (n) WHERE p.id = ?1 AND v.near = ''`, first)
	ids, err := collect(rows, err, one[string])
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, relabelled) {
		b, err := t.bench(some)
		if err != nil {
			return 0, err
		}
		for _, id := range some {
			if err := b.relabel(id, b.seats[id], was, label); err != nil {
				return 0, err
			}
		}
		if err := b.flush(); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// relabel counts one post as the label says, or as the machine does.
func (b *bench) relabel(id string, p *seat, was, label store.Label) error {
	var v opinion.Verdict
	err := b.t.row(`SELECT attitude, police, topics, places FROM verdict WHERE n = ?`, p.n).
		Scan(&v.Attitude, &v.MentionsPolice, jsonVar{&v.Topics}, jsonVar{&v.Places})
	if err != nil {
		return err
	}
	before, v := was.Over(v), label.Over(v)
	b.version++
	b.index.add(id, b.t.fresh(p.published))
	// Where it counts in the same series as before, only what it counts as moves.
	move := b.recount
	if before.MentionsPolice == v.MentionsPolice {
		move = b.turn
	}
	return move(id, p, &v)
}

// recount takes a post's shares away and enters them anew.
func (b *bench) recount(id string, p *seat, v *opinion.Verdict) error {
	if err := b.withdraw(p); err != nil {
		return err
	}
	p.negative = v.Attitude == opinion.Negative
	if err := b.t.exec(`UPDATE verdict SET negative = ?, version = ? WHERE n = ?`, p.negative, b.version-1, p.n); err != nil {
		return err
	}
	if p.incident != "" {
		b.incident(p.incident).add(p.published, p.negative, "")
	}
	return b.mark(seriesOf(v), mark{
		bucket: ms(opinion.Bucket(at(p.published))), post: p.n, negative: p.negative, voice: p.voice, text: textNumber(cmp.Or(p.near, id)),
	})
}

// turn makes a post count as negative, or no longer so.
func (b *bench) turn(_ string, p *seat, v *opinion.Verdict) error {
	negative := v.Attitude == opinion.Negative
	if err := b.t.exec(`UPDATE verdict SET negative = ?, version = ? WHERE n = ?`, negative, b.version-1, p.n); err != nil {
		return err
	}
	if negative == p.negative {
		return nil
	}
	p.negative = negative
	sign := 1
	if !negative {
		sign = -1
	}
	if p.incident != "" {
		b.incident(p.incident).negatives += sign
	}
	rows, err := b.t.rows(`UPDATE mark SET negative = ? WHERE post = ? RETURNING series, bucket`, negative, p.n)
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var k tallyKey
		err = rows.Scan(&k.series, &k.bucket)
		b.tally(k.series, k.bucket).negative += sign
		return struct{}{}, err
	})
	return err
}

// Corrections lists the newest corrections of texts that are still stored.
func (s *Store) Corrections(ctx context.Context, limit int) ([]store.Correction, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT p.id, c.label, c.user, c.at, p.id = c.post, v.attitude, v.police,
		(SELECT COUNT(*) FROM verdict w WHERE w.near = c.text AND w.near <> '') + EXISTS (SELECT 1 FROM post q WHERE q.id = c.text)
		FROM correction c JOIN post p ON p.id = COALESCE((SELECT id FROM post WHERE id = c.post), (SELECT id FROM post WHERE id = c.text),
			(SELECT q.id FROM verdict w JOIN post q USING (n) WHERE w.near = c.text AND w.near <> '' ORDER BY w.seq LIMIT 1))
		JOIN verdict v ON v.n = p.n ORDER BY c.at DESC, c.text LIMIT ?`, limit)
	all, err := collect(rows, err, func(rows *sql.Rows) (c store.Correction, err error) {
		var v opinion.Verdict
		err = rows.Scan(&c.Post, &c.Label, &c.User, timeVar{&c.At}, &c.Made, &v.Attitude, &v.MentionsPolice, &c.Copies)
		c.Was = store.LabelOf(v)
		return c, err
	})
	return all, fail("list corrections", err)
}
