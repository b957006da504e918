package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/web"
)

func (o *office) topic(name string) store.TopicState {
	o.Helper()
	all, err := o.store.Topics(o.Context())
	o.must(err)
	for _, t := range all {
		if t.Name == name {
			return t
		}
	}
	return store.TopicState{}
}

func findArea(doc *html.Node, name string) *html.Node {
	for n := range doc.Descendants() {
		if n.Data == "textarea" && attribute(n, "name") == name {
			return n
		}
	}
	return &html.Node{Parent: &html.Node{}}
}

// lastInput is the field of that name in the last form: hidden ones stand in
// the rows above it.
func lastInput(doc *html.Node, name string) *html.Node {
	last := &html.Node{}
	for n := range doc.Descendants() {
		if n.Data == "input" && attribute(n, "name") == name {
			last = n
		}
	}
	return last
}

func (o *office) changes() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changed
}

func TestSourcesPage(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Admin)
	page := p.get("/sources")
	page.has(t, "3 个来源在读，其中 1 个需要看看", "连续失败 1 次，会自动再试", "上次出错", "留言板 · 列表页")
	page.lacks(t, "时好时坏") // it has never answered
	if failing, fine := strings.Index(page.Body, letters), strings.Index(page.Body, paper); failing > fine {
		t.Error("a source that fails stands after one that does not")
	}
	for verb, says := range map[string]string{"ask": "马上就读", "pause": "已暂停，不再访问", "resume": "已恢复"} {
		if got := p.post("/sources", form("source", forum, "verb", verb)); got.To != "/sources?done="+verb {
			t.Errorf("%s: status %d to %q", verb, got.Status, got.To)
		}
		p.get("/sources?done="+verb).has(t, says)
		if verb == "pause" {
			p.get("/sources").has(t, "已暂停，不访问这个网站", "1 个已暂停，不访问。", `value="resume"`)
		}
	}
	p.get("/sources?done=<b>").lacks(t, "<b>&lt;", `class="done"`)
	p.post("/sources", form("source", forum, "verb", "erase")).status(t, http.StatusBadRequest)
	p.post("/sources", form("source", "没有的来源", "verb", "pause")).status(t, http.StatusNotFound)
	o.as(store.Press).get("/sources").lacks(t, `action="/sources"`)
	if got := []int{len(o.audited("asked")), len(o.audited("paused")), len(o.audited("resumed"))}; !cmp.Equal(got, []int{1, 1, 1}) {
		t.Errorf("the log has %v lines of asking, pausing, resuming", got)
	}
}

// A source that answers but says nothing is told apart from one that is well.
func TestSilentSources(t *testing.T) {
	o := openOffice(t)
	o.must(o.store.SyncSources(t.Context(), []opinion.Source{
		{Name: paper, URL: "https://paper.example/rss", Form: opinion.FeedForm, Class: opinion.Media, Every: time.Hour, Rate: time.Second},
		{Name: forum, URL: "https://forum.example/list", Form: opinion.ListForm, Class: opinion.Forum, Every: time.Hour, Rate: time.Second},
		{Name: letters, URL: "https://letters.example/", Form: opinion.ListForm, Class: opinion.BoardSite, Every: time.Hour, Rate: time.Second},
		{Name: "推送", Form: opinion.PushForm, Class: opinion.SocialNet},
	}))
	p := o.as(store.Press)
	p.get("/sources").has(t, "尚未读过，已在排队", "由程序推送，不必抓取")
	o.accept(postOf(1, paper, opinion.Media, o.now(), "窗口", "民警态度很好。"))
	fetches, err := o.store.LeaseFetches(t.Context(), 10, time.Minute)
	o.must(err)
	for _, f := range fetches {
		out := store.Outcome{Next: o.now().Add(1000 * time.Hour)}
		switch f.Source {
		case paper:
			out.Posts = 1
		case letters:
			out.Links = []store.Link{{URL: "https://letters.example/1", Role: store.PageRole}, {URL: "https://letters.example/2", Role: store.PageRole}}
		}
		o.must(o.store.FinishFetch(t.Context(), f, out))
	}
	p.get("/sources").has(t, "能打开，但没有读出帖文", "核对地址；用 minsheng source add", "首次通读中，还有 2 个页面", "4 个来源在读，其中 1 个需要看看", "1 个来源还在首次通读")
	if !regexp.MustCompile(`\n正常\n`).MatchString(p.get("/sources").Body) {
		t.Error("no source is well")
	}
	o.advance(8 * 24 * time.Hour)
	p.get("/sources").has(t, "能打开，但已 8 天没有新帖")
}

