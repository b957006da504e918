package app

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
	"minsheng/config"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

func told(id int, source, text string, at time.Time) opinion.Post {
	return opinion.Post{
		ID: opinion.PostID("told", fmt.Sprint(id)), Source: source, Class: opinion.Forum, Kind: opinion.Social,
		URL: fmt.Sprintf("https://forum.example/%d", id), Title: "街坊说", Text: text, Published: at, Fetched: at, Voice: uint64(id + 1), Revision: 1,
	}
}

// eventually polls until done, or fails the test.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for %s", what)
		}
	}
}

// What an office teaches is in force at once, the past is judged by it, and a
// person's correction outlives that.
func TestWhatAnOfficeTeaches(t *testing.T) {
	c := config.Default()
	c.Data, c.Server.Listen = t.TempDir(), "127.0.0.1:0"
	c.Places = []config.Place{{Name: "城东派出所"}}
	d := begin(t, &c)
	ctx := t.Context()
	odd := told(1, "论坛", "昨天去和顺，窗口民警对办事的老人甩片儿汤。", d.now().Add(-time.Hour))
	kind := told(2, "论坛", "派出所民警帮我找回了钱包，非常感谢，点赞。", d.now().Add(-time.Hour))
	if _, err := d.state.Accept(ctx, []opinion.Post{odd, kind}); err != nil {
		t.Fatal(err)
	}
	read := func(p opinion.Post) store.Stored {
		t.Helper()
		posts, err := d.state.Posts(ctx, p.ID)
		if err != nil || len(posts) != 1 {
			t.Fatalf("read post: %d, %v", len(posts), err)
		}
		return posts[0]
	}
	eventually(t, "a verdict", func() bool { return read(odd).Verdict.PostID != "" && read(kind).Verdict.PostID != "" })
	before := read(odd).Verdict
	if len(before.Places) != 0 {
		t.Fatalf("places = %v before one was taught", before.Places)
	}
	if _, err := d.state.Correct(ctx, kind.ID, store.NotPolice, "lin"); err != nil {
		t.Fatal(err)
	}

	for _, err := range []error{
		d.state.SaveWord(ctx, opinion.LexiconWord{Word: "甩片儿汤", Class: "complaint", Weight: 3}, "lin"),
		d.state.SavePlace(ctx, opinion.Place{Name: "和顺区", Aliases: []string{"和顺"}, Context: []string{"民警"}}, "lin"),
		d.state.SavePlace(ctx, opinion.Place{Name: "城东派出所", Aliases: []string{"城东所"}}, "lin"),
		d.Changed(ctx),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the new words", func() bool {
		return read(odd).Verdict.Version != before.Version && read(kind).Verdict.Version != before.Version
	})
	after := read(odd).Verdict
	if after.Score >= before.Score {
		t.Errorf("score = %v, before the word %v", after.Score, before.Score)
	}
	if len(after.Places) != 1 || after.Places[0] != "和顺区" {
		t.Errorf("places = %v, want the one that was taught", after.Places)
	}
	if got := read(kind); got.Correction == nil || got.Verdict.MentionsPolice {
		t.Errorf("the correction is gone after judging again: %+v", got.Correction)
	}

	// What comes under a post takes over what a person said of it.
	reply := told(3, "论坛", "太好了，谢谢分享。", d.now())
	reply.Kind, reply.Thread = opinion.Reply, kind.ID
	if _, err := d.state.Accept(ctx, []opinion.Post{reply}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the reply's verdict", func() bool { return read(reply).Verdict.PostID != "" })
	if read(reply).Verdict.MentionsPolice {
		t.Error("a reply is about the police, its opening post is not by a person's word")
	}

	// A place of the file that comes to clash with a taught one costs that one,
	// never the start nor the others.
	next := *d.config
	next.Places = append(next.Places, config.Place{Name: "城东所"})
	d.put(&next, d.lexicon)
	if err := d.Changed(ctx); err != nil {
		t.Errorf("a clash of places: %v", err)
	}
	places := d.pipeline.Setting().Analyzer.Analyse(analysis.Input{Text: "城东所的民警到和顺去"}).Places
	if diff := cmp.Diff([]string{"城东所", "和顺区"}, places); diff != "" {
		t.Errorf("places after a clash (-want +got):\n%s", diff)
	}
}

// The survey finds in the store what rose within a day.
func TestSurveyOfTheStore(t *testing.T) {
	now := time.Date(2026, 3, 11, 14, 0, 0, 0, time.UTC)
	f, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "minsheng.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	state := sqlite.New(f, func() time.Time { return now })
	var posts []opinion.Post
	for i := range 260 {
		text := []string{"社区民警讲解反诈知识", "请问派出所周末上班吗", "交警提醒河滨路绕行"}[i%3]
		posts = append(posts, told(i, "晨报", fmt.Sprintf("%s，第%d次。", text, i), now.Add(-time.Duration(2+i%20)*24*time.Hour)))
	}
	for i := range 12 {
		source := []string{"论坛", "留言板"}[i%2]
		posts = append(posts, told(1000+i, source, fmt.Sprintf("烧烤占道，民警来过%d次。", i), now.Add(-time.Duration(i)*time.Hour-time.Minute)))
	}
	for i := range 30 {
		posts = append(posts, told(2000+i, []string{"论坛", "留言板"}[i%2], fmt.Sprintf("气球飞走了，派出所帮忙找，%d楼跟帖。", i), now.Add(-time.Hour)))
	}
	js := make([]store.Judgement, len(posts))
	for i, p := range posts {
		incident := p.ID
		if i >= len(posts)-30 {
			incident = posts[len(posts)-30].ID // all under one post
		}
		js[i] = store.Judgement{Incident: incident, Title: p.Title, Verdict: opinion.Verdict{
			PostID: p.ID, Version: "1", Folded: p.Title + "\n" + p.Text, Kind: p.Kind, MentionsPolice: true, Attitude: opinion.Neutral,
		}}
	}
	if _, err := state.Accept(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	if err := state.Judge(t.Context(), js); err != nil {
		t.Fatal(err)
	}
	words := analysis.NewSegmenter()
	found, err := Survey(t.Context(), state, words, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	if found.Day != 13 || found.Past != 260 {
		t.Errorf("compared %d texts with %d, want 13 with 260", found.Day, found.Past)
	}
	// 占道 stands beside it in every text, so the two are offered as one.
	if len(found.Words) == 0 || found.Words[0].Word != "烧烤占道" {
		t.Errorf("found %+v", found.Words)
	}
	place := []opinion.Place{{Name: "老街烧烤占道点"}}
	if found, err = Survey(t.Context(), state, words, place, now); err != nil || len(found.Words) > 0 {
		t.Errorf("found %+v, %v, the name of a place", found.Words, err)
	}
	if err := state.SaveTopic(t.Context(), opinion.Topic{Name: "夜市", Any: []string{"烧烤"}}, "lin"); err != nil {
		t.Fatal(err)
	}
	if found, err = Survey(t.Context(), state, words, nil, now); err != nil || len(found.Words) > 0 {
		t.Errorf("found %+v, %v with a topic that covers it", found.Words, err)
	}
}
