package city

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"minsheng/opinion"
)

// Story names what happens in the city after its start.
type Story string

// The stories. Each sets in at StoryFrom.
const (
	Clerk   Story = "clerk"   // a window clerk's rudeness is filmed: reposts, a denial, anger
	OpenDay Story = "openday" // a police open day, as loud as the clerk's story, but friendly
	None    Story = "none"    // ordinary life goes on
)

// A mark says how many posts of a story are out after some minutes.
type mark struct{ minute, posts float64 }

var (
	clerkCurve = []mark{{0, 0}, {15, 12}, {45, 40}, {70, 76}, {90, 128}, {120, 190}, {180, 224}, {240, 240}, {315, 250}}
	calmCurve  = []mark{{3, 0}, {45, 10}, {120, 46}, {240, 62}, {315, 70}}
)

// along spreads the posts of a curve, each a little off its exact place.
func along(rng *rand.Rand, from time.Time, curve []mark) []time.Time {
	n := int(curve[len(curve)-1].posts)
	out := make([]time.Time, 0, n)
	for i := range n {
		at := float64(i) + 0.15 + 0.7*rng.Float64()
		for k := 1; k < len(curve); k++ {
			a, b := curve[k-1], curve[k]
			if at <= b.posts {
				m := a.minute + (at-a.posts)/(b.posts-a.posts)*(b.minute-a.minute)
				out = append(out, from.Add(time.Duration(m*60)*time.Second))
				break
			}
		}
	}
	return out
}

// teller writes a story into the world: it holds the threads that are open
// and the words that all of them share.
type teller struct {
	w       *world
	rng     *rand.Rand
	ledger  *ledger
	vars    map[string]string
	threads []*page
	story   bool
}

// thread opens a thread on the forum.
func (s *teller) thread(at time.Time, title, body string, m mood, copied bool) {
	wr, b := s.w.say(s.ledger, s.rng, at, s.vars, body)
	p := &page{site: forumSite, text: text{
		at: at, title: wr.pair(title, body), paras: strings.Split(b, "¶"), kind: opinion.Social, mood: m,
		police: true, story: s.story, copied: copied, by: pick(s.rng, s.w.nicks), private: wr.private,
	}}
	s.threads = append(s.threads, p)
}

// reply answers one of the threads: the first draws the most, then the young.
func (s *teller) reply(at time.Time, rule string, m mood, copied bool) {
	p := s.threads[0]
	if young := s.threads[max(0, len(s.threads)-7):]; s.rng.IntN(100) < 62 || len(p.replies) > 110 {
		p = pick(s.rng, young)
	}
	wr, b := s.w.say(s.ledger, s.rng, at, s.vars, rule)
	p.replies = append(p.replies, text{
		at: at, paras: []string{b}, kind: opinion.Reply, mood: m, police: true, story: s.story,
		copied: copied, by: pick(s.rng, s.w.nicks), private: wr.private,
	})
}

// publish hands the threads to the world.
func (s *teller) publish() {
	for _, p := range s.threads {
		slices.SortStableFunc(p.replies, func(a, b text) int { return a.at.Compare(b.at) })
		s.w.add(p)
	}
}

func (w *world) tell(rng *rand.Rand, at time.Time, words ...string) *teller {
	wr := newWriter(w.g, w.town, rng, at, nil)
	for _, name := range []string{"station", "district", "road"} {
		wr.remember(name, name)
	}
	for i := 0; i < len(words); i += 2 {
		wr.remember(words[i], words[i+1])
	}
	return &teller{w: w, rng: rng, ledger: newLedger(0), vars: wr.shared(), story: true}
}

// openDay lets 250 posts about a police open day appear within span.
func (w *world) openDay(rng *rand.Rand, from time.Time, span time.Duration) {
	s := w.tell(rng, from)
	s.story = from.After(w.start)
	total := span.Minutes()
	curve := []mark{{0, 0}, {total / 8, 24}, {total * 3 / 8, 84}, {total * 3 / 4, 206}, {total, 250}}
	for i, at := range along(rng, from, curve) {
		at = at.In(w.zone)
		switch n := rng.IntN(100); {
		case i == 0 || n < 10:
			s.thread(at, "od.t", "od.b", plain, false)
		case n < 68:
			s.reply(at, "od.r", plain, false)
		case n < 93:
			s.reply(at, "od.good", glad, false)
		default:
			s.reply(at, "od.bad", cross, false)
		}
	}
	s.publish()
	for i := range 3 {
		at := from.Add(span*time.Duration(i+1)/4 + time.Duration(rng.IntN(600))*time.Second).In(w.zone)
		p := s.news(paperA, at, "od.news", plain)
		if i != 1 {
			w.add(w.copyOf(p, at.Add(14*time.Minute)))
		}
	}
}

