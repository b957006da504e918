package alerts

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
)

// sendTimeout bounds one attempt, in wall time.
const sendTimeout = 20 * time.Second

// waits are the pauses after the first, second, ... failed attempt, in product
// time. After the last one a delivery is dead and waits for a person.
var waits = []time.Duration{
	10 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute,
	15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
}

// Channel is a Notifier with the name and language that the office gave it.
type Channel struct {
	Name     string
	Kind     string
	Lang     i18n.Lang
	Notifier Notifier
}

// Deliverer sends alerts through an office's channels.
type Deliverer struct {
	Channels []Channel
	Office   string
	Zone     *time.Location
	Link     func(number int64) string // address of an alert's page, "" where none is known
	Mask     func(string) string       // analysis.Mask; what was stored before it knew a pattern must not go out either
}

// Send makes one attempt. wait is the pause before the next one, 0 where there
// should be none: it was accepted, cannot succeed, or has been tried enough.
func (d *Deliverer) Send(ctx context.Context, channel string, a opinion.Alert, before int) (r opinion.Receipt, wait time.Duration) {
	c, ok := d.channel(channel)
	if !ok {
		return opinion.Receipt{Code: "no_channel", Text: i18n.Say(i18n.Chinese, "deliver.no_channel", channel)}, 0
	}
	r = d.send(ctx, c, Message{Alert: a})
	if r.OK || !r.Retry || before >= len(waits) {
		return r, 0
	}
	wait = waits[before]
	wait += time.Duration(rand.Float64() * float64(wait) / 5)
	return r, max(wait, r.After)
}

// Test sends a trial message.
func (d *Deliverer) Test(ctx context.Context, channel string, now time.Time) opinion.Receipt {
	c, ok := d.channel(channel)
	if !ok {
		return opinion.Receipt{At: now, Code: "no_channel", Text: i18n.Say(i18n.Chinese, "deliver.no_channel", channel)}
	}
	r := d.send(ctx, c, Message{Test: true, Alert: opinion.Alert{Raised: now, Level: opinion.Notice}})
	r.At = now
	return r
}

func (d *Deliverer) send(ctx context.Context, c Channel, m Message) opinion.Receipt {
	m.Office, m.Lang, m.Zone = d.Office, c.Lang, d.Zone
	if d.Mask != nil {
		m.Alert = masked(m.Alert, d.Mask)
	}
	if d.Link != nil && m.Number != 0 {
		m.Link = d.Link(m.Number)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return c.Notifier.Notify(ctx, m)
}

// masked is a with what posts said in it masked anew.
func masked(a opinion.Alert, mask func(string) string) opinion.Alert {
	a.Title = mask(a.Title)
	a.Words, a.Examples = slices.Clone(a.Words), slices.Clone(a.Examples)
	for i := range a.Words {
		a.Words[i].Text = mask(a.Words[i].Text)
	}
	for i, e := range a.Examples {
		a.Examples[i].Title, a.Examples[i].Excerpt = mask(e.Title), mask(e.Excerpt)
	}
	return a
}

func (d *Deliverer) channel(name string) (Channel, bool) {
	for _, c := range d.Channels {
		if c.Name == name {
			return c, true
		}
	}
	return Channel{}, false
}
