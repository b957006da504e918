// Command make learns the shipped weights anew and writes them into a folder:
//
//	MINSHENG_SHARED=../shared go run ./analysis/weights/make analysis/weights
//
// It reads the research sets under $MINSHENG_SHARED/data/sentiment, which are no
// part of the repository, and our own texts (analysis/corpus) but for the fifth that
// is held aside. The same texts give the same bytes. With -report it measures
// instead, and writes nothing: the learning curve, each style left out, and where the
// worst errors are.
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"minsheng/analysis"
	"minsheng/analysis/corpus"
)

func main() {
	report := flag.Bool("report", false, "measure, write nothing")
	attitudeOnly := flag.Bool("attitude", false, "learn the attitude alone, by the tones as they are")
	ask := flag.String("ask", "", "write what the larger model learns from and is asked to this `file`, and nothing else")
	flag.Parse()
	if flag.NArg() != 1 && *ask == "" {
		log.Fatal("usage: make [-report] FOLDER, or make -ask FILE")
	}
	m := maker{folder: flag.Arg(0), data: filepath.Join(shared(), "data", "sentiment")}
	do := m.all
	switch {
	case *attitudeOnly:
		do = m.attitude
	case *report:
		do = m.report
	case *ask != "":
		do = func() error { return m.askInto(*ask) }
	}
	if err := do(); err != nil {
		log.Fatal(err)
	}
}

func shared() string {
	if s := os.Getenv("MINSHENG_SHARED"); s != "" {
		return s
	}
	return filepath.Join("..", "shared")
}

// part is one research set of the tone of posts.
type part struct {
	name       string
	twoClasses bool
	weight     float64 // how much a text counts: the larger sets must not drown the sets with a neutral class
	// larger is the share of what the larger model says of a text; the rest is what the
	// set says. Posts of sets without neutral ones it tells apart in three classes.
	larger float64
}

var newsPart = part{"news3", false, 1, .6}

var postParts = []part{
	{"covid7", true, 2, 1},
	{"chnsenti", true, 1, 0},
	{"htl", true, 1, 0},
	{"shop", true, 1, 0},
	{"waimai", true, 1, 0},
	{"weibo100k", true, 2, 1},
	{"weibo2018", true, 2, 1},
	{"smp_usual", false, 5, .5},
	{"smp_virus", false, 5, .5},
	{"car3", false, .5, 0},
}

// ownWeight is how much an invented text counts beside one that somebody wrote. In
// full, our own outnumber the others and teach their own manner; without them sources
// that nothing was learned from are judged worse.
const ownWeight = .1

// maker learns from the sets of a folder.
type maker struct{ folder, data string }

func (m maker) all() error {
	measured, err := m.measured()
	if err != nil {
		return err
	}
	words := analysis.NewSegmenter()
	if err := m.tone("news.bin", true, []part{newsPart}, measured, words); err != nil {
		return err
	}
	if err := m.tone("post.bin", false, postParts, measured, words); err != nil {
		return err
	}
	return m.attitude()
}

// attitude learns the attitude by the tones that stand in the folder.
func (m maker) attitude() error {
	measured, err := m.measured()
	if err != nil {
		return err
	}
	base, err := m.base()
	if err != nil {
		return err
	}
	more, own, _, err := m.lessons(measured)
	if err != nil {
		return err
	}
	said, err := readSaid(larger)
	if err != nil {
		return err
	}
	pieces := said.pieces(slices.Concat(more, own))
	teacher := analysis.NewTeacher(base, analysis.NewSegmenter())
	return m.write("attitude.bin", func(w io.Writer) error { return teacher.TrainAttitude(slices.Concat(more, own, pieces), w) })
}

func (m maker) tone(file string, news bool, parts []part, measured map[string]bool, words *analysis.Segmenter) error {
	said, err := readSaid(larger)
	if err != nil {
		return err
	}
	var texts []analysis.ToneText
	clauses := map[string]bool{}
	for _, p := range parts {
		all, err := m.read(p.name + "_train.tsv")
		if err != nil {
			return err
		}
		for _, l := range all {
			if !measured[bare(l.Text)] {
				soft := said.soft(p.name, l.Text, slices.Index(order, l.Label), p.larger)
				texts = append(texts, analysis.ToneText{Label: l.Label, Text: l.Text, TwoClasses: p.twoClasses, Weight: p.weight, Soft: soft})
				texts = append(texts, said.clauses(p.name, l.Text, clauses)...)
			}
		}
	}
	return m.write(file, func(w io.Writer) error { return analysis.TrainTone(texts, news, words, w) })
}

// base reads the tones as they were just written.
func (m maker) base() (*analysis.Weights, error) {
	news, err := os.ReadFile(filepath.Join(m.folder, "news.bin"))
	if err != nil {
		return nil, err
	}
	post, err := os.ReadFile(filepath.Join(m.folder, "post.bin"))
	if err != nil {
		return nil, err
	}
	return analysis.ReadWeights(bytes.NewReader(news), bytes.NewReader(post), nil)
}

// lessons are the texts that the attitude is learned from, those of others (of
// police_more and labels.tsv) and our own, and our own that are held aside. Ours are mixed by their hash, so that any
// beginning of them holds all styles.
func (m maker) lessons(measured map[string]bool) (more, own, aside []analysis.Labelled, err error) {
	more, err = m.read("police_more_train.tsv")
	if err != nil {
		return nil, nil, nil, err
	}
	again, err := m.relabelled(measured)
	if err != nil {
		return nil, nil, nil, err
	}
	more = append(more, again...)
	all, err := analysis.ReadLabelled(strings.NewReader(corpus.Attitude()), "analysis/corpus/attitude.tsv")
	if err != nil {
		return nil, nil, nil, err
	}
	slices.SortFunc(all, func(a, b analysis.Labelled) int { return bytes.Compare(mixed(a), mixed(b)) })
	for _, l := range all {
		if analysis.HeldAside(l.Text) {
			aside = append(aside, l)
		} else {
			l.Weight = ownWeight
			own = append(own, l)
		}
	}
	return more, own, aside, nil
}

func mixed(l analysis.Labelled) []byte {
	sum := sha256.Sum256([]byte(l.Text))
	return sum[:]
}

// measured are the texts of police_real_dev, which stand in the train files of
// their sets too and must not be learned from.
func (m maker) measured() (map[string]bool, error) {
	texts, err := m.read("police_real_dev.tsv")
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, l := range texts {
		out[bare(l.Text)] = true
	}
	return out, nil
}

func (m maker) read(name string) ([]analysis.Labelled, error) {
	f, err := os.Open(filepath.Join(m.data, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return analysis.ReadLabelled(f, name)
}

func (m maker) askInto(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := m.ask(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (m maker) write(name string, learn func(io.Writer) error) error {
	var b bytes.Buffer
	if err := learn(&b); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", name, b.Len())
	return os.WriteFile(filepath.Join(m.folder, name), b.Bytes(), 0o644)
}

// bare keeps letters and digits, folded, by which equal texts are known.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}
