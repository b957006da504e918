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
	var res index.Result
	at, err := readCursor(s.q)
	if err != nil {
		return res, err
	}
	res.Total, res.Negative, res.Exact = at.Total, at.Negative, at.Exact
	switch {
	case s.q.Facets || s.q.Step > 0:
		err = s.tally(ctx, &res)
	case s.q.Cursor == "":
		err = s.count(ctx, &res)
	}
	if err != nil {
		return res, err
	}
	at.Total, at.Negative, at.Exact = res.Total, res.Negative, res.Exact
	if s.q.Order == index.Best && s.q.Expr != nil {
		return res, s.best(ctx, at, &res)
	}
	return res, s.newest(ctx, at, &res)
}

// matches is the part of a statement that gives the rows of all matches,
// newest first and at most limit, and its arguments.
func (s *search) matches(columns, more string, limit int) (string, []any) {
	if s.match == "" && more == "" {
		return `SELECT ` + columns + ` FROM (SELECT doc AS rowid FROM idx_docs)
			WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?`, []any{s.lowest, s.highest, limit}
	}
	return `SELECT ` + columns + ` FROM idx_text WHERE idx_text MATCH ? AND rowid BETWEEN ? AND ?
		ORDER BY rowid DESC LIMIT ?`, []any{and(s.match, more), s.lowest, s.highest, limit}
}

func (s *search) limit() int {
	if s.q.Expr == nil {
		return filterMatches
	}
	return textMatches
}

// count finds Total and Negative. The negatives are counted over the same rows.
func (s *search) count(ctx context.Context, res *index.Result) error {
	inner, args := s.matches("rowid", "", s.limit())
	var first sql.NullInt64
	if err := s.tx.QueryRowContext(ctx, `SELECT count(*), min(rowid) FROM (`+inner+`)`, args...).Scan(&res.Total, &first); err != nil {
		return err
	}
	res.Exact = res.Total < s.limit()
	if res.Total == 0 {
		return nil
	}
	bounded := *s
	bounded.lowest = first.Int64
	inner, args = bounded.matches("rowid", quote(tag('a', string(opinion.Negative))), s.limit())
	return s.tx.QueryRowContext(ctx, `SELECT count(*) FROM (`+inner+`)`, args...).Scan(&res.Negative)
}

func (s *search) newest(ctx context.Context, at cursor, res *index.Result) error {
	page := *s
	if s.q.Cursor != "" {
		page.highest = min(page.highest, at.Row-1)
	}
	inner, args := page.matches("rowid", "", s.q.Limit+1)
	rows, err := s.hits(ctx, `SELECT rowid, 0 AS score FROM (`+inner+`)`, "rowid DESC", args, res)
	if err != nil || len(rows) <= s.q.Limit {
		return err
	}
	res.Hits = res.Hits[:s.q.Limit]
	at.Row = rows[s.q.Limit-1]
	res.Next = at.String()
	return nil
}

// best ranks the newest matches by bm25. The rows above the highest of the
// first page came later and are left out, so that places do not shift.
func (s *search) best(ctx context.Context, at cursor, res *index.Result) error {
	page := *s
	if s.q.Cursor != "" {
		page.highest = min(page.highest, at.Row)
	} else if err := s.tx.QueryRowContext(ctx, `SELECT coalesce(max(doc), 0) FROM idx_docs`).Scan(&at.Row); err != nil {
		return err
	}
	inner, args := page.matches("rowid, bm25(idx_text) AS score", "", textMatches)
	rows, err := s.hits(ctx, `SELECT rowid, -score AS score FROM (`+inner+`) ORDER BY 2 DESC, 1 DESC LIMIT ? OFFSET ?`,
		"score DESC, rowid DESC", append(args, s.q.Limit+1, at.Offset), res)
	if err != nil || len(rows) <= s.q.Limit {
		return err
	}
	res.Hits = res.Hits[:s.q.Limit]
	at.Offset += s.q.Limit
	res.Next = at.String()
	return nil
}

func (s *search) hits(ctx context.Context, found, order string, args []any, res *index.Result) ([]int64, error) {
	rows, err := s.tx.QueryContext(ctx, `SELECT rowid, id, published, score FROM (`+found+`) AS found
		JOIN idx_docs ON doc = found.rowid ORDER BY `+order, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var docs []int64
	for rows.Next() {
		var h index.Hit
		var doc, published int64
		if err := rows.Scan(&doc, &h.ID, &published, &h.Score); err != nil {
			return nil, err
		}
		h.Published = time.Unix(published, 0).UTC()
		docs, res.Hits = append(docs, doc), append(res.Hits, h)
	}
	return docs, rows.Err()
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
