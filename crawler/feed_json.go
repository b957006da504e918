package crawler

import (
	"cmp"
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
		if text[0] == '[' {
			return "", false, opinion.NewFault("read.feed_is_json", err)
		}
		doc = nil
		if text, cut = repairJSON(text); json.Unmarshal([]byte(text), &doc) != nil || len(doc) == 0 {
			return "", false, opinion.NewFault("read.feed_broken", err)
		}
	}
	var version string
	_ = json.Unmarshal(doc["version"], &version) // a version of another type is no JSON Feed's
	var raw []json.RawMessage
	if json.Unmarshal(doc["items"], &raw) != nil || raw == nil {
		return "", false, opinion.NewFault("read.feed_is_json", nil)
	}
	items := jsonItems(raw)
	if last := len(items) - 1; cut && last >= 0 && items[last]["url"] == nil && items[last]["id"] == nil {
		items = items[:last] // the document ended inside this one
	}
	if !strings.Contains(version, "jsonfeed.org") && !looksLikeItems(items) {
		return "", false, opinion.NewFault("read.feed_is_json", nil)
	}
	var title string
	_ = json.Unmarshal(doc["title"], &title) // likewise
	whole, err := json.Marshal(map[string]any{"version": cmp.Or(version, "https://jsonfeed.org/version/1.1"), "title": title, "items": items})
	if err != nil {
		return "", false, opinion.NewFault("read.feed_broken", err)
	}
	return string(whole), cut, nil
}

// jsonTexts are the fields of an item that are text.
var jsonTexts = []string{"id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image", "date_published", "date_modified", "language"}

// jsonItems are the items with each field of the type that the standard wants:
// many sites give a number as an id or a date, or one thing where a list should
// be. What cannot be meant is left out.
func jsonItems(raw []json.RawMessage) []map[string]any {
	items := make([]map[string]any, 0, len(raw))
	for _, r := range raw {
		var fields map[string]json.RawMessage
		if json.Unmarshal(r, &fields) != nil || fields == nil {
			continue
		}
		item := map[string]any{}
		for _, name := range jsonTexts {
			if s, ok := jsonText(fields[name]); ok {
				item[name] = s
			}
		}
		for name, list := range map[string]json.RawMessage{"authors": fields["authors"], "author": fields["author"], "attachments": fields["attachments"]} {
			if objects := jsonObjects(list); len(objects) > 0 {
				item[name] = objects
			}
		}
		if one, ok := item["author"].([]map[string]string); ok {
			item["author"] = one[0]
		}
		items = append(items, item)
	}
	return items
}

// jsonText reads a string, or a number as one.
func jsonText(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil && len(raw) > 0 && raw[0] == '"' {
		return s, true
	}
	if len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') {
		return string(raw), true
	}
	return "", false
}

// jsonObjects reads objects, one or a list of them, as their texts.
func jsonObjects(raw json.RawMessage) []map[string]string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var out []map[string]string
	for _, r := range list {
		var fields map[string]json.RawMessage
		if json.Unmarshal(r, &fields) != nil || fields == nil {
			continue
		}
		object := map[string]string{}
		for name, value := range fields {
			var s string
			if json.Unmarshal(value, &s) == nil {
				object[name] = s
			}
		}
		out = append(out, object)
	}
	return out
}

func looksLikeItems(items []map[string]any) bool {
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
