package web_test

import (
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// A reply is called by the post that it answers, and leads there only where
// that post is stored.
func TestRepliesNameTheirOpeningPost(t *testing.T) {
	o := openOffice(t)
	opening := postOf(1, forum, opinion.Forum, start.Add(-time.Hour), "夜里报警没人接", "打了三次派出所电话都没人接。")
	reply := postOf(2, forum, opinion.Forum, start.Add(-time.Minute), "", "我们这边派出所也是这样，电话打不通。")
	reply.Thread = opening.ID
	orphan := postOf(3, forum, opinion.Forum, start.Add(-2*time.Minute), "", "派出所电话下班后确实没人接听。")
	orphan.Thread = opinion.PostID("seed", "left out")
	o.accept(opening, reply, orphan)
	p := o.as(store.Press)
	p.get("/search").has(t, "：夜里报警没人接</a>", "（无标题）</a>")
	page := p.get("/posts/" + reply.ID)
	page.has(t, "：夜里报警没人接</h1>", `<a href="/posts/`+opening.ID+`">夜里报警没人接</a>`)
	alone := p.get("/posts/" + orphan.ID)
	alone.has(t, "没有收录，或已删除")
	alone.lacks(t, "/posts/"+orphan.Thread)
}
