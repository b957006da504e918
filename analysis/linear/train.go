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
}

// Plan says how to train.
type Plan struct {
	Epochs  int
	Rate    float64 // of AdaGrad, for n-grams
	Numbers float64 // the same for the numbers beside them
	Decay   float64 // pulls every weight towards 0 at each step that meets it
	Dropout float64 // share of n-grams left out at each step, so that none is relied on alone
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
	grams       []float32 // Buckets * stride
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
	mean := newTrainer(examples, plan)
	for range max(plan.Turns, 1) {
		t := newTrainer(examples, plan)
		t.run(examples)
		mean.add(t, 1/float32(max(plan.Turns, 1)))
		plan.Seed++
	}
	return mean.model()
}

func newTrainer(examples []Example, plan Plan) *trainer {
	numbers := 0
	for i := range examples {
		numbers = max(numbers, len(examples[i].Numbers))
	}
	return &trainer{
		plan: plan, grams: make([]float32, Buckets*stride), gramSquares: make([]float32, Buckets*stride),
		numbers: make([][Classes]float32, numbers), squares: make([][Classes]float32, numbers),
		random: rand.New(rand.NewPCG(plan.Seed, 1)),
	}
}

func (t *trainer) run(examples []Example) {
	if t.plan.From != nil {
		t.begin(t.plan.From, float32(t.plan.Caution))
	}
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	for range t.plan.Epochs {
		t.random.Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
		for _, i := range order {
			t.step(&examples[i])
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
	for i := range t.grams {
		t.grams[i], t.gramSquares[i] = float32(float64(m.grams[i/stride][i%stride])*m.scale), caution
	}
	copy(t.numbers, m.numbers)
	for i := range t.squares {
		t.squares[i] = [Classes]float32{caution, caution, caution}
	}
	t.bias, t.biasSquares = m.bias, [Classes]float32{caution, caution, caution}
}

// step moves the weights a little towards the label of e.
func (t *trainer) step(e *Example) {
	grams := t.drop(e.Grams)
	unit := float32(share(len(grams)))
	var sum [Classes]float32
	for _, g := range grams {
		w := t.grams[int(g%Buckets)*stride:][:stride]
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
		scores[c] = float64(x)
	}
	if e.TwoClasses {
		scores[1] = math.Inf(-1)
	}
	p := scores.Softmax()
	weight := e.Weight
	if weight == 0 {
		weight = 1
	}
	var slope [Classes]float32
	for c := range Classes {
		slope[c] = float32(p[c] * weight)
	}
	slope[e.Label] -= float32(weight)
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

func (t *trainer) move(e *Example, grams []uint32, unit float32, slope [Classes]float32) {
	rate, decay := float32(t.plan.Rate), float32(t.plan.Decay)
	for _, g := range grams {
		at := int(g%Buckets) * stride
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

// model packs the weights: one byte each, of one scale.
func (t *trainer) model() *Model {
	top := float32(0)
	for _, w := range t.grams {
		top = max(top, w, -w)
	}
	m := &Model{grams: new([Buckets][stride]int8), numbers: t.numbers, bias: t.bias, scale: float64(top) / 127}
	if top == 0 {
		return m
	}
	for i, w := range t.grams {
		m.grams[i/stride][i%stride] = int8(math.Round(float64(w) / m.scale))
	}
	return m
}
