package slack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"minsheng/alerts"
	"minsheng/alerts/alertstest"
	"minsheng/alerts/slack"
	"minsheng/i18n"
)

// element is the part of Block Kit that the limits are about.
type element struct {
	Type     string    `json:"type"`
	Text     any       `json:"text"`
	URL      string    `json:"url"`
	Elements []element `json:"elements"`
}

type payload struct {
	Text   string    `json:"text"`
	Blocks []element `json:"blocks"`
}

func (e element) text() string {
	switch t := e.Text.(type) {
	case string:
		return t
	case map[string]any:
		s, _ := t["text"].(string)
		return s
	}
	return ""
}

// vendor refuses what Slack refuses, with its word. It knows the documented
// numbers itself, so that a constant changed by mistake shows.
func vendor(body []byte) error {
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return fmt.Errorf("invalid_payload: %w", err)
	}
	if p.Text == "" && len(p.Blocks) == 0 {
		return fmt.Errorf("no_text")
	}
	if len(p.Blocks) > 50 {
		return fmt.Errorf("invalid_blocks: %d blocks", len(p.Blocks))
	}
	size := 0
	for _, b := range p.Blocks {
		n := len([]rune(b.text()))
		size += n
		switch {
		case b.Type == "header" && n > 150, b.Type == "section" && (n > 3000 || n == 0),
			b.Type == "context" && len(b.Elements) > 10:
			return fmt.Errorf("invalid_blocks: %s of %d", b.Type, n)
		}
		for _, e := range b.Elements {
			if e.Type == "button" && (len([]rune(e.text())) > 75 || len(e.URL) > 3000) {
				return fmt.Errorf("invalid_blocks: button")
			}
			size += len([]rune(e.text()))
		}
	}
	if size > 13_200 {
		return fmt.Errorf("msg_blocks_too_long: %d", size)
	}
	return nil
}

// texts undoes Slack's escaping, as its screen does.
func texts(body []byte) string {
	var p payload
	_ = json.Unmarshal(body, &p)
	var all []string
	for _, b := range p.Blocks {
		all = append(all, b.text())
		for _, e := range b.Elements {
			all = append(all, e.text(), e.URL)
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(strings.Join(all, "\n"))
}

func webhook(t *testing.T, base string) alerts.Notifier {
	n, err := slack.New(slack.Options{WebhookURL: base + "/services/" + alertstest.Secret})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func bot(t *testing.T, base string) alerts.Notifier {
	n, err := slack.New(slack.Options{Token: "xoxb-" + alertstest.Secret, Channel: "C012345", API: base})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWebhook(t *testing.T) {
	alertstest.Run(t, alertstest.Channel{
		Open:   webhook,
		Accept: func(w http.ResponseWriter) { _, _ = io.WriteString(w, "ok") },
		Check:  func(_ *http.Request, body []byte) error { return vendor(body) },
		Texts:  texts,
	})
}

func TestBot(t *testing.T) {
	form := func(body []byte) []byte {
		r, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		_ = r.ParseForm()
		blocks := r.PostForm.Get("blocks")
		if blocks == "" {
			blocks = "[]"
		}
		text, _ := json.Marshal(r.PostForm.Get("text"))
		return []byte(`{"text":` + string(text) + `,"blocks":` + blocks + `}`)
	}
	alertstest.Run(t, alertstest.Channel{
		Open: bot,
		Accept: func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"ok":true,"channel":"C012345","ts":"1700000000.000100"}`)
		},
		Check: func(r *http.Request, body []byte) error {
			if r.URL.Path != "/chat.postMessage" {
				return fmt.Errorf("path %s", r.URL.Path)
			}
			return vendor(form(body))
		},
		Texts: func(body []byte) string { return texts(form(body)) },
	})
}

func TestSlackWords(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		code   string
		retry  bool
	}{
		{200, "invalid_payload", "unexpected", false},
		{400, "invalid_blocks", "400", false},
		{403, "action_prohibited", "403", false},
		{404, "no_service", "404", false},
		{410, "channel_is_archived", "410", false},
		{500, "rollup_error", "500", true},
	} {
		s := alertstest.Answer(t, c.status, c.body)
		r := webhook(t, s).Notify(t.Context(), alertstest.Message(i18n.Chinese))
		if r.OK || r.Retry != c.retry || r.Code != c.code || r.Text != c.body {
			t.Errorf("after %d %s: %+v", c.status, c.body, r)
		}
	}
	s := alertstest.Answer(t, 200, `{"ok":false,"error":"not_in_channel"}`)
	if r := bot(t, s).Notify(t.Context(), alertstest.Message(i18n.Chinese)); r.OK || r.Retry || r.Code != "not_in_channel" {
		t.Errorf("bot that is not in the channel: %+v", r)
	}
}

// One over each limit is refused, by the numbers that Slack documents, and the
// limit itself is taken.
func TestLimits(t *testing.T) {
	block := func(kind string, n int) string {
		return fmt.Sprintf(`{"type":%q,"text":{"type":"plain_text","text":%q}}`, kind, strings.Repeat("字", n))
	}
	button := func(text, url int) string {
		return fmt.Sprintf(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":%q},"url":%q}]}`, strings.Repeat("a", text), strings.Repeat("u", url))
	}
	many := func(one string, n int) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	context := func(n int) string {
		return `{"type":"context","elements":[` + many(`{"type":"mrkdwn","text":"x"}`, n) + `]}`
	}
	for name, c := range map[string]struct {
		limit int
		make  func(n int) string
	}{
		"header":  {slack.MaxHeader, func(n int) string { return block("header", n) }},
		"section": {slack.MaxSection, func(n int) string { return block("section", n) }},
		"blocks":  {slack.MaxBlocks, func(n int) string { return many(block("section", 1), n) }},
		"context": {slack.MaxContext, context},
		"button":  {slack.MaxButton, func(n int) string { return button(n, 10) }},
		"url":     {slack.MaxURL, func(n int) string { return button(1, n) }},
		"message": {slack.MaxMessage, func(n int) string {
			return many(block("section", 2_000), n/2_000) + "," + block("section", n%2_000)
		}},
	} {
		if err := vendor([]byte(`{"blocks":[` + c.make(c.limit) + `]}`)); err != nil {
			t.Errorf("%s at the limit of %d: %v", name, c.limit, err)
		}
		if vendor([]byte(`{"blocks":[`+c.make(c.limit+1)+`]}`)) == nil {
			t.Errorf("%s one over the limit of %d was taken", name, c.limit)
		}
	}
}
