package indextest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"minsheng/index"
	"minsheng/opinion"
)

func (s *suite) filters() {
	s.put(s.c.Docs(300, 40, 13*time.Minute)...)
	from, until := start.Add(10*time.Hour), start.Add(40*time.Hour)
	word := index.Word(s.common())
	for _, x := range []index.Expr{nil, word, index.Not{X: word}} {
		for _, q := range []index.Query{
			{From: from},
			{Until: until},
			{From: from, Until: until},
			{From: until, Until: from},
			{From: s.docs[100].Published, Until: s.docs[101].Published},
			{Topics: []string{"话题1", "话题7"}},
			{Topics: []string{opinion.AllPolice}, From: from},
			{Places: []string{"片区3"}},
			{Sources: []string{"来源1", "来源2", "没有的"}},
			{Sources: []string{"没有的"}},
			{Classes: []opinion.Class{opinion.Media, opinion.Gov}},
			{Attitudes: []opinion.Attitude{opinion.Negative}},
			{Incident: "incident-3"},
			{Incident: "incident"},
			{Topics: []string{"话题2"}, Classes: []opinion.Class{opinion.Forum}, Attitudes: []opinion.Attitude{opinion.Negative, opinion.Positive}, Until: until},
		} {
			q.Expr = x
			s.expect(q)
			want := 0
			for _, d := range s.docs {
				if passes(d, q) && (x == nil || s.says(d, x)) && d.Attitude == opinion.Negative {
					want++
				}
			}
			if got := s.search(q).Negative; got != want {
				s.Errorf("Search(%+v): Negative %d, want %d", q, got, want)
			}
		}
	}
}

func (s *suite) facetsAndBins() {
	zone := time.FixedZone("UTC+8", 8*3600)
	s.put(s.c.Docs(300, 40, 17*time.Minute)...)
	from, until := start, start.Add(300*17*time.Minute)
	phrase := s.common()
	for _, q := range []index.Query{
		{},
		{Expr: phrase},
		{Expr: phrase, Attitudes: []opinion.Attitude{opinion.Negative}},
		{Topics: []string{"话题1"}},
		{Sources: []string{"没有的"}},
	} {
		for _, step := range []time.Duration{0, 5 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour} {
			q.Facets, q.Step, q.Zone, q.From, q.Until = true, step, zone, from, until
			got := s.search(q)
			facets, bins := s.tallied(q)
			if diff := gocmp.Diff(got.Facets, facets); diff != "" {
				s.Errorf("facets of %+v (-got +want):\n%s", q, diff)
			}
			if diff := gocmp.Diff(got.Bins, bins, gocmp.Comparer(time.Time.Equal)); diff != "" {
				s.Errorf("bins of %+v (-got +want):\n%s", q, diff)
			}
			if want := len(s.wanted(q)); got.Total != want || !got.Exact {
				s.Errorf("%+v: Total %d, Exact %t, want %d, true", q, got.Total, got.Exact, want)
			}
		}
	}
	if got := s.search(index.Query{}); got.Facets != nil || got.Bins != nil {
		s.Errorf("facets %v and bins %v came unasked", got.Facets, got.Bins)
	}
}

