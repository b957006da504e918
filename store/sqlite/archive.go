package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// keyLife is how long a key of voices lives, and every hash made by it.
const keyLife = 24 * time.Hour

// DeletePost takes a post out of store, tallies and index. Without a hash its
// identity stays out whatever the text. What it said is overwritten in the file
// and, as soon as no reader needs it, in the log beside it.
func (s *Store) DeletePost(ctx context.Context, id, user, reason string) error {
	err := s.write(ctx, "delete post", func(t *tx) error {
		b, err := t.bench([]string{id})
		if err != nil {
			return err
		}
		p := b.seats[id]
		if p == nil {
			return opinion.ErrNotFound
		}
		if p.seq != 0 {
			if err := b.withdraw(p); err != nil {
				return err
			}
		}
		if err := t.remove(p.n); err != nil {
			return err
		}
		if err := b.flush(); err != nil {
			return err
		}
		if err := t.forget(id, true); err != nil {
			return err
		}
		if err := t.unquote(id); err != nil {
			return err
		}
		return t.audit(user, "deleted", id, reason)
	})
	if err != nil {
		return err
	}
	return fail("delete post", s.f.settle(ctx))
}

// forget remembers an identity as dropped whatever its text, for good or until
// a Purge finds it old; it ends the analysis and has the index delete it.
func (t *tx) forget(id string, forGood bool) error {
	err := t.exec(`INSERT INTO dropped VALUES (?, NULL, ?, ?) ON CONFLICT (id) DO UPDATE SET hash = NULL, at = excluded.at, kept = excluded.kept`, id, t.now, forGood)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM task WHERE kind = ? AND ref = ? AND slot = 0`, store.Analyse, id); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM placed WHERE post = ?`, id); err != nil {
		return err
	}
	return t.queue(store.Index, id, 0, false, t.now)
}

// unquote takes the words of a post out of the alerts that showed it and out of
// the name of the incident that it began. An alert that bore that name bears
// its topic's.
func (t *tx) unquote(id string) error {
	err := t.exec(`UPDATE alert SET title = COALESCE(json_extract(topics, '$[0]'), '') WHERE incident = ?1
		AND title = (SELECT title FROM incident WHERE id = ?1)`, id)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE incident SET title = '' WHERE id = ?`, id); err != nil {
		return err
	}
	return t.exec(`UPDATE alert SET examples = (SELECT json_group_array(json(e.value)) FROM json_each(alert.examples) e
		WHERE json_extract(e.value, '$.post') <> ?1) WHERE examples <> '' AND instr(examples, ?1) > 0`, id)
}

// Purge deletes old posts. What they counted moves into the base of tallies
// and incidents, so that recounts still agree. Their identities stay out for
// another such time, and then go as well; so do deliveries and sessions of
// before.
func (s *Store) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n := 0
	err := s.write(ctx, "purge posts", func(t *tx) error {
		rows, err := t.rows(`SELECT n, id FROM post WHERE published < ? ORDER BY published LIMIT ?`, ms(before), limit)
		type old struct {
			n  int64
			id string
		}
		posts, err := collect(rows, err, func(rows *sql.Rows) (p old, err error) { return p, rows.Scan(&p.n, &p.id) })
		if err != nil {
			return err
		}
		n = len(posts)
		for _, p := range posts {
			if err := t.keepCounts(p.n); err != nil {
				return err
			}
			if err := t.remove(p.n); err != nil {
				return err
			}
			if err := t.forget(p.id, false); err != nil {
				return err
			}
			if err := t.unquote(p.id); err != nil {
				return err
			}
		}
		return t.purgeRest(ms(before), limit)
	})
	return n, err
}

// keepCounts moves a post's marks and its place in its incident to the base.
func (t *tx) keepCounts(n int64) error {
	err := t.exec(`UPDATE tally SET base_total = base_total + 1, base_negative = base_negative + m.negative,
		base_voices = base_voices + m.new_voice, base_texts = base_texts + m.new_text
		FROM mark m WHERE m.post = ? AND m.series = tally.series AND m.bucket = tally.bucket`, n)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM mark WHERE post = ?`, n); err != nil {
		return err
	}
	return t.exec(`UPDATE incident SET base_posts = base_posts + 1, base_negatives = base_negatives + v.negative
		FROM verdict v WHERE v.n = ? AND v.incident = incident.id`, n)
}

func (t *tx) purgeRest(before int64, limit int) error {
	err := t.exec(`DELETE FROM dropped WHERE id IN (SELECT id FROM dropped WHERE kept = 0 AND at < ? LIMIT ?)`, before, limit)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM delivery WHERE created < ? AND state <> ?`, before, opinion.Waiting); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM correction WHERE at < ? AND NOT EXISTS (SELECT 1 FROM post WHERE id = correction.text)
		AND NOT EXISTS (SELECT 1 FROM verdict WHERE near = correction.text AND near <> '')`, before); err != nil {
		return err
	}
	return t.exec(`DELETE FROM session WHERE expires < ?`, before)
}

// Voices returns the key of the day. A key lives 24 hours and there is one at
// a time, so every hash that is found when it goes was made by it or by one
// before it.
func (s *Store) Voices(ctx context.Context) ([]byte, error) {
	var key []byte
	now := ms(s.now())
	const find = `SELECT key FROM voice_key WHERE made > ? AND made <= ? ORDER BY id DESC LIMIT 1`
	err := s.f.R.QueryRowContext(ctx, find, now-keyLife.Milliseconds(), now).Scan(&key)
	if !errors.Is(err, sql.ErrNoRows) {
		return key, fail("read key of voices", err)
	}
	err = s.write(ctx, "renew key of voices", func(t *tx) error {
		err := t.row(find, t.now-keyLife.Milliseconds(), t.now).Scan(&key)
		if !errors.Is(err, sql.ErrNoRows) {
			return err // another was quicker
		}
		key = make([]byte, 32)
		rand.Read(key)
		return t.renewKey(key)
	})
	return key, err
}

func (t *tx) renewKey(key []byte) error {
	for _, q := range []string{
		`DELETE FROM voice_key`,
		`UPDATE post SET voice = 0 WHERE voice <> 0`,
		`UPDATE mark SET voice = 0 WHERE voice <> 0`,
	} {
		if err := t.exec(q); err != nil {
			return err
		}
	}
	return t.exec(`INSERT INTO voice_key (key, made) VALUES (?, ?)`, key, t.now)
}
