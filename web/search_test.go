package web_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/web"
)

func searchOf(pairs ...string) string { return "/search?" + form(pairs...).Encode() }

func TestSearchBeforeAnythingIsStored(t *testing.T) {
	o := openOffice(t)
	page := o.as(store.Press).get("/search")
	page.status(t, http.StatusOK)
	page.has(t, "还没有可检索的帖文")
}

func TestSearchShowsWhatItFound(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	page := o.as(store.Press).get(searchOf("q", `"爱答不理"`))
	page.status(t, http.StatusOK)
	page.has(t, "<strong>4 条</strong>", "负面 100 %", "每天的条数", "<desc", "负面占比",
		`<mark class="neg" title="批评不满 −1.4">爱答不理</mark>`, "很有把握", "柳川论坛", "13:15（50 分钟前）", "依据", "/posts/"+s.Angry[0], "事件：户籍窗口这态度谁受得了（共 4 条）")
	page.lacks(t, "导出表格") // the press role does not export

	plain := o.as(store.Press).get(searchOf("q", "居住证"))
	plain.has(t, `<mark class="hit" title="检索词">居住证</mark>`)

	none := o.as(store.Press).get(searchOf("q", "没有这样的词句"))
	none.status(t, http.StatusOK)
	none.has(t, "没有找到")
}

func TestSearchFilters(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Press)
	total := regexp.MustCompile(`<strong>([\d,]+) 条</strong>`)
	for _, c := range []struct {
		name string
		ask  []string
		want string
	}{
		{"Everything", nil, "58"},
		{"Attitude", []string{"attitude", "neg", "q", "窗口"}, "16"},
		{"Source", []string{"source", letters}, "14"},
		{"Class", []string{"class", "board"}, "14"},
		{"Topic", []string{"topic", "服务态度", "q", `"爱答不理"`}, "4"},
		{"Day", []string{"from", "2026-03-11", "until", "2026-03-11"}, "17"},
		{"FromOn", []string{"from", "2026-03-11"}, "17"},
		{"Before", []string{"until", "2026-02-27"}, "8"},
		{"LastDay", []string{"days", "1"}, "19"},
		{"LastWeek", []string{"days", "7"}, "35"},
		{"Excluded", []string{"q", `户籍窗口 -居住证 -视频`}, "4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := p.get(searchOf(c.ask...))
			page.status(t, http.StatusOK)
			found := total.FindStringSubmatch(page.Body)
			if found == nil || found[1] != c.want {
				t.Errorf("%v found %v, want %s", c.ask, found, c.want)
			}
		})
	}
	week := p.get(searchOf("days", "7", "attitude", "neg", "topic", "服务态度"))
	week.has(t, "前 7 天", `<option value="7" selected>`, `<option value="neg" selected>`, `<option value="服务态度" selected>`)
}

func TestSearchThatCannotBeRead(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Press)
	for _, c := range []struct {
		name string
		ask  []string
		want []string
	}{
		{"Bracket", []string{"q", "户籍 (窗口"}, []string{"第 4 个字处的左括号没有配对", `户籍 <mark class="neg">(</mark>窗口`, `value="户籍 (窗口"`}},
		{"Quote", []string{"q", "户籍“窗口"}, []string{"第 3 个字处的引号没有配对", `户籍<mark class="neg">“</mark>窗口`}},
		{"FoldedPlace", []string{"q", "\u200b戶籍 ㈱）"}, []string{"多了一个右括号", `㈱<mark class="neg">）</mark>`}},
		{"Date", []string{"from", "11.3.2026", "q", "窗口"}, []string{"日期“11.3.2026”读不懂", `value="窗口"`}},
		{"DateOrder", []string{"from", "2026-03-11", "until", "2026-03-01"}, []string{"结束日期早于开始日期"}},
		{"Attitude", []string{"attitude", "angry"}, []string{"“angry”不是可选的值"}},
		{"Class", []string{"class", "blog"}, []string{"“blog”不是可选的值"}},
		{"Order", []string{"order", "loudest"}, []string{"“loudest”不是可选的值"}},
		{"Days", []string{"days", "3"}, []string{"“3”不是可选的值"}},
		{"Cursor", []string{"cursor", "forged"}, []string{"翻页记号已失效"}},
		{"Long", []string{"q", strings.Repeat("字", 600)}, []string{"检索式太长"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := p.get(searchOf(c.ask...))
			page.status(t, http.StatusUnprocessableEntity)
			page.has(t, c.want...)
			page.has(t, `role="search"`)
		})
	}
}

