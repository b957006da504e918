package city_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"minsheng/city"
)

func say(t *testing.T, address string, payload any) (int, string, http.Header) {
	t.Helper()
	raw, ok := payload.(string)
	if !ok {
		b, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		raw = string(b)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewBufferString(raw))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(body)), resp.Header
}

type m = map[string]any

func text(kind string, n int) m { return m{"type": kind, "text": strings.Repeat("警", n)} }

func many(n int, of m) []m {
	var out []m
	for range n {
		out = append(out, of)
	}
	return out
}

func blocks(list ...m) m { return m{"blocks": list} }

func button(label, url int) m {
	return m{"type": "button", "text": text("plain_text", label), "url": "http://x/" + strings.Repeat("a", url-9)}
}

// TestChatLimits sends each payload at a limit, which is taken, and one over
// it, which is refused with Slack's word.
func TestChatLimits(t *testing.T) {
	header := func(n int) m { return blocks(m{"type": "header", "text": text("plain_text", n)}) }
	section := func(n int) m { return m{"type": "section", "text": text("mrkdwn", n)} }
	fields := func(n, size int) m {
		return blocks(m{"type": "section", "fields": many(n, text("mrkdwn", size))})
	}
	context := func(n int) m { return blocks(m{"type": "context", "elements": many(n, text("mrkdwn", 5))}) }
	actions := func(label, url int) m { return blocks(m{"type": "actions", "elements": []m{button(label, url)}}) }
	for _, c := range []struct {
		name      string
		good, bad any
		word      string
	}{
		{"header", header(150), header(151), "invalid_blocks"},
		{"section", blocks(section(3000)), blocks(section(3001)), "invalid_blocks"},
		{"fields", fields(10, 20), fields(11, 20), "invalid_blocks"},
		{"field", fields(1, 2000), fields(1, 2001), "invalid_blocks"},
		{"context", context(10), context(11), "invalid_blocks"},
		{"button", actions(75, 50), actions(76, 50), "invalid_blocks"},
		{"url", actions(10, 3000), actions(10, 3001), "invalid_blocks"},
		{"blocks", blocks(many(50, m{"type": "divider"})...), blocks(many(51, m{"type": "divider"})...), "invalid_blocks"},
		{"all", blocks(many(5, section(2640))...), blocks(append(many(5, section(2640)), section(1))...), "msg_blocks_too_long"},
		{"kind of header", header(10), blocks(m{"type": "header", "text": text("mrkdwn", 10)}), "invalid_blocks"},
		{"empty text", blocks(section(1)), blocks(section(0)), "invalid_blocks"},
		{"kind of block", m{"text": "好"}, blocks(m{"type": "marquee"}), "invalid_blocks"},
		{"json", `{"text":"好"}`, `{"text":`, "invalid_payload"},
		{"text", m{"text": "好"}, m{"text": ""}, "no_text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := open(t, 31, city.None)
			if code, body, _ := say(t, v.ChatURL(), c.good); code != 200 || body != "ok" {
				t.Errorf("at the limit: %d %s, want 200 ok", code, body)
			}
			if code, body, _ := say(t, v.ChatURL(), c.bad); code != 400 || body != c.word {
				t.Errorf("over the limit: %d %s, want 400 %s", code, body, c.word)
			}
			if got := len(v.Messages()); got != 1 {
				t.Errorf("%d messages kept, want the accepted one", got)
			}
		})
	}
}

func TestChatRateAndPage(t *testing.T) {
	v := open(t, 32, city.None)
	limited := false
	for range 12 {
		code, _, h := say(t, v.ChatURL(), m{"text": "<b>预警</b>"})
		if code == http.StatusTooManyRequests {
			limited = true
			if h.Get("Retry-After") != "1" {
				t.Errorf("Retry-After = %q, want 1", h.Get("Retry-After"))
			}
		}
	}
	if !limited || len(v.Messages()) < 5 {
		t.Errorf("12 messages at once: limited %t, %d accepted; want a limit after a few", limited, len(v.Messages()))
	}
	if got := v.Messages()[0]; got.Text != "<b>预警</b>" || !got.At.Equal(noon) {
		t.Errorf("first message = %+v", got)
	}
	_, page := fetch(t, root(t, v.ChatURL())+"/")
	if !strings.Contains(page, "&lt;b&gt;预警") {
		t.Errorf("the page does not show the message: %s", page)
	}
}

func FuzzChat(f *testing.F) {
	f.Add(`{"text":"a","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":{"type":"button"}}]}`)
	f.Add(`{"blocks":[{"type":"context","elements":[{"type":"image"}, 3]}]}`)
	f.Fuzz(func(t *testing.T, raw string) {
		if err := city.CheckPayload([]byte(raw)); err != nil && strings.ContainsAny(err.Error(), " \n") {
			t.Errorf("refusal %q is not one word", err)
		}
	})
}
