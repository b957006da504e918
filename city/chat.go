package city

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"
)

// Limits of Slack's blocks, in characters and counts
// (https://api.slack.com/reference/block-kit/blocks), and the length at which
// all blocks together are refused.
const (
	maxBlocks       = 50
	maxHeader       = 150
	maxSection      = 3000
	maxFields       = 10
	maxField        = 2000
	maxContext      = 10
	maxButton       = 75
	maxURL          = 3000
	maxValue        = 2000
	maxActions      = 25
	maxMessage      = 13200
	maxText         = 40000
	maxPayload      = 1 << 20
	messagesKept    = 200
	messagesBurst   = 5
	messagesASecond = 1
)

// Message is what the Slack-compatible endpoint accepted.
type Message struct {
	Text   string
	Blocks json.RawMessage // as sent; nil where there were none
	At     time.Time       // of the city's clock
}

// chat is the Slack-compatible endpoint: an incoming webhook that checks what
// Slack checks, and a page that shows what came.
type chat struct {
	now   func() time.Time
	limit *rate.Limiter // in the wall's time, as the other side's would be

	mu       sync.Mutex
	messages []Message
}

func newChat(now func() time.Time) *chat {
	return &chat{now: now, limit: rate.NewLimiter(messagesASecond, messagesBurst)}
}

func (c *chat) routes(m *http.ServeMux) {
	m.HandleFunc("POST /services/{team}/{bot}/{token}", c.post)
	m.HandleFunc("GET /{$}", c.page)
}

func (c *chat) list() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

// refusal is Slack's word for what is wrong.
type refusal string

func (r refusal) Error() string { return string(r) }

func (c *chat) post(rw http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.PathValue("team"), "T") || !strings.HasPrefix(r.PathValue("bot"), "B") {
		http.Error(rw, "no_team", http.StatusNotFound)
		return
	}
	if !c.limit.Allow() {
		rw.Header().Set("Retry-After", "1")
		http.Error(rw, "rate_limited", http.StatusTooManyRequests)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxPayload))
	if err != nil {
		http.Error(rw, "invalid_payload", http.StatusBadRequest)
		return
	}
	msg, err := read(raw)
	if word, ok := errors.AsType[refusal](err); ok {
		http.Error(rw, string(word), http.StatusBadRequest)
		return
	}
	msg.At = c.now()
	c.mu.Lock()
	c.messages = append(c.messages, msg)
	c.messages = slices.Delete(c.messages, 0, max(0, len(c.messages)-messagesKept))
	c.mu.Unlock()
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(rw, "ok")
}

// read checks a payload. Its errors are refusals.
func read(raw []byte) (Message, error) {
	var in struct {
		Text        string            `json:"text"`
		Blocks      json.RawMessage   `json:"blocks"`
		Attachments []json.RawMessage `json:"attachments"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return Message{}, refusal("invalid_payload")
	}
	if string(in.Blocks) == "null" {
		in.Blocks = nil
	}
	if in.Text == "" && in.Blocks == nil && len(in.Attachments) == 0 {
		return Message{}, refusal("no_text")
	}
	if utf8.RuneCountInString(in.Text) > maxText {
		return Message{}, refusal("msg_too_long")
	}
	if in.Blocks != nil {
		if err := checkBlocks(in.Blocks); err != nil {
			return Message{}, err
		}
	}
	return Message{Text: in.Text, Blocks: in.Blocks}, nil
}

// page shows what was accepted, newest first.
func (c *chat) page(rw http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>值班群（模拟）</title></head><body><h1>值班群（模拟）</h1>\n<p>这里显示模拟城市收到的消息，最新的在前。</p>\n")
	for _, m := range slices.Backward(c.list()) {
		fmt.Fprintf(&b, "<section><h2>%s</h2>\n", m.At.Format("2006-01-02 15:04:05"))
		fmt.Fprintf(&b, "<pre style=\"white-space:pre-wrap\">%s</pre></section>\n", esc(strings.Join(words(m), "\n")))
	}
	b.WriteString("</body></html>\n")
	rw.Header().Set("Content-Type", htmlKind)
	_, _ = io.WriteString(rw, b.String())
}
