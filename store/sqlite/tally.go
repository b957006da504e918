package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"hash/fnv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// mark is a post's share in a series.
type mark struct {
	series, bucket, post int64
	negative             bool
	newVoice, newText    bool
	voice, text          int64
}

type tallyKey struct{ series, bucket int64 }

// tallyDelta is by how much a tally moves.
type tallyDelta struct{ total, negative, voices, texts int }

func (d *tallyDelta) add(m mark, sign int) {
	d.total += sign
	if m.negative {
		d.negative += sign
	}
	if m.newVoice {
		d.voices += sign
	}
	if m.newText {
		d.texts += sign
	}
}

// textNumber stands for a text's identity where it is only compared.
func textNumber(id string) int64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return int64(h.Sum64() >> 16) // six bytes are enough within one bucket
}

func (b *bench) tally(series, bucket int64) *tallyDelta {
	k := tallyKey{series, bucket}
	d := b.tallies[k]
	if d == nil {
		d = &tallyDelta{}
		b.tallies[k] = d
	}
	return d
}

// seriesID is the number of a series, made where it is new.
func (b *bench) seriesID(s opinion.Series) (int64, error) {
	if id, ok := b.series[s]; ok {
		return id, nil
	}
	var id int64
	err := b.t.row(`SELECT id FROM series WHERE topic = ? AND place = ?`, s.Topic, s.Place).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		id, err = b.t.insert(`INSERT INTO series (topic, place) VALUES (?, ?)`, s.Topic, s.Place)
	}
	if err != nil {
		return 0, err
	}
	b.series[s] = id
	return id, nil
}

// mark enters a post's shares. Whether its voice and its text are new in the
// bucket is decided here and kept, because voices are destroyed after a day.
// An unknown voice counts as a new one.
func (b *bench) mark(series []opinion.Series, m mark) error {
	ids := make([]int64, len(series))
	for i, of := range series {
		id, err := b.seriesID(of)
		if err != nil {
			return err
		}
		ids[i] = id
	}
	rows, err := b.t.rows(`INSERT INTO mark (series, bucket, post, negative, voice, text, new_voice, new_text)
		SELECT j.value, ?2, ?3, ?4, ?5, ?6,
		?5 = 0 OR NOT EXISTS (SELECT 1 FROM mark WHERE series = j.value AND bucket = ?2 AND voice = ?5 AND voice <> 0),
		NOT EXISTS (SELECT 1 FROM mark WHERE series = j.value AND bucket = ?2 AND text = ?6)
		FROM json_each(?1) j RETURNING series, bucket, post, negative, new_voice, new_text, voice, text`,
		text(ids), m.bucket, m.post, m.negative, m.voice, m.text)
	marks, err := collect(rows, err, scanMark)
	for _, m := range marks {
		b.tally(m.series, m.bucket).add(m, 1)
	}
	return err
}

// unmark takes a post's shares away. Where it had been the first of its voice
// or text in a bucket, another becomes the first.
func (b *bench) unmark(post int64) error {
	rows, err := b.t.rows(`SELECT series, bucket, post, negative, new_voice, new_text, voice, text FROM mark WHERE post = ?`, post)
	marks, err := collect(rows, err, scanMark)
	if err != nil {
		return err
	}
	if err := b.t.exec(`DELETE FROM mark WHERE post = ?`, post); err != nil {
		return err
	}
	for _, m := range marks {
		d := b.tally(m.series, m.bucket)
		d.add(m, -1)
		if m.newVoice && m.voice != 0 {
			n, err := b.t.count(`UPDATE mark SET new_voice = 1 WHERE series = ?1 AND bucket = ?2 AND voice = ?3 AND voice <> 0 AND post =
				(SELECT MIN(post) FROM mark WHERE series = ?1 AND bucket = ?2 AND voice = ?3 AND voice <> 0)`, m.series, m.bucket, m.voice)
			if err != nil {
				return err
			}
			d.voices += int(n)
		}
		if m.newText {
			n, err := b.t.count(`UPDATE mark SET new_text = 1 WHERE series = ?1 AND bucket = ?2 AND text = ?3 AND post =
				(SELECT MIN(post) FROM mark WHERE series = ?1 AND bucket = ?2 AND text = ?3)`, m.series, m.bucket, m.text)
			if err != nil {
				return err
			}
			d.texts += int(n)
		}
	}
	return nil
}

