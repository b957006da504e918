package alerts

import (
	"context"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
)

// Tell sends a word to the operators: no alert, so nobody takes it and it has
// no number. say gives its headline and lines in the channel's language. It
// makes one attempt; whether there is another is the caller's to say.
func (d *Deliverer) Tell(ctx context.Context, channel string, now time.Time, say func(i18n.Lang) []string) opinion.Receipt {
	c, ok := d.channel(channel)
	if !ok {
		return opinion.Receipt{At: now, Code: "no_channel", Text: i18n.Say(i18n.Chinese, "deliver.no_channel", channel)}
	}
	r := d.send(ctx, c, Message{Notice: say(c.Lang), Alert: opinion.Alert{Raised: now, Level: opinion.Notice}})
	r.At = now
	return r
}
