package analysis_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
	"minsheng/analysis/corpus"
	"minsheng/analysis/linear"
	"minsheng/analysis/weights"
	"minsheng/i18n"
	"minsheng/opinion"
)

// taught is one Analyzer with the shipped weights for all tests.
var taught = sync.OnceValue(func() *analysis.Analyzer {
	return analysis.New(analysis.Options{Segmenter: words(), Weights: analysis.ShippedWeights()})
})

func ownTexts(t *testing.T) []analysis.Labelled {
	t.Helper()
	all, err := analysis.ReadLabelled(strings.NewReader(corpus.Attitude()), "attitude.tsv")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The fifth of our own texts that is never learned from is judged well, and case
// reports in it are hardly ever taken for complaints.
func TestOwnTextsHeldAside(t *testing.T) {
	right, texts, neutral, alarms := 0, 0, 0, 0
	for _, l := range ownTexts(t) {
		if !analysis.HeldAside(l.Text) {
			continue
		}
		texts++
		got := taught().Analyse(analysis.Input{Text: l.Text, Kind: l.Kind}).Attitude
		if got == l.Label {
			right++
		}
		if l.Label == opinion.Neutral && l.Kind == opinion.News {
			neutral++
			if got == opinion.Negative {
				alarms++
			}
		}
	}
	t.Logf("%d of %d right, %d of %d neutral news taken for negative", right, texts, alarms, neutral)
	if texts < 800 || right*100 < texts*65 {
		t.Errorf("%d of %d right, want 65 in 100 of at least 800", right, texts)
	}
	if alarms*100 > neutral*12 {
		t.Errorf("%d of %d neutral news are taken for negative, want at most 12 in 100", alarms, neutral)
	}
}

// Plain cases are judged alike with and without what was learned.
func TestTaughtKeepsTheRules(t *testing.T) {
	for _, tc := range []struct {
		kind, text, context string
		want                opinion.Attitude
	}{
		{"post", "去派出所办户口，民警态度恶劣，推诿扯皮，太让人失望了", "", opinion.Negative},
		{"post", "感谢派出所的民警，半夜帮我找回走失的老父亲，太感动了，点赞", "", opinion.Positive},
		{"news", "警方破获特大诈骗案，抓获嫌疑人十名", "", opinion.Neutral},
		{"news", "男子殴打民警被刑拘", "", opinion.Neutral},
		{"post", "请问派出所周末上班吗", "", opinion.Neutral},
		{"reply", "畜生，太恶心了", "警方通报一起故意杀人案，嫌疑人已被抓获", opinion.Neutral},
		{"reply", "态度太差了，太让人失望", "派出所窗口工作人员与群众争执", opinion.Negative},
		{"post", "这家餐厅态度恶劣，太难吃了，垃圾", "", opinion.Neutral},
	} {
		v := taught().Analyse(analysis.Input{Kind: opinion.Kind(tc.kind), Text: tc.text, Context: tc.context})
		if v.Attitude != tc.want {
			t.Errorf("Analyse(%q).Attitude = %s (%.2f), want %s", tc.text, v.Attitude, v.Score, tc.want)
		}
	}
}

func TestWordingIsEvidence(t *testing.T) {
	v := taught().Analyse(analysis.Input{
		Kind: opinion.Social,
		Text: "報警三次都說馬上到，等了兩個鐘頭沒人來，民警态度恶劣，打电话过去还说我催什么催",
	})
	folded := []rune(v.Folded)
	borders, at := map[int]bool{0: true}, 0
	for _, w := range words().Cut(v.Folded) {
		at += len(w)
		borders[at] = true
	}
	last, wording, cues := 0, 0, 0
	for _, e := range v.Evidence {
		if e.Start < last || string(folded[e.Start:e.End]) != e.Text {
			t.Errorf("evidence %+v does not lie at its place in %q", e, v.Folded)
		}
		last = e.End
		if !i18n.Has(e.Why) {
			t.Errorf("evidence %+v: the catalogue has no sentence %q", e, e.Why)
		}
		if strings.HasPrefix(e.Why, "why.wording_") {
			if cut := string(folded[:e.Start]); !borders[len(cut)] || !borders[len(cut)+len(e.Text)] {
				t.Errorf("evidence %q is no whole words of %q", e.Text, words().Cut(v.Folded))
			}
			wording++
		} else {
			cues++
		}
	}
	if wording == 0 || cues == 0 {
		t.Errorf("%d spans of wording and %d cues, want both: %+v", wording, cues, v.Evidence)
	}
}

// An office's own word counts at once, also where the learned part says otherwise.
func TestOwnWordsCountBesideWeights(t *testing.T) {
	own, err := analysis.ReadLexicon(strings.NewReader("摆烂大王\tpraise\t5\t"))
	if err != nil {
		t.Fatal(err)
	}
	in := analysis.Input{Kind: opinion.Social, Text: "派出所这回真是摆烂大王，态度恶劣"}
	before := taught().Analyse(in)
	a := analysis.New(analysis.Options{Lexicon: analysis.DefaultLexicon().With(own), Segmenter: words(), Weights: analysis.ShippedWeights()})
	if after := a.Analyse(in); after.Attitude != opinion.Positive || before.Attitude == opinion.Positive {
		t.Errorf("attitude %s before, %s with the own word; want pos only then", before.Attitude, after.Attitude)
	}
}

func TestWeightsChangeTheVersion(t *testing.T) {
	with, without := taught().Version(), shared().Version()
	if with == without {
		t.Errorf("version %s with and without weights", with)
	}
	again := analysis.New(analysis.Options{Segmenter: words(), Weights: analysis.ShippedWeights()})
	if again.Version() != with {
		t.Errorf("versions of equal analyzers: %s and %s", again.Version(), with)
	}
}

func TestWeightsOfAnotherVersion(t *testing.T) {
	shipped := analysis.ShippedWeights()
	for name, file := range map[string][]byte{
		"empty": nil, "text": []byte("label\ttext\n"), "cut short": weights.Attitude()[:1000],
		"another layout":  append([]byte("MSWT0\n"), weights.Attitude()[6:]...),
		"of another head": weights.News(),
	} {
		if _, err := shipped.WithAttitude(bytes.NewReader(file)); !errors.Is(err, linear.ErrFormat) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
	for name, file := range map[string][]byte{"news": weights.News(), "post": weights.Post(), "attitude": weights.Attitude()} {
		if len(file) > linear.MaxFile {
			t.Errorf("%s has %d bytes, want at most %d", name, len(file), linear.MaxFile)
		}
	}
}

// Training twice gives the same bytes, and what was learned is found again.
func TestTeacherIsDeterministic(t *testing.T) {
	texts := ownTexts(t)[:400]
	for i := range 40 {
		texts = append(texts, analysis.Labelled{
			Label: opinion.Negative, Kind: opinion.Social, Text: "派出所今天又摸鱼摊饼了，第" + strings.Repeat("一", i%7) + "回",
		})
	}
	train := func() []byte {
		var b bytes.Buffer
		if err := analysis.NewTeacher(analysis.ShippedWeights(), words()).TrainAttitude(texts, &b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first := train()
	if !bytes.Equal(first, train()) {
		t.Error("two trainings on the same texts differ")
	}
	w, err := analysis.ShippedWeights().WithAttitude(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	a := analysis.New(analysis.Options{Segmenter: words(), Weights: w})
	if got := a.Analyse(analysis.Input{Kind: opinion.Social, Text: "派出所摸鱼摊饼"}).Attitude; got != opinion.Negative {
		t.Errorf("what was learned is judged %s, want neg", got)
	}
}

func TestReadLabelledFaults(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		want       []string
	}{
		{"wrong lines", "label\ttext\tkind\nneg\t甲\tpost\nbad\t乙\tpost\nneg\t丙\nneu\t\tpost\n", []string{"f.tsv:3 train.label", "f.tsv:4 train.columns", "f.tsv:5 train.text"}},
		{"two columns of one name", "\t\tlabel\ttext\nneg\t甲\n", []string{"f.tsv:1 train.column_twice"}},
		{"no text column", "label\tbody\nneg\t甲\n", []string{"f.tsv:1 train.header"}},
		{"empty", "", []string{"f.tsv:1 train.empty"}},
		{"only a header", "label\ttext\n", []string{"f.tsv:2 train.empty"}},
		{"long line", "label\ttext\nneg\t" + strings.Repeat("长", 400_000) + "\n", []string{"f.tsv:2 train.long_line"}},
	} {
		texts, err := analysis.ReadLabelled(strings.NewReader(tc.file), "f.tsv")
		if !errors.Is(err, analysis.ErrLabels) || len(texts) > 0 {
			t.Errorf("%s: %d texts, %v; want none and ErrLabels", tc.name, len(texts), err)
			continue
		}
		var got []string
		for _, one := range err.(interface{ Unwrap() []error }).Unwrap() {
			if f, ok := errors.AsType[*opinion.Fault](one); ok {
				got = append(got, f.Args[0]+" "+f.Code)
				if !i18n.Has(f.Code) {
					t.Errorf("the catalogue has no sentence %q", f.Code)
				}
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: faults (-want +got):\n%s", tc.name, diff)
		}
	}
	texts, err := analysis.ReadLabelled(strings.NewReader("\ufefftext\tlabel\tkind\r\n甲\tpos\tboard\r\n\r\n乙\tneu\tmention\r\n"), "f.tsv")
	want := []analysis.Labelled{{Label: opinion.Positive, Kind: opinion.Board, Text: "甲"}, {Label: opinion.Neutral, Text: "乙"}}
	if diff := cmp.Diff(want, texts); err != nil || diff != "" {
		t.Errorf("columns in another order: %v (-want +got):\n%s", err, diff)
	}
}

func FuzzReadLabelled(f *testing.F) {
	f.Add("label\ttext\nneg\t甲\n")
	f.Add("label\ttext\tkind\nneg\t甲\n\xff\t\t\n")
	f.Add("\t\t\tlabel\ttext\nneg\t甲\n")
	f.Fuzz(func(t *testing.T, file string) {
		texts, err := analysis.ReadLabelled(strings.NewReader(file), "f")
		if (len(texts) == 0) == (err == nil) {
			t.Errorf("%d texts with error %v", len(texts), err)
		}
		if slices.ContainsFunc(texts, func(l analysis.Labelled) bool { return l.Text == "" }) {
			t.Error("a text without words")
		}
	})
}
