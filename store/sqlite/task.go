package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// queue makes a task due. One that waits already falls due at the earlier of
// both times; one that is being worked on falls due again when it ends. Two
// tasks of one kind and ref that must both happen differ in their slot.
func (t *tx) queue(kind store.TaskKind, ref string, slot int64, fresh bool, due int64) error {
	return t.exec(`INSERT INTO task (kind, ref, slot, fresh, queued, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (kind, ref, slot) DO UPDATE SET fresh = MAX(fresh, excluded.fresh),
		due = CASE WHEN token = 0 THEN MIN(due, excluded.due) ELSE due END,
		again = CASE WHEN token = 0 THEN 0 WHEN again = 0 THEN excluded.due ELSE MIN(again, excluded.due) END`,
		kind, ref, slot, fresh, t.now, due)
}

// refs gathers what falls due at once, in its order.
type refs struct{ past, fresh []string }

func (r *refs) add(ref string, fresh bool) {
	if fresh {
		r.fresh = append(r.fresh, ref)
	} else {
		r.past = append(r.past, ref)
	}
}

// queueNow makes many tasks of a kind due at once.
func (t *tx) queueNow(kind store.TaskKind, due refs) error {
	for fresh, group := range [][]string{due.past, due.fresh} {
		if len(group) == 0 {
			continue
		}
		err := t.exec(`INSERT INTO task (kind, ref, slot, fresh, queued, due) SELECT ?1, value, 0, ?2, ?3, ?3 FROM json_each(?4) WHERE true
			ON CONFLICT (kind, ref, slot) DO UPDATE SET fresh = MAX(fresh, excluded.fresh),
			due = CASE WHEN token = 0 THEN MIN(due, excluded.due) ELSE due END,
			again = CASE WHEN token = 0 THEN 0 WHEN again = 0 THEN excluded.due ELSE MIN(again, excluded.due) END`,
			kind, fresh, t.now, text(group))
		if err != nil {
			return err
		}
	}
	return nil
}