func TestTopicsPage(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Press)
	p.get("/topics").has(t, "服务态度", "态度、黑脸、不耐烦、爱答不理", "其中之一", "突增时预警")
	page := p.get("/topics/edit?name=" + url.QueryEscape("服务态度"))
	page.has(t, "态度|黑脸|不耐烦|爱答不理", "readonly", "最近匹配的三条", `href="/posts/`)
	if !regexp.MustCompile(`近 30 天匹配 \d\d 条`).MatchString(page.Body) {
		t.Error("the page does not say how many posts match")
	}
	page.lacks(t, "保存并生效", "删除这个专题")
	p.get("/topics/edit?name="+url.QueryEscape("没有的专题")).status(t, http.StatusNotFound)
}

func TestEditTopic(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Admin)
	got := p.post("/topics/edit", form("name", "窗口服务", "any", "户籍窗口、车管所，居住证\r\n“办证 大厅”", "all", "窗口|大厅", "none", "招聘"))
	if got.To != "/topics?done=1" || o.changes() != 1 {
		t.Fatalf("saving: status %d to %q, put in force %d times", got.Status, got.To, o.changes())
	}
	p.get("/topics?done=1").has(t, "已保存并立即生效", "由 admin 修改")
	want := opinion.Topic{Name: "窗口服务", Any: []string{"户籍窗口", "车管所", "居住证", `"办证 大厅"`}, All: []string{"窗口|大厅"}, None: []string{"招聘"}}
	if diff := cmp.Diff(o.topic("窗口服务").Topic, want); diff != "" {
		t.Errorf("stored (-got +want):\n%s", diff)
	}
	// What the form shows, saved as it is, changes nothing.
	edit := parse(t, p.get("/topics/edit?name="+url.QueryEscape("窗口服务")).Body)
	p.post("/topics/edit", form("name", "窗口服务", "any", textOf(findArea(edit, "any")), "all", textOf(findArea(edit, "all")), "none", textOf(findArea(edit, "none"))))
	if diff := cmp.Diff(o.topic("窗口服务").Topic, want); diff != "" {
		t.Errorf("stored again (-got +want):\n%s", diff)
	}

	if got := p.post("/topics/edit", form("new", "1", "name", " 警示教育 ", "any", "警示", "watch", "1")); got.To != "/topics?done=1" {
		t.Fatalf("adding: status %d to %q", got.Status, got.To)
	}
	if !o.topic("警示教育").Watch {
		t.Error("the new topic is not watched")
	}
	before := o.changes()
	p.post("/topics/delete", form("name", "警示教育")).status(t, http.StatusSeeOther)
	if o.topic("警示教育").Name != "" || o.changes() != before+1 {
		t.Error("the topic was not deleted and put out of force")
	}
	kept := p.post("/topics/delete", form("name", "服务态度"))
	kept.status(t, http.StatusConflict)
	kept.has(t, "写在配置文件里")
	p.post("/topics/delete", form("name", "警示教育")).status(t, http.StatusNotFound)
	if n := len(o.audited("edited")); n != 3 {
		t.Errorf("the log has %d edits, want 3", n)
	}
	p.get("/audit").has(t, "专题“窗口服务”", "户籍窗口、车管所、居住证", "删除 <a href=\"/topics/edit?name=")
}

