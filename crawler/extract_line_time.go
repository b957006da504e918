package crawler

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// saysWhen tells a line that counts back from now: the full time may hide in an
// attribute.
var saysWhen = regexp.MustCompile(`^\D{0,12}(?:刚刚|昨天|前天|今天|\d\s*(?:秒|分钟|小时|天)前)`)

// shortYear is a time to the minute whose year has two digits: on a Chinese page
// the first of the three numbers is the year.
var shortYear = regexp.MustCompile(`(?:^|[^\d\-/.:])(\d{2})[-/](\d{2})[-/](\d{2})\s+(\d{1,2}:\d{2}(?::\d{2})?)`)

var clockLine = regexp.MustCompile(`^\d{1,2}[:：]\d{2}(?:[:：]\d{2})?$`)

// timeOf is the time that line i of lines gives, in its elements or its text; a
// line that is a time of day completes the day above it.
func (p *page) timeOf(lines []block, i int) (stamp, bool) {
	b := lines[i]
	if s, ok := p.elementTime(b.node); ok {
		return s, true
	}
	if s, ok := p.dayOverMonth(lines, i); ok {
		return s, true
	}
	if i+1 < len(lines) && b.size <= 24 && clockLine.MatchString(lines[i+1].text) {
		if s, ok := p.lineTime(b.text + " " + lines[i+1].text); ok {
			return s, true
		}
	}
	if s, ok := p.lineTime(b.text); ok {
		return s, true
	}
	if title := attrOf(b.node, "title"); title != "" && b.size <= 30 && namedNear(b.node) {
		t, dayOnly, ok := ParseTime(title, p.zone)
		return stamp{t, dayOnly}, ok
	}
	return stamp{}, false
}

var (
	yearMonth = regexp.MustCompile(`^(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*月?$`)
	dayBefore = regexp.MustCompile(`^(\d{1,2})\s+((?:19|20)\d{2}\s*[-/.年]\s*\d{1,2})\s*月?$`)
	dayNumber = regexp.MustCompile(`^\d{1,2}\s*[日号]?$`)
)

// dayOverMonth is the day of a box that holds nothing but a day and its month,
// one over or beside the other.
func (p *page) dayOverMonth(lines []block, i int) (stamp, bool) {
	if m := dayBefore.FindStringSubmatch(lines[i].text); m != nil {
		t, _, ok := ParseTime(m[2]+"-"+m[1], p.zone)
		return stamp{t, true}, ok
	}
	if !yearMonth.MatchString(lines[i].text) {
		return stamp{}, false
	}
	for _, at := range []int{i - 1, i + 1} {
		if at < 0 || at >= len(lines) || !dayNumber.MatchString(lines[at].text) {
			continue
		}
		if box := commonElement(lines[i].node, lines[at].node); box != nil && textSize(box) <= len(lines[i].text)+len(lines[at].text)+4 {
			t, _, ok := ParseTime(strings.Trim(lines[i].text, " 月")+"-"+strings.Trim(lines[at].text, " 日号"), p.zone)
			return stamp{t, true}, ok
		}
	}
	return stamp{}, false
}

// elementTime is the time that a time element in a line states for programs.
func (p *page) elementTime(n *xhtml.Node) (stamp, bool) {
	for depth := 0; n != nil && depth < 2; n, depth = n.Parent, depth+1 {
		if s, ok := p.datetime(n); ok {
			return s, true
		}
		children := 0
		for c := n.FirstChild; c != nil && depth == 0 && children < 20; c = c.NextSibling {
			if s, ok := p.datetime(c); ok {
				return s, true
			}
			children++
		}
	}
	return stamp{}, false
}

func (p *page) datetime(n *xhtml.Node) (stamp, bool) {
	if !isTime(n) || changeName.MatchString(attrOf(n, "class")) {
		return stamp{}, false
	}
	t, dayOnly, ok := ParseTime(attrOf(n, "datetime"), p.zone)
	return stamp{t, dayOnly}, ok
}

// isTime reports whether an element is a time element or one that a page made
// after it: <relative-time>, <time-ago>.
func isTime(n *xhtml.Node) bool {
	return n.DataAtom == atom.Time || n.DataAtom == 0 && n.Type == xhtml.ElementNode && strings.Contains(n.Data, "-") && strings.Contains(n.Data, "time")
}

