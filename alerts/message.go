package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
)

// Message is an alert on its way to people: what a channel renders. All its
// texts are masked.
type Message struct {
	opinion.Alert
	Test   bool     // a trial of the channel, not an alert
	Notice []string // a word to the operators, not an alert: its headline, then lines
	Office string   // whose office
	Link   string   // address of the alert's page, "" where the office gave none
	Lang   i18n.Lang
	Zone   *time.Location
}

// Notifier delivers one message to one channel. It renders, sends once within
// the context's time, and reads the vendor's answer; waiting and trying again
// are the Deliverer's. No secret may appear in the Receipt.
type Notifier interface {
	Notify(ctx context.Context, m Message) opinion.Receipt
}

// Headline is the first line: what happened.
func (m Message) Headline() string {
	if len(m.Notice) > 0 {
		return m.Notice[0]
	}
	if m.Test {
		return i18n.Say(m.Lang, "alert.test_title", m.Office)
	}
	return i18n.Say(m.Lang, "alert.headline", m.LevelWord(), m.Title, m.Number)
}

// LevelWord is the level's word.
func (m Message) LevelWord() string { return i18n.Say(m.Lang, "level."+string(m.Level)) }

// Why lists, in plain words, what made Minsheng raise it: figures first, then
// who and where, then the window.
func (m Message) Why() []string {
	if len(m.Notice) > 0 {
		return m.Notice[1:]
	}
	if m.Test {
		return []string{i18n.Say(m.Lang, "alert.test_text")}
	}
	r := m.Rise
	lines := []string{
		i18n.Say(m.Lang, "alert.counts", r.Negative, Expected(m.Lang, r.Expected), Times(m.Lang, r.Negative, r.Expected)),
		i18n.Say(m.Lang, "alert.share", Percent(r.Share()), Percent(r.Usual), r.Total),
		i18n.Say(m.Lang, "alert.spread", r.Sources, r.Voices, r.Texts),
	}
	if r.Voices == 0 {
		lines[2] = i18n.Say(m.Lang, "alert.spread_texts", r.Sources, r.Texts)
	}
	return append(lines, i18n.Say(m.Lang, "alert.window", m.clock(r.Start), m.clock(r.End), strings.Join(m.Topics, "、")))
}

// WordLine names the words that weighed; "" where there are none.
func (m Message) WordLine() string {
	if len(m.Words) == 0 {
		return ""
	}
	words := make([]string, len(m.Words))
	for i, w := range m.Words {
		words[i] = fmt.Sprintf("%s ×%d", w.Text, w.Posts)
	}
	return i18n.Say(m.Lang, "alert.words", strings.Join(words, "、"))
}

// ExampleLine says where and when an example was published.
func (m Message) ExampleLine(e opinion.Example) string {
	return e.Source + " · " + m.clock(e.Published)
}

// Action says what to do now.
func (m Message) Action() string {
	if m.Test || len(m.Notice) > 0 {
		return ""
	}
	return i18n.Say(m.Lang, "alert.action")
}

func (m Message) clock(t time.Time) string {
	zone := m.Zone
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	if t.Format(time.DateOnly) == m.Raised.In(zone).Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("01-02 15:04")
}

// Plain is the whole message as lines of text, for the terminal and as the
// fallback of channels that render more.
func (m Message) Plain() string {
	lines := slices.Concat([]string{m.Headline()}, m.Why())
	if w := m.WordLine(); w != "" {
		lines = append(lines, w)
	}
	for _, e := range m.Examples {
		lines = append(lines, "· "+e.Excerpt+"（"+m.ExampleLine(e)+"）"+e.URL)
	}
	if m.Link != "" {
		lines = append(lines, m.Link)
	}
	return strings.Join(lines, "\n")
}

// Percent writes a share for people.
func Percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// Expected writes an expected count: below one it says so rather than 0.
func Expected(lang i18n.Lang, mean float64) string {
	if mean < 1 {
		return i18n.Say(lang, "alert.below_one")
	}
	return i18n.Say(lang, "alert.about", mean)
}

// Times says how many times the usual count was seen.
func Times(lang i18n.Lang, seen int, mean float64) string {
	if mean < 1 {
		return i18n.Say(lang, "alert.times_more", seen)
	}
	return i18n.Say(lang, "alert.times", float64(seen)/mean)
}
