package sqlite

import (
	"database/sql"
	"errors"
	"strconv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// fullPause is when a list or sitemap is asked again whose links did not fit.
const fullPause = 6 * time.Hour

// linker adds what was found on one address.
type linker struct {
	t      *tx
	source *sourceMark
	past   bool // found in a first pass
	depth  int
	host   string // of the last new link: it is in the table
	added  int    // links that were new or fell due again
	left   int    // links that did not fit
	opened int    // links that opened a first pass
}

func (t *tx) linker(source *sourceMark, past bool, depth int) *linker {
	return &linker{t: t, source: source, past: past, depth: depth}
}

func (l *linker) addAll(links []store.Link) error {
	if len(links) == 0 {
		return nil
	}
	if err := l.t.measure(l.source); err != nil {
		return err
	}
	known, err := l.t.seen(links)
	if err != nil {
		return err
	}
	for _, k := range links {
		if err := l.add(k, known); err != nil {
			return err
		}
	}
	return nil
}

// add adds one link; read are those that were read for good, up to when.
func (l *linker) add(k store.Link, read map[int64]int64) error {
	t, said := l.t, ms(k.Published)
	id := seenID(k.URL)
	upto, known := read[id]
	if known && seconds(said) <= upto {
		return nil
	}
	if known {
		delete(read, id)
		return l.comeBack(k, id, upto)
	}
	if l.source.room <= 0 {
		return l.refuse(k)
	}
	// A link of a first pass that says it is fresh need not wait behind the past.
	past := l.past && said < t.now-freshAge.Milliseconds()
	n, err := l.insert(k, past, l.past, 0)
	if err != nil {
		return err
	}
	if n > 0 {
		l.added, l.source.room = l.added+1, l.source.room-1
		if l.past {
			l.opened++
		}
		return nil
	}
	return l.remind(k)
}

// measure reads, once for a commit, what holds for all links of a source.
func (t *tx) measure(m *sourceMark) error {
	if m.measured {
		return nil
	}
	m.measured = true
	err := t.row(`SELECT paused OR NOT active FROM source WHERE name = ?`, m.name).Scan(&m.held)
	if err != nil {
		return missing(err)
	}
	var waiting int
	const most = store.MaxWaiting + 1 // the source's own address beside them
	err = t.row(`SELECT COUNT(*) FROM (SELECT 1 FROM frontier WHERE source = ? AND due IS NOT NULL LIMIT ? + 0)`, m.name, most).Scan(&waiting)
	m.room = most - waiting
	return err
}

func (l *linker) insert(k store.Link, past, first bool, changed int64) (int64, error) {
	host := hostOf(k.URL)
	n, err := l.t.count(`INSERT INTO frontier (url, source, host, role, rank, depth, first, held, due, published, changed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING`,
		k.URL, l.source.name, host, k.Role, rankOf(k.Role, past), l.depth, first, l.source.held, l.t.now, ms(k.Published), changed)
	if err != nil || n == 0 || host == l.host {
		return n, err
	}
	l.host = host
	return n, l.t.exec(`INSERT INTO host (name) VALUES (?) ON CONFLICT DO NOTHING`, host)
}

// comeBack asks an address again that was read for good: its link says a time
// after that.
func (l *linker) comeBack(k store.Link, id, upto int64) error {
	if l.source.room <= 0 {
		l.left++
		return nil
	}
	if err := l.t.exec(`DELETE FROM seen WHERE id = ?`, id); err != nil {
		return err
	}
	n, err := l.insert(k, false, false, milliseconds(upto))
	l.added, l.source.room = l.added+int(n), l.source.room-int(n)
	return err
}

// refuse leaves a link out for which there is no room, unless it waits already.
func (l *linker) refuse(k store.Link) error {
	var known bool
	err := l.t.row(`SELECT EXISTS (SELECT 1 FROM frontier WHERE url = ?)`, k.URL).Scan(&known)
	if err == nil && !known {
		l.left++
	}
	return err
}

// remind makes a known address due again whose link says a later time. The time
// that was said is kept, so that one in the future asks once and not for ever.
func (l *linker) remind(k store.Link) error {
	if k.Published.IsZero() {
		return nil
	}
	var id int64
	err := l.t.row(`UPDATE frontier SET published = ?1,
		held = (SELECT s.paused OR NOT s.active FROM source s WHERE s.name = frontier.source),
		due = CASE WHEN due < ?2 THEN due ELSE ?2 END
		WHERE url = ?3 AND role <> 'entry' AND changed <> 0 AND ?1 > changed AND ?1 > published RETURNING id`,
		ms(k.Published), l.t.now, k.URL).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		l.t.s.leases.remind(id)
		l.added++
	}
	return err
}

// settle makes of an outcome what the links mean for it: whether the address
// brought anything new, and that it is asked again where they did not fit.
func (l *linker) settle(f store.Fetch, o store.Outcome) store.Outcome {
	if l.added > 0 || o.Posts > 0 {
		if !o.NextNew.IsZero() {
			o.Next = o.NextNew
		}
	} else if f.Role == store.EntryRole {
		o.Changed = false // other bytes, but nothing new in them
	}
	if l.left > 0 {
		o.ETag, o.LastModified = "", "" // the rest is there although the list is unchanged
		if f.Role == store.IndexRole && o.Fault == nil {
			o.Next = at(l.t.now).Add(fullPause)
		}
	}
	return o
}

// overflow is what the source's page says of the links that did not fit.
func (l *linker) overflow() *opinion.Fault {
	return opinion.NewRetry("source.full", nil, strconv.Itoa(l.left), strconv.Itoa(store.MaxWaiting))
}
