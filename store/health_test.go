package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// office is where the hours of these tests are meant.
var office = time.FixedZone("", 8*3600)

// noon is a Wednesday.
var noon = time.Date(2026, 1, 14, 12, 0, 0, 0, office)

// paper is a source that brought four posts in each hour from eight to twenty
// on workdays, one on weekends, for six weeks until the given time.
func paper(last time.Time) (store.SourceState, []store.Hour) {
	var past []store.Hour
	for at := last.Add(-6 * 7 * 24 * time.Hour).Truncate(time.Hour); !at.After(last); at = at.Add(time.Hour) {
		h := at.In(office)
		if h.Hour() < 8 || h.Hour() >= 20 {
			continue
		}
		n := 4
		if h.Weekday() == time.Saturday || h.Weekday() == time.Sunday {
			n = 1
		}
		past = append(past, store.Hour{Start: at.UTC(), Posts: n})
	}
	return store.SourceState{
		Source: opinion.Source{Name: "示例日报", URL: "https://news.example/rss.xml"}, Active: true,
		FirstDone: last.Add(-6 * 7 * 24 * time.Hour), Posts: 900, OK: last, NewPost: last,
	}, past
}

func codes(all []store.Ailment) []string {
	out := []string{}
	for _, a := range all {
		out = append(out, a.Code)
	}
	return out
}

func diagnose(t *testing.T, now time.Time, change func(*store.SourceState)) []store.Ailment {
	t.Helper()
	s, past := paper(noon)
	if change != nil {
		change(&s)
	}
	all := store.Diagnose(s, past, now, office)
	for _, a := range all {
		args := make([]any, len(a.Args))
		for i, v := range a.Args {
			args[i] = v
		}
		for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
			said := i18n.Say(lang, a.Code, args...)
			if !i18n.Has(a.Code) || !i18n.Has(a.Code+"_do") || strings.Contains(said, "%!") {
				t.Errorf("%s %q: sentence %q, advice %v", a.Code, a.Args, said, i18n.Has(a.Code+"_do"))
			}
		}
	}
	return all
}

func TestDiagnoseWentQuiet(t *testing.T) {
	quiet := func(hours int, from time.Time) bool {
		s, past := paper(from)
		all := store.Diagnose(s, past, from.Add(time.Duration(hours)*time.Hour), office)
		return len(all) == 1 && all[0].Code == "health.quiet"
	}
	evening := time.Date(2026, 1, 14, 20, 0, 0, 0, office)
	saturday := time.Date(2026, 1, 17, 8, 0, 0, 0, office)
	for _, c := range []struct {
		name  string
		from  time.Time
		hours int
		want  bool
	}{
		{"two hours of a workday", noon, 2, false},
		{"eight hours of a workday", noon, 8, true},
		{"a night", evening, 12, false},
		{"a night and the morning after it", evening, 20, true},
		{"a Saturday afternoon", saturday, 8, false},
	} {
		if got := quiet(c.hours, c.from); got != c.want {
			t.Errorf("%s: quiet %v, want %v", c.name, got, c.want)
		}
	}
	all := diagnose(t, noon.Add(8*time.Hour), nil)
	if len(all) != 1 || all[0].Args[0] != "8" || all[0].Args[1] != "31" {
		t.Errorf("ailments = %+v, want 8 hours and 31 posts missing", all)
	}
}

// A source that speaks in bursts, and one that is new, may be silent longer.
func TestDiagnoseSilenceNeedsAPast(t *testing.T) {
	s, past := paper(noon)
	if all := store.Diagnose(s, past[len(past)-20:], noon.Add(8*time.Hour), office); len(all) != 0 {
		t.Errorf("with two days of past: %v", codes(all))
	}
	var bursts []store.Hour
	for i, h := range past {
		if i%60 == 0 {
			bursts = append(bursts, store.Hour{Start: h.Start, Posts: 200})
		}
	}
	if all := store.Diagnose(s, bursts, noon.Add(8*time.Hour), office); len(all) != 0 {
		t.Errorf("of a source that speaks once in five days: %v", codes(all))
	}
	if all := store.Diagnose(s, nil, noon.Add(8*24*time.Hour), office); len(all) != 1 || all[0].Code != "health.silent" || all[0].Args[0] != "8" {
		t.Errorf("eight days without a post: %+v, want health.silent", all)
	}
}

func TestDiagnoseEachAilment(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*store.SourceState)
		want   []string
	}{
		{"well", nil, []string{}},
		{"fails", func(s *store.SourceState) { s.Score, s.Failures = 0.8, 5 }, []string{"health.failing"}},
		{"failed once", func(s *store.SourceState) { s.Score, s.Failures = 0.1, 1 }, []string{}},
		{"failed once, just now", func(s *store.SourceState) { s.Score, s.Failures = 0.3, 1 }, []string{}},
		{"failed once, answers again", func(s *store.SourceState) { s.Score = 0.21 }, []string{}},
		{"failed twice, the third will tell", func(s *store.SourceState) { s.Score, s.Failures = 0.51, 2 }, []string{}},
		{"pages fail in a row", func(s *store.SourceState) { s.Score, s.Failures = 0.3, 4 }, []string{"health.weak"}},
		{"fails now and then, and just now", func(s *store.SourceState) {
			s.Score, s.Failures = 0.4, 1
			s.Ailments = []store.Ailment{{Code: "health.weak"}}
		}, []string{"health.weak"}},
		{"fails now and then", func(s *store.SourceState) { s.Score = 0.3 }, []string{"health.weak"}},
		{"login page", func(s *store.SourceState) { s.Login = 0.4 }, []string{"health.login"}},
		{"one login page", func(s *store.SourceState) { s.Login = 0.05 }, []string{}},
		{"matched nothing", func(s *store.SourceState) { s.Empty = 3 }, []string{"health.empty"}},
		{"times in the future", func(s *store.SourceState) { s.Future = 0.5 }, []string{"health.future"}},
		{"no post ever", func(s *store.SourceState) { s.Posts, s.NewPost = 0, time.Time{} }, []string{"health.barren"}},
		{"on its first pass", func(s *store.SourceState) { s.Posts, s.FirstDone = 0, time.Time{} }, []string{}},
		{"paused", func(s *store.SourceState) { s.Score, s.Failures, s.Paused = 1, 9, true }, []string{}},
		{"pushed", func(s *store.SourceState) { s.URL, s.Posts = "", 0 }, []string{}},
		{
			"all at once", func(s *store.SourceState) { s.Score, s.Failures, s.Login, s.Future = 1, 9, 1, 1 },
			[]string{"health.failing", "health.login", "health.future"},
		},
	} {
		if d := cmp.Diff(codes(diagnose(t, noon.Add(time.Hour), c.change)), c.want); d != "" {
			t.Errorf("%s (-got +want):\n%s", c.name, d)
		}
	}
}

func TestDiagnoseKeepsSince(t *testing.T) {
	since := noon.Add(-24 * time.Hour).UTC()
	all := diagnose(t, noon.Add(time.Hour), func(s *store.SourceState) {
		s.Empty, s.Future = 4, 0.5
		s.Ailments = []store.Ailment{{Code: "health.empty", Args: []string{"3"}, Since: since}}
	})
	if len(all) != 2 || !all[0].Since.Equal(since) || !all[1].Since.Equal(noon.Add(time.Hour)) {
		t.Errorf("ailments = %+v, want the old one since yesterday and a new one", all)
	}
}
