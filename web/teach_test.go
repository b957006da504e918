package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/web"
)

func (o *office) post(id string) store.Stored {
	o.Helper()
	posts, err := o.store.Posts(o.Context(), id)
	o.must(err)
	if len(posts) != 1 {
		o.Fatalf("%d posts of id %s", len(posts), id)
	}
	return posts[0]
}

// copied are the angry posts with the text of the first one.
func (o *office) copied(s seeded) []string {
	o.Helper()
	first := o.post(s.Angry[0])
	same := []string{first.ID}
	for _, id := range s.Angry[1:] {
		if o.post(id).Near == first.ID {
			same = append(same, id)
		}
	}
	if len(same) < 2 {
		o.Fatal("the seed has no copies of its first angry post")
	}
	return same
}

func TestAnalystCorrectsAVerdict(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	same := o.copied(s)
	p := o.as(store.Analyst)
	page := "/posts/" + same[1]
	p.get(page).has(t, "更正这个研判", "与公安无关", `value="neg" checked`)
	negatives := func() int {
		o.Helper()
		res, err := o.index.Search(t.Context(), index.Query{Attitudes: []opinion.Attitude{opinion.Negative}, Limit: 1})
		o.must(err)
		return res.Total
	}
	before := negatives()

	done := p.post(page+"/correct", form("label", "neu"))
	done.status(t, http.StatusSeeOther)
	p.get(done.To).has(t, "已更正，用于", "已由 周研判 更正", "机器判为：负面", `value="neu" checked`, "撤回更正")
	for _, id := range same {
		if got := o.post(id).Verdict.Attitude; got != opinion.Neutral {
			t.Errorf("a copy is %s, want neu", got)
		}
	}
	p.get("/posts/"+same[0]).has(t, "更正是在一条相同的帖文上做的")
	o.settle()
	p.get("/search?days=0&q="+url.QueryEscape("材料推出来")).has(t, "中性</span> · 人工更正")
	if got := negatives(); got != before-len(same) {
		t.Errorf("%d negative posts are found, want %d fewer than %d", got, len(same), before)
	}
	if log := o.audited("corrected"); len(log) != 1 || log[0].Object != same[1] || log[0].User != "周研判" {
		t.Errorf("audit log: %v", log)
	}
	o.as(store.Admin).get("/audit").has(t, "更正研判", "中性")

	_, err := o.store.Reanalyse(t.Context(), "another version")
	o.must(err)
	o.settle()
	p.get(page).has(t, "已由 周研判 更正")

	done = p.post(page+"/correct", form("label", "neu", "verb", "back"))
	p.get(done.To).has(t, "已撤回更正", `value="neg" checked`)
	if got := o.post(same[0]).Verdict.Attitude; got != opinion.Negative {
		t.Errorf("after taking it back the attitude is %s, want neg", got)
	}
}

func TestCorrectionRefused(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	page := "/posts/" + s.Angry[0]
	p := o.as(store.Analyst)
	for says, f := range map[string]url.Values{
		"请选择一项":    form("label", ""),
		"没有更正可以撤回": form("verb", "back"),
	} {
		got := p.post(page+"/correct", f)
		got.status(t, http.StatusUnprocessableEntity)
		got.has(t, says)
	}
	p.post(page+"/correct", form("label", "angry")).has(t, "请选择一项")
	p.post("/posts/nothing/correct", form("label", "neu")).status(t, http.StatusNotFound)
	press := o.as(store.Press)
	press.get(page).lacks(t, "/correct")
	press.post(page+"/correct", form("label", "neu")).status(t, http.StatusForbidden)
	press.get("/corrections").status(t, http.StatusForbidden)
}

// Corrections leave as lines that training reads, a text once.
func TestCorrectionsForTraining(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Analyst)
	p.get("/corrections").has(t, "还没有更正")
	p.post("/posts/"+o.copied(s)[1]+"/correct", form("label", "pos"))
	o.advance(time.Minute)
	p.post("/posts/"+s.Quiet[0]+"/correct", form("label", "none"))
	p.get("/corrections").has(t, "与公安无关", "周研判", "/corrections.tsv", "minsheng train")
	got := p.get("/corrections.tsv")
	if ct := got.Header.Get("Content-Type"); ct != "text/tab-separated-values; charset=utf-8" {
		t.Errorf("content type %s", ct)
	}
	lines := strings.Split(strings.TrimSuffix(got.Body, "\n"), "\n")
	if len(lines) != 3 || lines[0] != "label\ttext\tkind" {
		t.Fatalf("exported %q", lines)
	}
	var labels []string
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 3 || cells[1] == "" || cells[2] == "" {
			t.Errorf("line %q", line)
		}
		labels = append(labels, cells[0])
	}
	if diff := cmp.Diff([]string{"neu", "pos"}, labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if len(o.audited("exported")) != 1 {
		t.Error("the export is not in the audit log")
	}
}

