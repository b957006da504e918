package web

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// What a browser sends as a search never panics, and a place that is marked is
// a place of what was typed.
func FuzzSearchForm(f *testing.F) {
	for _, s := range []string{"q=户籍+(窗口", "q=%22&from=2026-03-11&until=x", "q=%E2%80%8B戶籍）&days=7&order=best", "cursor=x&incident=%00&class=media", "q=-&days=-1"} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 11, 6, 5, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		form := readSearch(v)
		_, err = form.query(now, time.UTC)
		if fault := malformed(err); fault != nil {
			if !i18n.Has(fault.Code) {
				t.Errorf("no sentence for %s", fault.Code)
			}
			if w := whereIn(form.Q, fault); w != nil && !strings.HasPrefix(form.Q, w.Before) {
				t.Errorf("%q is not the start of %q", w.Before, form.Q)
			}
		} else if err != nil {
			t.Errorf("query: %v", err)
		}
		back, err := url.Parse(form.address("/search"))
		if err != nil {
			t.Fatal(err)
		}
		if got := readSearch(back.Query()); got != form {
			t.Errorf("the address reads back as %+v, want %+v", got, form)
		}
	})
}

// Marking loses and adds nothing: the pieces are the text.
func FuzzMarking(f *testing.F) {
	f.Add("標題", "第一行\n民警態度惡劣ＡＢＣ", "态度恶劣 abc", 3, 9)
	f.Add("", "İstanbul \u200b 窗口\n\n", "i 窗口", 0, 100)
	f.Fuzz(func(t *testing.T, title, text, query string, start, end int) {
		if !utf8.ValidString(title + text + query) {
			return
		}
		p := store.Stored{Post: opinion.Post{Title: strings.ReplaceAll(title, "\n", " "), Text: text}}
		p.Verdict.Evidence = []opinion.Evidence{{Start: start, End: end, Weight: -1, Why: "why.complaint"}}
		p.Verdict.Folded = readFolded(p)
		r := readPost(i18n.Chinese, p, strings.Fields(query))
		if got := joined(r.title()); got != p.Title {
			t.Errorf("title = %q, want %q", got, p.Title)
		}
		var lines []string
		for _, block := range r.paragraphs() {
			lines = append(lines, joined(block))
		}
		want := strings.FieldsFunc(text, func(c rune) bool { return c == '\n' })
		if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("text = %q, want %q", got, strings.Join(want, "\n"))
		}
		excerpt := strings.TrimSuffix(strings.TrimPrefix(joined(r.excerpt()), "… "), " …")
		if !strings.Contains("… "+text+" …", excerpt) {
			t.Errorf("excerpt %q is not of the text %q", excerpt, text)
		}
	})
}

func readFolded(p store.Stored) string {
	folded, _ := analysis.Fold(readPost(i18n.Chinese, p, nil).shown)
	return folded
}

func joined(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}
