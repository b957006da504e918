package city

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"minsheng/opinion"
)

// subject is one sort of page: a rule for its title (.t) and its body (.b),
// for the forum also for its replies (.r).
type subject struct {
	rule   string
	weight int
	mood   mood
	life   bool   // has nothing to do with the police
	fill   string // the rule of paragraphs that make an article longer
}

var newsSubjects = []subject{
	{rule: "fraud", weight: 10, fill: "bg.police"},
	{rule: "theft", weight: 9, fill: "bg.police"},
	{rule: "crash", weight: 10, fill: "bg.police"},
	{rule: "found", weight: 4, fill: "bg.police"},
	{rule: "control", weight: 8, fill: "bg.police"},
	{rule: "service", weight: 7, fill: "bg.police"},
	{rule: "recruit", weight: 3, fill: "bg.police"},
	{rule: "patrol", weight: 7, fill: "bg.police"},
	{rule: "thanks", weight: 6, mood: glad, fill: "bg.police"},
	{rule: "critic", weight: 5, mood: cross, fill: "bg.police"},
	{rule: "weather", weight: 5, life: true, fill: "bg.life"},
	{rule: "price", weight: 5, life: true, fill: "bg.life"},
	{rule: "school", weight: 4, life: true, fill: "bg.life"},
	{rule: "ball", weight: 4, life: true, fill: "bg.life"},
	{rule: "bus", weight: 5, life: true, fill: "bg.life"},
	{rule: "culture", weight: 3, life: true, fill: "bg.life"},
	{rule: "health", weight: 4, life: true, fill: "bg.life"},
}

var bureauSubjects = []subject{
	{rule: "brief", weight: 40}, {rule: "guide", weight: 35}, {rule: "event", weight: 25},
}

var forumSubjects = []subject{
	{rule: "f.id", weight: 17},
	{rule: "f.car", weight: 16},
	{rule: "f.see", weight: 9},
	{rule: "f.scam", weight: 9},
	{rule: "f.job", weight: 7},
	{rule: "f.dog", weight: 7},
	{rule: "f.bad", weight: 9, mood: cross},
	{rule: "f.good", weight: 7, mood: glad},
	{rule: "f.eat", weight: 5, life: true},
	{rule: "f.rent", weight: 4, life: true},
	{rule: "f.kid", weight: 4, life: true},
	{rule: "f.ball", weight: 4, life: true},
	{rule: "f.sky", weight: 3, life: true},
}

var boardSubjects = []subject{
	{rule: "b.ask", weight: 33},
	{rule: "b.bad", weight: 31, mood: cross},
	{rule: "b.good", weight: 8, mood: glad},
	{rule: "b.life", weight: 28, life: true},
}

var noticeSubjects = []subject{
	{rule: "npol", weight: 55}, {rule: "nlife", weight: 45, life: true},
}

// The hours of a day in which each sort of site is written.
var (
	officeHours = [24]float64{8: 2, 9: 5, 10: 6, 11: 4, 12: 1, 14: 4, 15: 6, 16: 6, 17: 3, 18: 1}
	paperHours  = [24]float64{5: 1, 6: 4, 7: 6, 8: 7, 9: 6, 10: 6, 11: 5, 12: 4, 13: 3, 14: 4, 15: 5, 16: 5, 17: 5, 18: 4, 19: 3, 20: 3, 21: 2, 22: 1}
	forumHours  = [24]float64{0: 1, 6: 1, 7: 3, 8: 4, 9: 4, 10: 4, 11: 5, 12: 6, 13: 5, 14: 4, 15: 4, 16: 4, 17: 4, 18: 5, 19: 6, 20: 7, 21: 7, 22: 5, 23: 3}
	boardHours  = [24]float64{7: 1, 8: 3, 9: 6, 10: 5, 11: 3, 12: 2, 13: 2, 14: 4, 15: 4, 16: 3, 17: 2, 18: 2, 19: 3, 20: 4, 21: 3, 22: 1}
)