// tallied counts what q finds, by hand.
func (s *suite) tallied(q index.Query) (map[string][]index.Facet, []index.Bin) {
	counts := map[string]map[string]int{}
	count := func(facet string, values ...string) {
		if counts[facet] == nil && len(values) > 0 {
			counts[facet] = map[string]int{}
		}
		for _, v := range values {
			counts[facet][v]++
		}
	}
	var bins []index.Bin
	for _, d := range s.docs {
		if !passes(d, q) || q.Expr != nil && !s.says(d, q.Expr) {
			continue
		}
		local := d.Published.In(q.Zone)
		count(index.ByTopic, d.Topics...)
		count(index.ByPlace, d.Places...)
		count(index.BySource, d.Source)
		count(index.ByClass, string(d.Class))
		count(index.ByAttitude, string(d.Attitude))
		count(index.ByDay, local.Format(time.DateOnly))
		if q.Step == 0 {
			continue
		}
		begin := d.Published.Truncate(q.Step) // since a Monday: right below a day
		if days := int(q.Step / (24 * time.Hour)); days > 0 {
			midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, q.Zone)
			since := int(midnight.Sub(time.Date(1970, 1, 1, 0, 0, 0, 0, q.Zone)) / (24 * time.Hour))
			begin = midnight.AddDate(0, 0, -(since % days))
		}
		if len(bins) == 0 || !bins[len(bins)-1].Start.Equal(begin) {
			bins = append(bins, index.Bin{Start: begin})
		}
		last := &bins[len(bins)-1]
		last.Total++
		if d.Attitude == opinion.Negative {
			last.Negative++
		}
	}
	facets := map[string][]index.Facet{}
	for facet, values := range counts {
		for v, n := range values {
			facets[facet] = append(facets[facet], index.Facet{Value: v, Count: n})
		}
		slices.SortFunc(facets[facet], byCount)
	}
	slices.SortFunc(facets[index.ByDay], func(a, b index.Facet) int { return strings.Compare(a.Value, b.Value) })
	if len(facets[index.ByDay]) == 0 {
		delete(facets, index.ByDay)
	}
	return facets, bins
}

func (s *suite) newestPages() {
	s.put(s.c.Docs(95, 40, 90*time.Second)...)
	character := s.common()
	for _, x := range []index.Expr{nil, character, index.Not{X: character}} {
		want := s.wanted(index.Query{Expr: x})
		q := index.Query{Expr: x, Limit: 7}
		var got []string
		for page := 0; ; page++ {
			res := s.search(q)
			if res.Total < len(want) || len(res.Hits) > 7 {
				s.Errorf("page %d: %d hits of %d, want 7 of %d or more", page, len(res.Hits), res.Total, len(want))
			}
			for i, h := range res.Hits {
				if i > 0 && h.Published.After(res.Hits[i-1].Published) {
					s.Errorf("page %d: %v stands before %v", page, res.Hits[i-1], h)
				}
			}
			got = append(got, ids(res)...)
			if q.Cursor = res.Next; q.Cursor == "" {
				break
			}
			// Others arrive meanwhile, and one that was shown is put again.
			added := s.c.Doc(40, 90*time.Second)
			shown := s.docs[slices.IndexFunc(s.docs, func(d index.Doc) bool { return d.ID == got[0] })]
			if err := s.x.Put(s.Context(), []index.Doc{added, shown}); err != nil {
				s.Fatalf("Put: %v", err)
			}
		}
		if diff := gocmp.Diff(got, want); diff != "" {
			s.Errorf("pages of %v (-got +want):\n%s", x, diff)
		}
		s.docs = s.all(s.docs)
	}
}

// all adds to docs those that the corpus has made since, as far as the index
// gives them: later rounds expect them too.
func (s *suite) all(docs []index.Doc) []index.Doc {
	again := NewCorpus(1, 400)
	all := again.Docs(s.c.made, 40, 90*time.Second)
	for i, d := range docs {
		if d.ID != all[i].ID || d.Text != all[i].Text {
			s.Fatalf("corpus is not the same twice: %s", d.ID)
		}
	}
	return all
}

