package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// tally counts everything in one pass. SQLite joins the traits of the matches
// into one string: to group and to hand over 100,000 rows costs it far more
// than it costs here to read that string.
func (s *search) tally(ctx context.Context, res *index.Result) error {
	inner, args := s.matches("rowid", s.limit())
	var joined string
	if err := s.tx.QueryRowContext(ctx, `SELECT coalesce(group_concat(traits, ''), '')
		FROM (`+inner+`) AS found CROSS JOIN idx_docs ON doc = found.rowid`, args...).Scan(&joined); err != nil {
		return err
	}
	names, negative, err := s.names(ctx)
	if err != nil {
		return err
	}
	t := tallies{zone: s.q.Zone, step: s.q.Step, negative: negative, counts: map[string]int{}, days: map[int64]int{}, bins: map[int64]*index.Bin{}}
	for one := range strings.SplitSeq(strings.TrimSuffix(joined, ";"), ";") {
		if one == "" {
			continue
		}
		if err := t.add(one, s.q.Facets); err != nil {
			return err
		}
	}
	res.Total, res.Negative, res.Exact = t.total, t.negatives, t.total < s.limit()
	if s.q.Facets {
		res.Facets = t.facets(names)
	}
	for _, start := range slices.Sorted(maps.Keys(t.bins)) {
		res.Bins = append(res.Bins, *t.bins[start])
	}
	return nil
}

// named is a name of a facet, as numbered in idx_names.
type named struct{ facet, value string }

// names gives what the numbers in traits mean, and the number of Negative.
func (s *search) names(ctx context.Context) (map[string]named, string, error) {
	rows, err := s.tx.QueryContext(ctx, `SELECT name, facet, value FROM idx_names`)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	names := map[string]named{}
	negative := ""
	for rows.Next() {
		var number int64
		var n named
		if err := rows.Scan(&number, &n.facet, &n.value); err != nil {
			return nil, "", err
		}
		key := strconv.FormatInt(number, 36)
		names[key] = n
		if n.facet == index.ByAttitude && n.value == string(opinion.Negative) {
			negative = key
		}
	}
	return names, negative, rows.Err()
}

type tallies struct {
	zone             *time.Location
	step             time.Duration
	negative         string
	total, negatives int
	counts           map[string]int // by number of the name
	days             map[int64]int  // by unix time of midnight
	bins             map[int64]*index.Bin

	// The midnight that begins the day last seen, and the next: posts come in
	// order of time, so the calendar is asked once a day.
	dawn, dusk int64
}

func (t *tallies) add(one string, facets bool) error {
	head, rest, _ := strings.Cut(one, "/")
	second, err := strconv.ParseInt(head, 36, 64)
	if err != nil {
		return fmt.Errorf("read traits: %w", err)
	}
	attitude, _, _ := strings.Cut(rest, "/")
	negative := attitude == t.negative && attitude != ""
	t.total++
	if negative {
		t.negatives++
	}
	if second < t.dawn || second >= t.dusk {
		year, month, day := time.Unix(second, 0).In(t.zone).Date()
		t.dawn = time.Date(year, month, day, 0, 0, 0, 0, t.zone).Unix()
		t.dusk = time.Date(year, month, day+1, 0, 0, 0, 0, t.zone).Unix()
	}
	if facets {
		t.days[t.dawn]++
		for start := 0; start < len(rest); {
			stop := start
			for stop < len(rest) && rest[stop] != '/' && rest[stop] != ',' {
				stop++
			}
			if stop > start {
				t.counts[rest[start:stop]]++
			}
			start = stop + 1
		}
	}
	if t.step > 0 {
		t.bin(second, negative)
	}
	return nil
}

func (t *tallies) bin(second int64, negative bool) {
	start := index.BinStart(time.Unix(second, 0), t.step, t.zone)
	b := t.bins[start.Unix()]
	if b == nil {
		b = &index.Bin{Start: start}
		t.bins[start.Unix()] = b
	}
	b.Total++
	if negative {
		b.Negative++
	}
}

func (t *tallies) facets(names map[string]named) map[string][]index.Facet {
	all := map[string][]index.Facet{}
	for number, count := range t.counts {
		n := names[number]
		all[n.facet] = append(all[n.facet], index.Facet{Value: n.value, Count: count})
	}
	for name, values := range all {
		slices.SortFunc(values, func(a, b index.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		all[name] = values[:min(len(values), index.MaxFacet)]
	}
	days := slices.Sorted(maps.Keys(t.days))
	for _, dawn := range days[max(0, len(days)-index.MaxDays):] {
		day := time.Unix(dawn, 0).In(t.zone).Format(time.DateOnly)
		all[index.ByDay] = append(all[index.ByDay], index.Facet{Value: day, Count: t.days[dawn]})
	}
	return all
}
