package indextest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"minsheng/index"
	"minsheng/opinion"
)

// wanted gives the ids of the docs that q must find, newest first.
func (s *suite) wanted(q index.Query) []string {
	var found []index.Doc
	for _, d := range s.docs {
		if (q.Expr == nil || s.says(d, q.Expr)) && passes(d, q) {
			found = append(found, d)
		}
	}
	slices.SortStableFunc(found, func(a, b index.Doc) int { return b.Published.Compare(a.Published) })
	var all []string
	for _, d := range found {
		all = append(all, d.ID)
	}
	return all
}

func (s *suite) says(d index.Doc, x index.Expr) bool {
	says := func(p index.Expr) bool { return s.says(d, p) }
	switch x := x.(type) {
	case index.All:
		return !slices.ContainsFunc(x, func(p index.Expr) bool { return !says(p) })
	case index.Any:
		return slices.ContainsFunc(x, says)
	case index.Not:
		return !says(x.X)
	case index.Phrase:
		return holds(d.Title, string(x)) || holds(d.Text, string(x))
	case index.Word:
		pieces := s.c.Cut(strings.ToLower(string(x)))
		if len(pieces) == 0 {
			return says(index.Phrase(x))
		}
		had := slices.Concat(s.c.Cut(strings.ToLower(d.Title)), s.c.Cut(strings.ToLower(d.Text)))
		return !slices.ContainsFunc(pieces, func(p string) bool {
			if len([]rune(p)) == 1 {
				return !says(index.Phrase(p))
			}
			return !slices.Contains(had, p)
		})
	}
	return false
}

func holds(text, part string) bool {
	same := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return ' '
			}
			return unicode.ToLower(r)
		}, s)
	}
	return strings.Contains(same(text), same(part))
}

func passes(d index.Doc, q index.Query) bool {
	return (q.From.IsZero() || !d.Published.Before(q.From)) &&
		(q.Until.IsZero() || d.Published.Before(q.Until)) &&
		meets(d.Topics, q.Topics) && meets(d.Places, q.Places) &&
		meets([]string{d.Source}, q.Sources) &&
		meets([]opinion.Class{d.Class}, q.Classes) &&
		meets([]opinion.Attitude{d.Attitude}, q.Attitudes) &&
		(q.Incident == "" || q.Incident == d.Incident)
}

func meets[S comparable](has, wanted []S) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w S) bool { return slices.Contains(has, w) })
}

// common is the character that most docs hold.
func (s *suite) common() index.Phrase {
	held := map[rune]int{}
	for _, d := range s.docs {
		for _, r := range d.Text {
			if unicode.Is(unicode.Han, r) {
				held[r]++
			}
		}
	}
	most := slices.MaxFunc(slices.Collect(maps.Keys(held)), func(a, b rune) int {
		return cmp.Or(cmp.Compare(held[a], held[b]), cmp.Compare(a, b))
	})
	return index.Phrase(most)
}

// byCount sorts facets as a Result does.
func byCount(a, b index.Facet) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
}
