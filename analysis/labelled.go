package analysis

import (
	"bufio"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"

	"minsheng/analysis/linear"
	"minsheng/opinion"
)

// Labelled is a text with what a person says of it.
type Labelled struct {
	Label opinion.Attitude
	Kind  opinion.Kind // Unknown: decided from the text
	Style string       // the column style, "" where the file has none
	Text  string       // as it was written
	// Weight is how much it counts; 0 counts as 1.
	Weight float64
	// Drawn says how much oftener each class was drawn than it is, as logarithms, where
	// somebody chose the texts by it.
	Drawn linear.Probs
	// Apart says that the text is learned from and not calibrated on, since it was drawn,
	// or speaks, otherwise than what will be judged.
	Apart bool
	// Soft is what the text is learned as, where it is no zero; Label is then only
	// calibrated on.
	Soft linear.Probs
}

// Limits of a file of labelled texts.
const (
	maxLabelledLine = 1 << 20 // bytes
	maxLabelled     = 1_000_000
)

// ErrLabels says that a file of labelled texts has wrong lines; it is joined from
// one *opinion.Fault for each.
var ErrLabels = errors.New("wrong lines among the labelled texts")

// ReadLabelled reads texts with labels: UTF-8, tab separated, a first line that
// names the columns, of which label (neg, neu or pos) and text must be there.
// The kind of a text comes from the column kind where that says news, post, reply
// or board, else from the column style, else it is decided from the text. name
// stands in the faults, each of which names file and line. The file is refused as
// a whole where a line is wrong.
func ReadLabelled(r io.Reader, name string) ([]Labelled, error) {
	in := labelledReading{name: name}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLabelledLine)
	for in.line = 1; lines.Scan(); in.line++ {
		text := strings.TrimSuffix(strings.TrimPrefix(lines.Text(), "\ufeff"), "\r")
		switch {
		case strings.TrimSpace(text) == "":
		case in.columns == nil:
			if !in.header(strings.Split(text, "\t")) {
				return nil, in.error()
			}
		case len(in.texts) == maxLabelled:
			in.fault("train.many", strconv.Itoa(maxLabelled))
			return nil, in.error()
		default:
			in.row(strings.Split(text, "\t"))
		}
		if len(in.wrong) == maxNamed {
			break
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		in.fault("train.long_line", strconv.Itoa(maxLabelledLine))
	} else if err != nil {
		return nil, fmt.Errorf("read labelled texts: %w", err)
	}
	if len(in.wrong) == 0 && len(in.texts) == 0 {
		in.fault("train.empty")
	}
	return in.texts, in.error()
}

// maxNamed is how many wrong lines of a file are named.
const maxNamed = 50

type labelledReading struct {
	name    string
	line    int
	columns map[string]int
	texts   []Labelled
	wrong   []error
}

func (l *labelledReading) fault(code string, args ...string) {
	at := l.name + ":" + strconv.Itoa(l.line)
	l.wrong = append(l.wrong, opinion.NewFault(code, nil, append([]string{at}, args...)...))
}

func (l *labelledReading) error() error {
	if len(l.wrong) == 0 {
		return nil
	}
	l.texts = nil
	return errors.Join(append(l.wrong, ErrLabels)...)
}

func (l *labelledReading) header(names []string) bool {
	l.columns = map[string]int{}
	for i, n := range names {
		n = strings.TrimSpace(n)
		if _, twice := l.columns[n]; twice {
			l.fault("train.column_twice", n)
			return false
		}
		l.columns[n] = i
	}
	for _, needed := range []string{"label", "text"} {
		if _, ok := l.columns[needed]; !ok {
			l.fault("train.header", needed)
			return false
		}
	}
	return true
}

func (l *labelledReading) row(field []string) {
	if len(field) != len(l.columns) {
		l.fault("train.columns", strconv.Itoa(len(l.columns)), strconv.Itoa(len(field)))
		return
	}
	value := func(column string) string {
		if i, ok := l.columns[column]; ok {
			return strings.TrimSpace(field[i])
		}
		return ""
	}
	t := Labelled{Label: opinion.Attitude(value("label")), Style: value("style"), Text: value("text")}
	if !slices.Contains(labels[:], t.Label) {
		l.fault("train.label", value("label"))
		return
	}
	if t.Text == "" {
		l.fault("train.text")
		return
	}
	t.Kind = kindOfColumns(value("kind"), t.Style)
	l.texts = append(l.texts, t)
}

// labels in the order of the classes of a model.
var labels = [...]opinion.Attitude{opinion.Negative, opinion.Neutral, opinion.Positive}

// kindOfColumns reads the kind of a text from its row.
func kindOfColumns(kind, style string) opinion.Kind {
	switch k := opinion.Kind(kind); k {
	case opinion.News, opinion.Social, opinion.Reply, opinion.Board:
		return k
	}
	switch style {
	case "headline", "lead", "opening", "hot_title", "news_lead", "news_title", "news":
		return opinion.News
	case "reply", "comment":
		return opinion.Reply
	case "board":
		return opinion.Board
	case "microblog", "forum", "official", "qa", "post":
		return opinion.Social
	}
	return opinion.Unknown
}

// HeldAside reports whether a text of our own corpus belongs to the fifth that is
// never trained on.
func HeldAside(text string) bool { return hashOf(text)%5 == 0 }

func hashOf(text string) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, text) // a hash takes all
	return h.Sum32()
}
