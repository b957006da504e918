package web_test

import (
	"errors"
	"fmt"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// The sources of an invented town.
const (
	forum   = "柳川论坛"
	paper   = "柳川晨报"
	letters = "柳川留言板"
)

// ordinary are texts of quiet days: praise, notices, questions.
var ordinary = []struct{ title, text string }{
	{"感谢城东派出所帮我找回钱包", "昨晚把钱包落在公交车上，民警调监控帮我找到了，态度热情，特别感谢，点赞。"},
	{"请问周末车管所上班吗", "想去车管所换驾驶证，请问周末办理吗？需要带什么材料？"},
	{"交警提醒：河滨路施工绕行", "柳川交警发布提示，河滨路因施工封闭半幅，请过往车辆绕行。"},
	{"反诈宣传进小区", "社区民警今天到小区讲解反诈知识，提醒居民不轻信陌生来电。"},
	{"办居住证的流程", "在户籍窗口办居住证，带好租房合同和身份证，二十分钟办完，民警很耐心。"},
}

// angry are texts of the hour in which the window's clerk is talked about.
var angry = []struct{ title, text string }{
	{"户籍窗口这态度谁受得了", "排了两小时，到窗口民警爱答不理，一句没看见下班了吗就把材料推出来，态度恶劣，门难进脸难看。"},
	{"城东派出所窗口又黑脸", "去派出所办户口，窗口民警不耐烦地呵斥老人，太让人寒心了，必须投诉。"},
	{"", "我也遇到过！那个窗口的民警翻白眼，问两句就吼人，态度太差了，敷衍推诿。"},
	{"视频：户籍窗口民警推材料", "网上流传的视频里，户籍窗口民警冷硬横推，把群众的材料扔出来，网友质疑其态度傲慢。"},
}

func postOf(i int, source string, class opinion.Class, at time.Time, title, text string) opinion.Post {
	return opinion.Post{
		ID: opinion.PostID("seed", fmt.Sprint(i)), Source: source, Class: class, URL: fmt.Sprintf("https://town.example/%d", i),
		Title: title, Text: text, Published: at, Fetched: at.Add(time.Minute), Voice: uint64(i + 1), Revision: 1,
	}
}

// seeded is what tests want to name of the seed.
type seeded struct {
	Angry []string // ids
	Quiet []string
	Alert opinion.Alert
	Older opinion.Alert
}

// seed fills the office with a fortnight of ordinary posts, an hour of anger,
// one alert of it with its deliveries, and an older one that is closed.
func (o *office) seed() seeded {
	o.Helper()
	var s seeded
	o.must(o.store.SyncSources(o.Context(), []opinion.Source{
		{Name: forum, URL: "https://forum.example/list", Form: opinion.ListForm, Class: opinion.Forum, Every: time.Minute, Rate: time.Second},
		{Name: paper, URL: "https://paper.example/rss", Form: opinion.FeedForm, Class: opinion.Media, Every: time.Minute, Rate: time.Second},
		{Name: letters, URL: "https://letters.example/", Form: opinion.ListForm, Class: opinion.BoardSite, Every: time.Minute, Rate: time.Second},
	}))
	o.fetches()
	o.must(o.store.SyncTopics(o.Context(), []opinion.Topic{
		{Name: "服务态度", Watch: true, Any: []string{"态度|黑脸|不耐烦|爱答不理"}, All: []string{"民警|派出所|窗口"}},
		{Name: "窗口服务", Watch: true, Any: []string{"户籍窗口|车管所|居住证"}},
	}))
	var posts []opinion.Post
	places := []struct {
		name  string
		class opinion.Class
	}{{forum, opinion.Forum}, {paper, opinion.Media}, {letters, opinion.BoardSite}}
	for i := range 42 {
		text, at := ordinary[i%len(ordinary)], start.Add(-time.Duration(14*24-i*8)*time.Hour)
		p := postOf(i, places[i%3].name, places[i%3].class, at, fmt.Sprintf("%s（%d）", text.title, i), text.text+fmt.Sprintf("编号%d。", i))
		posts, s.Quiet = append(posts, p), append(s.Quiet, p.ID)
	}
	for i := range 16 {
		text, at := angry[i%len(angry)], start.Add(-time.Duration(50-3*i)*time.Minute)
		title := text.title
		if title != "" && i >= len(angry) {
			title = "转：" + title
		}
		p := postOf(100+i, places[i%2].name, places[i%2].class, at, title, text.text)
		posts, s.Angry = append(posts, p), append(s.Angry, p.ID)
	}
	o.accept(posts...)
	s.Older = o.raise("夜市限流引发抱怨", s.Quiet[3], opinion.Warn, start.Add(-50*time.Hour), nil)
	o.must(o.store.Act(o.Context(), s.Older.Number, "taken", "林新闻", ""))
	o.must(o.store.Act(o.Context(), s.Older.Number, "closed", "林新闻", "已发通报说明。"))
	s.Alert = o.raise("户籍窗口态度", s.Angry[0], opinion.Urgent, start.Add(-10*time.Minute), []string{"值班群", "平台"})
	o.deliver()
	return s
}

// fetches lets one source do well and one fail.
func (o *office) fetches() {
	o.Helper()
	fetches, err := o.store.LeaseFetches(o.Context(), 10, time.Minute)
	o.must(err)
	for _, f := range fetches {
		out := store.Outcome{Posts: 1, Changed: true, Next: o.now().Add(time.Hour)}
		if f.Source == letters {
			out = store.Outcome{Fault: opinion.NewRetry("read.empty", errors.New("0 bytes")), Next: o.now().Add(time.Hour)}
		}
		o.must(o.store.FinishFetch(o.Context(), f, out))
	}
}

func (o *office) raise(title, first string, level opinion.Level, at time.Time, channels []string) opinion.Alert {
	o.Helper()
	posts, err := o.store.Posts(o.Context(), first)
	o.must(err)
	p := posts[0]
	o.mu.Lock()
	then := o.clock
	o.clock = at
	o.mu.Unlock()
	defer o.advance(then.Sub(at))
	a, raised, err := o.store.Raise(o.Context(), opinion.Alert{
		Incident: p.Incident, Title: title, Level: level, Topics: []string{"服务态度", "窗口服务"},
		Rise: opinion.Rise{
			Series: opinion.Series{Topic: "服务态度"}, Start: at.Add(-time.Hour), End: at, Total: 18, Negative: 14, Expected: 1.8, Usual: .14,
			Voices: 14, Texts: 4, Sources: 2, Window: time.Hour,
		},
		Examples: []opinion.Example{
			{PostID: p.ID, Title: p.Title, Excerpt: p.Text, Source: p.Source, URL: p.URL, Published: p.Published},
			{PostID: p.ID, Excerpt: "我也遇到过！问两句就吼人。", Source: forum, URL: "javascript:alert(1)", Published: p.Published},
		},
		Words: []opinion.Word{{Text: "爱答不理", Weight: -.8, Posts: 4}, {Text: "冷硬横推", Weight: -.9, Posts: 3}},
	}, channels)
	o.must(err)
	if !raised {
		o.Fatalf("alert %q was not raised", title)
	}
	return a
}

// deliver lets one channel accept and the other refuse for good.
func (o *office) deliver() {
	o.Helper()
	tasks, err := o.store.Lease(o.Context(), store.Notify, 10, time.Minute)
	o.must(err)
	for _, task := range tasks {
		var id int64
		_, err := fmt.Sscan(task.Ref, &id)
		o.must(err)
		d, err := o.store.Delivery(o.Context(), id)
		o.must(err)
		r := opinion.Receipt{At: o.now().Add(-9 * time.Minute), OK: true, Code: "200", Text: "ok"}
		if d.Channel == "平台" {
			r = opinion.Receipt{At: o.now().Add(-9 * time.Minute), Code: "403", Text: "signature refused"}
		}
		o.must(o.store.Attempt(o.Context(), task, r, time.Time{}))
	}
}
