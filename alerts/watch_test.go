package alerts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/alerts"
	"minsheng/opinion"
)

// clerk is a post about the clerk at the window, in one of several wordings.
func clerk(incident string) func(i int) say {
	words := [][]string{{"冷着脸", "推来推去"}, {"冷着脸", "训斥老人"}, {"推来推去", "欺负人"}, {"训斥老人", "冷着脸", "欺负人"}}
	sites := []string{"论坛", "日报", "留言板"}
	return func(i int) say {
		return say{incident: incident, place: "铜铃派出所", words: words[i%len(words)], source: sites[i%len(sites)]}
	}
}

// chase is a post about something else, elsewhere, in other words.
func chase(i int) say {
	words := [][]string{{"追尾", "逆行"}, {"逆行", "乱开"}, {"追尾", "撞摊"}}
	return say{incident: "chase", place: "望鹭派出所", words: words[i%len(words)], source: "晚报"}
}

// incidents are what people were told of, in order.
func (d *desk) incidents() []string {
	out := []string{}
	for _, a := range d.raised {
		out = append(out, a.Incident)
	}
	return out
}

func (d *desk) wantAlerts(want ...string) {
	d.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), d.incidents()); diff != "" {
		d.t.Errorf("incidents of the alerts (-want +got):\n%s", diff)
	}
}

func TestQuietSeriesSaysNothing(t *testing.T) {
	d, now := ordinary(t)
	d.everyday(now, now.Add(24*time.Hour))
	for i := range 72 {
		d.look(window, now.Add(time.Duration(i)*20*time.Minute))
	}
	d.wantAlerts()
	if a := d.look(opinion.Series{Topic: "没有帖文的专题"}, now); a != nil {
		t.Errorf("an empty series raised %+v", a)
	}
}

// An open day is loud; nobody is angry.
func TestLoudButNotNegative(t *testing.T) {
	d, now := ordinary(t)
	d.unfold(now, 90*time.Minute, 30*time.Second, func(int) say { return say{incident: "openday"} })
	d.wantAlerts()
}

// One who posts the same again and again is not the public.
func TestOneVoiceIsNotARise(t *testing.T) {
	d, now := ordinary(t)
	first := d.add(now, say{incident: "flood", words: []string{"退钱"}, voice: 77})
	d.unfold(now, time.Hour, time.Minute, func(int) say {
		return say{incident: "flood", words: []string{"退钱"}, voice: 77, text: first.ID}
	})
	d.wantAlerts()
}

func TestOneIncidentIsOneAlert(t *testing.T) {
	d, now := ordinary(t)
	d.titles["clerk"] = "办证窗口的一段视频"
	d.unfold(now, 90*time.Minute, time.Minute, clerk("clerk"))
	d.wantAlerts("clerk")
	a := d.raised[0]
	if a.Title != "办证窗口的一段视频" || !slices.Equal(a.Topics, []string{"服务窗口"}) {
		t.Errorf("title %q and topics %v, want those of the incident", a.Title, a.Topics)
	}
	if late := a.Raised.Sub(now); late > 30*time.Minute {
		t.Errorf("people were told after %v, want half an hour at most", late)
	}
	r := a.Rise
	if r.Negative < 30 || r.Expected > 6 || r.Share() < 0.7 || r.Usual > 0.3 || r.Sources < 3 || r.Voices < 30 || r.Score <= 0 {
		t.Errorf("rise = %+v, want figures of an hour in which almost all are negative", r)
	}
	if r.Series != window || !r.End.Equal(r.Start.Add(r.Window)) {
		t.Errorf("rise = %+v, want the series and a window that is as long as it says", r)
	}
	if a.Level != opinion.Warn && a.Level != opinion.Urgent {
		t.Errorf("level = %s, want more than notice for %d negatives", a.Level, r.Negative)
	}
}

// The figures are of the buckets that have ended: the same look a moment later,
// and one after a restart, say the same.
func TestLookIsRepeatable(t *testing.T) {
	d, now := ordinary(t)
	end := d.unfold(now, time.Hour, time.Minute, clerk("clerk"))
	var got []*opinion.Alert
	for _, at := range []time.Time{end, end, end.Add(time.Minute)} {
		a, err := alerts.Watcher{State: d, Zone: zone}.Look(t.Context(), window, at)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a)
	}
	if got[0] == nil {
		t.Fatal("no alert to compare")
	}
	for _, a := range got[1:] {
		if diff := cmp.Diff(got[0], a); diff != "" {
			t.Errorf("second look (-first +second):\n%s", diff)
		}
	}
}

