package sqlite

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"math"
	"strings"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// How many matches a search looks at, the newest ones: with words, where each
// costs, and with filters alone.
const (
	textMatches   = 10_000
	filterMatches = 200_000
)

// Search answers q from one snapshot of the file.
func (x *Index) Search(ctx context.Context, q index.Query) (index.Result, error) {
	q, err := q.Check()
	if err != nil {
		return index.Result{}, err
	}
	tx, err := x.r.BeginTx(ctx, nil)
	if err != nil {
		return index.Result{}, fmt.Errorf("search: %w", err)
	}
	defer tx.Rollback()
	s := &search{tx: tx, q: q, match: matching(q, x.cut), lowest: math.MinInt64, highest: math.MaxInt64}
	if !q.From.IsZero() {
		s.lowest = row(q.From)
	}
	if !q.Until.IsZero() {
		s.highest = row(q.Until) - 1
	}
	res, err := s.run(ctx)
	if err != nil {
		return index.Result{}, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

type search struct {
	tx              *sql.Tx
	q               index.Query
	match           string // the FTS5 query, "" for everything
	lowest, highest int64  // rows
}

func (s *search) run(ctx context.Context) (index.Result, error) {
	at, err := readCursor(s.q)
	if err != nil {
		return index.Result{}, err
	}
	var res index.Result
	counted := s.q.Cursor != ""
	res.Total, res.Negative, res.Exact = at.Total, at.Negative, at.Exact
	if s.q.Facets || s.q.Step > 0 {
		counted = true
		if err := s.tally(ctx, &res); err != nil {
			return res, err
		}
	}
	page := s.newest
	if s.q.Order == index.Best && s.q.Expr != nil {
		page = s.best
	}
	next, err := page(ctx, at, counted, &res)
	if err != nil || len(res.Hits) <= s.q.Limit {
		return res, err
	}
	res.Hits = res.Hits[:s.q.Limit]
	next.Total, next.Negative, next.Exact = res.Total, res.Negative, res.Exact
	res.Next = next.String()
	return res, nil
}

// matches is the part of a statement that gives the rows of all matches,
// newest first and at most limit, and its arguments.
func (s *search) matches(columns string, limit int) (string, []any) {
	if s.match == "" {
		return `SELECT ` + columns + ` FROM (SELECT doc AS rowid FROM idx_docs)
			WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?`, []any{s.lowest, s.highest, limit}
	}
	return `SELECT ` + columns + ` FROM idx_text WHERE idx_text MATCH ? AND rowid BETWEEN ? AND ?
		ORDER BY rowid DESC LIMIT ?`, []any{s.match, s.lowest, s.highest, limit}
}

func (s *search) limit() int {
	if s.q.Expr == nil {
		return filterMatches
	}
	return textMatches
}

// newest finds one hit more than asked for, where there is one, and the cursor
// of the next page. What is found only here and there needs no counting: the
// page has it all.
func (s *search) newest(ctx context.Context, at cursor, counted bool, res *index.Result) (cursor, error) {
	page := *s
	if s.q.Cursor != "" {
		page.highest = min(page.highest, at.Row-1)
	}
	inner, args := page.matches("rowid", s.q.Limit+1)
	rows, err := s.hits(ctx, `SELECT doc, id, published, 0, 0, 0 FROM (`+inner+`) AS found
		CROSS JOIN idx_docs ON doc = found.rowid ORDER BY doc DESC`, args, res)
	if err != nil {
		return at, err
	}
	if len(rows.docs) > s.q.Limit {
		at.Row = rows.docs[s.q.Limit-1]
		if !counted {
			err = s.count(ctx, res)
		}
	} else if !counted {
		res.Total, res.Negative, res.Exact = len(rows.docs), rows.negative, true
	}
	return at, err
}

// count finds Total and Negative, which counts the same posts.
func (s *search) count(ctx context.Context, res *index.Result) error {
	if s.match == "" {
		return s.countAll(ctx, res)
	}
	inner, args := s.matches("rowid", s.limit())
	err := s.tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(rowid & 1), 0) FROM (`+inner+`)`, args...).Scan(&res.Total, &res.Negative)
	res.Exact = res.Total < s.limit()
	return err
}

// countAll counts where nothing but time is asked for, which is how the page of
// the search begins. The token that each doc holds is a smaller list than the
// docs; without bounds SQLite counts those by pages, not one by one.
func (s *search) countAll(ctx context.Context, res *index.Result) error {
	res.Exact = true
	const from = ` FROM idx_text WHERE idx_text MATCH ?`
	if s.lowest == math.MinInt64 && s.highest == math.MaxInt64 {
		negative := quote(tag('a', string(opinion.Negative)))
		return s.tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM idx_docs), (SELECT count(*)`+from+`)`, negative).Scan(&res.Total, &res.Negative)
	}
	return s.tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(rowid & 1), 0)`+from+` AND rowid BETWEEN ? AND ?`,
		quote(everyTag), s.lowest, s.highest).Scan(&res.Total, &res.Negative)
}

// best ranks the newest matches by bm25, and counts them in the same pass. The
// rows above the highest of the first page came later and are left out, so
// that places do not shift.
func (s *search) best(ctx context.Context, at cursor, counted bool, res *index.Result) (cursor, error) {
	page := *s
	if s.q.Cursor != "" {
		page.highest = min(page.highest, at.Row)
	} else if err := s.tx.QueryRowContext(ctx, `SELECT coalesce(max(doc), 0) FROM idx_docs`).Scan(&at.Row); err != nil {
		return at, err
	}
	inner, args := page.matches("rowid, bm25(idx_text) AS score", textMatches)
	rows, err := s.hits(ctx, `SELECT doc, id, published, -score, count(*) OVER (), sum(doc & 1) OVER ()
		FROM (`+inner+`) AS found CROSS JOIN idx_docs ON doc = found.rowid
		ORDER BY score, doc DESC LIMIT ? OFFSET ?`, append(args, s.q.Limit+1, at.Offset), res)
	if err == nil && !counted {
		res.Total, res.Negative, res.Exact = rows.total, rows.negatives, rows.total < textMatches
	}
	at.Offset += s.q.Limit
	return at, err
}

// found is what the rows of a page say beside the hits.
type found struct {
	docs             []int64
	negative         int // among docs
	total, negatives int // where the statement counts
}

func (s *search) hits(ctx context.Context, statement string, args []any, res *index.Result) (found, error) {
	var f found
	rows, err := s.tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return f, err
	}
	defer rows.Close()
	for rows.Next() {
		var h index.Hit
		var doc, published int64
		if err := rows.Scan(&doc, &h.ID, &published, &h.Score, &f.total, &f.negatives); err != nil {
			return f, err
		}
		h.Published = time.Unix(published, 0).UTC()
		f.docs, f.negative, res.Hits = append(f.docs, doc), f.negative+int(doc&1), append(res.Hits, h)
	}
	return f, rows.Err()
}

// cursor says where the next page starts, and carries what was counted for the
// first, so that paging counts once.
type cursor struct {
	Order    index.Order
	Row      int64 // Newest: the last one shown; Best: the highest at the first page
	Offset   int   // Best
	Total    int
	Negative int
	Exact    bool
}

const cursorForm = "%s %d %d %d %d %t"

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, cursorForm,
		c.Order, c.Row, c.Offset, c.Total, c.Negative, c.Exact))
}

func readCursor(q index.Query) (cursor, error) {
	c := cursor{Order: q.Order}
	if q.Cursor == "" {
		return c, nil
	}
	wrong := fmt.Errorf("read cursor: %w", opinion.ErrInvalid)
	if len(q.Cursor) > 200 {
		return c, wrong
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil {
		return c, wrong
	}
	n, err := fmt.Sscanf(string(raw), cursorForm, &c.Order, &c.Row, &c.Offset, &c.Total, &c.Negative, &c.Exact)
	if err != nil || n != 6 || c.Order != q.Order || c.Offset < 0 || c.Offset > textMatches ||
		c.Total < 0 || c.Negative < 0 || c.String() != q.Cursor {
		return c, wrong
	}
	return c, nil
}

// matching writes q, but for its time, in the query language of FTS5. Tokens
// are always quoted and hold no quote, so nothing of it is a person's.
func matching(q index.Query, cut index.Cut) string {
	var all []string
	if q.Expr != nil {
		all = append(all, expression(q.Expr, cut, q.Order == index.Best))
	}
	filter := func(letter byte, values []string) {
		var any []string
		for _, v := range values {
			any = append(any, quote(tag(letter, v)))
		}
		if len(any) > 0 {
			all = append(all, "("+strings.Join(any, " OR ")+")")
		}
	}
	filter('t', q.Topics)
	filter('p', q.Places)
	filter('s', q.Sources)
	filter('c', plain(q.Classes))
	filter('a', plain(q.Attitudes))
	if q.Incident != "" {
		filter('i', []string{q.Incident})
	}
	return and(all...)
}

func plain[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func quote(tokens string) string { return `"` + tokens + `"` }

func and(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " AND ")
}

// expression writes x as one operand.
func expression(x index.Expr, cut index.Cut, rank bool) string {
	switch x := x.(type) {
	case index.Word:
		return wordMatch(x, cut, rank)
	case index.Phrase:
		return quote(index.Chars(string(x)))
	case index.Any:
		parts := make([]string, len(x))
		for i, p := range x {
			parts[i] = expression(p, cut, rank)
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	case index.All:
		return all(x, cut, rank)
	case index.Not:
		return all(index.All{x}, cut, rank)
	}
	return quote(everyTag)
}

// all writes the parts of x, exclusions last because FTS5 has no NOT without
// something before it.
func all(x index.All, cut index.Cut, rank bool) string {
	var wanted, unwanted []string
	for _, p := range x {
		if n, ok := p.(index.Not); ok {
			unwanted = append(unwanted, expression(n.X, cut, false))
		} else {
			wanted = append(wanted, expression(p, cut, rank))
		}
	}
	if len(wanted) == 0 {
		wanted = []string{quote(everyTag)}
	}
	said := "(" + strings.Join(wanted, " AND ") + ")"
	if len(unwanted) > 0 {
		said = "(" + said + " NOT (" + strings.Join(unwanted, " OR ") + "))"
	}
	return said
}

// wordMatch asks for every piece of w. For ranking it also asks for w in one
// piece, in a way that finds no more and no less but adds to the weight.
func wordMatch(w index.Word, cut index.Cut, rank bool) string {
	words, chars := index.Terms(cut, w)
	var pieces []string
	for _, t := range words {
		pieces = append(pieces, quote(t))
	}
	for _, t := range chars {
		pieces = append(pieces, quote(t))
	}
	if rank && len(pieces) > 1 {
		pieces = append(pieces, "("+pieces[0]+" OR "+quote(index.Chars(string(w)))+")")
	}
	return "(" + strings.Join(pieces, " AND ") + ")"
}
