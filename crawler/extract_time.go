package crawler

import (
	"regexp"
	"slices"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// statedLabel is what stands before a time of publication, with its first digit.
const statedLabel = `(?i:发布|發布|发表|發表|刊发|刊登|发稿|公开|公布|发文|上传|录入|添加|创建|出版|成稿|posted|published)\s*(?i:时间|日期|時間|于|於|在|on|at|@)?\s*[:：]?\s*[(（\[【]?\s*(?:\d|$|` + monthNames + `)`

var (
	metaTimes = []string{
		"article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate", "publish_date",
		"publish-date", "publishtime", "publish_time", "publication_date", "weibo:article:create_at", "weibo: article:create_at", "bytedance:published_time",
		"apub:time", "og:release_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "citation_publication_date", "_pubtime", "releasedate", "og:time",
		"dc.date", "date", "sailthru.date", "parsely-pub-date",
	}
	scriptTime    = regexp.MustCompile(`(?i)["']?(?:publish_?time|pub_?time|pub_?date|publish_?date|ptime|oriCreateTime|create_?time|post_?time)["']?\s*[:=]\s*["']?((?:19|20)\d{2}[^"',;<>{}]{4,26}|1\d{9}(?:\d{3})?)\b`)
	scriptName    = regexp.MustCompile(`(?:ime|ate|IME|ATE)["'\s]*[:=]`)
	namedTime     = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:(?:pub|publish|post|art|article|news|content|release|create)[-_]?(?:time|date)|pubtime\w*|publish(?:ed)?|time|date|datetime|timestamp|riqi|shijian|fbsj)(?:$|[-_\s\d])`)
	timeLabel     = regexp.MustCompile(`(?:时间|日期|時間|于|於|在)\s*[:：]?\s*$|` + statedLabel)
	laterLabel    = regexp.MustCompile(`更新|修改|编辑于|最后|截止|有效|失效|施行|实施|生效|废止|成文|生成|编辑时间|现在|今天是|回复|(?i:updated|modified|edited)`)
	attributeTime = regexp.MustCompile(`^data-(?:p|pub|publish|published|post|article|news|create)-?_?(?:time|date)$`)
	addressDate   = regexp.MustCompile(`(?:^|\D)((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?:\D|$)`)
	yearless      = regexp.MustCompile(`(?:^|[^\d\-/.])(\d{1,2})[-/.月](\d{1,2})日?\s+(\d{1,2}:\d{2}(?::\d{2})?)`)
	midnight      = regexp.MustCompile(`\b00:00:00(?:\.0+)?\s*$`)
	otherTime     = regexp.MustCompile(`(?:活动|会议|报名|考试|开庭|庭审|截止|办理|办公|施工|停水|停电|事发|案发|到期|开放|营业)(?:时间|日期)`)
	fullClock     = regexp.MustCompile(`\d\s*[:：时點点]\s*\d`)
)

// stamp is a time found on a page.
type stamp struct {
	at      time.Time
	dayOnly bool
}

type timeReading = reading[stamp]

// Scores of a time by where it stands. Printed text to the minute corrects a
// meta that shows the day alone, and one that writes local time as if it were
// UTC; where both are full, meta is believed unless the printed one stands right
// under the title and is earlier: meta often gives the last change.
const (
	timeStated    = 70 // linked data; meta and microdata a little less
	timePrinted   = 40 // and up to 9 more by name and label
	timeConfirmed = 34 // for a printed time that meta confirms or that corrects meta
	timeCompletes = 20 // for a script's time on a day that else has no time
	timeScript    = 30
	timeBelow     = 25
	timeSignature = 15
	timeAddress   = -withoutClock // anything printed says more
	withoutClock  = 36            // less for a day alone
)

// published weighs what meta, linked data, the visible text, scripts and the
// address say of the time of publication.
func (p *page) published(title string, body []block) (stamp, []Candidate) {
	all := p.statedTimes()
	if p.stateTime != "" {
		if t, dayOnly, ok := ParseTime(p.stateTime, p.zone); ok {
			all = append(all, newTime("weigh.from_script", "", stamp{t, dayOnly}, timeStated, "weigh.why_only_data"))
		}
	}
	if !p.opening.at.IsZero() {
		all = append(all, newTime("weigh.from_opening", "", p.opening, timeStated+1, "weigh.why_opening"))
	}
	all = append(all, p.printedTimes(title, body, all)...)
	best, _, ok := choose(all)
	if !ok || best.value.dayOnly {
		all = append(all, p.scriptTimes(best)...)
	}
	if !ok {
		all = append(all, p.timesBelow(title, body)...)
		best, _, _ = choose(all)
	}
	for _, filed := range p.filedDays() {
		if late := filed.value.at.Sub(best.value.at); best.From == "weigh.from_signature" && best.value.dayOnly && late >= 0 && late <= longestFiling {
			filed.Score = timeSignature + 1
		}
		all = append(all, filed)
	}
	for i := range all {
		all[i].Chosen = false
	}
	best, shown, _ := choose(all)
	return best.value, shown
}

func newTime(from, detail string, s stamp, score int, why string) timeReading {
	shown := s.at.Format(time.RFC3339)
	if s.dayOnly {
		shown = s.at.Format(time.DateOnly)
	}
	return timeReading{Candidate{Field: "time", From: from, Detail: detail, Value: shown, Score: score, Why: why}, s}
}

// sameMinute reports whether two times are one, or are written alike: some
// sites write local time as if it were UTC.
func sameMinute(a, b stamp) bool {
	return !a.dayOnly && (a.at.Format("20060102 1504") == b.at.Format("20060102 1504") || a.at.Truncate(time.Minute).Equal(b.at.Truncate(time.Minute)))
}

// statedTimes are what linked data, meta and time elements say.
func (p *page) statedTimes() []timeReading {
	var all []timeReading
	take := func(text, from, detail string, score int) {
		t, dayOnly, ok := ParseTime(text, p.zone)
		if !ok || len(all) >= maxCandidates {
			return
		}
		if dayOnly = dayOnly || midnight.MatchString(text); dayOnly {
			score -= withoutClock
		}
		all = append(all, newTime(from, detail, stamp{t, dayOnly}, score, "weigh.why_stated"))
	}
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			take(linkedText(o, "datePublished"), "weigh.from_json_ld", "datePublished", timeStated)
		}
	}
	for _, name := range slices.Concat(metaTimes, p.otherMetaTimes()) {
		from := "weigh.from_meta"
		if strings.HasPrefix(name, "og:") || strings.HasPrefix(name, "article:") {
			from = "weigh.from_open_graph"
		}
		take(p.meta(name), from, name, timeStated-1)
	}
	p.doc.Find(`[itemprop="datePublished"], [property="article:published_time"], time[pubdate]`).Each(func(_ int, s *selection) {
		if s.Get(0).DataAtom != atom.Meta {
			take(s.AttrOr("content", s.AttrOr("datetime", s.Text())), "weigh.from_microdata", s.Get(0).Data, timeStated-2)
		}
	})
	if at, ok := p.markedTime(); ok {
		take(at, "weigh.from_microdata", "published", timeStated-2)
	}
	return all
}

// metaPublished is the name of a meta element of publication that metaTimes
// does not list; statement and change are named otherwise.
var metaPublished = regexp.MustCompile(`^(?:[a-z]+[:._-])?(?:first)?[-_]?(?:pub|publish|published|publication|release|released|issued?)[-_]?(?:time|date|at|on)$`)

func (p *page) otherMetaTimes() []string {
	var names []string
	for name := range p.metas {
		if metaPublished.MatchString(name) && !slices.Contains(metaTimes, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// printedTimes are the dated lines between title and text, where pages print
// the time; a line that says it is the publication's goes before, one that
// speaks of a change goes last, and of equals the last one wins.
func (p *page) printedTimes(title string, body []block, stated []timeReading) []timeReading {
	lines := p.lines()
	from, to, head := headRange(lines, title, body)
	start, titled := bodyStart(lines, body), head >= 0
	sure, _, known := choose(stated)
	bare := bareTitle(title)
	var all []timeReading
	for i := to - 1; i >= from && len(all) < maxCandidates; i-- {
		b := lines[i]
		if i > 0 && lines[i-1].size <= 10 && startsWithDigit(b.text) && factLabel.MatchString(lines[i-1].text) {
			b.text = lines[i-1].text + b.text // the label is a line of its own
		}
		if b.size > 400 || !mayDate(b.text) && !saysWhen.MatchString(b.text) || otherTime.MatchString(b.text) || i >= start && tellsOf(b) || i < head && b.linked >= 10 && !timeLabel.MatchString(b.text) {
			continue // a sentence tells when something happened; above the title a link longer than a source's name is of another text
		}
		s, ok := p.timeOf(lines, i)
		if !ok || isTitle(b, bare) { // a day in a title is that of what it tells
			continue
		}
		score, why := timePrinted+lineScore(b), "weigh.why_printed"
		switch {
		case s.dayOnly:
			score -= withoutClock
		case !known || sure.value.dayOnly:
		case slices.ContainsFunc(stated, func(r timeReading) bool { return sameMinute(r.value, s) }):
			score, why = score+timeConfirmed, "weigh.why_confirmed"
		case titled && score >= timePrinted && s.at.Before(sure.value.at):
			score, why = score+timeConfirmed, "weigh.why_earlier"
		}
		all = append(all, newTime("weigh.from_printed", "", s, score, why))
	}
	return all
}

// factLabel is a label of a day or a time.
var factLabel = regexp.MustCompile(`^\p{Han}{2,6}(?:日期|时间|時間)\s*[:：]?$`)

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// lineScore says how much a dated line looks like the one that gives the time
// of publication, -9 to 9.
func lineScore(b block) int {
	score := 0
	if namedNear(b.node) {
		score += 3
	}
	switch {
	case timeLabel.MatchString(b.text):
		score += 6
	case laterLabel.MatchString(b.text):
		score -= 5
	}
	if b.linkShare() > 0.6 {
		score -= 4
	}
	return score
}

// headRange is where a page prints title, time and source: from the last title
// before the text, which is line head, or a little above it, to the first lines
// of the text. head is -1 where the title is not printed.
func headRange(all []block, title string, body []block) (from, to, head int) {
	to = bodyStart(all, body)
	from, head = max(0, to-30), -1
	for i := to - 1; i >= 0 && i >= to-120; i-- {
		switch {
		case !sameTitle(all[i].text, title):
		case head < 0, head-i <= 30 && (all[i].heading && !all[head].heading || strings.Contains(all[head].text, "原标题")): // a text may begin with its title once more
			from, head = max(0, i-4), i
		}
	}
	return from, min(len(all), to+2), head
}

// tellsOf reports whether a line of the text is a sentence and no list of time,
// source and author.
func tellsOf(b block) bool { return b.prose() && strings.ContainsAny(b.text, "。！？；，") }

// mayDate tells at a glance a line that may hold a date.
func mayDate(text string) bool {
	return strings.ContainsFunc(clip(text, 1200), func(r rune) bool {
		return r >= '0' && r <= '9' || r >= '０' && r <= '９' || r == '〇' || r == '○' || r == '零'
	})
}

// bodyStart finds the first sentence of the text among the lines of the page.
func bodyStart(all, body []block) int {
	for n, b := range body {
		if n > 5 {
			break
		}
		if b.size < 12 {
			continue
		}
		for i := range all {
			if all[i].text == b.text || b.size > 30 && strings.HasPrefix(all[i].text, clip(b.text, 60)) {
				return i
			}
		}
	}
	return min(len(all), 60)
}

// namedNear reports whether the name of an element round a line, or of a small
// one right inside it, says that it holds a time.
func namedNear(n *xhtml.Node) bool {
	children := 0
	for c := n.FirstChild; c != nil && children < 20; c = c.NextSibling {
		if children++; namedTime.MatchString(attrOf(c, "class")) || namedTime.MatchString(attrOf(c, "id")) {
			return true
		}
	}
	for depth := 0; n != nil && depth < 3; n, depth = n.Parent, depth+1 {
		if isTime(n) || namedTime.MatchString(attrOf(n, "class")) || namedTime.MatchString(attrOf(n, "id")) {
			return true
		}
	}
	return false
}

// scriptTimes are what scripts and the attributes of elements say. It is asked
// only where nothing else shows a time of day, and where a day is known it must
// be the same.
func (p *page) scriptTimes(best timeReading) []timeReading {
	var all []timeReading
	take := func(from, text string) {
		t, dayOnly, ok := ParseTime(text, p.zone)
		switch {
		case !ok || len(all) > 0:
		case best.value.at.IsZero():
			all = append(all, newTime(from, "", stamp{t, dayOnly}, timeScript, "weigh.why_script"))
		case !dayOnly && !midnight.MatchString(text) && t.In(best.value.at.Location()).Format(time.DateOnly) == best.value.at.Format(time.DateOnly):
			all = append(all, newTime(from, "", stamp{t, false}, best.Score+timeCompletes, "weigh.why_completes"))
		}
	}
	seen := 0
	for n := range p.doc.Get(0).Descendants() {
		if len(all) > 0 || seen >= 200 {
			break
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "data-") && attributeTime.MatchString(a.Key) {
				take("weigh.from_attribute", a.Val)
			}
		}
		if n.DataAtom == atom.Script && n.FirstChild != nil {
			seen++
			if label := n.PrevSibling; label != nil && label.Type == xhtml.TextNode && timeLabel.MatchString(label.Data) && !laterLabel.MatchString(label.Data) {
				take("weigh.from_script", writtenTime.FindString(clip(n.FirstChild.Data, 2000)))
			}
			take("weigh.from_script", scriptStamp(clip(n.FirstChild.Data, 200_000)))
		}
	}
	return all
}

// writtenTime is what a script writes behind a label.
var writtenTime = regexp.MustCompile(`(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}[^"'<>;()]{0,12}`)

// scriptStamp is the first time of publication that a script names. The
// expression is tried only where a name may end: scripts are long.
func scriptStamp(script string) string {
	for at, tries := 0, 0; tries < 500; tries++ {
		next := scriptName.FindStringIndex(script[at:])
		if next == nil {
			break
		}
		near := strings.ToValidUTF8(script[max(0, at+next[0]-16):min(len(script), at+next[1]+48)], "")
		if m := scriptTime.FindStringSubmatch(near); m != nil {
			return m[1]
		}
		at += next[1]
	}
	return ""
}

// timesBelow looks where a page with no time above its text may still print
// one: a labelled line at the end of the text or below it, the signature under
// a notice.
func (p *page) timesBelow(title string, body []block) []timeReading {
	var all []timeReading
	lines, bare := p.lines(), bareTitle(title)
	end := bodyEnd(lines, body)
	for i := max(0, end-5); i < min(len(lines), end+15) && len(all) < maxCandidates; i++ {
		b := lines[i]
		if i >= end && b.size <= 24 && b.linked == 0 && voicesHead.MatchString(b.text) {
			break // what follows is dated by its readers
		}
		labelled := timeLabel.MatchString(b.text)
		if b.size > 120 || isTitle(b, bare) || inComments(b.node) || !labelled && !(i >= end && namedNear(b.node)) {
			continue
		}
		if s, ok := p.lineTime(b.text); ok {
			all = append(all, newTime("weigh.from_below", "", s, timeBelow, "weigh.why_below"))
		}
	}
	for i := len(body) - 1; i >= max(0, len(body)-3); i-- {
		if body[i].size <= 40 {
			if s, ok := p.lineTime(body[i].text); ok {
				all = append(all, newTime("weigh.from_signature", "", s, timeSignature, "weigh.why_signature"))
				break
			}
		}
	}
	return all
}

func bodyEnd(all, body []block) int {
	for n := len(body) - 1; n >= max(0, len(body)-4); n-- {
		for i := len(all) - 1; i >= 0 && body[n].size >= 12; i-- {
			if all[i].text == body[n].text {
				return i + 1
			}
		}
	}
	return len(all)
}
