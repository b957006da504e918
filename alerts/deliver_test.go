package alerts_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/alerts"
	"minsheng/i18n"
	"minsheng/opinion"
)

// channel answers with what it is told and keeps what it was sent.
type channel struct {
	answer opinion.Receipt
	sent   []alerts.Message
}

func (c *channel) Notify(_ context.Context, m alerts.Message) opinion.Receipt {
	c.sent = append(c.sent, m)
	return c.answer
}

// never answers before its time is over.
type never struct{}

func (never) Notify(ctx context.Context, _ alerts.Message) opinion.Receipt {
	<-ctx.Done()
	return opinion.Receipt{Code: "timeout", Retry: true}
}

func deliverer(n alerts.Notifier) *alerts.Deliverer {
	return &alerts.Deliverer{
		Channels: []alerts.Channel{{Name: "别的"}, {Name: "群", Kind: "slack", Lang: i18n.English, Notifier: n}},
		Office:   "某局新闻办（虚构）", Zone: zone,
		Link: func(number int64) string { return "https://minsheng.example/alerts/" + string(rune('0'+number)) },
	}
}

func TestSendGivesTheChannelWhatItNeeds(t *testing.T) {
	c := &channel{answer: opinion.Receipt{OK: true, Code: "200", Message: "m1"}}
	r, wait := deliverer(c).Send(t.Context(), "群", opinion.Alert{Number: 7, Title: "窗口"}, 0)
	if !r.OK || wait != 0 {
		t.Errorf("Send = %+v, %v, want delivered and nothing to wait for", r, wait)
	}
	want := []alerts.Message{{
		Alert: opinion.Alert{Number: 7, Title: "窗口"}, Office: "某局新闻办（虚构）", Lang: i18n.English, Zone: zone,
		Link: "https://minsheng.example/alerts/7",
	}}
	if diff := cmp.Diff(want, c.sent, cmp.Comparer(func(a, b *time.Location) bool { return a == b })); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

// Pauses grow, are scattered upwards by a fifth at most, and end after the
// ninth attempt: then the delivery is dead and waits for a person.
func TestBackoff(t *testing.T) {
	d := deliverer(&channel{answer: opinion.Receipt{Code: "503", Retry: true}})
	least := []time.Duration{
		10 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute,
		15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 0,
	}
	different := map[time.Duration]bool{}
	for before, want := range least {
		for range 20 {
			_, got := d.Send(t.Context(), "群", opinion.Alert{}, before)
			if got < want || got > want+want/5 {
				t.Errorf("after %d failures it waits %v, want %v and a fifth at most", before, got, want)
			}
			different[got] = true
		}
	}
	if len(different) < 20 {
		t.Errorf("%d different pauses among 160, want them scattered", len(different))
	}
	if _, got := d.Send(t.Context(), "群", opinion.Alert{}, 1000); got != 0 {
		t.Errorf("after a thousand failures it waits %v, want it dead", got)
	}
}

func TestWaitsAsLongAsItIsAsked(t *testing.T) {
	d := deliverer(&channel{answer: opinion.Receipt{Code: "429", Retry: true, After: 10 * time.Minute}})
	if _, got := d.Send(t.Context(), "群", opinion.Alert{}, 0); got != 10*time.Minute {
		t.Errorf("waits %v, want the 10 min that were asked for", got)
	}
	d = deliverer(&channel{answer: opinion.Receipt{Code: "429", Retry: true, After: time.Second}})
	if _, got := d.Send(t.Context(), "群", opinion.Alert{}, 2); got < 2*time.Minute {
		t.Errorf("waits %v, want no less than without being asked", got)
	}
}

func TestWhatCannotSucceedIsNotTriedAgain(t *testing.T) {
	d := deliverer(&channel{answer: opinion.Receipt{Code: "invalid_blocks"}})
	if r, wait := d.Send(t.Context(), "群", opinion.Alert{}, 0); r.OK || wait != 0 {
		t.Errorf("Send = %+v, %v, want refused for good", r, wait)
	}
	if r, wait := d.Send(t.Context(), "删去的群", opinion.Alert{}, 0); r.OK || r.Code != "no_channel" || wait != 0 {
		t.Errorf("Send to a channel that is gone = %+v, %v, want refused for good", r, wait)
	}
}

func TestSendHasATimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r, wait := deliverer(never{}).Send(t.Context(), "群", opinion.Alert{}, 0)
		if r.OK || wait == 0 {
			t.Errorf("Send = %+v, %v, want it to be tried again", r, wait)
		}
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("gave up after %v, want 20 s", took)
		}
	})
}

func TestTestMessage(t *testing.T) {
	now := start.Add(time.Hour)
	c := &channel{answer: opinion.Receipt{OK: true, Code: "ok"}}
	d := deliverer(c)
	if got, want := d.Test(t.Context(), "群", now), (opinion.Receipt{OK: true, Code: "ok", At: now}); got != want {
		t.Errorf("Test = %+v, want %+v", got, want)
	}
	if m := c.sent[0]; !m.Test || m.Link != "" || m.Lang != i18n.English || m.Office == "" {
		t.Errorf("message %+v, want a test in the channel's language that links to no alert", m)
	}
	if r := d.Test(t.Context(), "删去的群", now); r.OK || r.Code != "no_channel" || !r.At.Equal(now) {
		t.Errorf("Test of a channel that is gone = %+v, want that it is gone", r)
	}
}

// Whatever the channel, what it is given has gone through the masker, also where
// the store holds a text that an older masker let through.
func TestWhatIsSentIsMasked(t *testing.T) {
	c := &channel{answer: opinion.Receipt{OK: true}}
	d := deliverer(c)
	d.Mask = func(s string) string { return strings.ReplaceAll(s, "13900001234", "[电话]") }
	a := opinion.Alert{
		Number: 7, Title: "找13900001234", Words: []opinion.Word{{Text: "13900001234骗人"}},
		Examples: []opinion.Example{{Title: "打13900001234", Excerpt: "电话13900001234没人接", URL: "http://forum.example/t/1"}},
	}
	d.Send(t.Context(), "群", a, 0)
	if got := fmt.Sprintf("%+v", c.sent); strings.Contains(got, "13900001234") || strings.Count(got, "[电话]") != 4 {
		t.Errorf("sent %s, want four masks and no number", got)
	}
	if a.Examples[0].Title != "打13900001234" {
		t.Error("masking what is sent changed the alert")
	}
}
