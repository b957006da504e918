// Package slack delivers alerts to Slack with slack-go: Block Kit by an
// incoming webhook, or by a bot token. It renders, posts once and reads the
// answer; trying again is the Deliverer's. Start reading at Notify.
package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"minsheng/alerts"
	"minsheng/i18n"
	"minsheng/opinion"
)

// Limits of a message, in characters unless said otherwise.
// Source: Slack's Block Kit reference and docs/adding-a-channel.md.
const (
	MaxHeader   = 150
	MaxSection  = 3_000
	MaxBlocks   = 50
	MaxContext  = 10 // elements
	MaxButton   = 75
	MaxURL      = 3_000
	MaxMessage  = 13_200 // all blocks together; above it Slack answers msg_blocks_too_long
	buildTo     = 12_000 // what we build to, so that a count that differs by a little does no harm
	sectionTo   = 2_800
	maxAnswer   = 2_000 // bytes of an answer that are read
	secondsLong = 3_600 // longest Retry-After that is kept
)

// Options say where to post.
type Options struct {
	WebhookURL string // of an incoming webhook
	Token      string // of a bot, instead
	Channel    string // id of the channel, with Token
	API        string // base of the API, "" for Slack's own
}

// Notifier posts to one Slack channel.
type Notifier struct {
	o      Options
	client *http.Client
}

// New returns a Notifier. Options must hold a webhook, or token and channel.
func New(o Options) (*Notifier, error) {
	if (o.WebhookURL == "") == (o.Token == "") || o.Token != "" && o.Channel == "" {
		return nil, fmt.Errorf("open slack: give a webhook, or a token with a channel: %w", opinion.ErrInvalid)
	}
	if o.API != "" && !strings.HasSuffix(o.API, "/") {
		o.API += "/"
	}
	return &Notifier{o: o, client: &http.Client{Timeout: 15 * time.Second}}, nil
}

// Notify posts m once.
func (n *Notifier) Notify(ctx context.Context, m alerts.Message) opinion.Receipt {
	heard := &listener{next: http.DefaultTransport}
	client := &http.Client{Timeout: n.client.Timeout, Transport: heard}
	text, blocks := render(m)
	if n.o.WebhookURL != "" {
		err := slack.PostWebhookCustomHTTPContext(ctx, n.o.WebhookURL, client, &slack.WebhookMessage{
			Text: text, Blocks: &slack.Blocks{BlockSet: blocks},
		})
		return receipt(err, heard, "")
	}
	options := []slack.Option{slack.OptionHTTPClient(client)}
	if n.o.API != "" {
		options = append(options, slack.OptionAPIURL(n.o.API))
	}
	_, stamp, err := slack.New(n.o.Token, options...).PostMessageContext(ctx, n.o.Channel,
		slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...), slack.MsgOptionDisableLinkUnfurl())
	return receipt(err, heard, stamp)
}

// listener notes what Slack answered: for a webhook the word that says what is
// wrong stands in the body, which slack-go does not hand on.
type listener struct {
	next   http.RoundTripper
	status int
	body   string
}

func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	l.status, l.body = resp.StatusCode, strings.TrimSpace(string(head))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), io.LimitReader(resp.Body, 1<<20)), resp.Body}
	return resp, nil
}

// receipt reads the answer. Network failures, 429 and 5xx may pass; a word such
// as invalid_blocks or no_service will not.
func receipt(err error, heard *listener, stamp string) opinion.Receipt {
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	switch {
	case err == nil && stamp != "":
		return opinion.Receipt{OK: true, Code: "ok", Message: stamp}
	case err == nil && heard.body == "ok":
		return opinion.Receipt{OK: true, Code: "ok"}
	case err == nil:
		return opinion.Receipt{Code: "unexpected", Text: clip(heard.body, 200)}
	case errors.As(err, &limited):
		after := min(limited.RetryAfter, secondsLong*time.Second)
		return opinion.Receipt{Code: "429", Text: "rate_limited", Retry: true, After: after}
	case errors.As(err, &refused):
		return opinion.Receipt{Code: clip(refused.Err, 80), Text: clip(strings.Join(refused.ResponseMetadata.Messages, "; "), 200), Retry: passing(refused.Err)}
	case errors.As(err, &status):
		word := clip(heard.body, 200)
		if strings.HasPrefix(word, "<") {
			word = "" // a page, not a word
		}
		return opinion.Receipt{Code: strconv.Itoa(status.Code), Text: word, Retry: status.Code >= 500 || status.Code == http.StatusTooManyRequests || status.Code == http.StatusRequestTimeout}
	}
	return opinion.Receipt{Code: "network", Text: networkWord(err), Retry: true}
}

// passing are the API's errors that may be gone the next time.
func passing(word string) bool {
	switch word {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited":
		return true
	}
	return false
}

// networkWord says what failed without the address, which is the secret.
func networkWord(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	return "no connection"
}

// render makes the fallback text and the blocks.
func render(m alerts.Message) (string, []slack.Block) {
	blocks := []slack.Block{
		slack.NewHeaderBlock(plain(clip(m.Headline(), MaxHeader))),
		section(strings.Join(m.Why(), "\n")),
	}
	size := len([]rune(m.Headline())) + len([]rune(strings.Join(m.Why(), "\n")))
	if words := m.WordLine(); words != "" {
		blocks = append(blocks, section(words))
		size += len([]rune(words))
	}
	for _, e := range m.Examples {
		text := "> " + Escape(e.Excerpt) + "\n" + link(e.URL, m.ExampleLine(e))
		if n := len([]rune(text)); size+n <= buildTo {
			blocks = append(blocks, markdown(text))
			size += n
		}
	}
	if m.Link != "" && len(m.Link) <= MaxURL {
		open := slack.NewButtonBlockElement("open", "", plain(clip(i18n.Say(m.Lang, "alert.open"), MaxButton)))
		blocks = append(blocks, slack.NewActionBlock("", open.WithURL(m.Link).WithStyle(slack.StylePrimary)))
	}
	if action := m.Action(); action != "" {
		blocks = append(blocks, slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, Escape(action), false, false)))
	}
	return clip(Escape(m.Headline()), sectionTo), blocks
}

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// section is text taken to the letter.
func section(s string) *slack.SectionBlock { return markdown(Escape(s)) }

// markdown is a section of mrkdwn. It is clipped before the limit; what an
// entity was cut to stays readable.
func markdown(s string) *slack.SectionBlock {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, clip(s, sectionTo), false, true), nil, nil)
}

// link shows where an example stands. An address that could break out of the
// link's form is shown without one.
func link(url, text string) string {
	if !strings.HasPrefix(url, "http") || strings.ContainsAny(url, "<>| \n") || len(url) > 1_500 {
		return Escape(text)
	}
	return "<" + Escape(url) + "|" + strings.ReplaceAll(Escape(text), "|", "¦") + ">"
}

// Escape writes &, < and > as Slack asks.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// clip cuts to n characters, the last one an ellipsis.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
