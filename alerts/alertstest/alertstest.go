// Package alertstest holds every channel to the same behaviour: a server that
// answers as the vendor does stands behind it, and Run checks what reaches it
// and what the channel makes of its answers. A channel's test file calls Run
// with a dozen lines.
package alertstest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"minsheng/alerts"
	"minsheng/i18n"
	"minsheng/opinion"
)

// Secret stands in addresses and keys that a channel is opened with. It may
// never come back in a receipt.
const Secret = "T0PSECRET/abcdefgh"

// Channel is what Run needs to know of one.
type Channel struct {
	// Open returns the Notifier that posts to a server at base.
	Open func(t *testing.T, base string) alerts.Notifier
	// Accept answers a good request as the vendor does.
	Accept func(w http.ResponseWriter)
	// Check says what the vendor would refuse of a request; nil where nothing.
	Check func(r *http.Request, body []byte) error
	// Texts returns what a person reads of a request, joined.
	Texts func(body []byte) string
}

// Message is a full alert in the given language.
func Message(lang i18n.Lang) alerts.Message {
	raised := time.Date(2026, 3, 4, 6, 35, 0, 0, time.UTC)
	m := alerts.Message{Office: "清源市公安局新闻办（虚构）", Link: "https://minsheng.example/alerts/7", Lang: lang, Zone: time.FixedZone("", 8*3600)}
	m.Alert = opinion.Alert{
		ID: opinion.AlertID("x", 1), Number: 7, Title: "办证窗口的一段视频", Level: opinion.Warn, Topics: []string{"服务窗口"}, Raised: raised,
		Rise: opinion.Rise{
			Start: raised.Add(-time.Hour), End: raised, Total: 61, Negative: 48, Expected: 3.2, Usual: 0.11, Voices: 40, Texts: 22, Sources: 3,
		},
		Words: []opinion.Word{{Text: "冷着脸", Weight: -1.2, Posts: 17}, {Text: "推来推去", Weight: -0.9, Posts: 9}},
	}
	for i := range 3 {
		m.Examples = append(m.Examples, opinion.Example{
			PostID: fmt.Sprint(i), Excerpt: fmt.Sprintf("第%d位：排到跟前说下班了 <b>&amp; *真*</b>", i), Source: "论坛",
			URL: fmt.Sprintf("http://forum.example/t/%d?a=1&b=2", i), Published: raised.Add(-time.Duration(i) * time.Minute),
		})
	}
	return m
}

// huge is more than any vendor takes.
func huge() alerts.Message {
	m := Message(i18n.Chinese)
	m.Title = strings.Repeat("很长的标题<&>", 600)
	for i := range 200 {
		m.Words = append(m.Words, opinion.Word{Text: strings.Repeat("词", 40), Posts: i})
		m.Examples = append(m.Examples, opinion.Example{Excerpt: strings.Repeat("摘录<&>", 500), Source: "论坛", URL: "http://forum.example/" + strings.Repeat("x", 4000), Published: m.Raised})
	}
	return m
}

// server answers with reply and keeps what it was sent.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	faults []error
}

func serve(t *testing.T, c Channel, reply func(w http.ResponseWriter)) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		if err == nil {
			err = c.Check(r, body)
		}
		s.mu.Lock()
		s.bodies = append(s.bodies, body)
		if err != nil {
			s.faults = append(s.faults, err)
		}
		s.mu.Unlock()
		reply(w)
	}))
	t.Cleanup(s.Close)
	return s
}

// got returns what reached the server, and fails the test on what the vendor
// would have refused.
func (s *server) got(t *testing.T) [][]byte {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, err := range s.faults {
		t.Errorf("the vendor would refuse this: %v", err)
	}
	return s.bodies
}

// Run checks a channel.
func Run(t *testing.T, c Channel) {
	t.Run("SaysWhatHappenedAndWhy", func(t *testing.T) { saysWhy(t, c) })
	t.Run("StaysWithinLimits", func(t *testing.T) {
		s := serve(t, c, c.Accept)
		if r := c.Open(t, s.URL).Notify(t.Context(), huge()); !r.OK {
			t.Errorf("huge message: %+v, want delivered", r)
		}
		s.got(t)
	})
	t.Run("Test", func(t *testing.T) {
		s := serve(t, c, c.Accept)
		m := alerts.Message{Test: true, Office: "某办", Lang: i18n.Chinese, Alert: opinion.Alert{Raised: time.Date(2026, 3, 4, 6, 35, 0, 0, time.UTC), Level: opinion.Notice}}
		if r := c.Open(t, s.URL).Notify(t.Context(), m); !r.OK {
			t.Errorf("test message: %+v, want delivered", r)
		}
		if text := c.Texts(s.got(t)[0]); !strings.Contains(text, "测试") {
			t.Errorf("test message does not say that it is one: %s", text)
		}
	})
	for status, retry := range map[int]bool{400: false, 401: false, 403: false, 404: false, 410: false, 429: true, 500: true, 502: true, 503: true} {
		t.Run(fmt.Sprint("Status", status), func(t *testing.T) {
			s := serve(t, c, func(w http.ResponseWriter) {
				w.Header().Set("Retry-After", "17")
				http.Error(w, "no_luck", status)
			})
			r := c.Open(t, s.URL).Notify(t.Context(), Message(i18n.Chinese))
			check(t, s.URL, r, retry)
			if !strings.Contains(r.Code, fmt.Sprint(status)) {
				t.Errorf("code %q does not tell %d", r.Code, status)
			}
			if status == 429 && r.After != 17*time.Second {
				t.Errorf("waits %v after 429, want the 17 s that were asked for", r.After)
			}
		})
	}
	t.Run("NobodyThere", func(t *testing.T) {
		s := serve(t, c, c.Accept)
		s.Close()
		check(t, s.URL, c.Open(t, s.URL).Notify(t.Context(), Message(i18n.Chinese)), true)
	})
	t.Run("NoAnswer", func(t *testing.T) {
		release := make(chan struct{})
		s := serve(t, c, func(http.ResponseWriter) { <-release })
		defer close(release)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		check(t, s.URL, c.Open(t, s.URL).Notify(ctx, Message(i18n.Chinese)), true)
	})
}

func saysWhy(t *testing.T, c Channel) {
	for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
		s := serve(t, c, c.Accept)
		m := Message(lang)
		r := c.Open(t, s.URL).Notify(t.Context(), m)
		if !r.OK || r.Retry {
			t.Fatalf("%s: %+v, want delivered", lang, r)
		}
		bodies := s.got(t)
		if len(bodies) != 1 {
			t.Fatalf("%s: %d requests for a message that fits, want 1", lang, len(bodies))
		}
		text := c.Texts(bodies[0])
		wants := append([]string{m.Headline(), m.Link}, m.Why()...)
		for _, e := range m.Examples {
			wants = append(wants, e.Excerpt, e.URL)
		}
		for _, w := range m.Words {
			wants = append(wants, w.Text)
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: message lacks %q:\n%s", lang, want, text)
			}
		}
	}
}

func check(t *testing.T, base string, r opinion.Receipt, retry bool) {
	t.Helper()
	if r.OK || r.Retry != retry {
		t.Errorf("receipt %+v, want not delivered and retry %v", r, retry)
	}
	for _, secret := range []string{Secret, strings.TrimPrefix(base, "http://")} {
		if strings.Contains(r.Code+r.Text+r.Message, secret) {
			t.Errorf("receipt %+v gives away %q", r, secret)
		}
	}
}

// Answer serves one fixed answer and returns the server's address.
func Answer(t *testing.T, status int, body string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if strings.HasPrefix(body, "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
