package pipeline_test

import (
	"encoding/json"
	"strings"
	"testing"

	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
)

// Nothing of a mention is stored before it is masked, be it text, title or the
// outlet that it names; what is shown, found, exported and sent is taken from there.
func TestWhatIsTakenInIsMasked(t *testing.T) {
	src := opinion.Source{Name: "论坛", Class: opinion.Forum, KeepAll: true}
	c := startCrawl(t, src)
	private := []string{"13900001234", "110101199003070556", "粤B12345", "@柳树下的猫", "3栋2单元501室"}
	ids, fresh, err := c.lines.Push(t.Context(), []pipeline.Mention{{
		ID: "1", Source: src, Kind: opinion.Social, Published: began,
		Title:  "求助：" + private[0],
		Text:   "派出所不管，身份证" + private[1] + "，车牌" + private[2] + "，" + private[3] + " 住翠柳小区" + private[4],
		Outlet: "网友投稿" + private[0], Speaker: private[3],
	}})
	ok(t, err)
	if len(ids) != 1 || fresh != 1 {
		t.Fatalf("ids %v, %d new, want one", ids, fresh)
	}
	var posts []store.Stored
	c.until("it is judged", func() bool {
		posts, err = c.state.Posts(t.Context(), ids...)
		ok(t, err)
		return len(posts) == 1 && posts[0].Verdict.PostID != ""
	})
	all, err := json.Marshal(posts)
	ok(t, err)
	for _, s := range private {
		if strings.Contains(string(all), s) {
			t.Errorf("%q is stored: %s", s, all)
		}
	}
}
