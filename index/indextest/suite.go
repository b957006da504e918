// Package indextest holds every engine of package index to the same behaviour:
// Run is its suite, Bench its measurements. Neither asserts anything about the
// clock. What a query must find is worked out here from the texts themselves
// (see wanted), never by an engine. Start reading at Run.
package indextest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"minsheng/index"
	"minsheng/opinion"
)

// Run tests the Index that open gives: empty, cutting with cut, and such that
// what is Put is found as soon as Put returns.
func Run(t *testing.T, open func(t *testing.T, cut index.Cut) index.Index) {
	tests := []struct {
		name string
		run  func(*suite)
	}{
		{"PutTwice", (*suite).putTwice},
		{"Versions", (*suite).versions},
		{"DeleteAndClear", (*suite).deleteAndClear},
		{"Phrases", (*suite).phrases},
		{"Words", (*suite).words},
		{"OddCharacters", (*suite).oddCharacters},
		{"LongText", (*suite).longText},
		{"DeepAndWideQueries", (*suite).deepAndWide},
		{"Filters", (*suite).filters},
		{"FacetsAndBins", (*suite).facetsAndBins},
		{"NewestPages", (*suite).newestPages},
		{"BestFirst", (*suite).bestFirst},
		{"BestPages", (*suite).bestPages},
		{"RefusedQueries", (*suite).refused},
		{"ManyInOneSecond", (*suite).sameSecond},
		{"Merge", (*suite).merge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := NewCorpus(1, 400)
			tt.run(&suite{T: t, c: c, x: open(t, c.Cut)})
		})
	}
}

type suite struct {
	*testing.T
	c    *Corpus
	x    index.Index
	docs []index.Doc
}

func (s *suite) put(docs ...index.Doc) {
	s.Helper()
	if err := s.x.Put(s.Context(), docs); err != nil {
		s.Fatalf("Put: %v", err)
	}
	s.docs = append(s.docs, docs...)
}

func (s *suite) search(q index.Query) index.Result {
	s.Helper()
	res, err := s.x.Search(s.Context(), q)
	if err != nil {
		s.Fatalf("Search(%v): %v", q.Expr, err)
	}
	return res
}

// ids collects every page.
func (s *suite) ids(q index.Query) []string {
	s.Helper()
	q.Limit = index.MaxLimit
	var all []string
	for {
		res := s.search(q)
		all = append(all, ids(res)...)
		if res.Next == "" {
			return all
		}
		q.Cursor = res.Next
	}
}

func ids(r index.Result) []string {
	var all []string
	for _, h := range r.Hits {
		all = append(all, h.ID)
	}
	return all
}

func (s *suite) count(want int) {
	s.Helper()
	if got, err := s.x.Count(s.Context()); err != nil || got != want {
		s.Errorf("Count = %d, %v, want %d", got, err, want)
	}
}

// expect compares what q finds, all pages of it, with what it must find.
func (s *suite) expect(q index.Query) {
	s.Helper()
	want := s.wanted(q)
	if diff := gocmp.Diff(s.ids(q), want); diff != "" {
		s.Errorf("Search(%+v) (-got +want):\n%s", q, diff)
	}
	if got := s.search(q); got.Total != len(want) || !got.Exact {
		s.Errorf("Search(%v): Total %d, Exact %t, want %d, true", q.Expr, got.Total, got.Exact, len(want))
	}
}

func doc(id, text string, at time.Duration) index.Doc {
	return index.Doc{
		ID: id, Source: "来源", Class: opinion.Forum, Text: text,
		Published: start.Add(at), Attitude: opinion.Neutral, Version: 1,
	}
}

func (s *suite) putTwice() {
	docs := s.c.Docs(60, 80, time.Minute)
	s.put(docs...)
	if err := s.x.Put(s.Context(), append(docs, docs[:20]...)); err != nil {
		s.Fatalf("second Put: %v", err)
	}
	s.count(60)
	s.expect(index.Query{})
	s.expect(index.Query{Expr: index.Phrase(string([]rune(docs[7].Text)[10:13]))})
	for _, d := range []index.Doc{
		{Text: "无号"}, {ID: strings.Repeat("i", 501)}, {ID: "a", Version: -1}, {ID: "a", Topics: []string{strings.Repeat("t", 1001)}},
	} {
		if err := s.x.Put(s.Context(), []index.Doc{docs[0], d}); !errors.Is(err, opinion.ErrInvalid) {
			s.Errorf("Put of %.20s = %v, want ErrInvalid", d.ID, err)
		}
	}
	if err := s.x.Put(s.Context(), nil); err != nil {
		s.Errorf("Put of nothing = %v", err)
	}
	if err := s.x.Ping(s.Context()); err != nil {
		s.Errorf("Ping = %v", err)
	}
}

