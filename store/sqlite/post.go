package sqlite

import (
	"context"
	"database/sql"
	"time"

	"minsheng/store"
)

// Posts returns the stored posts among ids, in the order of ids.
func (s *Store) Posts(ctx context.Context, ids ...string) ([]store.Stored, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.f.R.QueryContext(ctx, `SELECT p.id, p.source, p.class, p.kind, p.url, p.thread, b.title, b.text, p.outlet, p.published, p.fetched,
		p.voice, p.revision, p.flags, MAX(p.version, COALESCE(v.version, 0)), v.n IS NOT NULL,
		COALESCE(b.folded, b.title || char(10) || b.text), COALESCE(v.incident, ''), COALESCE(v.near, ''), COALESCE(v.rules, ''),
		COALESCE(v.kind, ''), COALESCE(v.lang, ''), COALESCE(v.police, 0), COALESCE(v.inherited, 0), COALESCE(v.attitude, ''),
		COALESCE(v.score, 0.0), COALESCE(v.confidence, 0.0), COALESCE(v.uncertain, 0), COALESCE(v.tone, ''), COALESCE(v.tone_score, 0.0),
		COALESCE(v.tone_confidence, 0.0), v.topics, v.places, v.evidence, v.rare, v.flags, v.print,
		COALESCE(c.label, ''), COALESCE(c.post, ''), COALESCE(c.user, ''), COALESCE(c.at, 0)
		FROM json_each(?) j JOIN post p ON p.id = j.value JOIN body b USING (n) LEFT JOIN verdict v USING (n)
		LEFT JOIN correction c ON c.text = COALESCE(NULLIF(v.near, ''), p.id) ORDER BY j.key`, text(ids))
	all, err := collect(rows, err, scanStored)
	return all, fail("read posts", err)
}

func scanStored(rows *sql.Rows) (p store.Stored, err error) {
	var voice int64
	var judged bool
	var sample []byte
	var c store.Correction
	v := &p.Verdict
	err = rows.Scan(&p.ID, &p.Source, &p.Class, &p.Kind, &p.URL, &p.Thread, &p.Title, &p.Text, &p.Outlet, timeVar{&p.Published}, timeVar{&p.Fetched},
		&voice, &p.Revision, jsonVar{&p.Flags}, &p.Version, &judged,
		&v.Folded, &p.Incident, &p.Near, &v.Version,
		&v.Kind, &v.Lang, &v.MentionsPolice, &v.Inherited, &v.Attitude,
		&v.Score, &v.Confidence, &v.Uncertain, &v.Tone, &v.ToneScore,
		&v.ToneConfidence, jsonVar{&v.Topics}, jsonVar{&v.Places}, jsonVar{&v.Evidence}, jsonVar{&v.Rare}, jsonVar{&v.Flags}, &sample,
		&c.Label, &c.Post, &c.User, timeVar{&c.At})
	if err != nil {
		return p, err
	}
	p.Voice = uint64(voice)
	v.Print = unpackPrint(sample)
	if judged {
		v.PostID = p.ID
	} else {
		v.Folded = ""
	}
	if judged && c.Label != "" {
		c.Made, c.Was = c.Post == p.ID, store.LabelOf(*v)
		c.Post, p.Correction = p.ID, &c
		*v = c.Label.Over(*v)
	}
	return p, nil
}

// Remembered yields the judged posts published since a time, in the order in
// which they were first judged. CROSS JOIN keeps the order of the tables, so
// that the rows come by their number and need not be sorted in memory.
func (s *Store) Remembered(ctx context.Context, since time.Time, each func(store.Memory) error) error {
	rows, err := s.f.R.QueryContext(ctx, `SELECT p.id, v.near, v.incident, v.kind, p.thread, p.published, v.print, v.rare, v.places, v.length
		FROM verdict v CROSS JOIN post p USING (n) WHERE p.published >= ? ORDER BY v.seq`, ms(since))
	if err != nil {
		return fail("read remembered posts", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m store.Memory
		var sample []byte
		err := rows.Scan(&m.ID, &m.Near, &m.Incident, &m.Kind, &m.Thread, timeVar{&m.Published}, &sample, jsonVar{&m.Rare}, jsonVar{&m.Places}, &m.Length)
		if err != nil {
			return fail("read remembered posts", err)
		}
		m.Print = unpackPrint(sample)
		if err := each(m); err != nil {
			return err
		}
	}
	return fail("read remembered posts", rows.Err())
}
