// Package terminal delivers alerts to the screen that Minsheng was started
// from. It is for the first look and for drills; nobody can take an alert
// there.
package terminal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"minsheng/alerts"
	"minsheng/opinion"
)

// Notifier writes messages as plain lines.
type Notifier struct {
	mu sync.Mutex
	w  io.Writer
}

// New returns a Notifier that writes to w.
func New(w io.Writer) *Notifier { return &Notifier{w: w} }

// Notify writes m. Control characters of a post never reach the screen.
func (n *Notifier) Notify(_ context.Context, m alerts.Message) opinion.Receipt {
	n.mu.Lock()
	defer n.mu.Unlock()
	text := strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0) {
			return -1
		}
		return r
	}, m.Plain())
	if _, err := fmt.Fprintf(n.w, "\n%s\n\n", text); err != nil {
		return opinion.Receipt{Code: "write", Text: err.Error(), Retry: true}
	}
	return opinion.Receipt{OK: true, Code: "ok"}
}
