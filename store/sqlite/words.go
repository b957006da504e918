package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minsheng/opinion"
	"minsheng/store"
)

// SyncTopics makes the stored topics those of the file. Topics that people
// added stay; a person's edit of a topic of the file stays until the file's
// own wording changes.
func (s *Store) SyncTopics(ctx context.Context, topics []opinion.Topic) error {
	return s.write(ctx, "sync topics", func(t *tx) error {
		kept := make([]string, len(topics))
		for i, topic := range topics {
			if err := checkTopic(topic); err != nil {
				return err
			}
			if slices.Contains(kept[:i], topic.Name) {
				return fmt.Errorf("%w: two topics named %s", opinion.ErrInvalid, topic.Name)
			}
			kept[i] = topic.Name
			err := t.exec(`INSERT INTO topic (name, pos, file, edit, edited_by, edited_at) VALUES (?, ?, ?, '', '', 0)
				ON CONFLICT (name) DO UPDATE SET pos = excluded.pos, file = excluded.file,
				edit = CASE WHEN file = excluded.file THEN edit ELSE '' END,
				edited_by = CASE WHEN file = excluded.file THEN edited_by ELSE '' END,
				edited_at = CASE WHEN file = excluded.file THEN edited_at ELSE 0 END`, topic.Name, i, text(topic))
			if err != nil {
				return err
			}
		}
		return t.exec(`DELETE FROM topic WHERE file <> '' AND name NOT IN (SELECT value FROM json_each(?))`, text(kept))
	})
}

// Topics lists the topics of the file in its order, then those that people
// added, by name.
func (s *Store) Topics(ctx context.Context) ([]store.TopicState, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT CASE edit WHEN '' THEN file ELSE edit END, edited_by, edited_at FROM topic ORDER BY file = '', pos, name`)
	all, err := collect(rows, err, func(rows *sql.Rows) (v store.TopicState, err error) {
		return v, rows.Scan(jsonVar{&v.Topic}, &v.EditedBy, timeVar{&v.EditedAt})
	})
	return all, fail("list topics", err)
}

// SaveTopic stores a person's edit; the file's own wording ends an edit.
func (s *Store) SaveTopic(ctx context.Context, topic opinion.Topic, user string) error {
	return s.write(ctx, "save topic", func(t *tx) error {
		if err := checkTopic(topic); err != nil {
			return err
		}
		var file string
		err := t.row(`SELECT file FROM topic WHERE name = ?`, topic.Name).Scan(&file)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		said := text(topic)
		if said == file {
			err = t.exec(`UPDATE topic SET edit = '', edited_by = '', edited_at = 0 WHERE name = ?`, topic.Name)
		} else {
			err = t.exec(`INSERT INTO topic (name, pos, file, edit, edited_by, edited_at) VALUES (?, 0, '', ?, ?, ?)
				ON CONFLICT (name) DO UPDATE SET edit = excluded.edit, edited_by = excluded.edited_by, edited_at = excluded.edited_at`,
				topic.Name, said, user, t.now)
		}
		if err != nil {
			return err
		}
		return t.audit(user, "edited", "topic "+topic.Name, said)
	})
}

// DeleteTopic removes a topic that a person added.
func (s *Store) DeleteTopic(ctx context.Context, name, user string) error {
	return s.write(ctx, "delete topic", func(t *tx) error {
		var file, edit string
		if err := t.row(`SELECT file, edit FROM topic WHERE name = ?`, name).Scan(&file, &edit); err != nil {
			return missing(err)
		}
		if file != "" {
			return fmt.Errorf("%w: topic %s stands in the file", opinion.ErrConflict, name)
		}
		if err := t.exec(`DELETE FROM topic WHERE name = ?`, name); err != nil {
			return err
		}
		return t.audit(user, "deleted", "topic "+name, edit)
	})
}

// checkTopic refuses names that would mix up series: the overall one's, and
// those with a line break, which ends a topic in a task's ref.
func checkTopic(topic opinion.Topic) error {
	switch {
	case strings.TrimSpace(topic.Name) != topic.Name || topic.Name == "" || strings.ContainsAny(topic.Name, "\r\n"):
		return fmt.Errorf("%w: topic name %q", opinion.ErrInvalid, topic.Name)
	case topic.Name == opinion.AllPolice:
		return fmt.Errorf("%w: the name %s is taken by the whole", opinion.ErrInvalid, topic.Name)
	}
	return nil
}
