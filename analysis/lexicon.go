package analysis

import (
	"bufio"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"minsheng/opinion"
)

// lexiconData holds our own lexicon, readable and editable: one word a line.
//
//go:embed data/lexicon_*.tsv
var lexiconData embed.FS

// cueClass says what a word of the lexicon does.
type cueClass uint8

const (
	clsNone       cueClass = iota
	clsPolice              // the police: who the verdict is about; weight below 1: calling them
	clsNotPolice           // holds a police word and does not mean the police
	clsStaff               // people at counters and on patrol; the police where the text speaks of them
	clsOther               // other offices and trades: their faults are not the police's
	clsPerson              // other people: what they do is not done by the police
	clsPraise              // speaks for whom it is said of
	clsRescue              // help; speaks for the police where they give it
	clsSacrifice           // sacrifice in duty, likewise
	clsWork                // police work, neutral; what is named after it was done by others
	clsComplaint           // speaks against whom it is said of
	clsInaction            // nothing was done
	clsAbuse               // abuse of police power; needs no doer beside it
	clsMisconduct          // wrong where the police do it, a case where others do
	clsDiscipline          // punishment; tells of misconduct where the police are punished
	clsAttack              // the police attacked or impersonated: neutral
	clsSarcasm             // marks mockery
	clsRhetoric            // a question that accuses
	clsEventGood           // good news (tone only)
	clsMoodGood            // good mood (tone only)
	clsMoodBad             // bad mood (tone; weak toward the police in replies)
	clsCrime               // crime: neutral toward the police, bad news
	clsAccident            // accident and loss, likewise
	clsNotice              // notice, report of an office, denial of a rumour: neutral
	clsRequest             // question to an office, appeal: neutral
	clsNegation            // turns what follows
	clsDegree              // multiplies what follows (weight is the factor)
	clsContrast            // what follows counts more than what came before
	clsConcede             // what follows counts less
	clsQuestion            // a real question
)

// cueNames are the classes as they are written in the files.
var cueNames = [...]string{
	clsPolice: "police", clsNotPolice: "not_police", clsStaff: "staff", clsOther: "other_party", clsPerson: "person",
	clsPraise: "praise", clsRescue: "rescue", clsSacrifice: "sacrifice", clsWork: "police_work",
	clsComplaint: "complaint", clsInaction: "inaction", clsAbuse: "abuse", clsMisconduct: "misconduct",
	clsDiscipline: "discipline", clsAttack: "attack", clsSarcasm: "sarcasm", clsRhetoric: "rhetoric",
	clsEventGood: "event_good", clsMoodGood: "mood_good", clsMoodBad: "mood_bad",
	clsCrime: "crime", clsAccident: "accident", clsNotice: "notice", clsRequest: "request",
	clsNegation: "negation", clsDegree: "degree", clsContrast: "contrast", clsConcede: "concede", clsQuestion: "question",
}

// cueWord is one line of a lexicon.
type cueWord struct {
	word   string // folded, lower case in ASCII
	class  cueClass
	weight float64
	note   string
	own    bool // laid over the built-in ones
}

// Lexicon is what attitude and tone are judged by: readable TSV with the columns
// word, class, weight, note; a line that begins with # is a comment. The classes
// are listed in this file, their weights run from 0.1 to 5 and have no sign:
// the class says which way a word speaks. The built-in lexicon is our own work
// and free to use (CC0 1.0). A Lexicon does not change once read.
type Lexicon struct {
	words []cueWord // in order of word
}

// Limits of a lexicon file; ours has about 3,500 words.
const (
	maxLexiconWords = 50_000
	maxLexiconLine  = 4096 // bytes
	maxCueChars     = 32
	minCueWeight    = 0.1
	maxCueWeight    = 5
)

// DefaultLexicon returns the built-in lexicon. It is never changed: With makes
// another.
func DefaultLexicon() *Lexicon { return builtInLexicon() }

var builtInLexicon = sync.OnceValue(func() *Lexicon {
	names, err := fs.Glob(lexiconData, "data/lexicon_*.tsv")
	l := lexiconReading{seen: map[string]cueLine{}}
	for _, name := range names {
		text, readErr := lexiconData.ReadFile(name)
		err = errors.Join(err, readErr, l.read(strings.NewReader(string(text))))
	}
	if err = errors.Join(err, l.faults()); err != nil {
		panic("analysis: built-in lexicon: " + err.Error()) // a test reads it
	}
	return l.lexicon()
})

