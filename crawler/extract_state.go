package crawler

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxState    = 2 << 20 // bytes of one script's data that are looked at
	maxStateAll = 50_000  // values of it
	maxAssigned = 40      // assignments of one script
)

// scriptedText is the text of a page that holds its article only as data for a
// script: the longest text under a name for texts, beside a name for titles
// whose value is the page's title, or any where the page has no title of its own.
func (p *page) scriptedText(title string) []block {
	search := stateSearch{title: bareText(title), anyTitle: noTitle(title), left: maxStateAll}
	for _, s := range p.doc.Find("script").Nodes {
		if s.FirstChild == nil || attrOf(s, "type") == "application/ld+json" {
			continue
		}
		for _, state := range states(s.FirstChild.Data, strings.Contains(attrOf(s, "type"), "json")) {
			search.look(state)
		}
	}
	if text := fragmentText(search.text); countHan(text) >= 30 && strings.ContainsAny(text, "。！？") {
		p.stateTitle, p.stateTime = plainTitle(search.found), search.at
		return dropSmall(trimTail(trimHead(textBlocks(text), title)))
	}
	return nil
}

// kindOfPage is what a program calls every page that shows a text.
var kindOfPage = regexp.MustCompile(`^\p{Han}{0,4}(?:详情|详情页|正文|内容页|文章页|详细内容)(?:\s*[-_|—]+\s*\S{2,10})?$`)

// noTitle reports whether a title names a site or the kind of page and no text.
func noTitle(title string) bool { return namesHouse(title) || kindOfPage.MatchString(title) }

var assigned = regexp.MustCompile(`(?:^|[\s;{])(?:window\.|self\.|var\s|let\s|const\s)\s*[\w$.]+\s*=\s*(?:JSON\.parse\(\s*)?`)

// states are the data of a script: the JSON that it is, plain or percent-encoded,
// or what it assigns to names. Where that is no JSON, the texts between quotes
// behind names make one object.
func states(script string, isJSON bool) []any {
	if len(script) > maxState || len(script) < 200 {
		return nil
	}
	var state any
	if isJSON {
		if plain, err := url.PathUnescape(strings.TrimSpace(script)); strings.HasPrefix(strings.TrimSpace(script), "%7B") && err == nil {
			script = plain
		}
		if decodeState(script, &state) > 0 {
			return []any{state}
		}
		return nil
	}
	var all []any
	read := 0
	for _, at := range assigned.FindAllStringIndex(script, maxAssigned) {
		value := script[at[1]:]
		if at[1] < read {
			continue // inside what was read
		}
		state = nil
		if n := decodeState(value, &state); n > 0 {
			all, read = append(all, state), at[1]+n
		} else if strings.HasPrefix(value, `"`) { // JSON in a string
			if inner, ok := quoted(value); ok && decodeState(inner, &state) > 0 {
				all = append(all, state)
			}
		}
	}
	if len(all) == 0 {
		all = append(all, namedTexts(script))
	}
	return all
}

// decodeState reads the object or list that text begins with and gives how long
// it is, 0 where it is none.
func decodeState(text string, into *any) int {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return 0
	}
	d := json.NewDecoder(strings.NewReader(text))
	if d.Decode(into) != nil {
		return 0
	}
	return int(d.InputOffset())
}

// namedText is a name with a text between quotes, bare or handed to a function.
var namedText = regexp.MustCompile(`(?:^|[\s{,;])["']?([A-Za-z_]\w{2,30})["']?\s*[:=]\s*(?:[A-Za-z_$][\w$.]*\(\s*)?["']`)

// namedTexts are the texts of an object that is written as scripts write it. Of
// equal names the longest text counts.
func namedTexts(script string) any {
	found := map[string]any{}
	for _, at := range namedText.FindAllStringSubmatchIndex(script, 400) {
		if text, ok := quoted(script[at[1]-1:]); ok {
			if old, _ := found[script[at[2]:at[3]]].(string); len(text) > len(old) {
				found[script[at[2]:at[3]]] = text
			}
		}
	}
	return found
}

// quoted reads the string of a script that s begins with.
func quoted(s string) (string, bool) {
	quote := s[0]
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == quote:
			return b.String(), true
		case c == '\n':
			return "", false
		case c != '\\':
			b.WriteByte(c)
		default:
			i += escaped(&b, s[i+1:])
		}
	}
	return "", false
}

// escaped writes what stands behind a backslash and gives how long it was.
func escaped(b *strings.Builder, s string) int {
	if s == "" {
		return 0
	}
	digits := map[byte]int{'x': 2, 'u': 4}[s[0]]
	if digits > 0 && len(s) > digits {
		if n, err := strconv.ParseUint(s[1:1+digits], 16, 32); err == nil {
			b.WriteRune(rune(n))
			return 1 + digits
		}
	}
	switch s[0] {
	case 'n', 'r', 't':
		b.WriteByte('\n')
	default:
		b.WriteByte(s[0])
	}
	return 1
}

var (
	stateTitles = []string{"title", "name", "headline", "subject", "articleTitle", "newsTitle"}
	stateTexts  = []string{"content", "body", "text", "html", "articleBody", "detail", "contentHtml", "newsContent", "articleContent", "txt"}
	stateTimes  = []string{"publishTime", "publishtime", "publish_time", "pubTime", "pubtime", "pub_time", "publishDate", "pubDate", "created_at", "createTime", "create_time", "createtime"}
	otherTexts  = regexp.MustCompile(`^(?:content|body|text)_\w+$`)
)

// stateSearch looks for the object of the article among a script's data.
type stateSearch struct {
	title           string // of the page, bare
	anyTitle        bool
	left            int // bounds the work
	text, found, at string
}

func (s *stateSearch) look(v any) {
	if s.left--; s.left < 0 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.look(e)
		}
	case map[string]any:
		s.take(v)
		for _, e := range v {
			s.look(e)
		}
	}
}

// take takes the text of an object that has a title.
func (s *stateSearch) take(v map[string]any) {
	titles, texts := slices.Clone(stateTitles), slices.Clone(stateTexts)
	for name := range v {
		switch {
		case strings.HasSuffix(name, "_title") || strings.HasSuffix(name, "Title"):
			titles = append(titles, name)
		case otherTexts.MatchString(name):
			texts = append(texts, name)
		}
	}
	slices.Sort(titles[len(stateTitles):])
	slices.Sort(texts[len(stateTexts):])
	for _, name := range titles {
		own, _ := v[name].(string)
		bare := bareText(own)
		if bare == "" || bare != s.title && !s.anyTitle && (len(bare) < 12 || !strings.HasPrefix(s.title, bare)) {
			continue
		}
		for _, name := range texts {
			if text, _ := v[name].(string); len(text) > len(s.text) {
				s.text, s.found, s.at = text, own, timeAmong(v)
			}
		}
	}
}

// timeAmong is the time of publication that an object states, as it is written.
func timeAmong(v map[string]any) string {
	for _, name := range stateTimes {
		switch at := v[name].(type) {
		case string:
			if at != "" {
				return at
			}
		case float64:
			return strconv.FormatFloat(at, 'f', 0, 64)
		}
	}
	return ""
}