// changeName is the name of an element that holds the time of a change.
var changeName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:dt-)?(?:updated?|modified|edited)(?:$|[-_\s])`)

// markedTime is the time of the page's one entry as microformats mark it:
// https://microformats.org/wiki/hatom and its successor h-entry. A page that
// marks several times is a list of entries, or has entries beside its own.
func (p *page) markedTime() (string, bool) {
	only := ""
	found := p.doc.Find(`time.published[datetime], time.dt-published[datetime], time.entry-date[datetime]`)
	for _, n := range found.Nodes {
		at := attrOf(n, "datetime")
		if changeName.MatchString(attrOf(n, "class")) && !strings.Contains(attrOf(n, "class"), "published") {
			continue
		}
		if only != "" && at != only {
			return "", false
		}
		only = at
	}
	return only, only != ""
}

// voicesHead heads the remarks of readers.
var voicesHead = regexp.MustCompile(`(?i)^[\s\d条共有仅已《》【\[（(]*(?:网友|網友|最新|热门|熱門|全部|精彩|发表|發表|我要|我来|文章|本文|新闻|用户|读者|参与)?\s*(?:评论|評論|跟帖|跟贴|回复|回覆|留言|回帖|讨论|说两句|comments?|responses?)`)

// inComments reports whether an element lies in one that is named after the
// remarks of readers.
func inComments(n *xhtml.Node) bool {
	for depth := 0; n != nil && depth < 6; n, depth = n.Parent, depth+1 {
		if isComments(n) {
			return true
		}
	}
	return false
}

var (
	statedBefore = regexp.MustCompile(strings.TrimSuffix(statedLabel, `(?:\d|$|`+monthNames+`)`) + `$`)
	manyDays     = regexp.MustCompile(`(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}`)
)

// ownTime cuts a line with several times down to the one of publication: the
// first that is labelled so, else the first that is not labelled as another's.
func ownTime(text string) string {
	days := manyDays.FindAllStringIndex(text, 6)
	if len(days) < 2 {
		return text
	}
	unnamed, last := -1, 0
	for _, at := range days {
		label := text[last:at[0]]
		switch last = at[1]; {
		case statedBefore.MatchString(label):
			return text[at[0]:]
		case unnamed < 0 && !laterLabel.MatchString(label):
			unnamed = at[0]
		}
	}
	return text[max(0, unnamed):]
}

// lineTime reads the time of a line; one without a year is completed
// by yearOf.
func (p *page) lineTime(text string) (stamp, bool) {
	text = ownTime(text)
	if t, dayOnly, ok := ParseTime(text, p.zone); ok {
		return stamp{t, dayOnly}, true
	}
	text = foldWidth(clip(text, maxTimeText))
	if m := shortYear.FindStringSubmatch(text); m != nil && countHan(p.head) > 1 {
		t, dayOnly, ok := ParseTime("20"+m[1]+"-"+m[2]+"-"+m[3]+" "+m[4], p.zone)
		return stamp{t, dayOnly}, ok
	}
	m := yearless.FindStringSubmatch(text)
	if m == nil {
		return stamp{}, false
	}
	d := day{0, number(m[1]), number(m[2])}
	if d.year = p.yearOf(d); d.year == 0 {
		return stamp{}, false
	}
	t, dayOnly, ok := ParseTime(fmt.Sprintf("%d-%02d-%02d %s", d.year, d.month, d.day, m[3]), p.zone)
	return stamp{t, dayOnly}, ok
}

// yearOf is the year of a day that is printed without one: that of the same day
// in the address, else the last in which the day is not after the page's last
// change. 0 where the page shows neither.
func (p *page) yearOf(d day) int {
	if at, ok := p.addressDay(); ok && int(at.Month()) == d.month && at.Day() == d.day {
		return at.Year()
	}
	for _, o := range p.linked {
		if t, _, ok := ParseTime(linkedText(o, "dateModified"), p.zone); ok {
			return lastYear(d, t)
		}
	}
	if t, _, ok := ParseTime(p.meta("og:updated_time", "article:modified_time", "lastmodified", "last-modified"), p.zone); ok {
		return lastYear(d, t)
	}
	return 0
}

func lastYear(d day, changed time.Time) int {
	if d.month > int(changed.Month()) || d.month == int(changed.Month()) && d.day > changed.Day() {
		return changed.Year() - 1
	}
	return changed.Year()
}

// addressDay is the day that the page's address, or the one it gives as its
// own, holds.
func (p *page) addressDay() (time.Time, bool) {
	canonical, _ := p.doc.Find(`link[rel="canonical"]`).First().Attr("href")
	for _, address := range []string{p.address, canonical, p.meta("og:url")} {
		if u, err := url.Parse(strings.TrimSpace(address)); err == nil {
			if m := addressDate.FindStringSubmatch(u.Path); m != nil {
				if t, _, ok := (day{number(m[1]), number(m[2]), number(m[3])}).at(clock{}, p.zone, true); ok {
					return t, true
				}
			}
		}
	}
	return time.Time{}, false
}

// longestFiling is how long after its signature a notice may be published: the
// day under which it is filed is then that of the publication.
const longestFiling = 30 * 24 * time.Hour

// filedDays are the days under which a page is filed: the one in its address
// and the one that is chosen in a list of days, as digital newspapers offer
// their other issues.
func (p *page) filedDays() []timeReading {
	var all []timeReading
	if day, found := p.addressDay(); found {
		all = append(all, newTime("weigh.from_address", "", stamp{day, true}, timeAddress, "weigh.why_address"))
	}
	p.doc.Find("option[selected]").EachWithBreak(func(_ int, s *selection) bool {
		text := oneLine(clip(s.Text(), 60))
		if t, _, ok := ParseTime(text, p.zone); ok && len(text) <= 20 && len(all) < 2 && s.Siblings().Length() > 0 {
			all = append(all, newTime("weigh.from_choice", "", stamp{t, true}, timeAddress, "weigh.why_address"))
		}
		return len(all) < 2
	})
	return all
}
