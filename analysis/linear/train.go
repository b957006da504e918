package linear

import (
	"math"
	"math/rand/v2"
)

// Example is a sample with its label.
type Example struct {
	Sample
	Label  int     // class
	Weight float64 // how much it counts; 0 counts as 1
	// TwoClasses says that the example comes from a set without a neutral class:
	// it then says nothing about neutral.
	TwoClasses bool
	// Soft is what the example is learned as, where it is no zero: probabilities of all
	// classes, from somebody who is not sure. Label is what is known for sure.
	Soft Probs
	// Drawn is added to the scores while it is learned from: how much oftener a class
	// was drawn than it is, as logarithms, so that the model does not learn the draw.
	Drawn Probs
}

// Plan says how to train.
type Plan struct {
	Epochs  int
	Rate    float64 // of AdaGrad, for n-grams
	Numbers float64 // the same for the numbers beside them
	Decay   float64 // pulls every weight towards 0 at each step that meets it
	Dropout float64 // share of n-grams left out at each step, so that none is relied on alone
	Texts   int     // in how many texts an n-gram must stand to be learned; 0 counts as 1
	Seed    uint64
	// Turns is how many times to learn, each in another order; the model is the mean,
	// which depends less on the order than any one of them.
	Turns int
	// From is what to start from, nil for nothing. Caution is how firmly it is held
	// on to: as if so much had been learned before.
	From    *Model
	Caution float64
}

// trainer holds the weights while they are learned.
type trainer struct {
	plan        Plan
	words       *vocabulary
	grams       []float32 // stride for each n-gram of words
	gramSquares []float32
	numbers     [][Classes]float32
	squares     [][Classes]float32
	bias        [Classes]float32
	biasSquares [Classes]float32
	random      *rand.Rand
	kept        []uint32
}

// Train learns a model from examples. The same examples in the same order and the
// same plan make the same model, to the byte.
func Train(examples []Example, plan Plan) *Model {
	words := vocabularyOf(examples, plan)
	lessons := words.lessons(examples)
	mean := newTrainer(examples, words, plan)
	for range max(plan.Turns, 1) {
		t := newTrainer(examples, words, plan)
		t.run(lessons)
		mean.add(t, 1/float32(max(plan.Turns, 1)))
		plan.Seed++
	}
	return mean.model()
}

func newTrainer(examples []Example, words *vocabulary, plan Plan) *trainer {
	numbers := 0
	for i := range examples {
		numbers = max(numbers, len(examples[i].Numbers))
	}
	size := len(words.grams) * stride
	return &trainer{
		plan: plan, words: words, grams: make([]float32, size), gramSquares: make([]float32, size),
		numbers: make([][Classes]float32, numbers), squares: make([][Classes]float32, numbers),
		random: rand.New(rand.NewPCG(plan.Seed, 1)),
	}
}

func (t *trainer) run(lessons []lesson) {
	if t.plan.From != nil {
		t.begin(t.plan.From, float32(t.plan.Caution))
	}
	order := make([]int, len(lessons))
	for i := range order {
		order[i] = i
	}
	for range t.plan.Epochs {
		t.random.Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
		for _, i := range order {
			t.step(&lessons[i])
		}
	}
}

// add adds a share of the weights of o.
func (t *trainer) add(o *trainer, part float32) {
	for i, w := range o.grams {
		t.grams[i] += float32(part * w)
	}
	for c := range Classes {
		t.bias[c] += float32(part * o.bias[c])
		for i := range t.numbers {
			t.numbers[i][c] += float32(part * o.numbers[i][c])
		}
	}
}

// begin takes over the weights of a model.
func (t *trainer) begin(m *Model, caution float32) {
	for id, gram := range t.words.grams {
		w := &m.grams[gram%Slots]
		for c := range Classes {
			if w.holds(gram) != 0 {
				t.grams[id*stride+c] = float32(float64(w[c]) * m.scale)
			}
			t.gramSquares[id*stride+c] = caution
		}
	}
	copy(t.numbers, m.numbers)
	for i := range t.squares {
		t.squares[i] = [Classes]float32{caution, caution, caution}
	}
	t.bias, t.biasSquares = m.bias, [Classes]float32{caution, caution, caution}
}

