package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"minsheng/opinion"
	"minsheng/store"
)

const (
	examples    = 3
	words       = 6
	readAtMost  = 200 // posts read to describe one alert
	excerptLong = 80  // code points
)

// describe gives the alert its title, three examples and the words that
// weighed.
func (w Watcher) describe(ctx context.Context, a *opinion.Alert, window []store.Mark) error {
	copies := map[string]int{}
	for _, m := range window {
		if m.Negative {
			copies[m.Text]++
		}
	}
	posts, err := w.negatives(ctx, window)
	if err != nil {
		return err
	}
	a.Words = weighed(posts)
	a.Examples = choose(posts, a.Incident, copies)
	a.Title = a.Topics[0]
	inc, err := w.State.Incident(ctx, a.Incident)
	switch {
	case err == nil && inc.Title != "":
		a.Title = inc.Title
	case err != nil && !errors.Is(err, opinion.ErrNotFound):
		return fmt.Errorf("read incident: %w", err)
	}
	return nil
}

// sameEvent finds the alert that a rise seems to continue although its posts
// were not put into the same incident: people tell of one event in many words.
// It is the same where places and words that weighed agree, or most of the
// words.
func (w Watcher) sameEvent(ctx context.Context, active []opinion.Alert, window []store.Mark) (*opinion.Alert, error) {
	if len(active) == 0 {
		return nil, nil
	}
	posts, err := w.negatives(ctx, window)
	if err != nil {
		return nil, err
	}
	said := weighed(posts)
	for i := range active {
		ids := make([]string, len(active[i].Examples))
		for j, e := range active[i].Examples {
			ids[j] = e.PostID
		}
		shown, err := w.State.Posts(ctx, ids...)
		if err != nil {
			return nil, fmt.Errorf("read examples: %w", err)
		}
		common := commonWords(said, active[i].Words)
		if common*2 >= words || common > 0 && samePlace(posts, shown) {
			return &active[i], nil
		}
	}
	return nil, nil
}

// commonWords counts the words that weighed in both; one that is part of
// another is the same.
func commonWords(a, b []opinion.Word) int {
	n := 0
	for _, x := range a {
		if slices.ContainsFunc(b, func(y opinion.Word) bool { return strings.Contains(x.Text, y.Text) || strings.Contains(y.Text, x.Text) }) {
			n++
		}
	}
	return n
}

// samePlace reports whether at least a third of the posts that name a place
// name one of those that the examples name.
func samePlace(posts, shown []store.Stored) bool {
	known := map[string]bool{}
	for _, p := range shown {
		for _, place := range p.Verdict.Places {
			known[place] = true
		}
	}
	placed, same := 0, 0
	for _, p := range posts {
		if len(p.Verdict.Places) > 0 {
			placed++
		}
		if slices.ContainsFunc(p.Verdict.Places, func(place string) bool { return known[place] }) {
			same++
		}
	}
	return same > 0 && same*3 >= placed
}

// negatives reads the newest negative posts of a window.
func (w Watcher) negatives(ctx context.Context, window []store.Mark) ([]store.Stored, error) {
	var ids []string
	for _, m := range newestFirst(window) {
		if m.Negative && len(ids) < readAtMost {
			ids = append(ids, m.Post)
		}
	}
	posts, err := w.State.Posts(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read posts of the rise: %w", err)
	}
	return posts, nil
}

// weighed sums the evidence of the posts: the words that spoke most against
// the police, each with the number of posts that hold it.
func weighed(posts []store.Stored) []opinion.Word {
	sum := map[string]opinion.Word{}
	for _, p := range posts {
		seen := map[string]bool{}
		for _, e := range p.Verdict.Evidence {
			if e.Weight >= 0 || seen[e.Text] {
				continue
			}
			seen[e.Text] = true
			word := sum[e.Text]
			sum[e.Text] = opinion.Word{Text: e.Text, Weight: word.Weight + e.Weight, Posts: word.Posts + 1}
		}
	}
	all := slices.SortedFunc(maps.Values(sum), func(a, b opinion.Word) int {
		return cmp.Or(cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Text, b.Text))
	})
	return all[:min(len(all), words)]
}

// choose takes posts that show the rise best: of the incident first, then the
// most copied, then the most negative; each text once, sources varied.
func choose(posts []store.Stored, incident string, copies map[string]int) []opinion.Example {
	text := func(p store.Stored) string { return cmp.Or(p.Near, p.ID) }
	ranked := slices.SortedStableFunc(slices.Values(posts), func(a, b store.Stored) int {
		return cmp.Or(
			cmp.Compare(of(b, incident), of(a, incident)),
			cmp.Compare(copies[text(b)], copies[text(a)]),
			cmp.Compare(a.Verdict.Score, b.Verdict.Score),
			a.Published.Compare(b.Published),
		)
	})
	texts, sources := map[string]bool{}, map[string]int{}
	var out []opinion.Example
	for _, most := range []int{0, examples} { // first one for each source, then any
		for _, p := range ranked {
			if len(out) == examples || texts[text(p)] || sources[p.Source] > most {
				continue
			}
			texts[text(p)] = true
			sources[p.Source]++
			out = append(out, opinion.Example{
				PostID: p.ID, Title: p.Title, Excerpt: Excerpt(p), Source: p.Source, URL: p.URL, Published: p.Published,
			})
		}
	}
	return out
}

func of(p store.Stored, incident string) int {
	if p.Incident == incident {
		return 1
	}
	return 0
}

// Excerpt is the part of the post, as shown, around the evidence that weighed
// most. Offsets count in the folded text; where folding changed the length, the
// place is near enough for an excerpt.
func Excerpt(p store.Stored) string {
	shown := p.Text
	if p.Title != "" {
		shown = p.Title + " " + p.Text
	}
	text := []rune(strings.ReplaceAll(shown, "\n", " "))
	from := 0
	if folded := utf8.RuneCountInString(p.Verdict.Folded); len(p.Verdict.Evidence) > 0 && folded > 0 {
		e := slices.MinFunc(p.Verdict.Evidence, func(a, b opinion.Evidence) int { return cmp.Compare(a.Weight, b.Weight) })
		from = max(0, min(e.Start*len(text)/folded-excerptLong/3, len(text)-excerptLong))
	}
	until := min(len(text), from+excerptLong)
	s := strings.TrimSpace(string(text[from:until]))
	if from > 0 {
		s = "…" + s
	}
	if until < len(text) {
		s += "…"
	}
	return s
}