func (s *suite) versions() {
	first := doc("a", "甲甲甲", 0)
	first.Version = 5
	s.put(first)
	found := func(text string) bool {
		s.Helper()
		return len(s.search(index.Query{Expr: index.Phrase(text)}).Hits) == 1
	}
	older := doc("a", "乙乙乙", 0)
	older.Version = 4
	s.put(older)
	if !found("甲甲甲") || found("乙乙乙") {
		s.Error("a lower version replaced a higher one")
	}
	same := doc("a", "丙丙丙", time.Hour)
	same.Version, same.Attitude = 5, opinion.Negative
	s.put(same)
	if found("甲甲甲") || !found("丙丙丙") {
		s.Error("an equal version did not replace")
	}
	newer := doc("a", "丁丁丁", -time.Hour)
	newer.Version = 6
	older.Version = 3
	s.put(newer, older) // both ways in one call
	if found("丙丙丙") || found("乙乙乙") || !found("丁丁丁") {
		s.Error("a higher version did not replace")
	}
	if got := s.search(index.Query{Facets: true}); got.Total != 1 || got.Negative != 0 || !got.Hits[0].Published.Equal(newer.Published) {
		s.Errorf("after three versions: %+v, want the last alone", got)
	}
	s.count(1)
}

func (s *suite) deleteAndClear() {
	docs := s.c.Docs(30, 60, time.Minute)
	docs[4].Version = 9
	s.put(docs...)
	if err := s.x.Delete(s.Context(), docs[4].ID, docs[5].ID, "never-seen"); err != nil {
		s.Fatalf("Delete: %v", err)
	}
	if err := s.x.Delete(s.Context()); err != nil {
		s.Fatalf("Delete of nothing: %v", err)
	}
	again := docs[4]
	again.Version = 2
	s.docs = slices.Delete(s.docs, 4, 6)
	s.count(28)
	s.expect(index.Query{Expr: index.Phrase(string([]rune(docs[4].Text)[:2]))})
	s.put(again) // unknown again, so that any version is taken
	s.docs = append(s.docs[:0:0], s.docs...)
	s.expect(index.Query{})

	if err := s.x.Clear(s.Context()); err != nil {
		s.Fatalf("Clear: %v", err)
	}
	s.docs = nil
	s.count(0)
	s.expect(index.Query{})
	s.put(docs[0])
	s.expect(index.Query{})
}

func (s *suite) phrases() {
	s.put(s.c.Docs(200, 120, time.Minute)...)
	s.put(doc("inside", "车号BA123在前", -time.Hour), doc("apart", "A1 23，a 12", -2*time.Hour))
	tried := 0
	for n := 1; n <= 12; n++ {
		for k := range 12 {
			text := []rune(s.docs[(17*n+31*k)%200].Text)
			at := (29*k + 7*n) % (len(text) - n)
			p := string(text[at : at+n])
			if strings.TrimSpace(p) == "" {
				continue
			}
			tried++
			s.expect(index.Query{Expr: index.Phrase(p)})
		}
	}
	if tried < 100 {
		s.Fatalf("only %d phrases were tried", tried)
	}
	for _, p := range []string{"A12", "a12", "A1", "1 2", "号ba", "，a", "3在", "没有这样的话", "😀"} {
		s.expect(index.Query{Expr: index.Phrase(p)})
	}
	// From the end of a title into the text is no phrase.
	d := doc("two", "后段", -3*time.Hour)
	d.Title = "前段"
	s.put(d)
	for _, p := range []string{"前段", "后段", "段后", "段 后", "段\n后"} {
		s.expect(index.Query{Expr: index.Phrase(p)})
	}
}

func (s *suite) words() {
	s.put(s.c.Docs(200, 60, time.Minute)...)
	s.put(doc("latin", "Party at the Gate 110-2", -time.Hour))
	w := func() index.Expr { return index.Word(s.c.Word()) }
	for range 25 {
		s.expect(index.Query{Expr: w()})
		s.expect(index.Query{Expr: index.Word(s.c.Word() + s.c.Word())})
		s.expect(index.Query{Expr: index.All{w(), w()}})
		s.expect(index.Query{Expr: index.Any{index.All{w(), w()}, w()}})
		s.expect(index.Query{Expr: index.All{w(), index.Not{X: w()}}})
		s.expect(index.Query{Expr: index.Not{X: index.Any{w(), w()}}})
		s.expect(index.Query{Expr: index.Any{w(), index.Not{X: w()}}})
		s.expect(index.Query{Expr: index.All{index.Not{X: index.Not{X: w()}}, index.Phrase(s.c.Word())}})
	}
	for _, word := range []string{"party", "PARTY", "art", "110", "110-2", "gate party", "。", "!"} {
		s.expect(index.Query{Expr: index.Word(word)})
	}
}