// Lease takes up to n due tasks of a kind: fresh ones first, then by the time
// at which they fell due.
func (s *Store) Lease(ctx context.Context, kind store.TaskKind, n int, hold time.Duration) ([]store.Task, error) {
	var all []store.Task
	err := s.write(ctx, "lease tasks", func(t *tx) error {
		token, err := t.next("token", 1)
		if err != nil {
			return err
		}
		for fresh := 1; fresh >= 0 && len(all) < n; fresh-- {
			some, err := t.lease(kind, fresh, token, hold, n-len(all))
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (t *tx) lease(kind store.TaskKind, fresh int, token int64, hold time.Duration, n int) ([]store.Task, error) {
	type leased struct {
		store.Task
		due int64
	}
	// RETURNING shows the row as it has become, so the order is read first.
	rows, err := t.rows(`SELECT id, ref, attempts, queued, due FROM task WHERE kind = ? AND fresh = ? AND due <= ? ORDER BY due, id LIMIT ? + 0`,
		kind, fresh, t.now, n)
	some, err := collect(rows, err, func(rows *sql.Rows) (k leased, err error) {
		k.Kind, k.Token = kind, token
		return k, rows.Scan(&k.ID, &k.Ref, &k.Attempts, timeVar{&k.Queued}, &k.due)
	})
	if err != nil {
		return nil, err
	}
	tasks := make([]store.Task, len(some))
	ids := make([]int64, len(some))
	for i, k := range some {
		tasks[i], ids[i] = k.Task, k.ID
	}
	return tasks, t.exec(`UPDATE task SET token = ?, due = ?, again = 0 WHERE id IN (SELECT value FROM json_each(?))`,
		token, t.now+hold.Milliseconds(), text(ids))
}

// standing is where a task stands while its worker wants to end it.
type standing struct {
	task  store.Task
	held  bool  // by the worker that asks
	gone  bool  // ended before
	again int64 // when it fell due again meanwhile, 0 where it did not
}

// standings looks tasks up, in their order.
func (t *tx) standings(tasks []store.Task) ([]standing, error) {
	ids := make([]int64, len(tasks))
	for i, k := range tasks {
		ids[i] = k.ID
	}
	type row struct {
		token, again int64
		kind         store.TaskKind
		ref          string
	}
	found := make(map[int64]row, len(tasks))
	rows, err := t.rows(`SELECT id, kind, ref, token, again FROM task WHERE id IN (SELECT value FROM json_each(?))`, text(ids))
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var id int64
		var r row
		err = rows.Scan(&id, &r.kind, &r.ref, &r.token, &r.again)
		found[id] = r
		return struct{}{}, err
	})
	if err != nil {
		return nil, err
	}
	all := make([]standing, len(tasks))
	for i, k := range tasks {
		r, ok := found[k.ID]
		// SQLite may give an ended task's number to another.
		same := ok && r.kind == k.Kind && r.ref == k.Ref
		all[i] = standing{task: k, gone: !same, held: same && r.token == k.Token && k.Token != 0, again: r.again}
	}
	return all, nil
}

// end deletes what is held and did not fall due again, and returns an error
// that names what another worker holds.
func (t *tx) end(all []standing) error {
	var done []int64
	for _, k := range all {
		switch {
		case !k.held:
		case k.again == 0:
			done = append(done, k.task.ID)
		default:
			err := t.exec(`UPDATE task SET token = 0, due = again, again = 0, attempts = 0, reason = '', queued = ? WHERE id = ?`, t.now, k.task.ID)
			if err != nil {
				return err
			}
		}
	}
	if len(done) == 0 {
		return nil
	}
	return t.exec(`DELETE FROM task WHERE id IN (SELECT value FROM json_each(?))`, text(done))
}

// lost names the tasks that another worker holds.
func lost(all []standing) error {
	var errs []error
	for _, k := range all {
		if !k.held && !k.gone {
			errs = append(errs, fmt.Errorf("%w: %s %q", opinion.ErrLeaseLost, k.task.Kind, k.task.Ref))
		}
	}
	return errors.Join(errs...)
}

// Done ends tasks. Ending one that has ended changes nothing.
func (s *Store) Done(ctx context.Context, tasks ...store.Task) error {
	var late error
	err := s.write(ctx, "end tasks", func(t *tx) error {
		all, err := t.standings(tasks)
		if err != nil {
			return err
		}
		late = lost(all)
		return t.end(all)
	})
	return errors.Join(err, fail("end tasks", late))
}

// Later gives a task back.
func (s *Store) Later(ctx context.Context, k store.Task, due time.Time, reason string, failed bool) error {
	return s.write(ctx, "put off task", func(t *tx) error {
		all, err := t.standings([]store.Task{k})
		if err != nil {
			return err
		}
		if all[0].gone {
			return nil
		}
		if !all[0].held {
			return lost(all)
		}
		return t.later(all[0], ms(due), reason, failed)
	})
}

func (t *tx) later(k standing, due int64, reason string, failed bool) error {
	if k.again != 0 {
		due = min(due, k.again)
	}
	return t.exec(`UPDATE task SET token = 0, again = 0, due = ?, reason = ?, attempts = attempts + ? WHERE id = ?`, due, reason, failed, k.task.ID)
}

// kinds are all kinds of task, in the order in which they are shown.
var kinds = []store.TaskKind{store.Analyse, store.Index, store.Look, store.Notify}

// Queues describes the work that waits, every kind.
func (s *Store) Queues(ctx context.Context) ([]store.Queue, error) {
	rows, err := s.f.R.QueryContext(ctx, `SELECT kind, COUNT(*), MIN(CASE WHEN due <= ? THEN queued END) FROM task GROUP BY kind`, ms(s.now()))
	found, err := collect(rows, err, func(rows *sql.Rows) (q store.Queue, err error) {
		return q, rows.Scan(&q.Kind, &q.Length, timeVar{&q.Oldest})
	})
	if err != nil {
		return nil, fail("read queues", err)
	}
	all := make([]store.Queue, len(kinds))
	for i, k := range kinds {
		all[i].Kind = k
		if j := slices.IndexFunc(found, func(q store.Queue) bool { return q.Kind == k }); j >= 0 {
			all[i] = found[j]
		}
	}
	return all, nil
}

// NextTask is when the next task of a kind falls due, or its lease ends.
func (s *Store) NextTask(ctx context.Context, kind store.TaskKind) (time.Time, error) {
	var next sql.NullInt64
	err := s.f.R.QueryRowContext(ctx, `SELECT MIN(due) FROM (SELECT MIN(due) AS due FROM task WHERE kind = ?1 AND fresh = 1
		UNION ALL SELECT MIN(due) FROM task WHERE kind = ?1 AND fresh = 0)`, kind).Scan(&next)
	return at(next.Int64), fail("read next task", err)
}

// Reanalyse queues every post whose verdict has another version. Equal due
// times are served by number, so the newest are numbered first.
func (s *Store) Reanalyse(ctx context.Context, version string) (int, error) {
	return s.requeue(ctx, "queue for analysis", store.Analyse, version)
}

// Reindex queues every judged post for the index.
func (s *Store) Reindex(ctx context.Context) (int, error) {
	return s.requeue(ctx, "queue for index", store.Index, "")
}

func (s *Store) requeue(ctx context.Context, verb string, kind store.TaskKind, except string) (int, error) {
	var n int64
	err := s.write(ctx, verb, func(t *tx) (err error) {
		n, err = t.count(`INSERT INTO task (kind, ref, slot, fresh, queued, due)
			SELECT ?1, p.id, 0, p.published >= ?3, ?2, ?2 FROM verdict v JOIN post p USING (n)
			WHERE ?4 = '' OR v.rules <> ?4 ORDER BY p.published DESC, p.n DESC
			ON CONFLICT (kind, ref, slot) DO UPDATE SET fresh = MAX(fresh, excluded.fresh),
			due = CASE WHEN token = 0 THEN MIN(due, excluded.due) ELSE due END,
			again = CASE WHEN token = 0 THEN 0 ELSE excluded.due END`,
			kind, t.now, t.now-freshAge.Milliseconds(), except)
		return err
	})
	return int(n), err
}

// Release ends every lease. Call it after taking the data folder's lock: who
// held them is gone, and their work should not wait for the leases to run out.
// Whom they asked last is not known: every host waits for its pause.
func (s *Store) Release(ctx context.Context) error {
	return s.write(ctx, "release leases", func(t *tx) error {
		if err := t.exec(`UPDATE task SET token = 0, due = ? WHERE token <> 0`, t.now); err != nil {
			return err
		}
		s.leases.clear()
		return t.exec(`UPDATE host SET next = MAX(host.next, ?1 + MAX(host.delay, x.rate))
			FROM (SELECT h.name, COALESCE(MAX(s.rate), 0) / 1000000 AS rate FROM host h
				LEFT JOIN frontier f ON f.host = h.name AND f.rank = ?2 AND f.due IS NOT NULL AND f.held = 0
				LEFT JOIN source s ON s.name = f.source GROUP BY h.name) AS x
			WHERE host.name = x.name`, t.now, rankEntry)
	})
}
