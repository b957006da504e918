package crawler_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/crawler"
)

// layoutText is an invented text and what the layouts print round it.
type layoutText struct {
	Name, Title, Source string
	Paragraphs          []string
	at                  time.Time
}

// T is the time of publication in a form of package time.
func (l layoutText) T(form string) string { return l.at.Format(form) }

// Off is a time as many hours from that of publication.
func (l layoutText) Off(hours int, form string) string {
	return l.at.Add(time.Duration(hours) * time.Hour).Format(form)
}

// dated puts the day of publication into an address.
func (l layoutText) dated(address string) string {
	return strings.NewReplacer("YYYY", l.T("2006"), "YY", l.T("06"), "MM", l.T("01"), "DD", l.T("02")).Replace(address)
}

func (l layoutText) Millis() int64 { return l.at.UnixMilli() }
func (l layoutText) Unix() int64   { return l.at.Unix() }

// In gives the text with every paragraph between two pieces of markup.
func (l layoutText) In(before, after string) string {
	var b strings.Builder
	for _, p := range l.Paragraphs {
		b.WriteString(before + html.EscapeString(p) + after + "\n")
	}
	return b.String()
}

func (l layoutText) P() string { return l.In("<p>", "</p>") }

// JSON writes a value as scripts hold it.
func (l layoutText) JSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// Percent writes a text as addresses hold it.
func (l layoutText) Percent(s string) string { return url.PathEscape(s) }

// Half is the first or the second half of the title.
func (l layoutText) Half(second bool) string {
	r := []rune(l.Title)
	if second {
		return string(r[len(r)/2:])
	}
	return string(r[:len(r)/2])
}

// Links gives as many headlines of other texts, each with its time in a form
// of package time, in the markup of item: %[1]s address, %[2]s headline, %[3]s time.
func (l layoutText) Links(n int, form, item string) string {
	heads := []string{
		"全市公安机关开展冬季治安巡查工作", "办证窗口推出错时延时服务", "反诈宣传进社区活动举行", "东浦路口信号灯配时优化", "校园周边交通整治启动", "北桥区通报三起占道经营典型案例",
		"清河市召开安全生产视频会议", "河东路供热管网改造提前完工", "志愿者走进敬老院", "我市今冬首场降雪预计周末到来", "老旧小区加装电梯突破百台", "公交6路恢复原线路运行",
	}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, item, fmt.Sprintf("/news/%d.html", 30000+i), heads[i%len(heads)], l.at.Add(-time.Duration(7*i+5)*time.Hour).Format(form))
	}
	return b.String()
}

// Voices gives as many readers' remarks, each with its time, in the markup of
// item: %[1]s name, %[2]s time, %[3]s remark, %[4]d number.
func (l layoutText) Voices(n int, form, item string) string {
	said := []string{
		"支持，希望能一直坚持下去。", "我家就住旁边，说实话效果没有宣传的那么好，晚上十一点以后还是没人管。", "转发了", "上个月去办过，窗口的小姑娘态度挺好，就是等的时间长了点，建议多开两个窗口。",
		"为什么不早点这么做？非要等出了事才想起来，这是我去年就反映过的问题，当时的答复是正在研究。", "楼上说得对", "理性看待，给点时间。",
	}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, item, fmt.Sprintf("清河网友%d", 7+i), l.at.Add(time.Duration(40*i+25)*time.Minute).Format(form), said[i%len(said)], 70+i)
	}
	return b.String()
}

// members gives name and text of the files in an archive of the txtar form.
func members(t *testing.T, path string) (all [][2]string) {
	t.Helper()
	text := string(readFile(t, path))
	heads := regexp.MustCompile(`(?m)^-- (\S+) --\n`).FindAllStringSubmatchIndex(text, -1)
	for i, at := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		all = append(all, [2]string{text[at[2]:at[3]], text[at[1]:end]})
	}
	return all
}

func layoutTexts(t *testing.T) []layoutText {
	t.Helper()
	var all []layoutText
	for i, f := range members(t, "testdata/layouts/texts.txtar") {
		lines := strings.Split(strings.TrimSpace(f[1]), "\n")
		all = append(all, layoutText{
			Name: f[0], Title: lines[0], Paragraphs: lines[1:],
			Source: []string{"清河日报", "北桥新闻网", "清河市公安局"}[i%3],
			at:     time.Date(2026, 11, 20+i%4, 8+i, 5+6*i, 42, 0, office),
		})
	}
	return all
}

// layout is a template and what is expected of a page that is made with it.
type layout struct {
	family, name string
	page         *template.Template
	address      string
	want         map[string]bool // minute, day, none, source, or the reason of a refusal
}

// layoutHead is the first line of a layout: {{/* WANT… ADDRESS */}}.
var layoutHead = regexp.MustCompile(`^\{\{/\* (.*?) ?(https?://\S+)? \*/\}\}`)

