package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// OwnWords lists the office's words, by word.
func (s *Store) OwnWords(ctx context.Context) ([]store.OwnWord, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT said, edited_by, edited_at FROM own_word ORDER BY word`)
	all, err := collect(rows, err, func(rows *sql.Rows) (w store.OwnWord, err error) {
		return w, rows.Scan(jsonVar{&w.LexiconWord}, &w.EditedBy, timeVar{&w.EditedAt})
	})
	return all, fail("list own words", err)
}

// SaveWord stores or changes a word.
func (s *Store) SaveWord(ctx context.Context, w opinion.LexiconWord, user string) error {
	return s.teach(ctx, "word", w.Word, w, user)
}

// DeleteWord takes a word out.
func (s *Store) DeleteWord(ctx context.Context, word, user string) error {
	return s.unteach(ctx, "word", word, user)
}

// OwnPlaces lists the places that people saved, by name.
func (s *Store) OwnPlaces(ctx context.Context) ([]store.OwnPlace, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT said, edited_by, edited_at FROM own_place ORDER BY name`)
	all, err := collect(rows, err, func(rows *sql.Rows) (p store.OwnPlace, err error) {
		return p, rows.Scan(jsonVar{&p.Place}, &p.EditedBy, timeVar{&p.EditedAt})
	})
	return all, fail("list own places", err)
}

// SavePlace stores or changes a place.
func (s *Store) SavePlace(ctx context.Context, p opinion.Place, user string) error {
	return s.teach(ctx, "place", p.Name, p, user)
}

// DeletePlace takes out a place that a person saved.
func (s *Store) DeletePlace(ctx context.Context, name, user string) error {
	return s.unteach(ctx, "place", name, user)
}

// taught are the statements that save and take out what people teach, by what
// it is.
var taught = map[string]struct{ save, delete string }{
	"word": {
		`INSERT INTO own_word (word, said, edited_by, edited_at) VALUES (?, ?, ?, ?) ON CONFLICT (word) DO UPDATE SET
			said = excluded.said, edited_by = excluded.edited_by, edited_at = excluded.edited_at`,
		`DELETE FROM own_word WHERE word = ? RETURNING said`,
	},
	"place": {
		`INSERT INTO own_place (name, said, edited_by, edited_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
			said = excluded.said, edited_by = excluded.edited_by, edited_at = excluded.edited_at`,
		`DELETE FROM own_place WHERE name = ? RETURNING said`,
	},
}

// teach stores or changes v, a word or a place, under its name.
func (s *Store) teach(ctx context.Context, kind, name string, v any, user string) error {
	return s.write(ctx, "save "+kind, func(t *tx) error {
		if !oneLine(name) {
			return fmt.Errorf("%w: %s %q", opinion.ErrInvalid, kind, name)
		}
		said := text(v)
		if err := t.exec(taught[kind].save, name, said, user, t.now); err != nil {
			return err
		}
		return t.audit(user, "edited", kind+" "+name, said)
	})
}

// unteach takes a word or a place out.
func (s *Store) unteach(ctx context.Context, kind, name, user string) error {
	return s.write(ctx, "delete "+kind, func(t *tx) error {
		var said string
		if err := t.row(taught[kind].delete, name).Scan(&said); err != nil {
			return missing(err)
		}
		return t.audit(user, "deleted", kind+" "+name, said)
	})
}

// oneLine reports whether a name can stand in a ref or a line of the log.
func oneLine(name string) bool {
	return name != "" && strings.TrimSpace(name) == name && !strings.ContainsAny(name, "\r\n")
}

// TopicSets counts the newest posts since a time by their topics.
func (s *Store) TopicSets(ctx context.Context, since time.Time, limit int) ([]store.TopicSet, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT topics, COUNT(*) FROM (SELECT v.topics FROM post p JOIN verdict v USING (n)
		WHERE p.published >= ? ORDER BY p.published DESC LIMIT ?) GROUP BY topics ORDER BY topics`, ms(since), limit)
	all, err := collect(rows, err, func(rows *sql.Rows) (t store.TopicSet, err error) {
		return t, rows.Scan(jsonVar{&t.Topics}, &t.Posts)
	})
	return all, fail("count topics", err)
}

// Sample yields posts of a time, spread over it by their number.
func (s *Store) Sample(ctx context.Context, from, until time.Time, limit int, each func(store.Sampled) error) error {
	var n int
	err := s.f.R.QueryRowContext(ctx, `SELECT COUNT(*) FROM post WHERE published >= ? AND published < ?`, ms(from), ms(until)).Scan(&n)
	if err != nil {
		return fail("sample posts", err)
	}
	stride := max(1, (n+limit-1)/max(limit, 1))
	rows, err := s.f.R.QueryContext(ctx, `SELECT p.id, p.source, v.incident, p.published, COALESCE(b.folded, b.title || char(10) || b.text), v.topics
		FROM post p JOIN verdict v USING (n) JOIN body b USING (n)
		WHERE p.published >= ? AND p.published < ? AND p.n % ? = 0 AND v.near = '' LIMIT ?`, ms(from), ms(until), stride, limit)
	if err != nil {
		return fail("sample posts", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p store.Sampled
		if err := rows.Scan(&p.ID, &p.Source, &p.Incident, timeVar{&p.Published}, &p.Folded, jsonVar{&p.Topics}); err != nil {
			return fail("sample posts", err)
		}
		if err := each(p); err != nil {
			return err
		}
	}
	return fail("sample posts", rows.Err())
}