func TestOwnWordsPage(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Admin)
	p.get("/words").has(t, "还没有本单位的词", "批评不满")
	save := func(pairs ...string) shown { t.Helper(); return p.post("/words", form(pairs...)) }
	got := save("word", "甩片儿汤", "class", "complaint", "weight", "1.5", "note", "本地说法")
	if got.To != "/words?done=saved" || o.changes() != 1 {
		t.Errorf("saved to %q with %d changes put in force", got.To, o.changes())
	}
	p.get("/words?done=saved").has(t, "甩片儿汤", "本地说法", "已保存并生效", "由 admin 修改")
	for says, f := range map[string]url.Values{
		"在本单位的词里已经有了":   form("word", "甩片儿汤", "class", "praise", "weight", "1"),
		"已有同样的类别和权重":    form("word", "态度恶劣", "class", "complaint", "weight", "1.4"),
		"与此矛盾":          form("word", "态度恶劣", "class", "praise", "weight", "1"),
		"没有“heavy”这个类别": form("word", "新词", "class", "heavy", "weight", "1"),
		"0.1 到 5 之间":    form("word", "新词", "class", "praise", "weight", "很重"),
		"词要有 1 到":       form("word", " ", "class", "praise", "weight", "1"),
	} {
		refused := p.post("/words", f)
		refused.status(t, http.StatusUnprocessableEntity)
		refused.has(t, says, "没有保存")
	}
	save("word", "态度恶劣", "class", "praise", "weight", "1", "replace", "1").status(t, http.StatusSeeOther)
	p.get("/words?edit="+url.QueryEscape("甩片儿汤")).has(t, "修改“甩片儿汤”", `value="1.5"`)
	save("old", "甩片儿汤", "word", "甩片儿汤", "class", "inaction", "weight", "2").status(t, http.StatusSeeOther)
	p.get("/words?q="+url.QueryEscape("甩片儿湯")).has(t, "“甩片儿汤”：不作为，权重 2")
	p.get("/words?q="+url.QueryEscape("无此词")).has(t, "“无此词”不在词库里")
	p.post("/words/delete", form("word", "甩片儿汤")).status(t, http.StatusSeeOther)
	words, err := o.store.OwnWords(t.Context())
	o.must(err)
	if len(words) != 1 || words[0].Word != "态度恶劣" || words[0].Class != "praise" {
		t.Errorf("words = %v", words)
	}
	p.get("/audit").has(t, "词语“甩片儿汤”", "不作为 2")
	press := o.as(store.Press)
	press.get("/words").lacks(t, `action="/words/delete"`, "新增词语")
	press.post("/words", form("word", "词语", "class", "praise", "weight", "1")).status(t, http.StatusForbidden)
}

func TestPlacesPage(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Admin)
	p.get("/places").has(t, "城东派出所", "城东所", "配置文件")
	p.post("/places", form("name", "和顺区", "aliases", "和顺", "context", "派出所，民警")).status(t, http.StatusSeeOther)
	p.get("/places?done=1").has(t, "和顺区", "派出所、民警", "已保存并生效")
	for says, f := range map[string]url.Values{
		"重复":  form("name", "和顺区"),
		"已属于": form("name", "城东新所", "aliases", "城东所"),
		"应有":  form("name", "东"),
	} {
		refused := p.post("/places", f)
		refused.status(t, http.StatusUnprocessableEntity)
		refused.has(t, says, "没有保存")
	}
	p.post("/places", form("old", "城东派出所", "aliases", "城东所\n东所")).status(t, http.StatusSeeOther)
	p.get("/places").has(t, "城东所、东所", "恢复文件的写法")
	p.post("/places/delete", form("name", "城东派出所")).status(t, http.StatusSeeOther)
	p.get("/places").lacks(t, "东所、", "恢复文件的写法")
	p.post("/places/delete", form("name", "城东派出所")).status(t, http.StatusNotFound)
	if o.changes() != 3 {
		t.Errorf("%d changes put in force, want 3", o.changes())
	}
}