// writeDay writes all that opens on day n.
func (w *world) writeDay(n int) *day {
	d := &day{}
	rng := stream(w.town.seed, forDay, uint64(n))
	l := newLedger(n)
	weekend := w.midnight(n).Weekday()%6 == 0
	perDay := func(work, free float64) float64 {
		if weekend {
			return free
		}
		return work
	}
	// Articles hold enough numbers and places to differ by themselves.
	w.fill(d, nil, rng, bureauSite, w.moments(rng, n, perDay(9, 1.5), officeHours), bureauSubjects)
	w.fill(d, nil, rng, paperA, w.moments(rng, n, perDay(24, 19), paperHours), newsSubjects)
	w.fill(d, nil, rng, paperB, w.moments(rng, n, perDay(14, 11), paperHours), newsSubjects)
	w.fill(d, l, rng, forumSite, w.moments(rng, n, perDay(27, 31), forumHours), forumSubjects)
	w.fill(d, l, rng, boardSite, w.moments(rng, n, perDay(13, 10), boardHours), boardSubjects)
	w.fill(d, nil, rng, noticeSite, w.moments(rng, n, perDay(6, 0.7), officeHours), noticeSubjects)
	for _, p := range d[forumSite] {
		w.replies(l, rng, p)
	}
	for _, p := range d[boardSite] {
		w.answer(l, rng, p)
	}
	w.copies(d, rng, n)
	for site := range d {
		for i, p := range d[site] {
			p.key = w.keyOf(n, i+1)
		}
		if e := w.extra[n]; e != nil {
			d[site] = append(d[site], e[site]...)
		}
		slices.SortStableFunc(d[site], func(a, b *page) int { return a.at.Compare(b.at) })
	}
	return d
}

func (w *world) fill(d *day, l *ledger, rng *rand.Rand, site int, at []time.Time, from []subject) {
	for _, t := range at {
		d[site] = append(d[site], w.compose(l, rng, site, t, choose(rng, from), nil))
	}
}

func choose(rng *rand.Rand, from []subject) subject {
	sum := 0
	for _, s := range from {
		sum += s.weight
	}
	n := rng.IntN(sum)
	for _, s := range from {
		if n -= s.weight; n < 0 {
			return s
		}
	}
	return from[0]
}

// compose writes a page about a subject. Its title speaks of the same places
// as its body.
func (w *world) compose(l *ledger, rng *rand.Rand, site int, at time.Time, s subject, vars map[string]string) *page {
	wr, body := w.say(l, rng, at, vars, s.rule+".b")
	p := &page{site: site, text: text{
		at: at, title: wr.pair(s.rule+".t", s.rule+".b"), paras: strings.Split(body, "¶"),
		kind: kindOf(site), mood: s.mood, police: !s.life, private: slices.Clone(wr.private),
	}}
	p.by = pick(rng, w.nicks)
	if s.fill != "" {
		p.fillUp(wr, s.fill)
	}
	switch site {
	case paperA:
		p.origin = w.town.paperA
	case paperB:
		p.origin = w.town.paperB
		p.paras[0] = strings.Replace(p.paras[0], w.town.paperA+"讯", "本報訊", 1)
		p.traditional(w.script)
	case forumSite:
		// What follows in the thread keeps to these words.
		p.vars = wr.shared()
		p.vars["subject"] = s.rule
	case boardSite:
		p.vars = wr.shared()
	}
	return p
}

// fillUp makes a short article longer: background goes before its end.
func (p *page) fillUp(wr *writer, rule string) {
	want := 190 + wr.rng.IntN(220)
	alts := wr.rng.Perm(len(wr.g.rules[rule]))
	for _, n := range alts[:2] {
		if utf8.RuneCountInString(p.body()) >= want {
			return
		}
		end := len(p.paras) - 1
		p.paras = slices.Insert(p.paras, end, wr.nth(rule, n))
	}
}

