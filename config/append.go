package config

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"minsheng/opinion"
)

// AddSource returns the file with one more source at the end of its list. It
// inserts lines and changes no other: comments, order and blank lines stay. The
// outcome is read again before it is given back, so what comes back is correct.
// folder is where relative paths of secret files begin.
func AddSource(raw []byte, folder string, s Source) ([]byte, error) {
	before, err := Parse(raw, folder)
	if err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(raw, &root); err != nil {
		return nil, opinion.NewFault("source.by_hand", err)
	}
	added, ok := insertSource(raw, &root, s)
	if !ok {
		return nil, opinion.NewFault("source.by_hand", nil)
	}
	after, err := Parse(added, folder)
	if err != nil {
		return nil, err
	}
	n := len(before.Sources)
	if len(after.Sources) != n+1 || !slices.Equal(after.Sources[:n], before.Sources) || after.Sources[n].URL != s.URL {
		return nil, opinion.NewFault("source.by_hand", nil)
	}
	before.Sources, after.Sources = nil, nil
	if !reflect.DeepEqual(before, after) {
		return nil, opinion.NewFault("source.by_hand", nil)
	}
	return added, nil
}

// Block is the source as an entry of the list, its dash indented by so many
// blanks.
func (s Source) Block(indent int) string {
	var b strings.Builder
	lead := strings.Repeat(" ", indent)
	put := func(key, value string) {
		if value == "" {
			return
		}
		mark := "  "
		if b.Len() == 0 {
			mark = "- "
		}
		b.WriteString(lead + mark + key + ": " + plain(value) + "\n")
	}
	put("name", s.Name)
	put("url", s.URL)
	put("kind", s.Kind)
	put("class", s.Class)
	put("zone", s.Zone)
	if s.Every > 0 {
		every := strings.TrimSuffix(s.Every.String(), "0s")
		if cut, ok := strings.CutSuffix(every, "h0m"); ok {
			every = cut + "h"
		}
		put("every", every)
	}
	put("select", s.Select)
	if s.AllowPrivate {
		put("allow_private", "true")
	}
	return b.String()
}

// plain is a value as YAML writes it on one line.
func plain(value string) string {
	if value == "true" {
		return value
	}
	out, err := yaml.Marshal(value)
	if err != nil || bytes.Count(out, []byte("\n")) != 1 {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(value) + `"`
	}
	return strings.TrimSpace(string(out))
}

// insertSource puts the entry behind the last one, or makes the list. It gives
// up where the list is written in brackets.
func insertSource(raw []byte, root *yaml.Node, s Source) ([]byte, bool) {
	end := "\n"
	if bytes.Contains(raw, []byte("\r\n")) {
		end = "\r\n"
	}
	var lines []string
	if text := strings.TrimSuffix(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n"); text != "" {
		lines = strings.Split(text, "\n")
	}
	key, value, next := listOf(root, "sources")
	at, indent := 0, 2
	switch {
	case key == nil:
		at = lastOf(lines, len(lines))
		head := []string{"sources:"}
		if at > 0 {
			head = []string{"", "sources:"}
		}
		lines = append(lines[:at:at], append(head, lines[at:]...)...)
		at += len(head)
	case value.Kind == yaml.SequenceNode && len(value.Content) > 0 && value.Style&yaml.FlowStyle == 0:
		line := lines[value.Content[0].Line-1]
		indent = len(line) - len(strings.TrimLeft(line, " "))
		if !strings.HasPrefix(line[indent:], "-") {
			return nil, false
		}
		if next == 0 {
			next = len(lines) + 1
		}
		at = lastOf(lines, next-1)
	case value.Kind == yaml.SequenceNode && len(value.Content) == 0 && value.Line == key.Line:
		at = key.Line
		lines[at-1] = strings.Replace(lines[at-1], "[]", "", 1)
	case value.Kind == yaml.ScalarNode && value.Value == "":
		at = key.Line
	default:
		return nil, false
	}
	block := strings.Split(strings.TrimSuffix(s.Block(indent), "\n"), "\n")
	lines = append(lines[:at:at], append(block, lines[at:]...)...)
	return []byte(strings.Join(lines, end) + end), true
}

// listOf finds a key of the file, its value, and the line of the key that
// follows, 0 where it is the last.
func listOf(root *yaml.Node, name string) (key, value *yaml.Node, next int) {
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return nil, nil, 0
	}
	all := root.Content[0].Content
	for i := 0; i+1 < len(all); i += 2 {
		if all[i].Value != name {
			continue
		}
		if i+2 < len(all) {
			next = all[i+2].Line
		}
		return all[i], all[i+1], next
	}
	return nil, nil, 0
}

// lastOf is how many of the first n lines there are up to the last that is
// neither blank nor a remark.
func lastOf(lines []string, n int) int {
	for ; n > 0; n-- {
		if s := strings.TrimSpace(lines[n-1]); s != "" && s != "..." && !strings.HasPrefix(s, "#") {
			break
		}
	}
	return n
}
