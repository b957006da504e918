package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// Delivery returns one delivery with its attempts.
func (s *Store) Delivery(ctx context.Context, id int64) (opinion.Delivery, error) {
	all, err := s.deliveries(ctx, `d.id = ?`, id)
	if err == nil && len(all) == 0 {
		err = opinion.ErrNotFound
	}
	if err != nil {
		return opinion.Delivery{}, fail("read delivery", err)
	}
	return all[0], nil
}

// Deliveries lists the newest, of one state or of all.
func (s *Store) Deliveries(ctx context.Context, state opinion.DeliveryState, limit int) ([]opinion.Delivery, error) {
	all, err := s.deliveries(ctx, `(?1 = '' OR d.state = ?1 AND d.alert <> 0) ORDER BY d.id DESC LIMIT ?2`, state, limit)
	return all, fail("list deliveries", err)
}

func (s *Store) deliveries(ctx context.Context, where string, args ...any) ([]opinion.Delivery, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT d.id, COALESCE(a.id, ''), d.alert, d.channel, d.state, d.due
		FROM delivery d LEFT JOIN alert a ON a.number = d.alert WHERE `+where, args...)
	all, err := collect(rows, err, func(rows *sql.Rows) (d opinion.Delivery, err error) {
		return d, rows.Scan(&d.ID, &d.Alert, &d.Number, &d.Channel, &d.State, timeVar{&d.Due})
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]int64, len(all))
	for i, d := range all {
		ids[i] = d.ID
	}
	rows, err = s.f.R.QueryContext(ctx, `SELECT delivery, at, ok, code, text, retry, after, message FROM attempt
		WHERE delivery IN (SELECT value FROM json_each(?)) ORDER BY id`, text(ids))
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var id int64
		var r opinion.Receipt
		if err := rows.Scan(&id, timeVar{&r.At}, &r.OK, &r.Code, &r.Text, &r.Retry, &r.After, &r.Message); err != nil {
			return struct{}{}, err
		}
		i := slices.Index(ids, id)
		all[i].Attempts = append(all[i].Attempts, r)
		return struct{}{}, nil
	})
	return all, err
}

// Attempt adds an answer to the ledger, also one that came after the lease had
// gone to another: it was given. The same answer twice is noted once.
func (s *Store) Attempt(ctx context.Context, k store.Task, r opinion.Receipt, next time.Time) error {
	var late error
	err := s.write(ctx, "note attempt", func(t *tx) error {
		id, err := strconv.ParseInt(k.Ref, 10, 64)
		if err != nil || k.Kind != store.Notify {
			return fmt.Errorf("%w: task %s %q is no delivery", opinion.ErrInvalid, k.Kind, k.Ref)
		}
		all, err := t.standings([]store.Task{k})
		if err != nil {
			return err
		}
		late = lost(all)
		if err := t.receipt(id, r); err != nil {
			return err
		}
		switch {
		case r.OK:
			if err := t.exec(`UPDATE delivery SET state = ? WHERE id = ?`, opinion.Delivered, id); err != nil {
				return err
			}
			return t.end(all)
		case !all[0].held:
			return nil
		case next.IsZero():
			if err := t.exec(`UPDATE delivery SET state = ? WHERE id = ? AND state = ?`, opinion.Dead, id, opinion.Waiting); err != nil {
				return err
			}
			return t.end(all)
		}
		if err := t.exec(`UPDATE delivery SET due = ? WHERE id = ?`, ms(next), id); err != nil {
			return err
		}
		return t.later(all[0], ms(next), r.Text, true)
	})
	if err != nil {
		return err
	}
	return fail("note attempt", late)
}

// receipt writes an answer and, where it is a good one, the channel's last.
func (t *tx) receipt(delivery int64, r opinion.Receipt) error {
	var channel string
	if err := t.row(`SELECT channel FROM delivery WHERE id = ?`, delivery).Scan(&channel); err != nil {
		return missing(err)
	}
	err := t.exec(`INSERT INTO attempt (delivery, at, ok, code, text, retry, after, message) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
		WHERE NOT EXISTS (SELECT 1 FROM attempt WHERE delivery = ?1 AND at = ?2 AND ok = ?3 AND code = ?4 AND text = ?5 AND message = ?8)`,
		delivery, ms(r.At), r.OK, r.Code, r.Text, r.Retry, int64(r.After), r.Message)
	if err != nil || !r.OK {
		return err
	}
	return t.exec(`INSERT INTO receipt VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel) DO UPDATE
		SET at = excluded.at, code = excluded.code, text = excluded.text, message = excluded.message WHERE excluded.at >= receipt.at`,
		channel, ms(r.At), r.Code, r.Text, r.Message)
}

// Tested records the answer to a test message as a delivery of no alert.
func (s *Store) Tested(ctx context.Context, channel, user string, r opinion.Receipt) error {
	return s.write(ctx, "note test message", func(t *tx) error {
		state := opinion.Dead
		if r.OK {
			state = opinion.Delivered
		}
		id, err := t.insert(`INSERT INTO delivery (alert, channel, state, due, created) VALUES (0, ?, ?, 0, ?)`, channel, state, t.now)
		if err != nil {
			return err
		}
		if err := t.receipt(id, r); err != nil {
			return err
		}
		return t.audit(user, "tested", channel, r.Code)
	})
}

// Redeliver makes a dead delivery due again. A test message is sent anew
// instead: ErrConflict, as for one that is not dead.
func (s *Store) Redeliver(ctx context.Context, id int64, user string) error {
	return s.write(ctx, "redeliver", func(t *tx) error {
		var state opinion.DeliveryState
		var alert int64
		var channel string
		if err := t.row(`SELECT state, alert, channel FROM delivery WHERE id = ?`, id).Scan(&state, &alert, &channel); err != nil {
			return missing(err)
		}
		if state != opinion.Dead || alert == 0 {
			return fmt.Errorf("%w: delivery %d is %s", opinion.ErrConflict, id, state)
		}
		if err := t.exec(`UPDATE delivery SET state = ?, due = ? WHERE id = ?`, opinion.Waiting, t.now, id); err != nil {
			return err
		}
		ref := strconv.FormatInt(id, 10)
		if err := t.queue(store.Notify, ref, 0, true, t.now); err != nil {
			return err
		}
		return t.audit(user, "redelivered", "alert "+strconv.FormatInt(alert, 10), channel)
	})
}

// LastDelivered is each channel's last accepted message.
func (s *Store) LastDelivered(ctx context.Context) (map[string]opinion.Receipt, error) {
	all := map[string]opinion.Receipt{}
	rows, err := s.f.R.QueryContext(ctx, `SELECT channel, at, code, text, message FROM receipt`)
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var channel string
		r := opinion.Receipt{OK: true}
		err = rows.Scan(&channel, timeVar{&r.At}, &r.Code, &r.Text, &r.Message)
		all[channel] = r
		return struct{}{}, err
	})
	return all, fail("read last deliveries", err)
}
