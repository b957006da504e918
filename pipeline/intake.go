package pipeline

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/crawler"
	"minsheng/opinion"
	"minsheng/store"
)

// Bounds of one text. Longer ones are cut at a rune and flagged.
const (
	maxTitle = 400    // bytes
	maxText  = 60_000 // bytes
	// ahead is how far in the future a time of publication may lie before it is
	// distrusted: clocks differ by minutes, not by hours.
	ahead = 10 * time.Minute
)

// Flags that intake puts on a post.
const (
	FlagNoTime     = "no_time"     // none was given: the time it was seen stands in
	FlagFutureTime = "future_time" // it lay in the future: the time it was seen stands in
	FlagDayOnly    = "day_only"    // only the day was given
	FlagCut        = "cut"         // longer than is kept
)

// intake turns raw documents into posts: cleaned, masked, with an identity, a
// time and a voice. Nobody's name gets past it.
type intake struct {
	state interface {
		Voices(ctx context.Context) ([]byte, error)
	}
	now     func() time.Time
	office  *time.Location
	cleaned func(source string, cut map[string]int) // told what was cut, by rule

	mu  sync.Mutex
	key []byte // of the day
	at  time.Time
}

// posts makes one post of every document that holds text. The first document
// opens the thread of the others, unless opening names an earlier page's. hint
// is what the link to the page said of its time.
func (in *intake) posts(ctx context.Context, src opinion.Source, docs []crawler.Document, opening string, hint time.Time) ([]opinion.Post, error) {
	key, err := in.voiceKey(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]opinion.Post, 0, len(docs))
	for _, d := range docs {
		if opening != "" {
			hint = time.Time{} // it speaks of the page's own text
		}
		p := in.post(src, d, hint)
		if opening == "" {
			opening = p.ID
		} else {
			p.Thread = opening
			p.ID = replyID(opening, d, p)
		}
		p.Voice = voice(key, src, d)
		if p.Title != "" || strings.TrimSpace(p.Text) != "" {
			out = append(out, p)
		}
	}
	return out, nil
}

func (in *intake) post(src opinion.Source, d crawler.Document, hint time.Time) opinion.Post {
	now := in.now()
	text, cut, flags := analysis.Clean(d.Text)
	in.cleaned(src.Name, cut)
	title, cutTitle := masked(strings.Join(strings.Fields(d.Title), " "), maxTitle)
	text, cutText := masked(text, maxText)
	flags = union(flags, d.Flags)
	if cutTitle || cutText {
		flags = append(flags, FlagCut)
	}
	p := opinion.Post{
		ID: opinion.PostID(d.URL), Source: src.Name, Class: src.Class, Kind: d.Kind, URL: d.URL,
		Title: title, Text: text, Outlet: analysis.Mask(d.Outlet), Fetched: now,
	}
	p.Published, flags = in.published(d, hint, now, flags)
	p.Flags = flags
	if d.Anchor != "" {
		p.URL = d.URL + "#" + url.PathEscape(d.Anchor)
	}
	return p
}

// published decides the time of publication: the page's, else the link's, else
// now; a bare day of today means now, of another day its noon.
func (in *intake) published(d crawler.Document, hint, now time.Time, flags []string) (time.Time, []string) {
	t := d.Published
	if t.IsZero() {
		t = hint
	} else if d.DayOnly {
		day := func(t time.Time) string { return t.In(in.office).Format(time.DateOnly) }
		switch day(t) {
		case day(hint):
			t = hint
		case day(now):
			t, flags = now, append(flags, FlagDayOnly)
		default:
			t, flags = t.Add(12*time.Hour), append(flags, FlagDayOnly)
		}
	}
	switch {
	case t.IsZero() || t.Year() < 1990:
		return now, append(flags, FlagNoTime)
	case t.After(now.Add(ahead)):
		return now, append(flags, FlagFutureTime)
	}
	return t.UTC(), flags
}

// replyID names a reply by its thread and anchor, else by its time and words.
func replyID(thread string, d crawler.Document, p opinion.Post) string {
	if d.Anchor != "" {
		return opinion.PostID(thread, "#", d.Anchor)
	}
	return opinion.PostID(thread, d.Published.UTC().Format(time.RFC3339), p.Text)
}