// ReadLexicon reads a lexicon file. Its error joins an *opinion.Fault for every
// wrong line, the number of the line first among the arguments: an unknown class,
// a weight that is none, a word that stands twice, alike or with another class.
func ReadLexicon(r io.Reader) (*Lexicon, error) {
	l := lexiconReading{seen: map[string]cueLine{}}
	if err := l.read(r); err != nil {
		return nil, err
	}
	if err := l.faults(); err != nil {
		return nil, err
	}
	return l.lexicon(), nil
}

// With returns l with the words of own laid over it: a word that stands in both
// is taken from own. This is how an office adds words and silences ours (with
// the class not_police or a low weight).
func (l *Lexicon) With(own *Lexicon) *Lexicon {
	if own == nil {
		return l
	}
	added := slices.Clone(own.words)
	for i := range added {
		added[i].own = true
	}
	both := slices.Concat(added, l.words)
	slices.SortStableFunc(both, byWord)
	return &Lexicon{slices.CompactFunc(both, func(a, b cueWord) bool { return a.word == b.word })}
}

// Len is the number of words.
func (l *Lexicon) Len() int { return len(l.words) }

func byWord(a, b cueWord) int { return cmp.Compare(a.word, b.word) }

// lexiconReading gathers the lines and faults of lexicon files.
type lexiconReading struct {
	seen  map[string]cueLine
	wrong []error
	line  int
}

type cueLine struct {
	cueWord
	line int
}

func (l *lexiconReading) fault(code string, args ...string) {
	l.wrong = append(l.wrong, opinion.NewFault(code, nil, append([]string{strconv.Itoa(l.line)}, args...)...))
}

func (l *lexiconReading) faults() error { return errors.Join(l.wrong...) }

func (l *lexiconReading) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxLexiconLine), maxLexiconLine)
	for l.line = 1; lines.Scan(); l.line++ {
		text := strings.TrimRight(lines.Text(), "\r")
		if strings.TrimSpace(text) == "" || text[0] == '#' {
			continue
		}
		if len(l.seen) == maxLexiconWords {
			l.fault("lexicon.many", strconv.Itoa(maxLexiconWords))
			break
		}
		l.take(strings.Split(text, "\t"))
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		l.fault("lexicon.long_line", strconv.Itoa(maxLexiconLine))
	} else if err != nil {
		return fmt.Errorf("read lexicon: %w", err)
	}
	return nil
}

// take reads the fields of one line: word, class, weight and, at will, a note.
func (l *lexiconReading) take(field []string) {
	if len(field) < 3 || len(field) > 4 {
		l.fault("lexicon.columns")
		return
	}
	word, _ := Fold(strings.TrimSpace(field[0]))
	word = lowerASCII(word)
	if n := utf8.RuneCountInString(word); n == 0 || n > maxCueChars {
		l.fault("lexicon.word", strconv.Itoa(maxCueChars))
		return
	}
	class := slices.Index(cueNames[:], strings.TrimSpace(field[1]))
	if class <= 0 {
		l.fault("lexicon.class", word, field[1])
		return
	}
	weight, err := strconv.ParseFloat(strings.TrimSpace(field[2]), 64)
	if err != nil || !(weight >= minCueWeight && weight <= maxCueWeight) {
		l.fault("lexicon.weight", word, field[2])
		return
	}
	if first, twice := l.seen[word]; twice {
		code := "lexicon.twice"
		if first.class != cueClass(class) {
			code = "lexicon.contradiction"
		}
		l.fault(code, word, strconv.Itoa(first.line))
		return
	}
	c := cueWord{word: word, class: cueClass(class), weight: weight}
	if len(field) == 4 {
		c.note = field[3]
	}
	l.seen[word] = cueLine{c, l.line}
}

func (l *lexiconReading) lexicon() *Lexicon {
	words := make([]cueWord, 0, len(l.seen))
	for _, c := range l.seen {
		words = append(words, c.cueWord)
	}
	slices.SortFunc(words, byWord)
	return &Lexicon{words}
}