// What is refused stays in the form, with the fault beside its field.
func TestRefusedTopic(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Admin)
	for name, c := range map[string]struct {
		form  url.Values
		field string
		says  string
	}{
		"QuoteNotClosed": {form("new", "1", "name", "甲", "any", `"户籍 窗口`, "watch", "1"), "any", "引号没有配对"},
		"EmptyWord":      {form("new", "1", "name", "甲", "any", "户籍", "all", "窗口||大厅"), "all", "有空词"},
		"ShortLatin":     {form("new", "1", "name", "甲", "any", "户籍", "none", "a"), "none", "太短"},
		"NoWords":        {form("new", "1", "name", "甲"), "any", "没有词"},
		"NoName":         {form("new", "1", "any", "户籍"), "name", "没有名称"},
		"LongName":       {form("new", "1", "name", strings.Repeat("长", 31), "any", "户籍"), "name", "30 字以内"},
		"TheWhole":       {form("new", "1", "name", opinion.AllPolice, "any", "户籍"), "name", "名称不能用"},
		"Taken":          {form("new", "1", "name", "服务态度", "any", "户籍"), "name", "已有同名"},
		"ExcludesItself": {form("name", "服务态度", "any", "户籍", "none", "户籍"), "", "不会匹配任何内容"},
		"OfMarkup":       {form("new", "1", "name", `"><script>`, "any", `"</textarea><script>`), "any", "引号没有配对"},
	} {
		t.Run(name, func(t *testing.T) {
			got := p.post("/topics/edit", c.form)
			got.status(t, http.StatusUnprocessableEntity)
			got.has(t, "没有保存")
			doc := parse(t, got.Body)
			harmless(t, doc)
			for _, field := range []string{"any", "all", "none"} {
				area := findArea(doc, field)
				if kept := textOf(area); kept != c.form.Get(field) {
					t.Errorf("field %s keeps %q, want %q", field, kept, c.form.Get(field))
				}
				if beside := textOf(area.Parent); strings.Contains(beside, c.says) != (field == c.field) {
					t.Errorf("beside %s stands %q", field, beside)
				}
			}
			if c.field == "name" && !strings.Contains(textOf(findInput(doc, "name").Parent), c.says) {
				t.Error("the fault does not stand beside the name")
			}
			if c.field == "" {
				got.has(t, c.says, "近 30 天匹配")
			}
			if c.form.Get("watch") != "" {
				got.has(t, `value="1" checked`)
			}
		})
	}
	if o.changes() != 0 {
		t.Errorf("a refused topic was put in force %d times", o.changes())
	}
}

// Saved but not in force is neither saved nor lost: the page says which.
func TestTopicNotInForce(t *testing.T) {
	o := openOffice(t, func(options *web.Options) {
		options.Changed = func(context.Context) error { return errors.New("database is locked") }
	})
	o.seed()
	got := o.as(store.Admin).post("/topics/edit", form("name", "服务态度", "any", "态度"))
	got.status(t, http.StatusServiceUnavailable)
	got.has(t, "已经保存，但还没有生效")
	got.lacks(t, "locked")
	if !strings.Contains(o.log.String(), "database is locked") {
		t.Error("the log does not have the cause")
	}
}

func TestChannelsPage(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Press)
	p.get("/channels").has(t, "值班群", "平台", "13:56（9 分钟前）", "403 signature refused", "再送一次", "第 2 号预警")
	if got := p.post("/channels/test", form("channel", "值班群")); got.To != "/channels?done=test" {
		t.Errorf("a good test: status %d to %q", got.Status, got.To)
	}
	p.get("/channels?done=test").has(t, "测试消息已送达", "14:05（刚刚）")
	failed := p.post("/channels/test", form("channel", "平台"))
	failed.status(t, http.StatusOK)
	failed.has(t, "平台 没有收下测试消息：对方答复：200 ok")
	failed.lacks(t, "第 0 号预警")
	p.post("/channels/test", form("channel", "别的")).status(t, http.StatusBadRequest)
	if want := []string{"值班群 by 林新闻", "平台 by 林新闻"}; !cmp.Equal(o.tested, want) {
		t.Errorf("tested %q, want %q", o.tested, want)
	}
	dead, err := o.store.Deliveries(t.Context(), opinion.Dead, 10)
	o.must(err)
	if len(dead) != 1 {
		t.Fatalf("%d dead letters, want 1", len(dead))
	}
	id := form("delivery", fmt.Sprint(dead[0].ID))
	for range 2 { // somebody else may be quicker
		if got := p.post("/channels/retry", id); got.To != "/channels?done=retry" {
			t.Errorf("retry: status %d to %q", got.Status, got.To)
		}
	}
	page := p.get("/channels?done=retry")
	page.has(t, "已重新排队", "等待重试", "已试 1 次", fmt.Sprintf(`href="/alerts/%d"`, s.Alert.Number))
	page.lacks(t, "再送一次")
	p.post("/channels/retry", form("delivery", "x")).status(t, http.StatusBadRequest)
	p.post("/channels/retry", form("delivery", "999")).status(t, http.StatusNotFound)
	if n := len(o.audited("redelivered")); n != 1 {
		t.Errorf("the log has %d redeliveries, want 1", n)
	}
	openOffice(t, func(options *web.Options) { options.Channels = nil }).as(store.Press).get("/channels").has(t, "还没有通道")
}

