package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"unicode/utf8"

	"minsheng/opinion"
	"minsheng/store"
)

// Judge commits verdicts. Those whose task another worker holds are left out
// and named in the error; those whose task has ended were judged before.
func (s *Store) Judge(ctx context.Context, js []store.Judgement) error {
	var late error
	rewritten := false
	err := s.write(ctx, "judge posts", func(t *tx) error {
		tasks := make([]store.Task, len(js))
		ids := make([]string, len(js))
		for i := range js {
			tasks[i] = js[i].Task
			ids[i] = cmp.Or(js[i].Verdict.PostID, js[i].Task.Ref)
		}
		all, err := t.standings(tasks)
		if err != nil {
			return err
		}
		b, err := t.bench(ids)
		if err != nil {
			return err
		}
		if err := b.readLabels(ids, js); err != nil {
			return err
		}
		if err := b.readPlaces(ids, js); err != nil {
			return err
		}
		var errs []standing
		for i := range js {
			switch free := tasks[i].ID == 0; {
			case free || all[i].held:
				err = b.judge(ids[i], &js[i], all[i].again != 0 && !free)
			case !all[i].gone:
				errs = append(errs, all[i])
			}
			if err != nil {
				return err
			}
		}
		late, rewritten = lost(errs), len(b.rewrites) > 0
		return cmp.Or(b.flush(), t.end(all))
	})
	if err == nil && rewritten {
		err = fail("judge posts", s.f.settle(ctx)) // the log beside the file may hold what was there before
	}
	return errors.Join(err, fail("judge posts", late))
}

// seat is a post on the bench, with its verdict so far.
type seat struct {
	n, published, voice int64
	hash                []byte
	seq                 int64 // 0 where there is no verdict yet
	incident, near      string
	negative            bool
}

// bench is the work of one Judge: what many posts share is gathered and
// written once.
type bench struct {
	t         *tx
	seats     map[string]*seat
	version   int64 // the next
	seq       int64 // the next place in the order of judging
	series    map[opinion.Series]int64
	tallies   map[tallyKey]*tallyDelta
	incidents map[string]*incidentDelta
	index     refs
	looks     map[look]bool
	labels    map[string]store.Label // corrections, by the first post with the text
	placed    map[string]string      // incidents that people chose, by post
	merged    map[string]string      // what incidents became, by their former name
	rewrites  []rewrite              // posts that were masked again
}

// look is a watch task to come.
type look struct {
	series opinion.Series
	due    int64
}

func (t *tx) bench(ids []string) (*bench, error) {
	b := &bench{
		t: t, seats: make(map[string]*seat, len(ids)), series: map[opinion.Series]int64{},
		tallies: map[tallyKey]*tallyDelta{}, incidents: map[string]*incidentDelta{}, looks: map[look]bool{},
	}
	rows, err := t.rows(`SELECT p.id, p.n, p.published, p.voice, p.hash, COALESCE(v.seq, 0), COALESCE(v.incident, ''), COALESCE(v.near, ''), COALESCE(v.negative, 0)
		FROM post p LEFT JOIN verdict v USING (n) WHERE p.id IN (SELECT value FROM json_each(?))`, text(ids))
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var id string
		var p seat
		err = rows.Scan(&id, &p.n, &p.published, &p.voice, &p.hash, &p.seq, &p.incident, &p.near, &p.negative)
		b.seats[id] = &p
		return struct{}{}, err
	})
	if err != nil {
		return nil, err
	}
	if b.version, err = t.next("version", len(ids)); err != nil {
		return nil, err
	}
	b.seq, err = t.next("judged", len(ids))
	return b, err
}

// judge writes one judgement. stale says that the post has changed since the
// worker read it: its text may not be dropped for what the old one said.
func (b *bench) judge(id string, j *store.Judgement, stale bool) error {
	p := b.seats[id]
	if p == nil {
		return nil // deleted meanwhile: the task ends
	}
	if j.Drop && stale {
		return nil
	}
	if j.Masked != nil && !stale {
		if err := b.rewrite(id, p, j.Masked); err != nil {
			return err
		}
	}
	judged := p.seq != 0
	if judged {
		if err := b.withdraw(p); err != nil {
			return err
		}
	}
	if j.Drop && b.labels[cmp.Or(p.near, id)] != "" {
		kept := *j // a person has said what this is
		kept.Drop, kept.Incident, kept.Near = false, p.incident, p.near
		j = &kept
	}
	if j.Drop {
		return b.drop(id, p, judged)
	}
	j = b.replaced(id, j)
	said := b.labels[cmp.Or(j.Near, id)].Over(j.Verdict)
	if err := b.store(p, j, &said); err != nil {
		return err
	}
	b.index.add(id, b.t.fresh(p.published))
	return b.count(id, p, j, &said)
}

// withdraw takes the share of the verdict so far out of tallies and incident.
func (b *bench) withdraw(p *seat) error {
	if err := b.unmark(p.n); err != nil {
		return err
	}
	if p.incident != "" {
		b.leave(p)
	}
	return nil
}

// leave takes a post out of its incident.
func (b *bench) leave(p *seat) {
	d := b.incident(p.incident)
	d.posts, d.recount = d.posts-1, true
	if p.negative {
		d.negatives--
	}
}

