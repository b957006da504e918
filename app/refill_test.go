package app

import (
	"testing"
	"time"

	"minsheng/config"
	"minsheng/opinion"
)

// An index that is found empty, as after a change of engine, is filled again.
func TestEmptyIndexIsFilledAgain(t *testing.T) {
	c := config.Default()
	c.Data, c.Server.Listen = t.TempDir(), "127.0.0.1:0"
	d := begin(t, &c)
	var posts []opinion.Post
	for i := range 3 {
		posts = append(posts, told(i, "论坛", "派出所民警上门办证。", d.now().Add(-time.Hour)))
	}
	if _, err := d.state.Accept(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	indexed := func(d *drill) func() bool {
		return func() bool {
			n, err := d.index.Count(t.Context())
			return err == nil && n == len(posts)
		}
	}
	eventually(t, "the posts in the index", indexed(d))
	if err := d.index.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.end()
	eventually(t, "the posts in the index again", indexed(begin(t, &c)))
}
