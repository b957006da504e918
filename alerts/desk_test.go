package alerts_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"minsheng/alerts"
	"minsheng/opinion"
	"minsheng/store"
)

var window = opinion.Series{Topic: "服务窗口"}

// desk is a small State: posts of series, and the alerts that were raised. It
// raises as the store does.
type desk struct {
	t      *testing.T
	posts  map[string]store.Stored
	marks  map[opinion.Series][]store.Mark
	titles map[string]string
	raised []opinion.Alert
	seen   []time.Time // when each was last brought up to date
	fail   string      // the method that fails
}

func (d *desk) failing(method string) error {
	if d.fail == method {
		return fmt.Errorf("%s: disk gone", method)
	}
	return nil
}

func (d *desk) Tallies(_ context.Context, s opinion.Series, from, until time.Time) ([]opinion.Tally, error) {
	var out []opinion.Tally
	for _, m := range d.between(s, from, until) {
		b := opinion.Bucket(m.Published)
		if len(out) == 0 || !out[len(out)-1].Bucket.Equal(b) {
			out = append(out, opinion.Tally{Series: s, Bucket: b})
		}
		last := &out[len(out)-1]
		last.Total++
		last.Voices++
		last.Texts++
		if m.Negative {
			last.Negative++
		}
	}
	return out, d.failing("tallies")
}

func (d *desk) Marks(_ context.Context, s opinion.Series, from, until time.Time) ([]store.Mark, error) {
	return d.between(s, from, until), d.failing("marks")
}

func (d *desk) between(s opinion.Series, from, until time.Time) []store.Mark {
	var out []store.Mark
	for _, m := range d.marks[s] {
		if !m.Published.Before(from) && m.Published.Before(until) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b store.Mark) int { return a.Published.Compare(b.Published) })
	return out
}

func (d *desk) Active(_ context.Context, since time.Time) ([]opinion.Alert, error) {
	var out []opinion.Alert
	for i, a := range slices.Backward(d.raised) {
		if !d.seen[i].Before(since) {
			out = append(out, a)
		}
	}
	return out, d.failing("active")
}

func (d *desk) Posts(_ context.Context, ids ...string) ([]store.Stored, error) {
	var out []store.Stored
	for _, id := range ids {
		if p, ok := d.posts[id]; ok {
			out = append(out, p)
		}
	}
	return out, d.failing("posts")
}

func (d *desk) Incident(_ context.Context, id string) (opinion.Incident, error) {
	if err := d.failing("incident"); err != nil {
		return opinion.Incident{}, err
	}
	title, ok := d.titles[id]
	if !ok {
		return opinion.Incident{}, fmt.Errorf("find incident: %w", opinion.ErrNotFound)
	}
	return opinion.Incident{ID: id, Title: title}, nil
}

// raise stores an alert as the store does: one for each incident and episode.
func (d *desk) raise(a opinion.Alert, now time.Time) {
	for i := range d.raised {
		if d.raised[i].Incident == a.Incident && now.Sub(d.seen[i]) < opinion.EpisodeGap {
			a.Number, a.Raised = d.raised[i].Number, d.raised[i].Raised
			d.raised[i], d.seen[i] = a, now
			return
		}
	}
	a.Number, a.Raised = int64(len(d.raised)+1), now
	d.raised, d.seen = append(d.raised, a), append(d.seen, now)
}

// say is a post to be made.
type say struct {
	incident string
	place    string
	words    []string // evidence against the police; none means the post is neutral
	text     string   // ID of the first post with the same text; "" where this is it
	source   string
	voice    uint64 // 0 where each post has its own
	series   []opinion.Series
}

func (d *desk) add(at time.Time, s say) store.Stored {
	id := fmt.Sprintf("p%05d", len(d.posts))
	voice := s.voice
	if voice == 0 {
		voice = uint64(len(d.posts) + 1)
	}
	p := store.Stored{
		Post:     opinion.Post{ID: id, Source: cmp.Or(s.source, "论坛"), URL: "http://forum.example/" + id, Published: at},
		Incident: cmp.Or(s.incident, id), Near: s.text,
	}
	p.Verdict = opinion.Verdict{PostID: id, Attitude: opinion.Neutral, Folded: "第" + id + "位说："}
	if s.place != "" {
		p.Verdict.Places = []string{s.place}
	}
	for _, w := range s.words {
		from := len([]rune(p.Verdict.Folded))
		p.Verdict.Folded += w + "，"
		p.Verdict.Evidence = append(p.Verdict.Evidence, opinion.Evidence{Start: from, End: from + len([]rune(w)), Text: w, Weight: -1})
		p.Verdict.Attitude, p.Verdict.Score = opinion.Negative, -0.8
	}
	p.Text = p.Verdict.Folded
	d.posts[id] = p
	mark := store.Mark{
		Post: id, Published: at, Negative: p.Verdict.Attitude == opinion.Negative, Voice: voice,
		Text: cmp.Or(s.text, id), Source: p.Source, Incident: p.Incident,
	}
	for _, series := range append([]opinion.Series{window}, s.series...) {
		d.marks[series] = append(d.marks[series], mark)
	}
	return p
}

// grumbles are what people find fault with on an ordinary day, each for itself.
var grumbles = []string{"排队久", "停车难", "电话占线", "材料多", "网站打不开", "跑两趟", "叫号乱", "没人应", "标识不清", "下班早", "复印收费", "椅子少"}

// ordinary is a desk with two weeks of six posts an hour behind it, every
// eighth against the police, and the time at their end.
func ordinary(t *testing.T, series ...opinion.Series) (*desk, time.Time) {
	d := &desk{t: t, posts: map[string]store.Stored{}, marks: map[opinion.Series][]store.Mark{}, titles: map[string]string{}}
	end := start.Add(14*24*time.Hour + 10*time.Hour)
	d.everyday(start, end, series...)
	return d, end
}

func (d *desk) everyday(from, until time.Time, series ...opinion.Series) {
	r := rand.New(rand.NewPCG(uint64(from.Unix()), 3))
	for at := from; at.Before(until); at = at.Add(time.Duration(r.ExpFloat64() * float64(10*time.Minute))) {
		s := say{series: series}
		if r.IntN(8) == 0 {
			s.words = []string{grumbles[r.IntN(len(grumbles))]}
		}
		d.add(at, s)
	}
}

// unfold lets an event go on for so long, with a post each pause, and looks
// after each bucket.
func (d *desk) unfold(from time.Time, long, pause time.Duration, post func(i int) say) time.Time {
	d.t.Helper()
	i := 0
	next := from
	end := from.Add(long)
	for now := from.Add(opinion.BucketWidth); !now.After(end); now = now.Add(opinion.BucketWidth) {
		for ; next.Before(now); next = next.Add(pause) {
			d.add(next, post(i))
			i++
		}
		d.look(window, now)
	}
	return end
}

// look looks once and raises what is found.
func (d *desk) look(s opinion.Series, now time.Time) *opinion.Alert {
	d.t.Helper()
	a, err := alerts.Watcher{State: d, Zone: zone}.Look(d.t.Context(), s, now)
	if err != nil {
		d.t.Fatal(err)
	}
	if a != nil {
		d.raise(*a, now)
	}
	return a
}
