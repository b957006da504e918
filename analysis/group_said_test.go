package analysis

import (
	"fmt"
	"testing"
	"time"
)

const (
	trees = "河堤路上的三棵老樟树一夜之间被锯倒，附近住户说看见穿反光背心的人，派出所来登记了树桩的粗细"
	lamps = "青石巷的路灯连着四晚不亮，夜班回来的人摸黑走路，有人摔进了没盖的井里，社区说已经报修"
)

// seat adds a text and returns the incident that it got.
func seat(g *Grouper, id, text string, at time.Duration) string {
	return g.Add(member(id, text, at)).Incident
}

func TestMergedIncidentsStayOne(t *testing.T) {
	g := NewGrouper()
	seat(g, "trees", trees, 0)
	seat(g, "lamps", lamps, time.Hour)
	g.Merge("trees", "lamps")
	for id, text := range map[string]string{"a copy of the one": trees, "a copy of the other": lamps} {
		if got := seat(g, id, text+"。", 2*time.Hour); got != "trees" {
			t.Errorf("%s: incident %q, want that of both", id, got)
		}
	}
	reply := member("reply", "早该管了", 3*time.Hour)
	reply.Thread = "lamps"
	if got := g.Add(reply).Incident; got != "trees" {
		t.Errorf("a reply: incident %q, want that of both", got)
	}
	g.Merge("earlier", "trees") // an incident of which no post is remembered
	if got := seat(g, "late", lamps+"！", 4*time.Hour); got != "earlier" {
		t.Errorf("after another merge: incident %q, want what both became", got)
	}
	if got := seat(g, "lamps", lamps, 0); got != "earlier" {
		t.Errorf("the post itself, judged again: incident %q", got)
	}
}

func TestMovedPostDrawsItsOwn(t *testing.T) {
	g := NewGrouper()
	seat(g, "trees", trees, 0)
	g.Add(func() Member { m := member("lamps", lamps, time.Hour); m.Incident = "trees"; return m }())
	g.Move("lamps", "own")
	if got := seat(g, "lamps", lamps, 0); got != "own" {
		t.Errorf("the moved post, judged again: incident %q, want its own", got)
	}
	if got := seat(g, "copy", "转："+lamps, 2*time.Hour); got != "own" {
		t.Errorf("a later copy: incident %q, want that of the moved post", got)
	}
	if got := seat(g, "other", "转："+trees, 2*time.Hour); got != "trees" {
		t.Errorf("a copy of what stayed: incident %q, want trees", got)
	}
	g.Merge("trees", "own")
	if got := seat(g, "again", lamps+"……", 3*time.Hour); got != "trees" {
		t.Errorf("after a person thought better of it: incident %q, want trees", got)
	}
}

// What people said is heard before what the store remembers, and outlives the
// posts of the window.
func TestWhatPeopleSaidSurvivesARestartAndTheWindow(t *testing.T) {
	g := NewGrouper()
	g.Merge("trees", "lamps")
	g.Move("stray", "own")
	if got := seat(g, "lamps", lamps, 0); got != "trees" {
		t.Errorf("a post of the merged incident: %q, want trees", got)
	}
	for i := range 5_000 { // old posts go, all at once
		seat(g, fmt.Sprint(i), fmt.Sprintf("第%d篇：%c%c%c", i, 0x4e00+i, 0x5e00+i, 0x6e00+i), time.Duration(i)*time.Hour)
	}
	if len(g.posts) == 5_001 {
		t.Fatal("nothing was forgotten")
	}
	last := 5_000 * time.Hour
	if got := seat(g, "stray", trees, last); got != "own" {
		t.Errorf("the moved post: incident %q, want own", got)
	}
	reply := member("reply", "早该管了", last)
	reply.Thread = "lamps"
	if got := g.Add(reply).Incident; got != "trees" {
		t.Errorf("a late reply: incident %q, want trees", got)
	}
}