// step moves the weights a little towards the label of e.
func (t *trainer) step(e *lesson) {
	grams := t.drop(e.known)
	unit := float32(share(int(float64(len(e.Grams)) * (1 - t.plan.Dropout))))
	var sum [Classes]float32
	for _, g := range grams {
		w := t.grams[int(g)*stride:][:stride]
		sum[0] += w[0]
		sum[1] += w[1]
		sum[2] += w[2]
	}
	var scores Probs
	for c := range Classes {
		x := sum[c]*unit + t.bias[c]
		for i, n := range e.Numbers {
			x += t.numbers[i][c] * n
		}
		scores[c] = float64(x) + e.Drawn[c]
	}
	if e.TwoClasses && e.Soft == (Probs{}) {
		scores[1] = math.Inf(-1)
	}
	p := scores.Softmax()
	weight := e.Weight
	if weight == 0 {
		weight = 1
	}
	want := e.Soft
	if want == (Probs{}) {
		want[e.Label] = 1
	}
	var slope [Classes]float32
	for c := range Classes {
		slope[c] = float32((p[c] - want[c]) * weight)
	}
	t.move(e, grams, unit, slope)
}

// drop leaves out a share of the n-grams.
func (t *trainer) drop(grams []uint32) []uint32 {
	if t.plan.Dropout == 0 {
		return grams
	}
	limit := uint32(t.plan.Dropout * (1 << 16))
	t.kept = t.kept[:0]
	for _, g := range grams {
		if t.random.Uint32()&0xFFFF >= limit {
			t.kept = append(t.kept, g)
		}
	}
	return t.kept
}

func (t *trainer) move(e *lesson, grams []uint32, unit float32, slope [Classes]float32) {
	rate, decay := float32(t.plan.Rate), float32(t.plan.Decay)
	for _, g := range grams {
		at := int(g) * stride
		w, q := t.grams[at:][:stride], t.gramSquares[at:][:stride]
		for c := range Classes {
			adapt(&w[c], &q[c], slope[c]*unit+decay*w[c], rate)
		}
	}
	rate = float32(t.plan.Numbers)
	for i, n := range e.Numbers {
		if n == 0 {
			continue
		}
		for c := range Classes {
			adapt(&t.numbers[i][c], &t.squares[i][c], slope[c]*n+decay*t.numbers[i][c], rate)
		}
	}
	for c := range Classes {
		adapt(&t.bias[c], &t.biasSquares[c], slope[c], rate)
	}
}

// adapt is a step of AdaGrad. The conversions keep the compiler from joining a
// product and a sum into one rounding, which other machines would not do.
func adapt(w, square *float32, slope, rate float32) {
	if slope == 0 {
		return
	}
	*square += float32(slope * slope)
	*w -= float32(rate * slope / (1e-3 + float32(math.Sqrt(float64(*square)))))
}

// model packs the weights: one byte each, of one scale. Of the n-grams of a slot the
// one that matters most gets it.
func (t *trainer) model() *Model {
	m := &Model{grams: new([Slots]slot), numbers: t.numbers, bias: t.bias}
	winners := t.winners()
	top := float32(0)
	for _, id := range winners {
		for _, w := range t.grams[id*stride:][:Classes] {
			top = max(top, w, -w)
		}
	}
	m.scale = float64(top) / 127
	if top == 0 {
		return m
	}
	for _, id := range winners {
		gram := t.words.grams[id]
		s := &m.grams[gram%Slots]
		s[tagAt] = tagOf(gram)
		for c := range Classes {
			s[c] = int8(math.Round(float64(t.grams[id*stride+c]) / m.scale))
		}
	}
	return m
}

// winners lists the n-grams that get a slot.
func (t *trainer) winners() []int {
	worth := make([]float64, Slots)
	winner := make([]int, Slots)
	for id, gram := range t.words.grams {
		if w := t.worth(id); w > worth[gram%Slots] {
			worth[gram%Slots], winner[gram%Slots] = w, id
		}
	}
	out := make([]int, 0, len(t.words.grams))
	for s, w := range worth {
		if w > 0 {
			out = append(out, winner[s])
		}
	}
	return out
}

// worth is how much an n-gram moves the scores of the texts that it stands in
// against each other, squared; the root, for what stands in many texts is surer but
// tells less.
func (t *trainer) worth(id int) float64 {
	w := t.grams[id*stride:][:Classes]
	mean := (float64(w[0]) + float64(w[1]) + float64(w[2])) / Classes
	sum := 0.0
	for _, x := range w {
		d := float64(x) - mean
		sum += float64(d * d)
	}
	return sum * math.Sqrt(float64(t.words.texts[id]))
}
