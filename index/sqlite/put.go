package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// chunk is how much text one transaction takes, in bytes: about 200 posts of
// 500 characters, some 80 ms, so that others get their turn with the writer.
// Smaller ones leave more to be merged.
const chunk = 300_000

// perSecond bits of a row number count the posts of one second; the last of
// them is 1 for a negative post, so that negatives are counted without looking
// them up. The 513th of either sort in a second takes a row of the next, and is
// ordered and filtered by time as if it were of that second.
const perSecond = 10

// maxSecond keeps row numbers in range whatever date a page claims.
const maxSecond = 1 << 42

// Put adds or replaces docs, a few in each transaction.
func (x *Index) Put(ctx context.Context, docs []index.Doc) error {
	for _, d := range docs {
		if err := d.Check(); err != nil {
			return err
		}
	}
	for len(docs) > 0 {
		n, size := 0, 0
		for n < len(docs) && (n == 0 || size+len(docs[n].Text) <= chunk) {
			size += len(docs[n].Text)
			n++
		}
		if err := x.putChunk(ctx, docs[:n]); err != nil {
			return fmt.Errorf("put %d docs: %w", n, err)
		}
		docs = docs[n:]
	}
	return nil
}

func (x *Index) putChunk(ctx context.Context, docs []index.Doc) error {
	tokens := make([]string, len(docs)) // cut before the writer is taken
	for i, d := range docs {
		tokens[i] = d.Chars() + " " + d.Words(x.cut) + " " + strings.Join(tags(d), " ")
	}
	return x.write(ctx, func(p *putter) error {
		for i, d := range docs {
			if err := p.put(ctx, d, tokens[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (x *Index) write(ctx context.Context, do func(*putter) error) error {
	tx, err := x.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	p := &putter{tx: tx, ready: map[string]*sql.Stmt{}, names: map[[2]string]int64{}}
	if err := do(p); err != nil {
		return err
	}
	if p.removed > 0 {
		if err := p.exec(ctx, `UPDATE idx_left SET docs = docs + ?`, p.removed); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// putter writes within one transaction and keeps what it prepared.
type putter struct {
	tx      *sql.Tx
	ready   map[string]*sql.Stmt // closed with tx
	names   map[[2]string]int64
	removed int // docs whose tokens are left
}

func (p *putter) stmt(ctx context.Context, q string) (*sql.Stmt, error) {
	if s := p.ready[q]; s != nil {
		return s, nil
	}
	s, err := p.tx.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	p.ready[q] = s
	return s, nil
}

func (p *putter) exec(ctx context.Context, q string, args ...any) error {
	s, err := p.stmt(ctx, q)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, args...)
	return err
}

func (p *putter) scan(ctx context.Context, q string, arg []any, to ...any) error {
	s, err := p.stmt(ctx, q)
	if err != nil {
		return err
	}
	return s.QueryRowContext(ctx, arg...).Scan(to...)
}

func (p *putter) put(ctx context.Context, d index.Doc, tokens string) error {
	second, negative := row(d.Published)>>perSecond, int64(0)
	if d.Attitude == opinion.Negative {
		negative = 1
	}
	var doc, version, published int64
	err := p.scan(ctx, `SELECT doc, version, published FROM idx_docs WHERE id = ?`, []any{d.ID}, &doc, &version, &published)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		doc = -1
	case err != nil:
		return err
	case version > d.Version:
		return nil
	default:
		if err := p.remove(ctx, doc); err != nil {
			return err
		}
		if row(time.Unix(published, 0))>>perSecond != second || doc&1 != negative {
			doc = -1
		}
	}
	if doc == -1 {
		if doc, err = p.free(ctx, second, negative); err != nil {
			return err
		}
	}
	packed, err := p.traits(ctx, d)
	if err != nil {
		return err
	}
	if err := p.exec(ctx, `INSERT INTO idx_docs (doc, id, version, published, traits) VALUES (?, ?, ?, ?, ?)`,
		doc, d.ID, d.Version, d.Published.Unix(), packed); err != nil {
		return err
	}
	return p.exec(ctx, `INSERT INTO idx_text (rowid, tokens) VALUES (?, ?)`, doc, tokens)
}

func (p *putter) remove(ctx context.Context, doc int64) error {
	p.removed++
	if err := p.exec(ctx, `DELETE FROM idx_text WHERE rowid = ?`, doc); err != nil {
		return err
	}
	return p.exec(ctx, `DELETE FROM idx_docs WHERE doc = ?`, doc)
}

// free finds a row for a post of this second, after those that are there.
func (p *putter) free(ctx context.Context, second, negative int64) (int64, error) {
	for ; ; second++ {
		first, after := second<<perSecond, (second+1)<<perSecond
		var last int64
		err := p.scan(ctx, `SELECT doc FROM idx_docs WHERE doc >= ? AND doc < ? AND doc & 1 = ? ORDER BY doc DESC LIMIT 1`,
			[]any{first, after, negative}, &last)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return first + negative, nil
		case err != nil:
			return 0, err
		case last+2 < after:
			return last + 2, nil
		}
	}
}

// row is the first row of the second of t.
func row(t time.Time) int64 {
	return min(max(t.Unix(), -maxSecond), maxSecond) << perSecond
}

// traits packs what facets count: time, attitude, class, source, topics and
// places, with numbers from idx_names for the names.
func (p *putter) traits(ctx context.Context, d index.Doc) (string, error) {
	var b strings.Builder
	b.WriteString(strconv.FormatInt(d.Published.Unix(), 36))
	for _, of := range []struct {
		facet  string
		values []string
	}{
		{index.ByAttitude, []string{string(d.Attitude)}},
		{index.ByClass, []string{string(d.Class)}},
		{index.BySource, []string{d.Source}},
		{index.ByTopic, d.Topics},
		{index.ByPlace, d.Places},
	} {
		b.WriteByte('/')
		for i, v := range distinct(of.values) {
			n, err := p.name(ctx, of.facet, v)
			if err != nil {
				return "", err
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.FormatInt(n, 36))
		}
	}
	b.WriteByte(';')
	return b.String(), nil
}

func (p *putter) name(ctx context.Context, facet, value string) (int64, error) {
	key := [2]string{facet, value}
	if n, ok := p.names[key]; ok {
		return n, nil
	}
	if err := p.exec(ctx, `INSERT INTO idx_names (facet, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, facet, value); err != nil {
		return 0, err
	}
	var n int64
	if err := p.scan(ctx, `SELECT name FROM idx_names WHERE facet = ? AND value = ?`, []any{facet, value}, &n); err != nil {
		return 0, err
	}
	p.names[key] = n
	return n, nil
}

// Filters stand in the text as tokens: a mark that no text holds, the letter
// of the filter, and the value in hexadecimal, since the tokenizer knows no
// upper case and a name may hold anything.
const (
	tagMark  = "\uE101"
	everyTag = tagMark + "every" // on each doc, for queries of exclusions alone
)

func tag(letter byte, value string) string {
	return tagMark + string(letter) + hex.EncodeToString([]byte(value))
}

func tags(d index.Doc) []string {
	all := []string{
		everyTag, tag('s', d.Source), tag('c', string(d.Class)), tag('a', string(d.Attitude)),
	}
	if d.Incident != "" {
		all = append(all, tag('i', d.Incident))
	}
	for _, t := range distinct(d.Topics) {
		all = append(all, tag('t', t))
	}
	for _, p := range distinct(d.Places) {
		all = append(all, tag('p', p))
	}
	return all
}

// Delete removes docs, a thousand in each transaction.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	for len(ids) > 0 {
		n := min(len(ids), 1000)
		err := x.write(ctx, func(p *putter) error {
			for _, id := range ids[:n] {
				var doc int64
				err := p.scan(ctx, `SELECT doc FROM idx_docs WHERE id = ?`, []any{id}, &doc)
				if errors.Is(err, sql.ErrNoRows) {
					continue
				}
				if err != nil {
					return err
				}
				if err := p.remove(ctx, doc); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("delete %d docs: %w", n, err)
		}
		ids = ids[n:]
	}
	return nil
}

// Clear empties the tables.
func (x *Index) Clear(ctx context.Context) error {
	err := x.write(ctx, func(p *putter) error {
		for _, q := range []string{
			`INSERT INTO idx_text (idx_text) VALUES ('delete-all')`,
			`DELETE FROM idx_docs`,
			`DELETE FROM idx_names`,
			`UPDATE idx_left SET docs = 0`,
		} {
			if err := p.exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("clear index: %w", err)
	}
	return nil
}

// distinct drops what repeats and what is empty.
func distinct(values []string) []string {
	var kept []string
	for i, v := range values {
		if v != "" && !slices.Contains(values[:i], v) {
			kept = append(kept, v)
		}
	}
	return kept
}
