package linear

// vocabulary numbers the n-grams that are learned.
type vocabulary struct {
	ids   map[uint32]uint32
	grams []uint32 // by number
	texts []int    // how many texts each stands in
}

// lesson is an example with the numbers of its n-grams, without those that are not
// learned.
type lesson struct {
	*Example
	known []uint32
}

// heldTexts is how many texts an n-gram of the model that is gone on from counts
// as: it must not yield its slot to a chance of a few new ones.
const heldTexts = 10

// vocabularyOf numbers the n-grams of examples in the order in which they stand
// there, after those of the model that is gone on from.
func vocabularyOf(examples []Example, plan Plan) *vocabulary {
	v := &vocabulary{ids: map[uint32]uint32{}}
	if plan.From != nil {
		for i, s := range plan.From.grams {
			if s != (slot{}) {
				v.add(uint32(uint8(s[tagAt]))<<18|uint32(i), heldTexts)
			}
		}
	}
	counts := textsOf(examples)
	for i := range examples {
		for _, g := range examples[i].Grams {
			if n := counts[gramOf(g)].texts; n >= plan.Texts {
				v.add(gramOf(g), n)
			}
		}
	}
	return v
}

func gramOf(hash uint32) uint32 { return hash & (1<<GramBits - 1) }

// count is how many texts an n-gram stands in, and the last of them.
type count struct{ texts, last int }

func textsOf(examples []Example) map[uint32]count {
	counts := map[uint32]count{}
	for i := range examples {
		for _, g := range examples[i].Grams {
			c := counts[gramOf(g)]
			if c.texts == 0 || c.last != i {
				counts[gramOf(g)] = count{c.texts + 1, i}
			}
		}
	}
	return counts
}

func (v *vocabulary) add(gram uint32, texts int) {
	if id, ok := v.ids[gram]; ok {
		v.texts[id] = max(v.texts[id], texts)
		return
	}
	v.ids[gram] = uint32(len(v.grams))
	v.grams, v.texts = append(v.grams, gram), append(v.texts, texts)
}

func (v *vocabulary) lessons(examples []Example) []lesson {
	out := make([]lesson, len(examples))
	for i := range examples {
		known := make([]uint32, 0, len(examples[i].Grams))
		for _, g := range examples[i].Grams {
			if id, ok := v.ids[gramOf(g)]; ok {
				known = append(known, id)
			}
		}
		out[i] = lesson{&examples[i], known}
	}
	return out
}