// Names and faults that would act if a page took them for markup stay text.
func TestSettingsAreTextOnly(t *testing.T) {
	texts := hostile(t)
	slices.Sort(texts)
	texts = slices.Compact(texts)
	o := openOffice(t, func(options *web.Options) {
		for _, text := range texts {
			options.Channels = append(options.Channels, web.Channel{Name: text, Kind: "webhook"})
		}
	})
	var sources []opinion.Source
	for i, text := range texts {
		if strings.ContainsAny(text, "\r\n") {
			continue
		}
		sources = append(sources, opinion.Source{Name: text, URL: fmt.Sprintf("https://town.example/%d?%s", i, text), Form: opinion.ListForm, Class: opinion.Forum, Every: time.Hour, Rate: time.Second})
		name := strings.TrimSpace(fmt.Sprintf("%d%s", i, text))
		o.must(o.store.SaveTopic(t.Context(), opinion.Topic{Name: name, Any: []string{text}, None: []string{text}}, text))
		o.must(o.store.Audit(t.Context(), store.Entry{User: text, Verb: text, Object: text, Detail: text}))
		o.must(o.store.Tested(t.Context(), text, text, opinion.Receipt{At: o.now(), Code: text, Text: text}))
	}
	o.must(o.store.SyncSources(t.Context(), sources))
	faulty := 0
	for i := range sources {
		o.advance(2 * time.Second) // one address of a host at a time
		fetches, err := o.store.LeaseFetches(t.Context(), 1, time.Minute)
		o.must(err)
		for _, f := range fetches {
			text := texts[i%len(texts)]
			faulty++
			o.must(o.store.FinishFetch(t.Context(), f, store.Outcome{Fault: opinion.NewRetry("fetch.address", errors.New(text), text), Next: o.now().Add(time.Hour)}))
		}
	}
	if faulty != len(sources) {
		t.Fatalf("%d sources of %d are faulty", faulty, len(sources))
	}
	p := o.as(store.Admin)
	for _, path := range []string{"/sources", "/topics", "/channels", "/audit"} {
		page := p.get(path)
		page.status(t, http.StatusOK)
		doc := parse(t, page.Body)
		harmless(t, doc)
		all := textOf(doc)
		for _, text := range texts {
			if !strings.ContainsAny(text, "\r\n\x00") && !strings.Contains(all, text) {
				t.Errorf("%s does not show %q as it is", path, text)
			}
		}
	}
	for i, text := range texts {
		if strings.ContainsAny(text, "\r\n\x00") {
			continue
		}
		name := strings.TrimSpace(fmt.Sprintf("%d%s", i, text))
		doc := parse(t, p.get("/topics/edit?name="+url.QueryEscape(name)).Body)
		harmless(t, doc)
		if got := textOf(findArea(doc, "any")); got != text {
			t.Errorf("the words of a topic read %q, want %q", got, text)
		}
	}
}

// Metrics are served as they are given, to a probe that signs in nowhere.
func TestMetrics(t *testing.T) {
	o := openOffice(t, func(options *web.Options) {
		options.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "minsheng_posts_accepted_total 3") })
	})
	page := o.visitor().get("/metrics")
	page.status(t, http.StatusOK)
	page.has(t, "minsheng_posts_accepted_total 3")
	openOffice(t).visitor().get("/metrics").status(t, http.StatusNotFound)
}
