package web

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"minsheng/i18n"
	"minsheng/opinion"
)

// Bounds of a push.
const (
	maxPush     = 4 << 20 // bytes of a request
	maxMentions = 100
	maxPushText = 60_000 // bytes
	maxPushName = 400    // bytes of every other field
)

// pushAddress is where programs push mentions.
const pushAddress = "/api/v1/mentions"

// pushed is a mention as programs write it.
type pushed struct {
	ID        string `json:"id"`
	Source    string `json:"source"`
	Class     string `json:"class"`
	Kind      string `json:"kind"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Outlet    string `json:"outlet"`
	Speaker   string `json:"speaker"`
	Thread    string `json:"thread"`
	Published string `json:"published"` // RFC 3339
}

// pushError is what a program is told: which mention, which field, and why.
type pushError struct {
	status int
	wait   int    // seconds, where waiting helps
	Error  string `json:"error"`
	Field  string `json:"field,omitempty"`
	Index  *int   `json:"index,omitempty"`
}

// pushMentions takes one mention or a list of them. All are taken or none.
func (s *Server) pushMentions(w http.ResponseWriter, r *http.Request) {
	l := programLang(r)
	token, refused := s.token(l, r)
	var ms []Mention
	if refused == nil {
		ms, refused = readMentions(l, http.MaxBytesReader(w, r.Body, maxPush))
	}
	if refused != nil {
		switch refused.status {
		case http.StatusUnauthorized:
			w.Header().Set("WWW-Authenticate", "Bearer")
		case http.StatusTooManyRequests:
			w.Header().Set("Retry-After", strconv.Itoa(refused.wait))
		}
		writeJSON(w, refused.status, refused)
		return
	}
	ids, fresh, err := s.Push(r.Context(), token, ms)
	if err != nil {
		id := requestID(r.Context())
		s.Log.ErrorContext(r.Context(), "push failed", "request", id, "err", err)
		writeJSON(w, http.StatusServiceUnavailable, pushError{Error: i18n.Say(l, "web.failed", id)})
		return
	}
	writeJSON(w, http.StatusAccepted, map[string]any{"ids": ids, "new": fresh})
}

// programLang is the language that a program is answered in.
func programLang(r *http.Request) i18n.Lang {
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		return i18n.English
	}
	return lang(r)
}

// onlyPush answers every other method at the push address.
func (s *Server) onlyPush(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", http.MethodPost)
	writeJSON(w, http.StatusMethodNotAllowed, pushError{Error: i18n.Say(programLang(r), "push.method")})
}

// token finds the name of the token that a request bears. Every token is
// compared, each in constant time whatever its length. Wrong ones of an address
// must wait, right ones never: a program with an old token must not keep out
// those that stand behind the same proxy.
func (s *Server) token(l i18n.Lang, r *http.Request) (string, *pushError) {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	hash, name := sha256.Sum256([]byte(given)), ""
	for n, t := range s.Tokens {
		if known := sha256.Sum256([]byte(t)); subtle.ConstantTimeCompare(known[:], hash[:]) == 1 && ok && t != "" {
			name = n
		}
	}
	if name != "" {
		return name, nil
	}
	key := "token " + remote(r)
	if wait := int((s.throttle.wait(key) + time.Second - 1) / time.Second); wait > 0 {
		return "", &pushError{status: http.StatusTooManyRequests, wait: wait, Error: i18n.Say(l, "push.wait", wait), Field: "Authorization"}
	}
	s.throttle.failed(key)
	return "", &pushError{status: http.StatusUnauthorized, Error: i18n.Say(l, "push.token"), Field: "Authorization"}
}

func readMentions(l i18n.Lang, body io.Reader) ([]Mention, *pushError) {
	raw, err := io.ReadAll(body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &pushError{status: http.StatusRequestEntityTooLarge, Error: i18n.Say(l, "push.too_large")}
	case err != nil:
		return nil, &pushError{status: http.StatusBadRequest, Error: i18n.Say(l, "push.cut")}
	case !utf8.Valid(raw):
		return nil, &pushError{status: http.StatusBadRequest, Error: i18n.Say(l, "push.not_utf8")}
	}
	parts := []json.RawMessage{raw}
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		if err := json.Unmarshal(raw, &parts); err != nil {
			return nil, &pushError{status: http.StatusBadRequest, Error: i18n.Say(l, "push.no_json")}
		}
	}
	if len(parts) == 0 || len(parts) > maxMentions {
		return nil, &pushError{status: http.StatusBadRequest, Error: i18n.Say(l, "push.count", maxMentions)}
	}
	ms := make([]Mention, len(parts))
	for i, part := range parts {
		m, refused := readMention(l, part)
		if refused != nil {
			refused.Index = &i
			return nil, refused
		}
		ms[i] = m
	}
	return ms, nil
}

const unknownField = "json: unknown field "

func readMention(l i18n.Lang, raw []byte) (Mention, *pushError) {
	bad := func(field, code string, args ...any) *pushError {
		return &pushError{status: http.StatusBadRequest, Error: i18n.Say(l, code, args...), Field: field}
	}
	if !json.Valid(raw) { // the decoder alone would take what follows a first value
		return Mention{}, bad("", "push.no_json")
	}
	var p pushed
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		var wrong *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrong) && wrong.Field != "":
			return Mention{}, bad(wrong.Field, "push.type", wrong.Field)
		case strings.HasPrefix(err.Error(), unknownField):
			name, _ := strconv.Unquote(strings.TrimPrefix(err.Error(), unknownField))
			name = clipText(name, 60)
			return Mention{}, bad(name, "push.unknown", name)
		}
		return Mention{}, bad("", "push.no_json")
	}
	if refused := p.check(bad); refused != nil {
		return Mention{}, refused
	}
	var published time.Time
	if p.Published != "" {
		var err error
		if published, err = time.Parse(time.RFC3339, p.Published); err != nil {
			return Mention{}, bad("published", "push.published")
		}
	}
	return Mention{
		ID: p.ID, Source: p.Source, Class: opinion.Class(p.Class), Kind: opinion.Kind(p.Kind), URL: p.URL,
		Title: p.Title, Text: p.Text, Outlet: p.Outlet, Speaker: p.Speaker, Thread: p.Thread, Published: published,
	}, nil
}

func (p *pushed) check(bad func(field, code string, args ...any) *pushError) *pushError {
	if len(p.Text) > maxPushText {
		return bad("text", "push.long", "text", maxPushText)
	}
	v := reflect.ValueOf(*p)
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		if v.Field(i).Kind() == reflect.String && name != "text" && name != "url" && v.Field(i).Len() > maxPushName {
			return bad(name, "push.long", name, maxPushName)
		}
	}
	kinds := []opinion.Kind{opinion.Unknown, opinion.News, opinion.Social, opinion.Reply, opinion.Board}
	switch {
	case strings.TrimSpace(p.Text) == "" && strings.TrimSpace(p.Title) == "":
		return bad("text", "push.empty")
	case len(p.URL) > 2_000:
		return bad("url", "push.long", "url", 2_000)
	case p.URL != "" && !strings.HasPrefix(p.URL, "http://") && !strings.HasPrefix(p.URL, "https://"):
		return bad("url", "push.url")
	case p.Class != "" && !slices.Contains(opinion.Classes, opinion.Class(p.Class)):
		return bad("class", "push.choice", "class", "media, forum, board, social, gov")
	case !slices.Contains(kinds, opinion.Kind(p.Kind)):
		return bad("kind", "push.choice", "kind", "news, post, reply, board")
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the other side may have gone
}