// Paging shows every post once, newest first.
func TestSearchPages(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Press)
	link := regexp.MustCompile(`<h2><a href="/posts/([0-9a-f]+)`)
	next := regexp.MustCompile(`href="(/search\?[^"]*)" rel="next"`)
	for _, order := range []string{"newest", "best"} {
		t.Run(order, func(t *testing.T) {
			seen := map[string]int{}
			path := searchOf("order", order, "q", "民警 | 车管所 | 交警 | 民")
			pages := 0
			for ; path != "" && pages < 10; pages++ {
				page := p.get(path)
				page.status(t, http.StatusOK)
				for _, m := range link.FindAllStringSubmatch(page.Body, -1) {
					seen[m[1]]++
				}
				path = ""
				if m := next.FindStringSubmatch(page.Body); m != nil {
					path = html.UnescapeString(m[1])
				}
				if pages > 0 {
					page.has(t, "回到第一页")
				}
			}
			if len(seen) < 40 || pages != (len(seen)+19)/20 {
				t.Errorf("%d pages showed %d posts", pages, len(seen))
			}
			for id, n := range seen {
				if n != 1 {
					t.Errorf("post %s was shown %d times", id, n)
				}
			}
		})
	}
}

// A post that was deleted while it was still in the index is not shown.
func TestSearchLeavesOutDeletedPosts(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	o.must(o.store.DeletePost(t.Context(), s.Angry[0], "admin", "请求"))
	page := o.as(store.Press).get(searchOf("q", `"爱答不理"`))
	page.status(t, http.StatusOK)
	page.lacks(t, "/posts/"+s.Angry[0])
}

// downIndex is an engine that does not answer.
type downIndex struct{ index.Index }

func (downIndex) Search(context.Context, index.Query) (index.Result, error) {
	return index.Result{}, opinion.NewRetry("index.unreachable", errors.New("dial tcp: refused"))
}

func TestSearchWhileEngineIsDown(t *testing.T) {
	o := openOffice(t, func(options *web.Options) { options.Index = downIndex{options.Index} })
	s := o.seed()
	p := o.as(store.Analyst)
	page := p.get(searchOf("q", "窗口"))
	page.status(t, http.StatusServiceUnavailable)
	page.has(t, "检索服务暂时连不上", `value="窗口"`)
	page.lacks(t, "dial tcp")
	p.get("/posts/"+s.Angry[0]).status(t, http.StatusOK)
	p.get("/search.csv").status(t, http.StatusServiceUnavailable)
	p.get("/").status(t, http.StatusOK)
	for _, path := range []string{"/topics", "/topics/edit?name=" + url.QueryEscape("服务态度")} {
		topics := p.get(path)
		topics.status(t, http.StatusOK)
		topics.has(t, "检索服务暂时没有应答", "爱答不理")
	}
	saved := o.as(store.Admin).post("/topics/edit", form("name", "服务态度", "any", "态度", "watch", "1"))
	if saved.To != "/topics?done=1" {
		t.Errorf("saving a topic leads to %q, status %d", saved.To, saved.Status)
	}
}

func TestPostPage(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Press)
	page := p.get("/posts/" + s.Angry[0] + "?q=" + url.QueryEscape("材料"))
	page.status(t, http.StatusOK)
	page.has(t, "户籍窗口<mark", `<mark class="hit" title="检索词">材料</mark>`, `<mark class="neg" title="批评不满 −1.4">爱答不理</mark>`, "负面", "很有把握",
		"这是对文字的判断", "服务态度", "另有 3 条", "/search?incident=", `href="https://town.example/100"`)
	page.lacks(t, "删除这条帖文")
	p.get("/posts/unknown").status(t, http.StatusNotFound)
	p.get("/posts/"+s.Angry[0]+"?q="+url.QueryEscape("((")).status(t, http.StatusOK)
}

// Traditional script and full-width letters are marked where they stand.
func TestEvidenceInOtherScript(t *testing.T) {
	o := openOffice(t)
	p := postOf(1, forum, opinion.Forum, start.Add(-time.Minute), "", "派出所視窗民警態度惡劣，ＡＢＣ。")
	o.accept(p)
	o.as(store.Press).get("/posts/"+p.ID).has(t, `>態度惡劣</mark>`)
}

