package terminal_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"minsheng/alerts/alertstest"
	"minsheng/alerts/terminal"
	"minsheng/i18n"
	"minsheng/opinion"
)

func TestNotify(t *testing.T) {
	var screen strings.Builder
	m := alertstest.Message(i18n.Chinese)
	if r := terminal.New(&screen).Notify(t.Context(), m); !r.OK || r.Retry {
		t.Errorf("Notify = %+v, want delivered", r)
	}
	if got, want := screen.String(), "\n"+m.Plain()+"\n\n"; got != want {
		t.Errorf("screen = %q, want %q", got, want)
	}
}

// A post cannot clear the screen, move the cursor, ring, or set the title.
func TestControlCharactersAreLeftOut(t *testing.T) {
	var screen strings.Builder
	m := alertstest.Message(i18n.Chinese)
	m.Title = "标题\x1b[2J\x1b]0;标\a\x7f\u009b31m完"
	m.Examples = []opinion.Example{{Excerpt: "摘录\r\x00\b\t\u0085尾", Source: "论\x1b坛", URL: "http://forum.example/\x1b[1A"}}
	m.Words = []opinion.Word{{Text: "词\v\f", Posts: 1}}
	terminal.New(&screen).Notify(t.Context(), m)
	for _, r := range screen.String() {
		if unicode.IsControl(r) && r != '\n' {
			t.Fatalf("control character %U reaches the screen: %q", r, screen.String())
		}
	}
	for _, want := range []string{"标题[2J]0;标31m完", "摘录尾", "论坛"} {
		if !strings.Contains(screen.String(), want) {
			t.Errorf("screen lacks %q: %q", want, screen.String())
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("input/output error") }

func TestBrokenScreen(t *testing.T) {
	if r := terminal.New(broken{}).Notify(t.Context(), alertstest.Message(i18n.Chinese)); r.OK || !r.Retry || r.Code == "" {
		t.Errorf("Notify = %+v, want not delivered and to be tried again", r)
	}
}
