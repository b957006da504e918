package analysis

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"minsheng/opinion"
)

// rulesVersion changes with the rules in code, so that verdicts of older rules
// are known as such.
const rulesVersion = "rules-4"

// Options is what an Analyzer judges by. A nil Lexicon or Topics means the
// built-in ones, nil Places none. Without a Segmenter words are not cut: cues of
// one character are then left out. Without Weights the rules judge alone.
type Options struct {
	Lexicon   *Lexicon
	Topics    *Topics
	Places    *Places
	Segmenter *Segmenter
	Weights   *Weights
}

// Analyzer judges texts. It does not change: after a change of words, topics or
// places make a new one. It may be used by many goroutines at once.
type Analyzer struct {
	judge   *judge
	topics  *Topics
	places  *Places
	cutter  *Segmenter
	weights *Weights // nil: rules alone
	version string
	memory  sync.Pool // of *textMemory
}

// textMemory is where a text is judged. It is used again for the next one.
type textMemory struct {
	freqs   []float32 // of the words
	parsed  parsedText
	reading attitudeReading
	grams   gramMemory
}

// New returns an Analyzer.
func New(o Options) *Analyzer {
	if o.Lexicon == nil {
		o.Lexicon = DefaultLexicon()
	}
	if o.Topics == nil {
		o.Topics, _ = CompileTopics(DefaultTopics()) // a test holds them free of faults
	}
	if o.Places == nil {
		o.Places, _ = CompilePlaces(nil)
	}
	return &Analyzer{
		judge:   newJudge(o.Lexicon),
		topics:  o.Topics,
		places:  o.Places,
		cutter:  o.Segmenter,
		weights: o.Weights,
		version: versionOf(o),
		memory:  sync.Pool{New: func() any { return new(textMemory) }},
	}
}

