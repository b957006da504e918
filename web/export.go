package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/index"
	"minsheng/store"
)

// exportLimit is how many rows an export has at most.
const exportLimit = 10_000

// exportSearch writes the results of a search as a table that spreadsheets
// open: UTF-8 with a mark of it, and no cell that they would take for a
// formula. It is recorded before the first byte leaves.
func (s *Server) exportSearch(r *http.Request, v *visit) (answer, error) {
	ctx := r.Context()
	form := readSearch(r.URL.Query()).first()
	q, err := form.query(s.Now(), s.Zone)
	if err != nil {
		return answer{}, exportFault(err)
	}
	q.Limit = index.MaxLimit
	first, err := s.Index.Search(ctx, q)
	if err != nil {
		return answer{}, exportFault(err)
	}
	rows := min(first.Total, exportLimit)
	err = s.State.Audit(ctx, store.Entry{At: s.Now(), User: v.User.Name, Verb: "exported", Object: form.address("/search"), Detail: fmt.Sprint(rows)})
	if err != nil {
		return answer{}, err
	}
	return s.attachment(ctx, v, "search", "csv", func(w io.Writer) error { return s.writeExport(ctx, w, v.Lang, q, first) }), nil
}

// attachment is a file for the browser to keep. The browser must not take a part
// for the whole: where writing fails, the connection breaks off.
func (s *Server) attachment(ctx context.Context, v *visit, name, kind string, write func(io.Writer) error) answer {
	types := map[string]string{"csv": "text/csv", "tsv": "text/tab-separated-values"}
	name = "minsheng-" + name + s.Now().In(s.Zone).Format("-20060102-1504") + "." + kind
	return answer{write: func(w http.ResponseWriter) error {
		w.Header().Set("Content-Type", types[kind]+"; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		if err := write(w); err != nil {
			if ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "export failed", "request", v.ID, "err", err)
			}
			panic(http.ErrAbortHandler)
		}
		return nil
	}}
}

// exportFault shows a query that cannot be read with its own sentence.
func exportFault(err error) error {
	if f := malformed(err); f != nil {
		return &fault{status: http.StatusUnprocessableEntity, code: f.Code, args: anys(f.Args)}
	}
	return err
}

var exportColumns = []string{"published", "source", "class", "kind", "attitude", "sure", "confidence", "topics", "places", "title", "text", "reasons", "url", "incident", "id"}

const byteOrderMark = "\uFEFF" // without it spreadsheets guess a legacy encoding

func (s *Server) writeExport(ctx context.Context, w io.Writer, lang i18n.Lang, q index.Query, res index.Result) error {
	head := make([]string, len(exportColumns))
	for i, c := range exportColumns {
		head[i] = i18n.Say(lang, "export."+c)
	}
	out, err := newTable(w, head)
	if err != nil {
		return err
	}
	for n := 0; ; {
		posts, err := s.State.Posts(ctx, ids(res.Hits)...)
		if err != nil {
			return err
		}
		for _, p := range posts[:min(len(posts), exportLimit-n)] {
			if err := out.Write(s.exportRow(lang, p)); err != nil {
				return err
			}
			n++
		}
		out.Flush()
		if res.Next == "" || n >= exportLimit || out.Error() != nil {
			return out.Error()
		}
		q.Cursor = res.Next
		if res, err = s.Index.Search(ctx, q); err != nil {
			return err
		}
	}
}

// newTable begins a table for spreadsheets with its first line.
func newTable(w io.Writer, head []string) (*csv.Writer, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out, out.Write(head)
}

// exportRow masks anew: what was stored before the masker knew a pattern must not
// go out either.
func (s *Server) exportRow(lang i18n.Lang, p store.Stored) []string {
	v := p.Verdict
	why := make([]string, 0, len(v.Evidence))
	for _, r := range reasons(lang, v.Evidence) {
		why = append(why, r.Text+" "+r.Weight)
	}
	return safeCells(
		p.Published.In(s.Zone).Format("2006-01-02 15:04:05"), p.Source, word(lang, "class.", string(p.Class)), word(lang, "kind.", string(v.Kind)),
		word(lang, "attitude.", string(v.Attitude)), i18n.Say(lang, sure(p)), fmt.Sprintf("%.2f", v.Confidence),
		strings.Join(v.Topics, "、"), strings.Join(v.Places, "、"), analysis.Mask(p.Title), analysis.Mask(p.Text), analysis.Mask(strings.Join(why, "；")), p.URL, p.Incident, p.ID,
	)
}

// word names a value of a fixed list; what has no name stays as it is.
func word(lang i18n.Lang, prefix, value string) string {
	if value == "" || !i18n.Has(prefix+value) {
		return value
	}
	return i18n.Say(lang, prefix+value)
}

func safeCells(cells ...string) []string {
	for i, c := range cells {
		cells[i] = safeCell(c)
	}
	return cells
}

// safeCell keeps spreadsheets from taking a text for a formula: see OWASP, CSV
// Injection. The full-width signs are those that East Asian editions take for
// the plain ones.
func safeCell(s string) string {
	shown := strings.TrimLeft(s, " \u3000\u00a0\ufeff\u200b")
	if shown == "" {
		return s
	}
	first, _ := utf8.DecodeRuneInString(shown)
	if strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", first) {
		return "'" + s
	}
	return s
}