func pageLayouts(t *testing.T) []layout {
	t.Helper()
	paths, err := filepath.Glob("testdata/layouts/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []layout
	for _, path := range paths {
		family := strings.TrimSuffix(filepath.Base(path), ".txtar")
		if family == "texts" {
			continue
		}
		for _, f := range members(t, path) {
			m := layoutHead.FindStringSubmatch(f[1])
			page, err := template.New(f[0]).Parse(f[1])
			if m == nil || err != nil {
				t.Fatalf("%s %s: a layout begins with what is wanted: %v", path, f[0], err)
			}
			l := layout{family: family, name: f[0], page: page, address: m[2], want: map[string]bool{}}
			for w := range strings.FieldsSeq(m[1]) {
				l.want[w] = true
			}
			all = append(all, l)
		}
	}
	return all
}

// layoutScore counts what came out right.
type layoutScore struct {
	pages, accepted, title, day, dayWrong, minute, minutes, source, sources, above int
	f1                                                                             float64
}

// TestPageLayouts fills the layouts of Chinese sites with invented texts, half of
// them in GBK, and reads every page back.
func TestPageLayouts(t *testing.T) {
	texts := layoutTexts(t)
	var sum layoutScore
	for i, l := range pageLayouts(t) {
		t.Run(l.family+"/"+l.name, func(t *testing.T) {
			for j, text := range texts {
				if l.want["none"] && text.Name == "captions" {
					continue // too little to be an article without a time
				}
				var b strings.Builder
				if err := l.page.Execute(&b, text); err != nil {
					t.Fatal(err)
				}
				body := []byte(b.String())
				if (i+j)%2 == 0 {
					body = encode(t, simplifiedchinese.GB18030, b.String())
				}
				a, err := crawler.Extract(body, "text/html", text.dated(l.address), nil)
				if err != nil {
					t.Errorf("%s: %v", text.Name, err)
					continue
				}
				sum.add(t, l, text, a)
				if l.family == "refused" {
					break // the text is no part of it
				}
			}
		})
	}
	n := float64(max(1, sum.pages))
	t.Logf("pages %d, accepted %.4f, body F1 %.4f, above .9 %.4f, title %.4f, day %.4f, wrong %.4f, minute %.4f, source %.4f", sum.pages, float64(sum.accepted)/n, sum.f1/n, float64(sum.above)/n,
		float64(sum.title)/n, float64(sum.day)/n, float64(sum.dayWrong)/n, share(sum.minute, sum.minutes), share(sum.source, sum.sources))
}

func (s *layoutScore) add(t *testing.T, l layout, text layoutText, a crawler.Article) {
	if l.family == "refused" {
		if a.IsArticle || !l.want[a.Reason] {
			t.Errorf("article %v (%s), want %v; title %q, text %q", a.IsArticle, a.Reason, l.want, a.Title, a.Text)
		}
		return
	}
	s.pages++
	if !a.IsArticle {
		t.Errorf("%s: refused (%s)", text.Name, a.Reason)
	} else {
		s.accepted++
	}
	if letters(a.Title) == letters(text.Title) {
		s.title++
	} else {
		t.Errorf("%s: title %q, want %q", text.Name, a.Title, text.Title)
	}
	score := overlap(strings.Join(text.Paragraphs, "\n"), a.Text)
	if s.f1 += score; score >= 0.9 {
		s.above++
	}
	if score < 0.96 && !(score > 0.93 && text.Name == "captions") {
		t.Errorf("%s: body F1 %.3f: %q", text.Name, score, a.Text)
	}
	s.addTime(t, l, text, a)
	if l.want["source"] {
		if s.sources++; a.Outlet == text.Source {
			s.source++
		} else {
			t.Errorf("%s: source %q, want %q", text.Name, a.Outlet, text.Source)
		}
	}
}

func (s *layoutScore) addTime(t *testing.T, l layout, text layoutText, a crawler.Article) {
	got, want := "", ""
	if !a.Published.IsZero() {
		got = a.Published.In(office).Format("2006-01-02 15:04")
		if a.DayOnly {
			got = got[:10]
		}
	}
	switch {
	case l.want["minute"]:
		want = text.T("2006-01-02 15:04")
		if s.minutes++; got == want {
			s.minute++
		}
	case l.want["day"]:
		want = text.T(time.DateOnly)
	case text.Name == "order" && got == "2026-11-19": // it is signed with a day
		want = got
	}
	if got != "" && clipText(got, 10) != clipText(want, 10) {
		s.dayWrong++
	}
	if clipText(got, 10) == clipText(want, 10) {
		s.day++
	}
	if got != want {
		t.Errorf("%s: time %q, want %q", text.Name, got, want)
	}
}

func clipText(s string, n int) string { return s[:min(n, len(s))] }
