package linear_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis/linear"
)

// examples are of three classes that one n-gram each tells apart, amid others that
// say nothing, and one number.
func examples(n int) []linear.Example {
	all := make([]linear.Example, n)
	for i := range all {
		class := i % linear.Classes
		all[i] = linear.Example{Label: class, Sample: linear.Sample{
			Grams: []uint32{uint32(1000 + class), uint32(i * 7919), 5}, Numbers: []float32{float32(class - 1)},
		}}
	}
	return all
}

var plan = linear.Plan{Epochs: 5, Rate: .3, Numbers: .1, Dropout: .2, Seed: 1, Turns: 2}

func TestTrainedIsFoundAgain(t *testing.T) {
	m := linear.Train(examples(300), plan)
	for class := range linear.Classes {
		p := m.Scores(linear.Sample{Grams: []uint32{uint32(1000 + class)}, Numbers: []float32{float32(class - 1)}}).Softmax()
		if p.Best() != class {
			t.Errorf("class %d is judged %d (%.2f)", class, p.Best(), p)
		}
	}
	p := m.Scores(linear.Sample{}).Softmax()
	if sum := p[0] + p[1] + p[2]; math.Abs(sum-1) > 1e-9 {
		t.Errorf("probabilities of an empty sample sum to %v", sum)
	}
}

func TestWrittenIsReadAgain(t *testing.T) {
	m := linear.Train(examples(60), plan)
	var first, second bytes.Buffer
	if err := m.Write(&first); err != nil {
		t.Fatal(err)
	}
	if err := linear.Train(examples(60), plan).Write(&second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two trainings on the same examples differ")
	}
	back, err := linear.Read(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples(9) {
		want, leaning, unit := m.Weigh(e.Sample, nil)
		if diff := cmp.Diff(want, back.Scores(e.Sample)); diff != "" {
			t.Errorf("scores after reading (-want +got):\n%s", diff)
		}
		if got := float64(leaning[0]) * unit; e.Label == 0 && got >= 0 || e.Label == 2 && got <= 0 {
			t.Errorf("the n-gram of class %d leans %v", e.Label, got)
		}
	}
}

// An n-gram that was never seen says nothing, though another holds its slot.
func TestUnseenSaysNothing(t *testing.T) {
	m := linear.Train(examples(300), plan)
	none := m.Scores(linear.Sample{Grams: []uint32{1}})
	for class := range linear.Classes {
		seen := uint32(1000 + class)
		if got := m.Scores(linear.Sample{Grams: []uint32{seen + linear.Slots}}); got != none {
			t.Errorf("an n-gram in the slot of %d scores %.2f, want %.2f as without", seen, got, none)
		}
	}
}

// Of two n-grams with one slot the one that tells more keeps it, also against new
// ones that a model goes on with.
func TestSlotGoesToWhatTellsMost(t *testing.T) {
	all := examples(300)
	for i := range all {
		if i%30 == 0 {
			all[i].Grams = append(all[i].Grams, 1002+linear.Slots)
		}
	}
	again := plan
	again.From, again.Caution = linear.Train(all, plan), 1
	for name, m := range map[string]*linear.Model{"first": again.From, "gone on": linear.Train(all[:30], again)} {
		if got := m.Scores(linear.Sample{Grams: []uint32{1002}, Numbers: []float32{0}}).Best(); got != 2 {
			t.Errorf("%s: the n-gram of class 2 is judged %d", name, got)
		}
	}
}

func TestRareIsNotLearned(t *testing.T) {
	all := examples(90)
	all[0].Grams = append(all[0].Grams, 77, 77)
	often := plan
	often.Texts = 2
	for texts, learned := range map[int]bool{1: true, 2: false} {
		often.Texts = texts
		m := linear.Train(all, often)
		with, without := m.Scores(linear.Sample{Grams: []uint32{77}}), m.Scores(linear.Sample{Grams: []uint32{1}})
		if (with != without) != learned {
			t.Errorf("from %d texts on: an n-gram of one text scores %.3f, an unseen one %.3f", texts, with, without)
		}
	}
}

// A set of two classes says nothing about the third.
func TestTwoClassesLeaveNeutralAlone(t *testing.T) {
	all := examples(300)
	for i := range 200 {
		all = append(all, linear.Example{Label: 2 * (i % 2), TwoClasses: true, Sample: linear.Sample{Grams: []uint32{1001, uint32(i)}, Numbers: []float32{0}}})
	}
	if got := linear.Train(all, plan).Scores(linear.Sample{Grams: []uint32{1001}, Numbers: []float32{0}}).Best(); got != 1 {
		t.Errorf("the n-gram of the neutral class is judged %d, want 1", got)
	}
}

// What was learned before is kept where new examples do not speak of it.
func TestGoingOnFromAModel(t *testing.T) {
	again := plan
	again.From, again.Caution, again.Turns = linear.Train(examples(300), plan), 1, 1
	var fresh []linear.Example
	for i := range 60 {
		fresh = append(fresh, linear.Example{Label: 2 * (i % 2), Sample: linear.Sample{Grams: []uint32{uint32(70 + i%2), uint32(i * 31)}, Numbers: []float32{0}}})
	}
	m := linear.Train(fresh, again)
	for gram, want := range map[uint32]int{1000: 0, 1002: 2, 70: 0, 71: 2} {
		if got := m.Scores(linear.Sample{Grams: []uint32{gram}, Numbers: []float32{float32(want - 1)}}).Best(); got != want {
			t.Errorf("n-gram %d is judged %d, want %d", gram, got, want)
		}
	}
}

func TestCalibrate(t *testing.T) {
	var judged []linear.Judged
	for i := range 300 { // leans to negative by one, and is twice as sure as it should be
		s := linear.Probs{1, 0, -6}
		label := 0
		switch {
		case i%3 == 1:
			s[0], label = .2, 1
		case i%3 == 2:
			s[2], label = 2, 2
		}
		judged = append(judged, linear.Judged{Scores: s, Label: label})
	}
	shift, temperature := linear.Calibrate(judged, false)
	for _, j := range judged {
		s := j.Scores
		for c := range linear.Classes {
			s[c] = (s[c] + shift[c]) / temperature
		}
		if s.Softmax().Best() != j.Label {
			t.Fatalf("with shift %.2f and temperature %.2f a text of class %d is judged %d", shift, temperature, j.Label, s.Best())
		}
	}
	if alike, _ := linear.Calibrate(judged, true); alike[0] != alike[2] {
		t.Errorf("shift %.2f, want both sides alike", alike)
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := linear.Train(examples(9), linear.Plan{Epochs: 1, Rate: .1}).Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:40])
	f.Add([]byte("MSWT2\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := linear.Read(bytes.NewReader(raw))
		if err != nil {
			if !errors.Is(err, linear.ErrFormat) {
				t.Errorf("%v, want ErrFormat", err)
			}
			return
		}
		for _, x := range m.Scores(linear.Sample{Grams: []uint32{1, 2}}) {
			if math.IsNaN(x) {
				t.Error("a score is no number")
			}
		}
	})
}