func TestSecondIncidentIsToldApart(t *testing.T) {
	d, now := ordinary(t)
	d.titles["clerk"], d.titles["chase"] = "办证窗口的一段视频", "追车"
	end := d.unfold(now, 45*time.Minute, time.Minute, clerk("clerk"))
	d.wantAlerts("clerk")
	both := func(i int) say {
		if i%5 == 0 {
			return clerk("clerk")(i)
		}
		return chase(i)
	}
	d.unfold(end, time.Hour, 45*time.Second, both)
	d.wantAlerts("clerk", "chase")
	if a := d.raised[1]; a.Title != "追车" || slices.ContainsFunc(a.Words, func(w opinion.Word) bool { return w.Text == "冷着脸" }) {
		t.Errorf("second alert %q with the words %v, want those of the second incident alone", a.Title, a.Words)
	}
}

// many is anger that no single incident leads: each post is one of its own.
func many(i int) say {
	return say{place: fmt.Sprintf("%d号派出所", i%7), words: []string{fmt.Sprintf("说法%d", i)}}
}

func TestRiseOfATopicAbsorbsTheIncidentThatFollows(t *testing.T) {
	d, now := ordinary(t)
	end := d.unfold(now, 40*time.Minute, time.Minute, many)
	topic := "topic:服务窗口\n"
	d.wantAlerts(topic)
	if got := d.raised[0].Title; got != "服务窗口" {
		t.Errorf("title = %q, want the topic where no incident leads", got)
	}
	later := end.Add(3 * time.Hour)
	d.everyday(end, later)
	d.unfold(later, 20*time.Minute, 10*time.Second, chase)
	d.wantAlerts(topic)
}

// Grouping may put one event into two incidents; people must not be told twice.
func TestSameEventInOtherWordsJoins(t *testing.T) {
	d, now := ordinary(t)
	end := d.unfold(now, 45*time.Minute, time.Minute, clerk("clerk"))
	d.unfold(end, time.Hour, 45*time.Second, func(i int) say {
		s := clerk("another")(i)
		s.words = append([]string{"骂老人", "翻白眼"}, s.words[0])
		return s
	})
	d.wantAlerts("clerk")
}

// Six hours of silence end an episode: the same incident is told again.
func TestNewEpisodeIsToldAgain(t *testing.T) {
	d, now := ordinary(t)
	end := d.unfold(now, 30*time.Minute, time.Minute, clerk("clerk"))
	d.everyday(end, end.Add(20*time.Hour))
	d.unfold(end.Add(20*time.Hour), 30*time.Minute, time.Minute, clerk("clerk"))
	d.wantAlerts("clerk", "clerk")
}

// An incident that shows in a second series adds its topic to the alert, and
// keeps the figures that show more.
func TestSecondSeriesJoins(t *testing.T) {
	all := opinion.Series{Topic: opinion.AllPolice}
	d, now := ordinary(t, all)
	end := d.unfold(now, 45*time.Minute, time.Minute, func(i int) say {
		s := clerk("clerk")(i)
		s.series = []opinion.Series{all}
		return s
	})
	d.look(all, end)
	d.wantAlerts("clerk")
	if diff := cmp.Diff([]string{"服务窗口", opinion.AllPolice}, d.raised[0].Topics); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
}

// What is published long ago cannot raise, however late it arrives; it only
// corrects the past.
func TestOldPostsDoNotRaise(t *testing.T) {
	d, now := ordinary(t)
	for i := range 60 {
		d.add(now.Add(-26*time.Hour+time.Duration(i)*time.Minute), clerk("old")(i))
	}
	d.look(window, now)
	d.wantAlerts()
}

func TestLookSaysWhatCouldNotBeRead(t *testing.T) {
	for _, method := range []string{"tallies", "marks", "active", "posts", "incident"} {
		d, now := ordinary(t)
		for i := range 45 {
			d.add(now.Add(time.Duration(i)*time.Minute), clerk("clerk")(i))
		}
		d.fail = method
		a, err := alerts.Watcher{State: d, Zone: zone}.Look(t.Context(), window, now.Add(45*time.Minute))
		if a != nil || err == nil || !strings.Contains(err.Error(), "disk gone") {
			t.Errorf("%s fails: Look = %v, %v, want its error", method, a, err)
		}
	}
}