func (s *suite) bestFirst() {
	s.put(
		doc("once", "甲乙丙丁戊己庚辛，窗口，甲乙丙丁戊己庚辛壬癸子丑寅卯", 5*time.Hour),
		doc("thrice", "窗口，窗口，窗口，子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊", 4*time.Hour),
		doc("apart", "态度在前，甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳，窗口在后", 3*time.Hour),
		doc("together", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳，窗口态度，在前在后", 2*time.Hour),
	)
	for i := range 30 { // most posts are about other things
		s.put(doc(fmt.Sprint("other-", i), "寅卯辰巳午未申酉戌亥甲乙丙丁", -time.Duration(i)*time.Hour))
	}
	best := func(x index.Expr) []string {
		return ids(s.search(index.Query{Expr: x, Order: index.Best}))
	}
	if got := best(index.Phrase("窗口")); len(got) != 4 || got[0] != "thrice" {
		s.Errorf("best of a phrase = %v, want thrice first of four", got)
	}
	if got := best(index.Word("窗口态度")); len(got) != 2 || got[0] != "together" {
		s.Errorf("best of two pieces = %v, want together, then apart", got)
	}
	if got := best(nil); len(got) != index.DefaultLimit || got[0] != "once" {
		s.Errorf("best of everything = %v, want the newest", got)
	}
	hits := s.search(index.Query{Expr: index.Phrase("窗口"), Order: index.Best}).Hits
	if hits[0].Score <= hits[len(hits)-1].Score || hits[0].Score <= 0 {
		s.Errorf("scores %v do not fall", hits)
	}
}

func (s *suite) bestPages() {
	s.put(s.c.Docs(150, 50, time.Minute)...)
	character := s.common()
	for _, x := range []index.Expr{character, index.Any{character, index.Word(s.c.Word())}, index.Not{X: character}, nil} {
		q := index.Query{Expr: x, Order: index.Best, Limit: 11}
		var got []string
		before := index.Hit{Score: 1e9}
		for {
			res := s.search(q)
			for _, h := range res.Hits {
				if h.Score > before.Score {
					s.Errorf("%v stands before %v", before, h)
				}
				before = h
			}
			got = append(got, ids(res)...)
			if q.Cursor = res.Next; q.Cursor == "" {
				break
			}
		}
		want := s.wanted(q)
		slices.Sort(got)
		slices.Sort(want)
		if diff := gocmp.Diff(got, want); diff != "" {
			s.Errorf("pages of %v, sorted (-got +want):\n%s", x, diff)
		}
	}
}

// merge puts posts one by one, some of them twice and some deleted, and lets
// the engine do its housekeeping: it ends, and no answer changes.
func (s *suite) merge() {
	s.put(s.c.Docs(60, 40, time.Minute)...)
	for i, d := range s.docs {
		if i%3 == 0 {
			if err := s.x.Put(s.Context(), []index.Doc{d}); err != nil {
				s.Fatalf("Put: %v", err)
			}
		}
	}
	gone := s.docs[0]
	s.docs = s.docs[1:]
	if err := s.x.Delete(s.Context(), gone.ID); err != nil {
		s.Fatalf("Delete: %v", err)
	}
	character := s.common()
	for pieces := 0; ; pieces++ {
		more, err := s.x.Merge(s.Context())
		if err != nil {
			s.Fatalf("Merge: %v", err)
		}
		s.count(len(s.docs))
		s.expect(index.Query{Expr: character})
		if !more {
			break
		}
		if pieces > 1000 {
			s.Fatal("Merge has no end")
		}
	}
	s.put(gone) // and what is put afterwards is found
	s.expect(index.Query{Expr: character})
}

func (s *suite) refused() {
	s.put(s.c.Docs(50, 40, time.Minute)...)
	newest := s.search(index.Query{Limit: 5}).Next
	best := s.search(index.Query{Expr: s.common(), Order: index.Best, Limit: 1}).Next
	if newest == "" || best == "" {
		s.Fatalf("cursors %q and %q, want both", newest, best)
	}
	for name, q := range map[string]index.Query{
		"cursor":          {Cursor: "x"},
		"odd cursor":      {Cursor: "%%%\x00"},
		"long cursor":     {Cursor: strings.Repeat("A", 100_000)},
		"cut cursor":      {Cursor: newest[:len(newest)-2]},
		"lengthened":      {Cursor: newest + "AAAA"},
		"another's order": {Cursor: best},
		"newest for best": {Cursor: newest, Order: index.Best, Expr: index.Word("字")},
		"limit":           {Limit: index.MaxLimit + 1},
		"negative limit":  {Limit: -1},
		"order":           {Order: "worst"},
		"step":            {Step: time.Second},
		"open short step": {Step: 10 * time.Minute, From: start},
		"many bins":       {Step: 5 * time.Minute, From: start, Until: start.AddDate(1, 0, 0)},
		"filter":          {Topics: make([]string, index.MaxFilter+1)},
	} {
		if _, err := s.x.Search(s.Context(), q); !errors.Is(err, opinion.ErrInvalid) {
			s.Errorf("%s: Search = %v, want ErrInvalid", name, err)
		}
	}
}
