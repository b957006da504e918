package analysis

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What Clean says of a text that it could not, or would not, make whole.
const (
	// FlagLostGlyphs: characters are lost or shifted; what they were is not guessed.
	FlagLostGlyphs = "lost_glyphs"
	// FlagPinyin: readings in brackets were taken out throughout.
	FlagPinyin = "pinyin_residue"
	// FlagTemplate: the text comes from a collection of model essays.
	FlagTemplate = "template_essay"
	// FlagTruncated: a collection of which one part is there.
	FlagTruncated = "truncated_collection"
	// FlagBilingual: a second copy in another language was cut.
	FlagBilingual = "bilingual_duplicate"
	// FlagSpamTail: a tail of advertising links was cut.
	FlagSpamTail = "seo_spam_trailer"
	// FlagMachineTranslated: English that reads as put out by a machine.
	FlagMachineTranslated = "machine_translated"
)

// Clean takes the dirt of crawled pages out of a text that has one block a line:
// readings in brackets, bylines, navigation, page controls, rows of links, related
// articles, prefaces and disclaimers of template sites, footers, second copies in
// another language. It runs on the text as shown, before Mask and Fold.
//
// cut counts what was taken out, by the name of the rule; flags are labels in
// alphabetical order. A damaged place is marked with □, never restored by guess. A text of
// one line, as a post is, loses nothing but readings, bylines and link tails.
func Clean(text string) (cleaned string, cut map[string]int, flags []string) {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	c := cleaner{cut: map[string]int{}}
	c.read(text)
	c.tails()
	c.bounds()
	c.head()
	for i, l := range slices.Backward(c.lines) { // whether a heading is empty shows what follows it
		if !l.gone {
			c.judge(i)
		}
	}
	c.related()
	var out strings.Builder
	out.Grow(len(text))
	for _, l := range c.lines {
		if l.gone {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(l.text)
	}
	c.flagWhole(text)
	slices.Sort(c.flags)
	return out.String(), c.cut, slices.Compact(c.flags)
}

// block is one line under way.
type block struct {
	text  string
	key   string // folded, for short lines
	n     int    // characters
	rules uint16 // which rules have to look at it
	body  bool   // a paragraph of running text
	gone  bool
}

type cleaner struct {
	lines       []block
	first, last int // the first and the last line of running text; len and -1 without one
	cut         map[string]int
	flags       []string
}

const (
	shortLine = 260 // characters up to which a line may be anything but text
	leastBody = 60  // characters from which a line with a full stop is running text
)

// read parts the text into lines, with blanks in order and readings taken out.
func (c *cleaner) read(text string) {
	text, toned, lost := dropReadings(text)
	if toned > 0 {
		c.cut["pinyin"] += toned
	}
	if toned >= manyReadings {
		c.flags = append(c.flags, FlagPinyin)
	}
	if lost > 0 {
		c.cut["lost_glyph"] += lost
		c.flags = append(c.flags, FlagLostGlyphs)
	}
	byline := hasAny(text, bylineHints)
	c.lines = make([]block, 0, strings.Count(text, "\n")+1)
	for line := range strings.SplitSeq(plainBreaks(text), "\n") {
		line = orderBlanks(line)
		if byline {
			var n int
			if line, n = dropBylines(line); n > 0 {
				c.cut["byline"] += n
			}
		}
		if line == "" {
			continue
		}
		b := block{text: line, n: utf8.RuneCountInString(line)}
		b.body = b.n >= leastBody && isRunning(line)
		c.lines = append(c.lines, b)
	}
	if len(c.lines) > 1 {
		for i := range c.lines {
			if b := &c.lines[i]; b.n <= shortLine {
				if b.rules = rulesFor(b.text, b.n); b.rules != 0 {
					b.key, _ = Fold(b.text)
				}
			}
		}
	}
	c.bounds()
}

// bounds finds where the running text begins and ends.
func (c *cleaner) bounds() {
	c.first, c.last = len(c.lines), -1
	for i, b := range c.lines {
		if b.body && !b.gone {
			c.first = min(c.first, i)
			c.last = i
		}
	}
}

// plainBreaks makes every line break a line feed.
func plainBreaks(s string) string {
	for _, other := range []string{"\r", "\v", "\f", "\u0085", "\u2028", "\u2029"} {
		if strings.Contains(s, other) {
			s = strings.ReplaceAll(s, other, "\n")
		}
	}
	return s
}

// orderBlanks trims a line and makes runs of blanks of any width one.
func orderBlanks(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return isBlank(r) || r == 0xFEFF || r == 0x200B })
	if !strings.Contains(s, "  ") && !strings.Contains(s, "\u00a0") && !strings.Contains(s, "\t") && !strings.Contains(s, "\u3000") {
		return s
	}
	var out strings.Builder
	blank := false
	for _, r := range s {
		if isBlank(r) {
			blank = true
			continue
		}
		if blank {
			out.WriteByte(' ')
			blank = false
		}
		out.WriteRune(r)
	}
	return out.String()
}

// isRunning reports whether a line holds the end of a sentence, as running text does.
func isRunning(s string) bool {
	return strings.Contains(s, "。") || strings.Contains(s, ". ") || strings.HasSuffix(s, ".") || strings.Contains(s, "！") || strings.Contains(s, "？") || strings.Contains(s, ",") || strings.Contains(s, "，")
}

func (c *cleaner) drop(i int, rule string) {
	if !c.lines[i].gone {
		c.lines[i].gone = true
		c.cut[rule]++
	}
}

func (c *cleaner) dropFrom(i int, rule string) {
	for ; i < len(c.lines); i++ {
		c.drop(i, rule)
	}
}

// judge drops line i if a rule knows it.
func (c *cleaner) judge(i int) {
	b := &c.lines[i]
	if b.key == "" {
		return
	}
	for k, r := range lineRules[:ruleRelated] {
		if b.rules&(1<<k) != 0 && r.is(c, i, b.key) {
			c.drop(i, r.name)
			if r.flag != "" {
				c.flags = append(c.flags, r.flag)
			}
			return
		}
	}
}

// flagWhole looks for damage that no rule mends.
func (c *cleaner) flagWhole(text string) {
	if strings.Count(text, "\ufffd") >= 3 || strings.Contains(text, "锟斤拷") || strings.Contains(text, "烫烫烫") {
		c.flags = append(c.flags, FlagLostGlyphs)
	}
	if (strings.Contains(text, ". , ") || strings.Contains(text, " , it ")) && Lang(text) == "en" {
		c.flags = append(c.flags, FlagMachineTranslated)
	}
}