// voiceKey returns the key of the day, asked of the store once an hour.
func (in *intake) voiceKey(ctx context.Context) ([]byte, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	now := in.now()
	if in.key != nil && now.Sub(in.at) < time.Hour && !now.Before(in.at) {
		return in.key, nil
	}
	key, err := in.state.Voices(ctx)
	if err != nil {
		return nil, fmt.Errorf("get voice key: %w", err)
	}
	in.key, in.at = key, now
	return key, nil
}

// voice is a keyed hash of who speaks: for news the outlet, else site and
// name. The key is destroyed after a day, and the hash with it.
func voice(key []byte, src opinion.Source, d crawler.Document) uint64 {
	who := d.Speaker
	if d.Kind == opinion.News {
		who = d.Outlet
		if who == "" {
			who = src.Name
		}
	}
	if who == "" {
		return 0
	}
	site := ""
	if u, err := url.Parse(d.URL); err == nil && d.Kind != opinion.News {
		site = u.Host
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(site + "\x00" + who))
	return max(1, binary.BigEndian.Uint64(mac.Sum(nil)))
}

// masked is s masked and of at most n bytes, and whether it was cut for that. What
// a cut leaves of a longer number can look like another kind, so it is masked
// once more: masking again what is stored must change nothing.
func masked(s string, n int) (string, bool) {
	s, cut := clip(analysis.Mask(s), n)
	if cut {
		s, _ = clip(analysis.Mask(s), n)
	}
	return s, cut
}

// maskAgain masks what is stored of a post by today's masker, and reports
// whether that changed anything.
func maskAgain(p *opinion.Post) bool {
	title, _ := masked(p.Title, maxTitle)
	text, _ := masked(p.Text, maxText)
	outlet := analysis.Mask(p.Outlet)
	if title == p.Title && text == p.Text && outlet == p.Outlet {
		return false
	}
	p.Title, p.Text, p.Outlet = title, text, outlet
	return true
}

// clip cuts s to at most n bytes at a rune, and says whether it did.
func clip(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}

// Mention is a text that a program pushes.
type Mention struct {
	ID        string
	Source    opinion.Source
	Kind      opinion.Kind
	URL       string
	Title     string
	Text      string
	Outlet    string
	Speaker   string // hashed to count voices, never stored
	Thread    string // ID or URL of the opening mention
	Published time.Time
}

// Push accepts pushed mentions and returns the posts' identities and how many
// were new or changed.
func (p *Pipeline) Push(ctx context.Context, ms []Mention) (ids []string, fresh int, err error) {
	posts := make([]opinion.Post, 0, len(ms))
	for _, m := range ms {
		address := m.URL
		if c, ok := crawler.Canonical(m.URL); ok {
			address = c
		}
		got, err := p.intake.posts(ctx, m.Source, []crawler.Document{{
			Kind: m.Kind, URL: address, Title: m.Title, Text: m.Text, Outlet: m.Outlet, Speaker: m.Speaker, Published: m.Published,
		}}, "", time.Time{})
		if err != nil {
			return nil, 0, err
		}
		for _, post := range got {
			post.ID = mentionID(m.Source.Name, m.ID, address, m.Title+"\n"+m.Text)
			if m.Thread != "" {
				post.Thread = threadID(m.Source.Name, m.Thread)
			}
			posts = append(posts, post)
			ids = append(ids, post.ID)
		}
	}
	p.step(ctx, "accept", len(posts))
	fresh, err = p.State.Accept(ctx, posts)
	if err != nil {
		return nil, 0, fmt.Errorf("accept mentions: %w", err)
	}
	p.Metrics.accepted(fresh)
	p.Wake(store.Analyse)
	return ids, fresh, nil
}

// threadID is the identity of the opening mention that a reply names by its id
// or its address.
func threadID(source, thread string) string {
	if c, ok := crawler.Canonical(thread); ok {
		return mentionID(source, "", c, "")
	}
	return mentionID(source, thread, "", "")
}

// mentionID is the caller's id where there is one, else the address, else the
// text.
func mentionID(source, id, address, text string) string {
	switch {
	case id != "":
		return opinion.PostID("push", source, id)
	case address != "":
		return opinion.PostID(address)
	}
	return opinion.PostID("push", source, "", text)
}
