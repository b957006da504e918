package sqlite

import (
	"slices"

	"minsheng/opinion"
	"minsheng/store"
)

// rewrite is a post whose text was masked again, with its heading before and
// after: others may have taken it for their name.
type rewrite struct {
	post     string
	was, now string
	*store.Masked
}

// rewrite puts the text that was masked again in the place of the stored one.
// The hash goes along: by it the page is known when it is fetched again.
func (b *bench) rewrite(id string, p *seat, m *store.Masked) error {
	var old opinion.Post
	if err := b.t.row(`SELECT title, text FROM body WHERE n = ?`, p.n).Scan(&old.Title, &old.Text); err != nil {
		return err
	}
	b.rewrites = append(b.rewrites, rewrite{id, old.Heading(), opinion.Post{Title: m.Title, Text: m.Text}.Heading(), m})
	p.hash = textHash(m.Title, m.Text)
	if err := b.t.exec(`UPDATE body SET title = ?, text = ? WHERE n = ?`, m.Title, m.Text, p.n); err != nil {
		return err
	}
	return b.t.exec(`UPDATE post SET hash = ?, outlet = ? WHERE n = ?`, p.hash, m.Outlet, p.n)
}

// requote brings up to date what incidents and alerts took from posts: their
// names, excerpts, and words that weighed.
func (t *tx) requote(all []rewrite) error {
	if len(all) == 0 {
		return nil
	}
	said := make(map[string]*store.Masked, len(all))
	posts, gone, names := []string{}, []string{}, [][2]string{}
	for _, r := range all {
		said[r.post] = r.Masked
		posts, gone = append(posts, r.post), append(gone, r.Gone...)
		if r.was != r.now {
			names = append(names, [2]string{r.was, r.now})
		}
	}
	for _, q := range []string{renameIncidents, renameAlerts} {
		if err := t.exec(q, text(names)); err != nil {
			return err
		}
	}
	rows, err := t.rows(quoting, text(posts), text(gone))
	alerts, err := collect(rows, err, alertRow)
	if err != nil {
		return err
	}
	for _, a := range alerts {
		for i := range a.Examples {
			if m := said[a.Examples[i].PostID]; m != nil {
				a.Examples[i].Title, a.Examples[i].Excerpt = m.Title, m.Excerpt
			}
		}
		a.Words = slices.DeleteFunc(a.Words, func(w opinion.Word) bool { return slices.Contains(gone, w.Text) })
		if err := t.exec(`UPDATE alert SET examples = ?, words = ? WHERE number = ?`, list(a.Examples), list(a.Words), a.Number); err != nil {
			return err
		}
	}
	return nil
}

// Names are looked up by what they say, since a post may have left the incident
// that bears its heading; all of a batch in one walk.
const (
	renameIncidents = `UPDATE incident SET title = ` + renamed + ` WHERE title IN (SELECT json_extract(value, '$[0]') FROM json_each(?1))`
	renameAlerts    = `UPDATE alert SET title = ` + renamed + ` WHERE title IN (SELECT json_extract(value, '$[0]') FROM json_each(?1))`
	renamed         = `(SELECT json_extract(value, '$[1]') FROM json_each(?1) WHERE json_extract(value, '$[0]') = title LIMIT 1)`
)

// quoting are the alerts that show one of some posts, or name one of some words.
const quoting = `SELECT ` + alertColumns + ` FROM alert WHERE
	EXISTS (SELECT 1 FROM json_each(NULLIF(examples, '')) WHERE json_extract(value, '$.post') IN (SELECT value FROM json_each(?1)))
	OR EXISTS (SELECT 1 FROM json_each(NULLIF(words, '')) WHERE json_extract(value, '$.text') IN (SELECT value FROM json_each(?2)))`
