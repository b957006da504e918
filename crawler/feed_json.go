package crawler

import (
	"encoding/json"
	"fmt"
	"strings"

	"minsheng/opinion"
)

const maxJSONDepth = 64

// jsonFeed checks that a JSON document is a feed and none of the errors that
// interfaces answer with, and gives it in the form that the parser takes. A
// document that is damaged or cut off is repaired as an XML one is.
func jsonFeed(text string) (fixed string, cut bool, err error) {
	var doc map[string]json.RawMessage
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&doc); err != nil {
		doc = nil
		if text, cut = repairJSON(text); json.Unmarshal([]byte(text), &doc) != nil || len(doc) == 0 {
			return "", false, opinion.NewFault("read.feed_broken", err)
		}
	}
	var version string
	_ = json.Unmarshal(doc["version"], &version) // a version of another type is no JSON Feed's
	var items []map[string]json.RawMessage
	if json.Unmarshal(doc["items"], &items) != nil || doc["items"] == nil {
		return "", false, opinion.NewFault("read.feed_is_json", nil)
	}
	if last := len(items) - 1; cut && last >= 0 && items[last]["url"] == nil && items[last]["id"] == nil {
		items = items[:last] // the document ended inside this one
	}
	if !strings.Contains(version, "jsonfeed.org") && !looksLikeItems(items) {
		return "", false, opinion.NewFault("read.feed_is_json", nil)
	}
	for _, item := range items { // an id should be a string; many sites give a number
		if id := strings.TrimSpace(string(item["id"])); id != "" && id[0] != '"' && id[0] != '{' && id[0] != '[' {
			item["id"] = json.RawMessage(`"` + id + `"`)
		}
	}
	doc["items"], _ = json.Marshal(items) // maps of raw messages that were just parsed
	if version == "" {
		doc["version"] = json.RawMessage(`"https://jsonfeed.org/version/1.1"`)
	}
	whole, err := json.Marshal(doc)
	if err != nil {
		return "", false, opinion.NewFault("read.feed_broken", err)
	}
	return string(whole), cut, nil
}

func looksLikeItems(items []map[string]json.RawMessage) bool {
	for _, item := range items {
		if item["url"] == nil && item["content_html"] == nil && item["content_text"] == nil {
			return false
		}
	}
	return len(items) > 0
}

// jsonRepair copies a JSON document and mends what sites break: it ends in the
// middle, has control characters or wrong escapes in its strings, a comma
// before a closing bracket or a closing bracket missing.
type jsonRepair struct {
	in   string
	out  []byte
	open []byte // the brackets that are open
	safe int    // length of out up to which every value is whole
	key  bool   // the next string of the object is a key
}

// repairJSON gives the first value of text with what was left open closed; a
// value that the end cut through is left out. cut reports whether it ended
// early. What is nested too deeply is given back as it is.
func repairJSON(text string) (fixed string, cut bool) {
	r := &jsonRepair{in: text}
	for i := 0; i < len(r.in); {
		n := r.token(r.in[i:])
		if n == 0 {
			break
		}
		if i += n; len(r.open) == 0 && r.safe > 0 {
			return string(r.out), false
		}
		if len(r.open) > maxJSONDepth {
			return text, false
		}
	}
	r.out = r.out[:r.safe]
	for len(r.open) > 0 {
		r.pop()
	}
	return string(r.out), true
}

// token copies what s begins with and says how much of s it took; 0 says that
// the document ends inside it.
func (r *jsonRepair) token(s string) int {
	switch c := s[0]; c {
	case '{', '[':
		r.out = append(r.out, c)
		r.open = append(r.open, c)
		r.safe, r.key = len(r.out), c == '{'
		return 1
	case '}', ']':
		r.closing(c)
		return 1
	case ',':
		r.out = append(r.out, c)
		r.key = len(r.open) > 0 && r.open[len(r.open)-1] == '{'
		return 1
	case ':':
		r.out = append(r.out, c)
		r.key = false
		return 1
	case ' ', '\t', '\r', '\n':
		return 1
	case '"':
		return r.text(s)
	}
	end := strings.IndexAny(s, ",:{}[]\" \t\r\n")
	if end < 0 {
		return 0
	}
	r.out = append(r.out, s[:end]...)
	r.whole()
	return end
}

// text copies a string.
func (r *jsonRepair) text(s string) int {
	r.out = append(r.out, '"')
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			r.out = append(r.out, '"')
			r.whole()
			return i + 1
		case c == '\\':
			if i++; i < len(s) && strings.IndexByte(`"\/bfnrtu`, s[i]) >= 0 {
				r.out = append(r.out, '\\', s[i])
			} else if i < len(s) {
				r.out = append(r.out, '\\', '\\')
				i--
			}
		case c < 0x20:
			r.out = fmt.Appendf(r.out, `\u%04x`, c)
		default:
			r.out = append(r.out, c)
		}
	}
	return 0
}

// whole notes that a value has ended. A key alone is none.
func (r *jsonRepair) whole() {
	if !r.key {
		r.safe = len(r.out)
	}
}

// closing closes c's bracket and what was forgotten inside it; one that nothing
// opened is dropped.
func (r *jsonRepair) closing(c byte) {
	opener := byte('{')
	if c == ']' {
		opener = '['
	}
	if strings.IndexByte(string(r.open), opener) < 0 {
		return
	}
	r.out = r.out[:r.safe] // a comma or a key without a value
	for r.open[len(r.open)-1] != opener {
		r.pop()
	}
	r.pop()
	r.key = false
}

func (r *jsonRepair) pop() {
	last := len(r.open) - 1
	if r.open[last] == '{' {
		r.out = append(r.out, '}')
	} else {
		r.out = append(r.out, ']')
	}
	r.open = r.open[:last]
	r.safe = len(r.out)
}