// The topics page says which rules are wrong by what they matched.
func TestTopicsThatNeedALook(t *testing.T) {
	o := openOffice(t)
	o.seed()
	o.must(o.store.SaveTopic(t.Context(), opinion.Topic{Name: "从未出现", Any: []string{"热气球"}, Watch: true}, "admin"))
	p := o.as(store.Press)
	p.get("/topics").has(t, "需要看看的专题", "“从未出现”在近 30 天抽看的", "一条也没匹配到")
	p.get("/topics/edit?name="+url.QueryEscape("从未出现")).has(t, "一条也没匹配到")
	p.get("/topics/edit?name="+url.QueryEscape("窗口服务")).lacks(t, `class="note"`)
	p.english().get("/topics").has(t, "“从未出现” matched none of the")
}

// offer leaves suggestions as the survey does.
func (o *office) offer(s seeded, words ...string) {
	o.Helper()
	found := web.Suggestions{At: o.now(), Day: 120, Past: 900}
	for _, w := range words {
		found.Words = append(found.Words, analysis.Rising{Word: w, Texts: 12, Expected: .4, Surprise: 60, Examples: s.Angry[:2]})
	}
	b, err := json.Marshal(found)
	o.must(err)
	o.must(o.store.SetValue(o.Context(), web.SuggestionsKey, string(b)))
}

// teach leaves something to see on the pages of what people taught.
func (o *office) teach(s seeded) {
	o.Helper()
	ctx := o.Context()
	for i, l := range []store.Label{store.NotPolice, store.SaysNeutral, store.SaysPositive} {
		_, err := o.store.Correct(ctx, s.Quiet[i], l, "周研判")
		o.must(err)
	}
	o.must(o.store.SaveWord(ctx, opinion.LexiconWord{Word: "甩片儿汤", Class: "complaint", Weight: 1.5, Note: "本地说法，指敷衍"}, "admin"))
	o.must(o.store.SaveWord(ctx, opinion.LexiconWord{Word: "一次办结", Class: "praise", Weight: 1}, "admin"))
	o.must(o.store.SavePlace(ctx, opinion.Place{Name: "和顺区", Aliases: []string{"和顺"}, Context: []string{"派出所", "民警"}}, "admin"))
	o.must(o.store.SaveTopic(ctx, opinion.Topic{Name: "从未出现", Any: []string{"热气球"}}, "admin"))
	o.offer(s, "烧烤摊", "共享雨伞")
}

func TestSuggestionsPage(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Admin)
	p.get("/suggestions").has(t, "还没有算过")
	offer := func(words ...string) { o.offer(s, words...) }
	offer("烧烤摊", "共享雨伞")
	p.get("/suggestions").has(t, "烧烤摊", "近一天 12 条，平时约 0.4 条", "户籍窗口这态度谁受得了", "<option>服务态度</option>", "/topics/edit?any=")
	p.get("/topics/edit?any="+url.QueryEscape("烧烤摊")).has(t, "烧烤摊</textarea>")

	got := p.post("/suggestions", form("word", "烧烤摊", "verb", "add", "topic", "窗口服务"))
	if got.To != "/suggestions?done=added" || o.changes() != 1 {
		t.Errorf("added to %q with %d changes put in force", got.To, o.changes())
	}
	if any := o.topic("窗口服务").Any; !slices.Contains(any, "烧烤摊") || len(any) != 2 {
		t.Errorf("the topic looks for %v", any)
	}
	p.post("/suggestions", form("word", "共享雨伞", "verb", "dismiss")).status(t, http.StatusSeeOther)
	dismissed, err := web.ReadDismissed(t.Context(), o.store)
	o.must(err)
	if diff := cmp.Diff([]string{"共享雨伞"}, dismissed); diff != "" {
		t.Errorf("dismissed (-want +got):\n%s", diff)
	}
	p.get("/suggestions?done=dismissed").has(t, "现在没有建议", "以后不再建议这个词")
	p.post("/suggestions", form("word", "烧烤摊", "verb", "add", "topic", "窗口服务")).status(t, http.StatusConflict)
	p.get("/audit").has(t, "建议词“共享雨伞”", "不再建议")

	offer("热气球")
	p.post("/suggestions", form("word", "热气球", "verb", "add", "topic", "没有的专题")).status(t, http.StatusNotFound)
	o.as(store.Press).get("/suggestions").lacks(t, `action="/suggestions"`)
}