func scanMark(rows *sql.Rows) (m mark, err error) {
	return m, rows.Scan(&m.series, &m.bucket, &m.post, &m.negative, &m.newVoice, &m.newText, &m.voice, &m.text)
}

func (t *tx) moveTally(k tallyKey, d *tallyDelta) error {
	if *d == (tallyDelta{}) {
		return nil
	}
	err := t.exec(`INSERT INTO tally (series, bucket, total, negative, voices, texts) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (series, bucket) DO UPDATE SET total = total + excluded.total, negative = negative + excluded.negative,
		voices = voices + excluded.voices, texts = texts + excluded.texts`, k.series, k.bucket, d.total, d.negative, d.voices, d.texts)
	if err != nil || d.total >= 0 {
		return err
	}
	return t.exec(`DELETE FROM tally WHERE series = ? AND bucket = ? AND total = 0`, k.series, k.bucket)
}

// Tallies returns the buckets of a series that hold posts.
func (s *Store) Tallies(ctx context.Context, of opinion.Series, from, until time.Time) ([]opinion.Tally, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT bucket, total, negative, voices, texts FROM tally
		WHERE series = (SELECT id FROM series WHERE topic = ? AND place = ?) AND bucket >= ? AND bucket < ? AND total > 0 ORDER BY bucket`,
		of.Topic, of.Place, ms(from), ms(until))
	all, err := collect(rows, err, func(rows *sql.Rows) (opinion.Tally, error) {
		v := opinion.Tally{Series: of}
		return v, rows.Scan(timeVar{&v.Bucket}, &v.Total, &v.Negative, &v.Voices, &v.Texts)
	})
	return all, fail("read tallies", err)
}

// Marks returns the posts of a series.
func (s *Store) Marks(ctx context.Context, of opinion.Series, from, until time.Time) ([]store.Mark, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT p.id, p.published, m.negative, p.voice, v.near, p.source, v.incident
		FROM mark m JOIN post p ON p.n = m.post JOIN verdict v ON v.n = m.post
		WHERE m.series = (SELECT id FROM series WHERE topic = ? AND place = ?) AND m.bucket >= ? AND m.bucket < ?
		AND p.published >= ? AND p.published < ? ORDER BY p.published, p.n`,
		of.Topic, of.Place, ms(opinion.Bucket(from)), ms(until), ms(from), ms(until))
	all, err := collect(rows, err, func(rows *sql.Rows) (m store.Mark, err error) {
		var voice int64
		if err = rows.Scan(&m.Post, timeVar{&m.Published}, &m.Negative, &voice, &m.Text, &m.Source, &m.Incident); err != nil {
			return m, err
		}
		m.Voice = uint64(voice)
		if m.Text == "" {
			m.Text = m.Post
		}
		return m, nil
	})
	return all, fail("read marks", err)
}

// Series lists the series that hold posts since a time.
func (s *Store) Series(ctx context.Context, since time.Time) ([]opinion.Series, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT topic, place FROM series s WHERE EXISTS
		(SELECT 1 FROM tally t WHERE t.series = s.id AND t.bucket >= ? AND t.total > 0) ORDER BY topic, place`, ms(opinion.Bucket(since)))
	all, err := collect(rows, err, func(rows *sql.Rows) (v opinion.Series, err error) {
		return v, rows.Scan(&v.Topic, &v.Place)
	})
	return all, fail("list series", err)
}
