package crawler

import (
	"regexp"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	metaTimes = []string{
		"article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate", "publish_date",
		"publish-date", "publishtime", "publish_time", "publication_date", "weibo:article:create_at", "weibo: article:create_at", "bytedance:published_time",
		"apub:time", "og:release_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "citation_publication_date", "_pubtime", "releasedate", "og:time",
		"dc.date", "date", "sailthru.date", "parsely-pub-date",
	}
	scriptTime = regexp.MustCompile(`(?i)["']?(?:publish_?time|pub_?time|pub_?date|publish_?date|ptime|oriCreateTime|create_?time|post_?time)["']?\s*[:=]\s*["']?((?:19|20)\d{2}[^"',;<>{}]{4,26}|1\d{9}(?:\d{3})?)\b`)
	namedTime  = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:(?:pub|publish|post|art|article|news|content|release|create)[-_]?(?:time|date)|pubtime\w*|publish(?:ed)?|time|date|datetime|timestamp|riqi|shijian|fbsj)(?:$|[-_\s\d])`)
	timeLabel  = regexp.MustCompile(`(?:发布|发表|發布|發表|刊登|发稿|成稿|出版|上传|发文|录入|添加|创建)?(?:时间|日期|時間|于|於|在)\s*[:：]?\s*$|发布|发表|发稿`)
	laterLabel = regexp.MustCompile(`更新|修改|编辑于|最后|截止|有效|失效|成文|生成|编辑时间|现在|今天是|回复`)
	fullClock  = regexp.MustCompile(`\d\s*[:：时點点]\s*\d`)
)

// stamp is a time found on a page and how sure it is.
type stamp struct {
	at      time.Time
	dayOnly bool
	sure    bool // printed right under the title
	why     string
}

func (s stamp) found() bool { return !s.at.IsZero() }

// published weighs what meta, linked data and the visible text say. Visible
// text to the minute corrects a meta that shows the day alone, and one that
// writes local time as if it were UTC; where both are full, the earlier one is
// the publication.
func (p *page) published(all []block, title string, body []block) stamp {
	stated := p.statedTime()
	seen := p.visibleTime(all, title, body)
	switch {
	case !stated.found() && !seen.found():
		return p.lastResort(all, body)
	case !stated.found():
		return seen
	case !seen.found():
		return stated
	case stated.dayOnly && !seen.dayOnly:
		return seen
	case seen.dayOnly:
		return stated
	case wallClock(stated.at) == wallClock(seen.at):
		return seen
	case seen.sure && seen.at.Before(stated.at):
		return seen // meta often gives the last change
	}
	return stated
}

func wallClock(t time.Time) string { return t.Format("2006-01-02 15:04") }

// statedTime is what meta elements, linked data and time elements say.
func (p *page) statedTime() stamp {
	best := stamp{}
	take := func(text, why string) {
		if best.found() && !best.dayOnly {
			return
		}
		if t, dayOnly, ok := ParseTime(text, p.zone); ok && (!best.found() || !dayOnly) {
			best = stamp{at: t, dayOnly: dayOnly, why: why}
		}
	}
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			take(linkedText(o, "datePublished"), "time: linked data")
		}
	}
	for _, name := range metaTimes {
		take(p.meta(name), "time: meta "+name)
	}
	p.doc.Find(`[itemprop="datePublished"], [property="article:published_time"], time[pubdate]`).Each(func(_ int, s *selection) {
		take(s.AttrOr("content", s.AttrOr("datetime", s.Text())), "time: microdata")
	})
	return best
}

// visibleTime is the last full time between title and text, where pages print
// it; a line that says it is the publication's goes before, one that speaks of
// a change goes last.
func (p *page) visibleTime(all []block, title string, body []block) stamp {
	from, to, titled := headRange(all, title, body)
	best, bestScore := stamp{}, 0
	for i := from; i < to; i++ {
		b := all[i]
		if b.size > 400 || !strings.ContainsAny(foldWidth(clip(b.text, 1200)), "0123456789") {
			continue
		}
		t, dayOnly, ok := ParseTime(b.text, p.zone)
		if !ok {
			continue
		}
		score := 10
		if !dayOnly {
			score += 40
		}
		if namedNear(b.node) {
			score += 10
		}
		if timeLabel.MatchString(b.text) {
			score += 20
		}
		if laterLabel.MatchString(b.text) && !timeLabel.MatchString(b.text) {
			score -= 15
		}
		if b.linkShare() > 0.6 {
			score -= 9
		}
		if score >= bestScore {
			best, bestScore = stamp{t, dayOnly, titled && score >= 50, "time: printed before the text"}, score
		}
	}
	return best
}

// headRange is where a page prints title, time and source: from the last title
// before the text (or a little above it) to the first lines of the text.
func headRange(all []block, title string, body []block) (from, to int, titled bool) {
	to = bodyStart(all, body)
	from = max(0, to-30)
	for i := to - 1; i >= 0 && i >= to-120; i-- {
		if sameTitle(all[i].text, title) {
			from, titled = max(0, i-4), true
			break
		}
	}
	return from, min(len(all), to+2), titled
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

func namedNear(n *xhtml.Node) bool {
	for depth := 0; n != nil && depth < 3; n, depth = n.Parent, depth+1 {
		if n.DataAtom == atom.Time || namedTime.MatchString(attrOf(n, "class")) || namedTime.MatchString(attrOf(n, "id")) {
			return true
		}
	}
	return false
}

// lastResort looks where a page with no time above its text may still show
// one: scripts, a labelled line below, the signature under a notice.
func (p *page) lastResort(all, body []block) stamp {
	found := stamp{}
	p.doc.Find("script").EachWithBreak(func(n int, s *selection) bool {
		if m := scriptTime.FindStringSubmatch(clip(s.Text(), 200_000)); m != nil {
			if t, dayOnly, ok := ParseTime(m[1], p.zone); ok {
				found = stamp{at: t, dayOnly: dayOnly, why: "time: script"}
			}
		}
		return !found.found() && n < 200
	})
	if found.found() {
		return found
	}
	end := bodyEnd(all, body)
	for i := end; i < min(len(all), end+15); i++ {
		b := all[i]
		if b.size > 120 || !(timeLabel.MatchString(b.text) || namedNear(b.node)) {
			continue
		}
		if t, dayOnly, ok := ParseTime(b.text, p.zone); ok {
			return stamp{at: t, dayOnly: dayOnly, why: "time: printed below the text"}
		}
	}
	for i := len(body) - 1; i >= max(0, len(body)-3); i-- {
		if body[i].size <= 40 {
			if t, dayOnly, ok := ParseTime(body[i].text, p.zone); ok {
				return stamp{at: t, dayOnly: dayOnly, why: "time: signature"}
			}
		}
	}
	return stamp{}
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