// news adds an article of a story.
func (s *teller) news(site int, at time.Time, rule string, m mood) *page {
	p := s.w.compose(nil, s.rng, site, at.In(s.w.zone), subject{rule: rule, mood: m}, s.vars)
	p.story = s.story
	s.w.add(p)
	return p
}

// clerk tells the story of the window clerk.
func (w *world) clerk(rng *rand.Rand) {
	from := w.storyFrom().In(w.zone)
	s := w.tell(rng, from, "hall", "sc.hall", "said", "sc.said", "job", "sc.job", "sur2", "sur2")
	type turn struct {
		at   time.Time
		calm bool
	}
	var turns []turn
	for _, at := range along(rng, from, clerkCurve) {
		turns = append(turns, turn{at.In(w.zone), false})
	}
	for _, at := range along(rng, from, calmCurve) {
		turns = append(turns, turn{at.In(w.zone), true})
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return a.at.Compare(b.at) })
	for i, t := range turns {
		switch {
		case i == 0:
			s.thread(t.at, "sc.main.t", "sc.main.b", cross, false)
		case t.calm:
			s.reply(t.at, "sc.soft", plain, false)
		default:
			s.anger(t.at, t.at.Sub(from))
		}
	}
	s.publish()
	s.official(from)
}

// anger writes one angry post, as people speak so long after the video.
func (s *teller) anger(at time.Time, since time.Duration) {
	s.vars["spell"] = spell(since)
	early, denied := since < 25*time.Minute, since >= 72*time.Minute
	switch n := s.rng.IntN(100); {
	case n < 5 && since > 20*time.Minute:
		p := s.w.compose(s.ledger, s.rng, boardSite, at, subject{rule: "sc.board", mood: cross}, s.vars)
		p.story = true
		if s.rng.IntN(2) == 0 {
			t := s.w.storyFrom().Add(time.Duration(250+s.rng.IntN(65)) * time.Minute).In(s.w.zone)
			_, b := s.w.say(nil, s.rng, t, s.vars, "sc.answer")
			p.replies = []text{{at: t, paras: []string{b}, kind: opinion.Reply, police: true, story: true}}
		}
		s.w.add(p)
	case n < 10 && since > 5*time.Minute:
		s.thread(at, "sc.repost.t", "sc.repost", cross, true)
	case n < 20 && since > 2*time.Minute:
		title := "sc.own.t"
		if denied && s.rng.IntN(2) == 0 {
			title = "sc.own.t2"
		}
		s.thread(at, title, "sc.own.b", cross, false)
	case n < 25 && since > 5*time.Minute:
		s.reply(at, "sc.repost", cross, true)
	case early || n < 38:
		s.reply(at, "sc.r.early", cross, false)
	case since > 200*time.Minute && n < 75:
		s.reply(at, "sc.r.late", cross, false)
	case denied && n < 86:
		s.reply(at, "sc.r.after", cross, false)
	default:
		s.reply(at, "sc.r.mid", cross, false)
	}
}

// spell says in words how long it has been.
func spell(since time.Duration) string {
	switch h := int(since.Hours()); h {
	case 0:
		return "大半个小时"
	case 1:
		return "一个多小时"
	case 2:
		return "两个多小时"
	case 3:
		return "三个多钟头"
	default:
		return "大半天"
	}
}

// official adds what papers and bureau publish about the clerk.
func (s *teller) official(from time.Time) {
	at := func(minutes int) time.Time {
		return from.Add(time.Duration(minutes)*time.Minute + time.Duration(s.rng.IntN(50))*time.Second)
	}
	first := s.news(paperA, at(26), "sc.n1", plain)
	s.w.add(s.w.copyOf(first, first.at.Add(12*time.Minute)))
	s.news(paperA, at(58), "sc.n2", cross)
	s.news(bureauSite, from.Add(70*time.Minute), "sc.deny", plain)
	answer := s.news(paperA, at(82), "sc.n3", plain)
	s.w.add(s.w.copyOf(answer, answer.at.Add(13*time.Minute)))
	s.news(paperB, at(112), "sc.n4", cross)
	s.news(bureauSite, at(285), "sc.sorry", plain)
	last := s.news(paperA, at(293), "sc.n5", plain)
	s.w.add(s.w.copyOf(last, last.at.Add(12*time.Minute)))
}