// versionOf hashes everything that a verdict depends on.
func versionOf(o Options) string {
	h := sha256.New()
	fmt.Fprintln(h, rulesVersion, maskVersion)
	for _, c := range o.Lexicon.words {
		fmt.Fprintf(h, "%s\t%s\t%g\n", c.word, cueNames[c.class], c.weight)
	}
	_ = json.NewEncoder(h).Encode(o.Topics.source) // strings only, and a hash takes all
	_ = json.NewEncoder(h).Encode(o.Places.source)
	fmt.Fprintln(h, o.Segmenter != nil)
	if o.Weights != nil {
		fmt.Fprintln(h, o.Weights.hash)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Version names the rules, lexicon, topics, places and masker together. The same
// text and version give the same verdict.
func (a *Analyzer) Version() string { return a.version }

// Input is a text to judge, as shown: cleaned and masked.
type Input struct {
	Title, Text string
	Kind        opinion.Kind  // Unknown: decided from the text
	Class       opinion.Class // of the source, "" where unknown
	// Context is the opening post of a reply, and Opening its verdict where there
	// is one already. Topics, places and the mention of the police are inherited.
	Context string
	Opening *opinion.Verdict
}

// Analyse judges a text. It is deterministic, takes time linear in the text, and
// waits only for the dictionary.
func (a *Analyzer) Analyse(in Input) opinion.Verdict {
	shown := in.Text
	if in.Title != "" {
		shown = in.Title + "\n" + in.Text
	}
	folded, _ := Fold(shown)
	v := opinion.Verdict{Version: a.version, Folded: folded, Kind: in.Kind, Lang: Lang(folded)}
	if v.Kind == opinion.Unknown {
		v.Kind = kindOf(folded, in.Title != "")
	}
	memory := a.memory.Get().(*textMemory)
	defer a.memory.Put(memory)
	words := a.cutTitled(memory, folded, in.Title != "")
	borders := bordersOf(words, len(folded))
	v.Print = Print(folded)
	v.Rare = a.rare(words, memory.freqs)
	v.Topics = a.topics.match(folded, borders)
	v.Places = a.places.Find(folded)

	a.judge.parseInto(&memory.parsed, folded, borders)
	opening, carried := a.opening(in)
	r := readAttitudeInto(&memory.reading, &memory.parsed, carried)
	v.MentionsPolice = r.mentions || r.chained || r.inherited
	v.Inherited = r.inherited
	if opening != nil {
		inheritFrom(&v, opening)
	}
	attitude, tone, evidence := a.outcome(memory, v.Kind, in.Class)
	var p float64
	v.Attitude, p = attitude.label()
	v.Flags = langFlags(v.Lang)
	v.Confidence, v.Score = rounded(p), rounded(attitude.score())
	v.Uncertain = attitude.uncertain() || slices.Contains(v.Flags, FlagOtherLanguage)
	v.Evidence = evidence

	v.Tone, p = tone.label()
	v.ToneConfidence, v.ToneScore = rounded(p), rounded(tone.score())
	return v
}

// outcome judges what was read: by the rules alone, or by what was learned with
// the rules among its features.
func (a *Analyzer) outcome(memory *textMemory, kind opinion.Kind, class opinion.Class) (attitude, tone attitudeVerdict, ev []opinion.Evidence) {
	p, r, grams := &memory.parsed, &memory.reading, &memory.grams
	if a.weights == nil {
		return r.outcome(kind, class), toneOf(p, kind), evidenceOf(p, r.cues)
	}
	if !r.mentions && !r.inherited && !r.chained {
		return r.outcome(kind, class), a.weights.tone(grams, p, kind), nil
	}
	t := a.weights.tones(grams, p)
	if a.weights.attitude == nil {
		return r.outcome(kind, class), t.tone(kind), evidenceOf(p, r.cues)
	}
	scores, leaning, unit := a.weights.attitude.Weigh(attitudeSample(grams, p, r, t, kind), grams.leaning)
	grams.leaning = leaning
	ev = evidenceOf(p, r.cues, grams.wording(leaning, unit)...)
	return verdictOf(attitudeOf(scores, p, r, kind, class)), t.tone(kind), ev
}

// cut cuts a text into words; nil without a segmenter.
func (a *Analyzer) cut(folded string) []string {
	if a.cutter == nil {
		return nil
	}
	return a.cutter.Cut(folded)
}

// cutTitled cuts title and text apart from each other, as the index does. It
// leaves the frequencies of the words in memory.
func (a *Analyzer) cutTitled(memory *textMemory, folded string, titled bool) []string {
	if a.cutter == nil {
		return nil
	}
	memory.freqs = memory.freqs[:0]
	title, text, ok := strings.Cut(folded, "\n")
	if !titled || !ok {
		return a.cutter.cutKnown(folded, &memory.freqs)
	}
	words := a.cutter.cutKnown(title, &memory.freqs)
	memory.freqs = append(memory.freqs, unasked)
	return slices.Concat(words, []string{"\n"}, a.cutter.cutKnown(text, &memory.freqs))
}

// rare lists the words by which follow-ups find the event of a text.
func (a *Analyzer) rare(words []string, freqs []float32) []string {
	if a.cutter == nil {
		return nil
	}
	return a.cutter.rare(words, freqs)
}

// opening returns the verdict of the opening post, as far as it is inherited, and
// how surely the reply speaks about the police.
func (a *Analyzer) opening(in Input) (*opinion.Verdict, float64) {
	if in.Opening != nil {
		if !in.Opening.MentionsPolice {
			return in.Opening, 0
		}
		parsed := a.judge.parse(in.Opening.Folded, nil)
		return in.Opening, cmp.Or(carriedBy(&parsed), carriedFully)
	}
	if strings.TrimSpace(in.Context) == "" {
		return nil, 0
	}
	folded, _ := Fold(in.Context)
	borders := bordersOf(a.cut(folded), len(folded))
	parsed := a.judge.parse(folded, borders)
	return &opinion.Verdict{
		Topics: a.topics.match(folded, borders),
		Places: a.places.Find(folded),
	}, carriedBy(&parsed)
}

// inheritFrom takes over topics and places that a reply does not name itself.
func inheritFrom(v, opening *opinion.Verdict) {
	for _, name := range opening.Topics {
		if !slices.Contains(v.Topics, name) {
			v.Topics, v.Inherited = append(v.Topics, name), true
		}
	}
	for _, name := range opening.Places {
		if !slices.Contains(v.Places, name) {
			v.Places = append(v.Places, name)
		}
	}
}

// rounded keeps four digits, so that a score reads the same wherever it is kept.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }
