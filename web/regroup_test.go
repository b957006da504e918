package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"minsheng/opinion"
	"minsheng/store"
)

// incidentOf is the incident of a post.
func (o *office) incidentOf(id string) opinion.Incident {
	o.Helper()
	i, err := o.store.Incident(o.Context(), o.post(id).Incident)
	o.must(err)
	return i
}

func TestAnalystMergesTwoIncidents(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	a, b := o.incidentOf(s.Angry[0]), o.incidentOf(s.Angry[1])
	if a.ID == b.ID || a.Posts < 2 || b.Posts < 2 {
		t.Fatalf("the seed has no two incidents: %+v %+v", a, b)
	}
	p := o.as(store.Analyst)
	list := "/search?days=0&incident=" + b.ID
	p.get(list).has(t, "与另一个事件合并", `value="`+a.ID+`"`, "移出事件")
	p.get("/alerts/1").has(t, "与另一个事件合并") // of an incident of one post
	o.as(store.Press).get(list).lacks(t, "与另一个事件合并", "移出事件")

	merge := "/incidents/" + b.ID + "/merge"
	p.get(p.post(merge, form()).To).has(t, "请先选择一个事件")
	p.get(p.post(merge, form("with", b.ID)).To).has(t, "已经是同一个事件")
	p.get(p.post(merge, form("with", "nothing")).To).has(t, "已经不在了")
	o.as(store.Press).post(merge, form("with", a.ID)).status(t, http.StatusForbidden)

	done := p.post(merge, form("with", a.ID))
	done.status(t, http.StatusSeeOther)
	o.settle()
	posts := "共 " + fmt.Sprint(a.Posts+b.Posts) + " 条"
	p.get(done.To).has(t, "已合并", posts)
	p.get(list).has(t, posts) // the name of the one that is gone leads to the other
	o.as(store.Press).get(list).has(t, posts, a.Title)
	o.as(store.Press).get("/alerts/2").has(t, posts)
	if log := o.audited("merged"); len(log) != 1 || log[0].User != "周研判" || log[0].Detail != a.ID {
		t.Errorf("audit log: %v", log)
	}
	o.as(store.Admin).get("/audit").has(t, "合并事件")

	// What is judged later, by a grouping that has not heard of it, stays with it.
	o.accept(postOf(950, forum, opinion.Forum, o.now(), "转载："+angry[1].title, angry[1].text))
	if got := o.incidentOf(opinion.PostID("seed", "950")).ID; got != a.ID {
		t.Errorf("a later copy is of incident %s, want %s", got, a.ID)
	}
}

func TestAnalystTakesAPostOutOfItsIncident(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	a, b := o.incidentOf(s.Angry[0]), o.incidentOf(s.Angry[1])
	p := o.as(store.Analyst)
	kept := p.post("/incidents/"+a.ID+"/merge", form("with", b.ID))
	kept.status(t, http.StatusSeeOther)
	o.settle()

	page := "/posts/" + s.Angry[1]
	p.get(page).has(t, "调整所属事件", "移出，自成一个事件")
	o.as(store.Press).get(page).lacks(t, "调整所属事件")
	o.as(store.Press).post(page+"/incident", form("verb", "out")).status(t, http.StatusForbidden)
	refused := p.post(page+"/incident", form())
	refused.status(t, http.StatusUnprocessableEntity)
	refused.has(t, "请先选择一个事件")

	out := p.post(page+"/incident", form("verb", "out", "from", a.ID))
	out.status(t, http.StatusSeeOther)
	o.settle()
	left := p.get(out.To)
	left.has(t, "已调整 "+fmt.Sprint(b.Posts)+" 条帖文", "共 "+fmt.Sprint(a.Posts)+" 条")
	if strings.Contains(left.Body, `href="`+page) {
		t.Error("the post is listed in the incident still")
	}
	own := o.incidentOf(s.Angry[1])
	if own.Posts != b.Posts || own.ID == a.ID || own.Title != angry[1].title {
		t.Errorf("its own incident: %+v", own)
	}
	o.as(store.Press).get(page).has(t, own.Title)
	alone := p.post(page+"/incident", form("verb", "out"))
	alone.status(t, http.StatusUnprocessableEntity)
	alone.has(t, "移出后什么也不剩")
	p.post(page+"/incident", form("to", own.ID)).has(t, "已经在这个事件里")

	_, err := o.store.Reanalyse(t.Context(), "another version")
	o.must(err)
	o.settle()
	if got := o.incidentOf(s.Angry[1]).ID; got != own.ID {
		t.Errorf("judged again it is of %s, want %s", got, own.ID)
	}
	if log := o.audited("moved"); len(log) != 1 || log[0].Object != s.Angry[1] || log[0].Detail != own.ID {
		t.Errorf("audit log: %v", log)
	}

	back := p.post(page+"/incident", form("to", a.ID))
	back.status(t, http.StatusSeeOther)
	p.english().get(back.To).has(t, "posts were moved")
	if got := o.incidentOf(s.Angry[1]).ID; got != a.ID {
		t.Errorf("moved back it is of %s, want %s", got, a.ID)
	}
}

// An address that only takes forms leads to the page of its form.
func TestRegroupAddressesLeadToTheirPages(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Analyst)
	for from, to := range map[string]string{"/incidents/i/merge": "/search?", "/posts/p/incident": "/posts/p"} {
		if got := p.get(from).To; !strings.HasPrefix(got, to) {
			t.Errorf("%s leads to %q, want %q", from, got, to)
		}
	}
}
