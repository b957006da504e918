// Package webhook delivers alerts as signed JSON to an address of the office's
// own systems. Redirects are not followed: the address is what was configured.
// Start reading at Notify; docs/adding-a-channel.md says how a receiver checks
// the signature.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"minsheng/alerts"
	"minsheng/opinion"
)

// The headers of a request. The signature is "v1=" and the hexadecimal
// HMAC-SHA256, under the shared secret, of timestamp, full stop and body.
const (
	HeaderSignature = "Minsheng-Signature"
	HeaderTimestamp = "Minsheng-Timestamp" // Unix seconds
	HeaderID        = "Minsheng-Delivery"  // the same for every attempt of one alert
)

const (
	maxAnswer   = 2_000
	longestWait = time.Hour
)

// Options say where to post.
type Options struct {
	URL    string
	Secret string
	Now    func() time.Time // wall clock of the signature
}

// Notifier posts to one address.
type Notifier struct {
	o      Options
	client *http.Client
}

// New returns a Notifier. Both address and secret are needed.
func New(o Options) (*Notifier, error) {
	if o.URL == "" || o.Secret == "" || o.Now == nil {
		return nil, fmt.Errorf("open webhook: give url, secret and clock: %w", opinion.ErrInvalid)
	}
	return &Notifier{o: o, client: &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Payload is the body, version 1. Fields are only ever added.
type Payload struct {
	Version  int               `json:"version"`
	Test     bool              `json:"test"`
	Number   int64             `json:"number"`
	ID       string            `json:"id"`
	Level    opinion.Level     `json:"level"`
	Title    string            `json:"title"`
	Headline string            `json:"headline"`
	Why      []string          `json:"why"`
	Topics   []string          `json:"topics"`
	Raised   time.Time         `json:"raised"`
	Rise     opinion.Rise      `json:"rise"`
	Words    []opinion.Word    `json:"words"`
	Examples []opinion.Example `json:"examples"`
	Link     string            `json:"link"`
	Office   string            `json:"office"`
}

// Notify posts m once.
func (n *Notifier) Notify(ctx context.Context, m alerts.Message) opinion.Receipt {
	body, err := json.Marshal(Payload{
		Version: 1, Test: m.Test, Number: m.Number, ID: m.ID, Level: m.Level, Title: m.Title, Headline: m.Headline(),
		Why: m.Why(), Topics: m.Topics, Raised: m.Raised, Rise: m.Rise, Words: m.Words, Examples: m.Examples,
		Link: m.Link, Office: m.Office,
	})
	if err != nil {
		return opinion.Receipt{Code: "render", Text: err.Error()}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.o.URL, bytes.NewReader(body))
	if err != nil {
		return opinion.Receipt{Code: "address", Text: "the address cannot be used"}
	}
	stamp := strconv.FormatInt(n.o.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(HeaderTimestamp, stamp)
	req.Header.Set(HeaderSignature, Sign(n.o.Secret, stamp, body))
	req.Header.Set(HeaderID, m.ID)
	resp, err := n.client.Do(req)
	if err != nil {
		word := "no connection"
		if errors.Is(err, context.DeadlineExceeded) {
			word = "timeout"
		}
		return opinion.Receipt{Code: "network", Text: word, Retry: true}
	}
	defer resp.Body.Close()
	return read(resp)
}

// Sign is the signature of a body sent at a time.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// read takes 2xx for delivered. 408, 425, 429 and 5xx may pass.
func read(resp *http.Response) opinion.Receipt {
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // the status alone decides
	r := opinion.Receipt{Code: strconv.Itoa(resp.StatusCode), Text: firstLine(string(raw))}
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300:
		r.OK = true
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500:
		r.Retry = true
		r.After = after(resp.Header.Get("Retry-After"))
	}
	return r
}

func after(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}

// firstLine keeps a short, printable beginning of an answer.
func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(strings.ToValidUTF8(s, "")), "\n")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return strings.TrimSpace(s)
}
