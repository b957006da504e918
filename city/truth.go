package city

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"minsheng/opinion"
)

// Truth is what the city knows of one post that it has published.
type Truth struct {
	Site      string // the name of its site, as Sites gives it first for the host
	URL       string // of the page; for a reply the first page of its thread
	Anchor    string // of a reply: the id of its element
	Kind      opinion.Kind
	Published time.Time
	Title     string
	Text      string // as published, one paragraph a line
	Police    bool   // speaks of the police, or answers a post that does
	Negative  bool   // speaks against the police
	Positive  bool   // speaks for the police
	Story     bool   // belongs to the story
	Copy      bool   // copies another post: an agency's article, a repost
	Phrase    string // a clause of its text that as few others as possible hold
	Private   []string
}

// Truth lists every post published from the beginning of the past up to until,
// in the order of sites and days. It is meant for tests: it writes and holds
// all those days at once.
func (c *City) Truth(until time.Time) []Truth {
	w := c.world
	names := [sites]string{w.town.bureau(), w.town.paperA, w.town.paperB, w.town.forum(), w.town.board(), w.town.notices()}
	var out []Truth
	note := func(p *page, t *text, anchor string) {
		if t.at.After(until) || t.at.Before(w.begin) {
			return
		}
		out = append(out, Truth{
			Site: names[p.site], URL: c.bases[p.site] + p.path(w.zone), Anchor: anchor, Kind: t.kind, Published: t.at,
			Title: t.title, Text: t.body(), Police: t.police, Negative: t.mood == cross, Positive: t.mood == glad,
			Story: t.story, Copy: t.copied, Private: t.private,
		})
	}
	for site := range sites {
		for n := w.number(w.begin); n <= w.number(until); n++ {
			for _, p := range w.day(n)[site] {
				if p.at.Before(w.begin) {
					continue
				}
				note(p, &p.text, "")
				for i := range p.replies {
					note(p, &p.replies[i], p.anchor(i))
				}
			}
		}
	}
	phrases(out)
	return out
}

// phrases gives each post the clause that the fewest posts share; of equals,
// the longest.
func phrases(all []Truth) {
	count := map[string]int{}
	clauses := make([][]string, len(all))
	for i := range all {
		clauses[i] = clausesOf(&all[i])
		for _, c := range clauses[i] {
			count[c]++
		}
	}
	for i := range all {
		best := ""
		for _, c := range clauses[i] {
			if best == "" || count[c] < count[best] || count[c] == count[best] && len(c) > len(best) {
				best = c
			}
		}
		all[i].Phrase = best
	}
}

// clausesOf cuts a text where anything but letters and digits stands, and
// leaves out what holds personal data.
func clausesOf(t *Truth) []string {
	s := t.Text
	for _, p := range t.Private {
		s = strings.ReplaceAll(s, p, "，")
	}
	var out []string
	for _, c := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) && !unicode.IsDigit(r) }) {
		if n := utf8.RuneCountInString(c); n >= 4 {
			out = append(out, c)
		}
	}
	return out
}