func (s *suite) oddCharacters() {
	texts := []string{
		"😀👮‍♀️🇨🇳 e\u0301 ﷺ", "a\x00b", `say "hi" it's`, "tokens:甲* AND ^乙 NOT (丙) NEAR(甲 乙, 2)",
		`\"\\`, "{}[]<>&;'--/*", "\xff\xfe坏", "\ue100\ue101every", "\u00a0\u3000 ", "İstanbul ǅ ß", "𠮷野家", "a\u200bb", "",
	}
	for i, text := range texts {
		s.put(doc(fmt.Sprint("odd-", i), text, time.Duration(i)*time.Minute))
	}
	s.count(len(texts))
	s.expect(index.Query{})
	for _, text := range texts[:6] {
		runes := []rune(text)
		for i := range runes {
			for n := 1; n <= 3 && i+n <= len(runes); n++ {
				if p := string(runes[i : i+n]); strings.TrimSpace(p) != "" {
					s.expect(index.Query{Expr: index.Phrase(p)})
					s.expect(index.Query{Expr: index.All{index.Phrase(p), index.Word("甲")}})
				}
			}
		}
	}
	for _, p := range []string{"坏", "istanbul", "İ", "ß", "𠮷", "a\u200bb", "AND", "every"} {
		s.expect(index.Query{Expr: index.Phrase(p)})
	}
	// A name is compared to the letter.
	d := doc("named", "名", time.Hour)
	d.Source, d.Topics, d.Incident = `A "b" OR c`, []string{"x y", "X Y", ""}, "\x00'"
	s.put(d)
	for _, q := range []index.Query{
		{Sources: []string{d.Source}},
		{Sources: []string{`a "b" OR c`}},
		{Sources: []string{"c"}},
		{Topics: []string{"x"}},
		{Topics: []string{"X Y"}},
		{Incident: "\x00'"},
	} {
		s.expect(q)
	}
}

func (s *suite) longText() {
	d := doc("long", s.c.Text(10_000), 0)
	d.Topics = []string{"长文"}
	s.put(d, doc("word", strings.Repeat("x", 40_000), time.Hour))
	text := []rune(d.Text)
	for _, at := range []int{0, 4_000, len(text) - 500} {
		s.expect(index.Query{Expr: index.Phrase(text[at : at+8])})
		s.expect(index.Query{Expr: index.Phrase(text[at : at+500])})
	}
	// A word is told from another by its first 100 characters.
	if got := s.ids(index.Query{Expr: index.Word(strings.Repeat("x", 500))}); !slices.Equal(got, []string{"word"}) {
		s.Errorf("a word of 40,000 letters is found as %v", got)
	}
}

func (s *suite) deepAndWide() {
	s.put(s.c.Docs(50, 60, time.Minute)...)
	s.put(doc("chars", strings.Repeat("甲乙丙丁戊己庚辛壬癸", 50), time.Hour))
	deep := index.Expr(index.Word(s.c.Word()))
	for i := range 20 {
		if i%2 == 0 {
			deep = index.Any{deep, index.All{index.Word(s.c.Word()), index.Not{X: deep}}}
			deep = index.Any{deep.(index.Any)[0], index.Word(s.c.Word())}
		} else {
			deep = index.All{index.Not{X: deep}, index.Word(s.c.Word())}
		}
	}
	var wide index.Any
	for range index.MaxTerms {
		wide = append(wide, index.Word(s.c.Word()))
	}
	for _, order := range []index.Order{index.Newest, index.Best} {
		for _, x := range []index.Expr{deep, wide, index.All(wide), index.Word(strings.Repeat("甲乙丙丁戊己庚辛壬癸", 50))} {
			got := s.ids(index.Query{Expr: x, Order: order})
			want := s.wanted(index.Query{Expr: x})
			slices.Sort(got)
			slices.Sort(want)
			if diff := gocmp.Diff(got, want); diff != "" {
				s.Errorf("%s %.60v (-got +want):\n%s", order, x, diff)
			}
		}
	}
	s.expect(index.Query{Topics: slices.Repeat([]string{"话题1", "话题2"}, index.MaxFilter/2)})
}

// sameSecond fills one second with posts: none is lost, none shown twice.
func (s *suite) sameSecond() {
	var docs []index.Doc
	for i := range 1500 {
		docs = append(docs, doc(fmt.Sprintf("same-%04d", i), "同一秒", 0))
	}
	s.put(docs...)
	got := s.ids(index.Query{Expr: index.Phrase("同一秒")})
	slices.Sort(got)
	if want := len(slices.Compact(slices.Clone(got))); want != 1500 || len(got) != 1500 {
		s.Errorf("%d hits with %d ids, want 1500 of each", len(got), want)
	}
	far := doc("far", "远", 0)
	far.Published = time.Time{}
	future := doc("future", "远", 0)
	future.Published = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	s.put(far, future)
	if diff := gocmp.Diff(s.ids(index.Query{Expr: index.Phrase("远")}), []string{"future", "far"}); diff != "" {
		s.Errorf("posts of odd dates (-got +want):\n%s", diff)
	}
}
