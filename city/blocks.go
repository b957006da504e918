package city

import (
	"encoding/json"
	"unicode/utf8"
)

const invalid = refusal("invalid_blocks")

// phrase is a text object of Block Kit.
type phrase struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// element is a button, or a part of a context.
type element struct {
	Type  string          `json:"type"`
	Text  json.RawMessage `json:"text"` // a phrase in a button, a string in a context
	URL   string          `json:"url"`
	Value string          `json:"value"`
	Image string          `json:"image_url"`
	Alt   string          `json:"alt_text"`
}

type block struct {
	Type      string            `json:"type"`
	Text      *phrase           `json:"text"`
	Fields    []phrase          `json:"fields"`
	Elements  []json.RawMessage `json:"elements"`
	Accessory json.RawMessage   `json:"accessory"`
	Image     string            `json:"image_url"`
	Alt       string            `json:"alt_text"`
}

// checkBlocks checks a list of blocks as Slack does.
func checkBlocks(raw json.RawMessage) error {
	var blocks []block
	if err := json.Unmarshal(raw, &blocks); err != nil || len(blocks) > maxBlocks {
		return invalid
	}
	total := 0
	for i := range blocks {
		n, ok := blocks[i].check()
		if !ok {
			return invalid
		}
		total += n
	}
	if total > maxMessage {
		return refusal("msg_blocks_too_long")
	}
	return nil
}

// check reports how many characters a block holds, and whether it is allowed.
func (b *block) check() (int, bool) {
	switch b.Type {
	case "divider":
		return 0, true
	case "header":
		n, ok := b.Text.check(maxHeader)
		return n, ok && b.Text.Type == "plain_text"
	case "section":
		return b.section()
	case "context":
		return elements(b.Elements, maxContext, contextPart)
	case "actions":
		return elements(b.Elements, maxActions, button)
	case "image":
		return utf8.RuneCountInString(b.Alt), b.Image != "" && len(b.Image) <= maxURL && b.Alt != ""
	case "rich_text":
		return 0, len(b.Elements) > 0
	}
	return 0, false
}

func (b *block) section() (int, bool) {
	total := 0
	if b.Text == nil && len(b.Fields) == 0 || len(b.Fields) > maxFields {
		return 0, false
	}
	if b.Text != nil {
		n, ok := b.Text.check(maxSection)
		if !ok {
			return 0, false
		}
		total += n
	}
	for i := range b.Fields {
		n, ok := b.Fields[i].check(maxField)
		if !ok {
			return 0, false
		}
		total += n
	}
	if b.Accessory != nil {
		n, ok := button(b.Accessory)
		return total + n, ok
	}
	return total, true
}

// check wants a text of 1 to limit characters.
func (p *phrase) check(limit int) (int, bool) {
	if p == nil || p.Type != "plain_text" && p.Type != "mrkdwn" {
		return 0, false
	}
	n := utf8.RuneCountInString(p.Text)
	return n, n >= 1 && n <= limit
}

func elements(list []json.RawMessage, limit int, check func(json.RawMessage) (int, bool)) (int, bool) {
	if len(list) == 0 || len(list) > limit {
		return 0, false
	}
	total := 0
	for _, raw := range list {
		n, ok := check(raw)
		if !ok {
			return 0, false
		}
		total += n
	}
	return total, true
}

func contextPart(raw json.RawMessage) (int, bool) {
	var e element
	if json.Unmarshal(raw, &e) != nil {
		return 0, false
	}
	if e.Type == "image" {
		return utf8.RuneCountInString(e.Alt), e.Image != "" && e.Alt != ""
	}
	var p phrase
	if json.Unmarshal(raw, &p) != nil {
		return 0, false
	}
	return p.check(maxSection)
}

func button(raw json.RawMessage) (int, bool) {
	var e element
	if json.Unmarshal(raw, &e) != nil || e.Type != "button" {
		return 0, false
	}
	var p phrase
	if json.Unmarshal(e.Text, &p) != nil || p.Type != "plain_text" {
		return 0, false
	}
	n, ok := p.check(maxButton)
	return n, ok && len(e.URL) <= maxURL && utf8.RuneCountInString(e.Value) <= maxValue
}

// words lists what a message says, for the page that shows it.
func words(m Message) []string {
	var blocks []block
	if m.Blocks == nil || json.Unmarshal(m.Blocks, &blocks) != nil {
		return []string{m.Text}
	}
	var out []string
	for _, b := range blocks {
		if b.Text != nil {
			out = append(out, b.Text.Text)
		}
		for _, f := range b.Fields {
			out = append(out, f.Text)
		}
		for _, raw := range b.Elements {
			var p phrase
			var e element
			if json.Unmarshal(raw, &p) == nil {
				out = append(out, p.Text)
			} else if json.Unmarshal(raw, &e) == nil && json.Unmarshal(e.Text, &p) == nil {
				out = append(out, "["+p.Text+"] "+e.URL)
			}
		}
	}
	return out
}