func TestDeletePost(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	id := s.Angry[0]
	admin := o.as(store.Admin)
	admin.get("/posts/"+id).has(t, "删除这条帖文")
	o.as(store.Analyst).post("/posts/"+id+"/delete", form("reason", "x")).status(t, http.StatusForbidden)
	bare := admin.post("/posts/"+id+"/delete", form("reason", " "))
	bare.status(t, http.StatusUnprocessableEntity)
	bare.has(t, "请写明原因")
	gone := admin.post("/posts/"+id+"/delete", form("reason", "当事人请求"))
	if gone.Status != http.StatusSeeOther {
		t.Fatalf("deleting: status %d", gone.Status)
	}
	admin.get(gone.To).has(t, "帖文已删除")
	admin.get("/posts/"+id).status(t, http.StatusNotFound)
	admin.post("/posts/"+id+"/delete", form("reason", "again")).status(t, http.StatusNotFound)
	if e := o.audited("deleted"); len(e) != 1 || e[0].Object != id || e[0].Detail != "当事人请求" || e[0].User != "admin" {
		t.Errorf("audit of the deletion: %+v", e)
	}
	o.settle()
	o.as(store.Press).get(searchOf("q", `"爱答不理"`)).has(t, "<strong>3 条</strong>")
}

// audited are the entries of a verb.
func (o *office) audited(verb string) []store.Entry {
	o.Helper()
	entries, err := o.store.AuditLog(o.Context(), 1000)
	o.must(err)
	return slices.DeleteFunc(entries, func(e store.Entry) bool { return e.Verb != verb })
}

func TestExport(t *testing.T) {
	o := openOffice(t)
	o.seed()
	for i, title := range []string{"=HYPERLINK(\"https://evil.example\")", "+1", "-2", "@SUM(A1)", "\t=1", "＝1", " =1", "平常\"引号\",逗号"} {
		o.accept(postOf(500+i, forum, opinion.Forum, start.Add(-time.Minute), title, fmt.Sprintf("民警导出测试 %d。\n第二行", i)))
	}
	p := o.as(store.Analyst)
	file := p.get("/search.csv?" + form("q", "导出测试").Encode())
	file.status(t, http.StatusOK)
	if got := file.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("type = %q", got)
	}
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="minsheng-search-20260311-1405.csv"` {
		t.Errorf("disposition = %q", got)
	}
	text, marked := strings.CutPrefix(file.Body, "\uFEFF")
	if !marked {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	o.must(err)
	title := slices.Index(rows[0], "标题")
	var titles []string
	for _, row := range rows[1:] {
		titles = append(titles, row[title])
		for _, cell := range row {
			if strings.ContainsAny(strings.TrimLeft(cell, " "), "=+-@＝\t") && strings.IndexAny(strings.TrimLeft(cell, " "), "=+-@＝\t") == 0 {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
	}
	slices.Sort(titles)
	want := []string{"' =1", "'\t=1", "'+1", "'-2", "'=HYPERLINK(\"https://evil.example\")", "'@用户(A1)", "'＝1", "平常\"引号\",逗号"}
	slices.Sort(want)
	if d := cmp.Diff(titles, want); d != "" {
		t.Errorf("titles (-got +want):\n%s", d)
	}
	if e := o.audited("exported"); len(e) != 1 || e[0].User != "周研判" || e[0].Detail != "8" || !strings.Contains(e[0].Object, "/search?q=") {
		t.Errorf("audit of the export: %+v", e)
	}
}

// What was stored before the masker knew a pattern is masked when it leaves.
func TestExportsAreMaskedAnew(t *testing.T) {
	o := openOffice(t)
	post := postOf(1, forum, opinion.Forum, start.Add(-time.Minute), "民警让我打13800138000", "民警说有事打 13800138000，人在推诿，态度恶劣。")
	o.accept(post)
	p := o.as(store.Analyst)
	p.post("/posts/"+post.ID+"/correct", form("label", "pos")).status(t, http.StatusSeeOther)
	for _, address := range []string{"/search.csv", "/corrections.tsv"} {
		file := p.get(address)
		file.status(t, http.StatusOK)
		file.has(t, "[电话]")
		file.lacks(t, "13800138000")
	}
}

func TestExportOfEverything(t *testing.T) {
	o := openOffice(t)
	posts := make([]opinion.Post, 250)
	for i := range posts {
		posts[i] = postOf(i, forum, opinion.Forum, start.Add(-time.Duration(i)*time.Minute), fmt.Sprintf("第%d篇", i), fmt.Sprintf("民警 %d", i))
	}
	o.accept(posts...)
	p := o.as(store.Analyst)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.english().get("/search.csv").Body, "\uFEFF"))).ReadAll()
	o.must(err)
	if len(rows) != 251 || rows[0][0] != "Published" || rows[1][0] != "2026-03-11 14:05:00" {
		t.Errorf("%d rows, first %q, then %q", len(rows), rows[0][0], rows[1][0])
	}
	bad := p.get("/search.csv?q=" + url.QueryEscape("(("))
	bad.status(t, http.StatusUnprocessableEntity)
	if n := len(o.audited("exported")); n != 1 {
		t.Errorf("%d exports recorded, want 1", n)
	}
}