// drop keeps of a post what knows it again, and takes it out of the index
// where it had got that far.
func (b *bench) drop(id string, p *seat, judged bool) error {
	delete(b.seats, id)
	if err := b.t.remove(p.n); err != nil {
		return err
	}
	err := b.t.exec(`INSERT INTO dropped (id, hash, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, at = excluded.at`, id, p.hash, b.t.now)
	if judged {
		b.index.add(id, true)
	}
	return err
}

// remove deletes a post's rows; what it counted must be withdrawn before.
func (t *tx) remove(n int64) error {
	return cmp.Or(
		t.exec(`DELETE FROM verdict WHERE n = ?`, n),
		t.exec(`DELETE FROM body WHERE n = ?`, n),
		t.exec(`DELETE FROM post WHERE n = ?`, n))
}

// store writes the machine's verdict; said, with a person's word laid over it,
// is what counts. A post keeps the place in the order of judging that it got
// first: later ones refer to it.
func (b *bench) store(p *seat, j *store.Judgement, said *opinion.Verdict) error {
	v := &j.Verdict
	isNew := p.seq == 0
	if isNew {
		p.seq = b.seq
		b.seq++
	}
	p.incident, p.negative = j.Incident, said.Attitude == opinion.Negative
	b.version++
	err := b.t.exec(`INSERT OR REPLACE INTO verdict (n, seq, version, incident, near, negative, rules, kind, lang, police, inherited,
		attitude, score, confidence, uncertain, tone, tone_score, tone_confidence,
		topics, places, evidence, rare, flags, print, length)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.n, p.seq, b.version-1, j.Incident, j.Near, p.negative, v.Version, v.Kind, v.Lang, v.MentionsPolice, v.Inherited,
		v.Attitude, v.Score, v.Confidence, v.Uncertain, v.Tone, v.ToneScore, v.ToneConfidence,
		list(v.Topics), list(v.Places), list(v.Evidence), list(v.Rare), list(v.Flags), packPrint(v.Print), utf8.RuneCountInString(v.Folded))
	if err != nil {
		return err
	}
	var folded any
	if hash := sha256.Sum256([]byte(v.Folded)); !bytes.Equal(hash[:16], p.hash) {
		folded = v.Folded
	}
	if isNew && folded == nil {
		return nil
	}
	return b.t.exec(`UPDATE body SET folded = ?1 WHERE n = ?2 AND folded IS NOT ?1`, folded, p.n)
}

// count enters the verdict in incident, tallies and watch tasks.
func (b *bench) count(id string, p *seat, j *store.Judgement, said *opinion.Verdict) error {
	if j.Incident != "" {
		b.incident(j.Incident).add(p.published, p.negative, j.Title)
	}
	bucket := ms(opinion.Bucket(at(p.published)))
	m := mark{bucket: bucket, post: p.n, negative: p.negative, voice: p.voice, text: textNumber(cmp.Or(j.Near, id))}
	now := b.t.now
	urgent := p.negative && b.t.fresh(p.published) && p.published <= now+ahead.Milliseconds()
	series := seriesOf(said)
	if urgent {
		for _, of := range series {
			b.looks[look{of, max(now, bucket+opinion.BucketWidth.Milliseconds())}] = true
		}
	}
	return b.mark(series, m)
}

// seriesOf are the series that a post counts in.
func seriesOf(v *opinion.Verdict) []opinion.Series {
	topics := slices.Clone(v.Topics)
	if v.MentionsPolice {
		topics = append(topics, opinion.AllPolice)
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	places := append([]string{""}, v.Places...)
	slices.Sort(places)
	places = slices.Compact(places)
	all := make([]opinion.Series, 0, len(topics)*len(places))
	for _, topic := range topics {
		for _, place := range places {
			all = append(all, opinion.Series{Topic: topic, Place: place})
		}
	}
	return all
}

// flush writes what was gathered.
func (b *bench) flush() error {
	for _, id := range slices.Sorted(maps.Keys(b.incidents)) {
		if err := b.t.moveIncident(id, b.incidents[id]); err != nil {
			return err
		}
	}
	for k, d := range b.tallies {
		if err := b.t.moveTally(k, d); err != nil {
			return err
		}
	}
	if err := b.t.requote(b.rewrites); err != nil {
		return err
	}
	if err := b.t.queueNow(store.Index, b.index); err != nil {
		return err
	}
	for l := range b.looks {
		// Each bucket's end is looked at by itself; what has ended already is
		// looked at once, now.
		slot := l.due
		if l.due <= b.t.now {
			slot = 0
		}
		if err := b.t.queue(store.Look, l.series.Topic+"\n"+l.series.Place, slot, true, l.due); err != nil {
			return err
		}
	}
	return nil
}

// packPrint is a print as it is stored.
func packPrint(sample []uint32) []byte {
	b := make([]byte, 0, 4*len(sample))
	for _, v := range sample {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func unpackPrint(b []byte) []uint32 {
	if len(b) < 4 {
		return nil
	}
	sample := make([]uint32, 0, len(b)/4)
	for ; len(b) >= 4; b = b[4:] {
		sample = append(sample, binary.LittleEndian.Uint32(b))
	}
	return sample
}
