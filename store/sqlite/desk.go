package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// Alerts lists alerts, newest first.
func (s *Store) Alerts(ctx context.Context, q store.AlertQuery) ([]opinion.Alert, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	rows, err := s.f.R.QueryContext(ctx, `SELECT `+alertColumns+` FROM alert
		WHERE (?1 = '' OR state IN (SELECT value FROM json_each(?1))) AND (?2 = 0 OR number < ?2) ORDER BY number DESC LIMIT ?3`,
		list(q.States), q.Before, limit)
	all, err := collect(rows, err, alertRow)
	return all, fail("list alerts", err)
}

// AlertByNumber returns an alert with its notes and deliveries, oldest first.
func (s *Store) AlertByNumber(ctx context.Context, number int64) (p store.AlertPage, err error) {
	p.Alert, err = scanAlert(s.f.R.QueryRowContext(ctx, `SELECT `+alertColumns+` FROM alert WHERE number = ?`, number))
	if err != nil {
		return p, fail("read alert", missing(err))
	}
	rows, err := s.f.R.QueryContext(ctx, `SELECT at, user, verb, text FROM note WHERE alert = ? ORDER BY id`, number)
	p.Notes, err = collect(rows, err, func(rows *sql.Rows) (n opinion.Note, err error) {
		return n, rows.Scan(timeVar{&n.At}, &n.User, &n.Verb, &n.Text)
	})
	if err != nil {
		return p, fail("read notes", err)
	}
	p.Deliveries, err = s.deliveries(ctx, `d.alert = ? ORDER BY d.id`, number)
	return p, fail("read deliveries", err)
}

// Act changes an alert's state and notes it. Doing what is done already
// changes nothing.
func (s *Store) Act(ctx context.Context, number int64, verb, user, said string) error {
	return s.write(ctx, "act on alert", func(t *tx) error {
		a, err := scanAlert(t.row(`SELECT `+alertColumns+` FROM alert WHERE number = ?`, number))
		if err != nil {
			return missing(err)
		}
		if strings.TrimSpace(user) == "" {
			return fmt.Errorf("%w: nobody acts", opinion.ErrInvalid)
		}
		same, err := act(&a, verb, user, said)
		if err != nil || same {
			return err
		}
		switch verb {
		case "taken":
			a.Taken = at(t.now)
		case "closed", "false":
			a.Closed = at(t.now)
		}
		err = t.exec(`UPDATE alert SET state = ?, owner = ?, taken = ?, closed = ? WHERE number = ?`, a.State, a.Owner, ms(a.Taken), ms(a.Closed), number)
		if err != nil {
			return err
		}
		if err := t.note(number, user, verb, said); err != nil {
			return err
		}
		return t.audit(user, verb, "alert "+strconv.FormatInt(number, 10), said)
	})
}

// act is what a verb does to an alert; same says that it changes nothing.
func act(a *opinion.Alert, verb, user, said string) (same bool, err error) {
	over := a.State == opinion.Closed || a.State == opinion.FalseAlarm
	switch verb {
	case "note":
		if strings.TrimSpace(said) == "" {
			return false, fmt.Errorf("%w: an empty note", opinion.ErrInvalid)
		}
	case "taken":
		switch {
		case over:
			return false, fmt.Errorf("%w: it is closed", opinion.ErrConflict)
		case a.State == opinion.Taken && a.Owner != user:
			return false, fmt.Errorf("%w: %s has taken it", opinion.ErrConflict, a.Owner)
		case a.State == opinion.Taken:
			return true, nil
		}
		a.State, a.Owner = opinion.Taken, user
	case "closed":
		same = a.State == opinion.Closed
		a.State = opinion.Closed
	case "false":
		same = a.State == opinion.FalseAlarm
		a.State = opinion.FalseAlarm
	case "reopened":
		same = !over
		a.State, a.Owner = opinion.Open, ""
		a.Taken, a.Closed = time.Time{}, time.Time{}
	default:
		return false, fmt.Errorf("%w: unknown verb %q", opinion.ErrInvalid, verb)
	}
	return same, nil
}
