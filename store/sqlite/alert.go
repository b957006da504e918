package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// noteGap is the least time between two notes that an alert was updated.
const noteGap = time.Hour

// Raise stores an alert with its deliveries, or brings the alert of the
// running episode up to date.
func (s *Store) Raise(ctx context.Context, a opinion.Alert, channels []string) (opinion.Alert, bool, error) {
	raised := false
	err := s.write(ctx, "raise alert", func(t *tx) error {
		if a.Incident == "" {
			return fmt.Errorf("%w: an alert without an incident", opinion.ErrInvalid)
		}
		incident, err := t.standing(a.Incident)
		if err != nil {
			return err
		}
		a.Incident = incident
		var seen int64
		var episode int // the last; the alert that was seen last may be of another that was merged
		row := t.row(`SELECT seen, noted, (SELECT MAX(episode) FROM alert WHERE incident = ?1), `+alertColumns+`
			FROM alert WHERE incident = ?1 ORDER BY seen DESC, episode DESC LIMIT 1`, a.Incident)
		var noted int64
		old, err := scanAlert(row, &seen, &noted, &episode)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err == nil && t.now-seen < opinion.EpisodeGap.Milliseconds() {
			a, err = t.updateAlert(old, a, noted)
			return err
		}
		raised = true
		a, err = t.newAlert(a, episode+1, channels)
		return err
	})
	if err != nil {
		return opinion.Alert{}, false, err
	}
	return a, raised, nil
}

func (t *tx) newAlert(a opinion.Alert, episode int, channels []string) (opinion.Alert, error) {
	number, err := t.next("alert", 1)
	if err != nil {
		return a, err
	}
	a.ID, a.Number, a.State, a.Owner = opinion.AlertID(a.Incident, episode), number, opinion.Open, ""
	a.Raised, a.Updated, a.Taken, a.Closed = at(t.now), at(t.now), time.Time{}, time.Time{}
	err = t.exec(`INSERT INTO alert (number, id, incident, episode, title, level, state, owner, topics, rise, examples, words,
		raised, updated, seen, noted, taken, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8, ?9, ?10, ?11, ?12, ?12, ?12, ?12, 0, 0)`,
		number, a.ID, a.Incident, episode, a.Title, a.Level, a.State, list(a.Topics), text(a.Rise), list(a.Examples), list(a.Words), t.now)
	if err != nil {
		return a, err
	}
	if err := t.note(number, "", "raised", ""); err != nil {
		return a, err
	}
	channels = slices.Clone(channels)
	slices.Sort(channels)
	for _, channel := range slices.Compact(channels) {
		id, err := t.insert(`INSERT INTO delivery (alert, channel, state, due, created) VALUES (?1, ?2, ?3, ?4, ?4)`, number, channel, opinion.Waiting, t.now)
		if err != nil {
			return a, err
		}
		if err := t.queue(store.Notify, strconv.FormatInt(id, 10), 0, true, t.now); err != nil {
			return a, err
		}
	}
	return a, nil
}

// levels in rising order.
var levels = []opinion.Level{opinion.Notice, opinion.Warn, opinion.Urgent}

func (t *tx) updateAlert(old, a opinion.Alert, noted int64) (opinion.Alert, error) {
	worse := slices.Index(levels, a.Level) > slices.Index(levels, old.Level)
	if worse {
		old.Level = a.Level
	}
	if old.Title == "" {
		old.Title = a.Title
	}
	for _, topic := range a.Topics {
		if !slices.Contains(old.Topics, topic) {
			old.Topics = append(old.Topics, topic)
		}
	}
	old.Rise, old.Examples, old.Words, old.Updated = a.Rise, a.Examples, a.Words, at(t.now)
	if worse || t.now-noted >= noteGap.Milliseconds() {
		noted = t.now
		said := ""
		if worse {
			said = string(old.Level)
		}
		if err := t.note(old.Number, "", "updated", said); err != nil {
			return old, err
		}
	}
	return old, t.exec(`UPDATE alert SET title = ?, level = ?, topics = ?, rise = ?, examples = ?, words = ?, updated = ?7, seen = ?7, noted = ?8 WHERE number = ?9`,
		old.Title, old.Level, list(old.Topics), text(old.Rise), list(old.Examples), list(old.Words), t.now, noted, old.Number)
}

func (t *tx) note(alert int64, user, verb, said string) error {
	return t.exec(`INSERT INTO note (alert, at, user, verb, text) VALUES (?, ?, ?, ?, ?)`, alert, t.now, user, verb, said)
}

const alertColumns = `number, id, incident, title, level, state, owner, topics, rise, examples, words, raised, updated, taken, closed`

// scanAlert reads alertColumns, after what else the query gives first.
func scanAlert(row interface{ Scan(...any) error }, before ...any) (a opinion.Alert, err error) {
	err = row.Scan(append(before, &a.Number, &a.ID, &a.Incident, &a.Title, &a.Level, &a.State, &a.Owner, jsonVar{&a.Topics}, jsonVar{&a.Rise},
		jsonVar{&a.Examples}, jsonVar{&a.Words}, timeVar{&a.Raised}, timeVar{&a.Updated}, timeVar{&a.Taken}, timeVar{&a.Closed})...)
	return a, err
}

func alertRow(rows *sql.Rows) (opinion.Alert, error) { return scanAlert(rows) }

// Active lists the alerts last seen since a time.
func (s *Store) Active(ctx context.Context, since time.Time) ([]opinion.Alert, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT `+alertColumns+` FROM alert WHERE seen >= ? ORDER BY number DESC`, ms(since))
	all, err := collect(rows, err, alertRow)
	return all, fail("list active alerts", err)
}