func kindOf(site int) opinion.Kind {
	switch site {
	case forumSite:
		return opinion.Social
	case boardSite:
		return opinion.Board
	}
	return opinion.News
}

// replies lets an ordinary thread be answered, by day and for up to two days.
func (w *world) replies(l *ledger, rng *rand.Rand, p *page) {
	n := min(int(rng.ExpFloat64()*3.7), 34)
	var at []time.Time
	for range n {
		t := p.at.Add(time.Minute + time.Duration(min(rng.ExpFloat64()*4, 40)*float64(time.Hour))).Truncate(time.Second)
		if h := t.In(w.zone).Hour(); h < 7 && h > 0 {
			t = t.Add(time.Duration(7-h)*time.Hour + time.Duration(rng.IntN(90))*time.Minute)
		}
		at = append(at, t)
	}
	slices.SortFunc(at, time.Time.Compare)
	for _, t := range at {
		rule, m := replyRule(rng, p)
		wr, body := w.say(l, rng, t.In(w.zone), p.vars, rule)
		p.replies = append(p.replies, text{
			at: t.In(w.zone), paras: []string{body}, kind: opinion.Reply, mood: m, police: p.police,
			by: pick(rng, w.nicks), private: wr.private,
		})
	}
}

// replyRule chooses how somebody answers a thread. Most talk of the matter;
// some, in any thread about the police, of what they hold for or against them.
func replyRule(rng *rand.Rand, p *page) (string, mood) {
	own := p.vars["subject"] + ".r"
	n := rng.IntN(100)
	switch {
	case !p.police:
		return own, plain
	case p.mood == cross && n < 48, p.mood == glad && n < 4, p.mood == plain && n < 4:
		return "r.bad", cross
	case p.mood == glad && n < 52, p.mood == cross && n < 52, p.mood == plain && n < 7:
		return "r.good", glad
	case p.mood == cross:
		return "r.soft", plain
	case p.mood == glad:
		return "r.chat", plain
	}
	return own, plain
}

// answer lets the office answer most complaints, in its working hours.
func (w *world) answer(l *ledger, rng *rand.Rand, p *page) {
	if rng.IntN(100) >= 84 {
		return
	}
	at := p.at.Add(time.Duration(4+rng.IntN(60)) * time.Hour)
	for at.Weekday()%6 == 0 {
		at = at.Add(24 * time.Hour)
	}
	at = time.Date(at.Year(), at.Month(), at.Day(), 9+rng.IntN(8), rng.IntN(60), rng.IntN(60), 0, w.zone)
	if !at.After(p.at) {
		at = p.at.Add(time.Duration(40+rng.IntN(90)) * time.Minute)
	}
	rule := "b.answer"
	if !p.police {
		rule = "b.answer.life"
	}
	wr, body := w.say(l, rng, at, p.vars, rule)
	p.replies = []text{{at: at, paras: []string{body}, kind: opinion.Reply, police: p.police, private: wr.private}}
}

// copies lets paper B print, in its own script and a little cut, some of the
// agency's articles that paper A has printed.
func (w *world) copies(d *day, rng *rand.Rand, n int) {
	for _, p := range d[paperA] {
		at := p.at.Add(time.Duration(12+rng.IntN(80)) * time.Minute)
		if rng.IntN(100) >= 18 || w.number(at) != n {
			continue
		}
		p.origin = w.town.agency
		d[paperB] = append(d[paperB], w.copyOf(p, at))
	}
}

// copyOf is p as paper B prints it.
func (w *world) copyOf(p *page, at time.Time) *page {
	q := &page{site: paperB, text: p.text, origin: w.town.agency}
	q.at, q.copied = at, true
	q.paras = slices.Clone(p.paras)
	q.paras[0] = "據" + w.town.agency + "消息，" + strings.Replace(q.paras[0], w.town.paperA+"讯", "", 1)
	if len(q.paras) > 3 {
		q.paras = q.paras[:len(q.paras)-1]
	}
	q.traditional(w.script)
	return q
}
