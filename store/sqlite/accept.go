package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"

	"minsheng/opinion"
	"minsheng/store"
)

// textHash is what a text is compared by: title, line break, text, which is
// also the shape of the folded text.
func textHash(title, body string) []byte {
	h := sha256.New()
	h.Write([]byte(title))
	h.Write([]byte{'\n'})
	h.Write([]byte(body))
	return h.Sum(nil)[:16]
}

// known is what the store holds of an identity.
type known struct {
	n         int64
	hash      []byte
	published int64
	revision  int
	dropped   bool
}

// Accept stores new posts and new revisions, each with its analyse task.
func (s *Store) Accept(ctx context.Context, posts []opinion.Post) (int, error) {
	changed := 0
	err := s.write(ctx, "accept posts", func(t *tx) error {
		changed = 0
		have, err := t.known(posts)
		if err != nil {
			return err
		}
		version, err := t.next("version", len(posts))
		if err != nil {
			return err
		}
		var due refs
		for i := range posts {
			did, err := t.accept(&posts[i], have, version+int64(i))
			if err != nil {
				return err
			}
			if did {
				changed++
				due.add(posts[i].ID, t.fresh(ms(posts[i].Published)))
			}
		}
		return t.queueNow(store.Analyse, due)
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// known looks up what is stored and what was dropped among posts.
func (t *tx) known(posts []opinion.Post) (map[string]known, error) {
	ids := make([]string, len(posts))
	for i := range posts {
		ids[i] = posts[i].ID
	}
	list := text(ids)
	all := make(map[string]known)
	scan := func(rows *sql.Rows) (_ struct{}, err error) {
		var id string
		var k known
		err = rows.Scan(&id, &k.n, &k.hash, &k.published, &k.revision, &k.dropped)
		all[id] = k
		return struct{}{}, err
	}
	rows, err := t.rows(`SELECT id, n, hash, published, revision, 0 FROM post WHERE id IN (SELECT value FROM json_each(?))`, list)
	if _, err = collect(rows, err, scan); err != nil {
		return nil, err
	}
	rows, err = t.rows(`SELECT id, 0, hash, 0, 0, 1 FROM dropped WHERE id IN (SELECT value FROM json_each(?))`, list)
	_, err = collect(rows, err, scan)
	return all, err
}

func (t *tx) accept(p *opinion.Post, have map[string]known, version int64) (bool, error) {
	hash := textHash(p.Title, p.Text)
	k, old := have[p.ID]
	if old && k.dropped {
		// Without a hash it was taken out for good.
		if k.hash == nil || bytes.Equal(k.hash, hash) {
			return false, nil
		}
		if err := t.exec(`DELETE FROM dropped WHERE id = ?`, p.ID); err != nil {
			return false, err
		}
		old = false
	}
	sameText := old && bytes.Equal(k.hash, hash)
	if sameText && k.published == ms(p.Published) {
		return false, nil
	}
	var err error
	if old {
		err = t.revise(p, &k, hash, sameText, version)
	} else {
		k = known{revision: 1}
		err = t.add(p, &k, hash, version)
	}
	if err != nil {
		return false, err
	}
	k.hash, k.published = hash, ms(p.Published)
	have[p.ID] = k // the same post may stand in the batch twice
	return true, nil
}

// fresh says whether a time of publication is so young that the post comes
// before those of the past.
func (t *tx) fresh(published int64) bool { return published >= t.now-freshAge.Milliseconds() }

func (t *tx) add(p *opinion.Post, k *known, hash []byte, version int64) (err error) {
	k.n, err = t.insert(`INSERT INTO post (id, published, fetched, voice, revision, version, hash, source, class, kind, url, thread, outlet, flags)
		VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, ms(p.Published), ms(p.Fetched), int64(p.Voice), version, hash, p.Source, p.Class, p.Kind, p.URL, p.Thread, p.Outlet, list(p.Flags))
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO body (n, title, text) VALUES (?, ?, ?)`, k.n, p.Title, p.Text)
}

// revise writes a new revision. The verdict on the one before stands until the
// next, so the folded text that its evidence points into is kept with it.
func (t *tx) revise(p *opinion.Post, k *known, hash []byte, sameText bool, version int64) error {
	if !sameText {
		k.revision++
		err := t.exec(`UPDATE body SET folded = CASE WHEN EXISTS (SELECT 1 FROM verdict v WHERE v.n = body.n)
			THEN COALESCE(folded, title || char(10) || text) END, title = ?, text = ? WHERE n = ?`, p.Title, p.Text, k.n)
		if err != nil {
			return err
		}
	}
	return t.exec(`UPDATE post SET published = ?, fetched = ?, voice = ?, revision = ?, version = ?, hash = ?,
		source = ?, class = ?, kind = ?, url = ?, thread = ?, outlet = ?, flags = ? WHERE n = ?`,
		ms(p.Published), ms(p.Fetched), int64(p.Voice), k.revision, version, hash,
		p.Source, p.Class, p.Kind, p.URL, p.Thread, p.Outlet, list(p.Flags), k.n)
}
