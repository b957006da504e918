package alerts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/opinion"
)

// Examples show the rise: of the incident, what was copied most first, each
// text once, one for each source before a second.
func TestExamples(t *testing.T) {
	d, now := ordinary(t)
	copied := d.add(now, say{incident: "clerk", words: []string{"转疯了"}, source: "日报"})
	end := d.unfold(now, 45*time.Minute, time.Minute, func(i int) say {
		s := clerk("clerk")(i)
		s.source = "论坛"
		switch {
		case i%3 == 0:
			s.text, s.source = copied.ID, "论坛"
		case i == 7:
			s.source = "留言板"
		case i%10 == 1:
			s.incident, s.source = "", "晚报"
		}
		return s
	})
	a := d.look(window, end)
	if a == nil {
		t.Fatal("no alert")
	}
	texts, sources := map[string]bool{}, []string{}
	for _, e := range a.Examples {
		p := d.posts[e.PostID]
		first := e.PostID
		if p.Near != "" {
			first = p.Near
		}
		if texts[first] {
			t.Errorf("the text of %s is shown twice", first)
		}
		texts[first] = true
		sources = append(sources, e.Source)
		if p.Incident != "clerk" {
			t.Errorf("example %s is of the incident %s, want the one that leads", e.PostID, p.Incident)
		}
		if e.URL == "" || e.Excerpt == "" || e.Published.IsZero() {
			t.Errorf("example %+v lacks where, what or when", e)
		}
	}
	if len(a.Examples) != 3 || !texts[copied.ID] {
		t.Errorf("examples of the texts %v, want three with the one that was copied most", texts)
	}
	if slices.Sort(sources); len(slices.Compact(sources)) != 3 {
		t.Errorf("examples come from %v, want three sources", sources)
	}
}

// Words are those that weighed in the negatives, heaviest first, each with the
// number of posts that hold it.
func TestWords(t *testing.T) {
	d, now := ordinary(t)
	end := d.unfold(now, 40*time.Minute, time.Minute, clerk("clerk"))
	a := d.look(window, end)
	if a == nil {
		t.Fatal("no alert")
	}
	if len(a.Words) == 0 || len(a.Words) > 6 || a.Words[0].Text != "冷着脸" {
		t.Fatalf("words = %v, want 冷着脸 first and six at most", a.Words)
	}
	for i, w := range a.Words {
		if w.Weight >= 0 || w.Posts < 1 {
			t.Errorf("word %+v does not speak against the police", w)
		}
		if i > 0 && w.Weight < a.Words[i-1].Weight {
			t.Errorf("word %+v weighs more than %+v before it", w, a.Words[i-1])
		}
	}
}

// An excerpt is the part of a long text that weighed most, on one line.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("前因", 200) + "\n"
	for _, c := range []struct {
		name, before, after string
	}{
		{"Short", "", ""},
		{"Middle", long, strings.Repeat("后果", 200)},
		{"End", long, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, now := ordinary(t)
			end := now.Add(45 * time.Minute)
			for i := range 45 {
				p := d.add(now.Add(time.Duration(i)*time.Minute), say{incident: "clerk", words: []string{"冷着脸"}})
				p.Text = c.before + "冷着脸" + c.after
				p.Verdict.Folded = p.Text
				p.Verdict.Evidence = []opinion.Evidence{
					{Start: 0, End: 1, Text: "前", Weight: 0.5},
					{Start: len([]rune(c.before)), End: len([]rune(c.before)) + 3, Text: "冷着脸", Weight: -1},
				}
				d.posts[p.ID] = p
			}
			a := d.look(window, end)
			if a == nil || len(a.Examples) == 0 {
				t.Fatalf("alert %+v has no examples", a)
			}
			got := a.Examples[0].Excerpt
			if n := len([]rune(got)); n > 82 || strings.Contains(got, "\n") {
				t.Errorf("excerpt of %d characters: %q, want one line of 80 at most", n, got)
			}
			if !strings.Contains(got, "冷着脸") {
				t.Errorf("excerpt %q lacks what weighed", got)
			}
			if cut := strings.HasPrefix(got, "…"); cut != (c.before != "") {
				t.Errorf("excerpt %q, want a mark at the start exactly where something is left out", got)
			}
			if cut := strings.HasSuffix(got, "…"); cut != (c.after != "") {
				t.Errorf("excerpt %q, want a mark at the end exactly where something is left out", got)
			}
		})
	}
}

// The level goes by size and spread.
func TestLevel(t *testing.T) {
	levels := map[string]opinion.Level{}
	for name, pause := range map[string]time.Duration{"few": 4 * time.Minute, "many": 30 * time.Second} {
		d, now := ordinary(t)
		d.unfold(now, time.Hour, pause, func(i int) say {
			s := clerk("clerk")(i)
			s.source = "论坛"
			return s
		})
		if len(d.raised) > 0 {
			levels[name] = d.raised[0].Level
		}
	}
	want := map[string]opinion.Level{"few": opinion.Warn, "many": opinion.Urgent}
	if diff := cmp.Diff(want, levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}
