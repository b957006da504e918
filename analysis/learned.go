package analysis

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"

	"minsheng/analysis/linear"
	"minsheng/analysis/weights"
	"minsheng/opinion"
)

// Weights are what was learned from labelled texts: the tone of a news item, the
// tone of a post, and the attitude toward the police. They do not change.
type Weights struct {
	news, post, attitude *linear.Model
	hash                 string
}

// ShippedWeights are those that come with the program; docs/model-card.md says
// what they were learned from.
func ShippedWeights() *Weights { return shippedWeights() }

// shippedWeights unpacks them once: each change of words or places makes a new
// Analyzer.
var shippedWeights = sync.OnceValue(readShippedWeights)

func readShippedWeights() *Weights {
	w, err := ReadWeights(bytes.NewReader(weights.News()), bytes.NewReader(weights.Post()), bytes.NewReader(weights.Attitude()))
	if err != nil {
		panic("analysis: built-in weights: " + err.Error()) // a test reads them
	}
	return w
}

// ReadWeights reads the three files of weights. What was learned by other features
// than today's is refused, with linear.ErrFormat. Without an
// attitude (nil) the rules judge it, and tones are as learned.
func ReadWeights(news, post, attitude io.Reader) (*Weights, error) {
	sum := sha256.New()
	w := &Weights{}
	var err error
	if w.news, err = linear.Read(io.TeeReader(news, sum)); err != nil {
		return nil, err
	}
	if w.post, err = linear.Read(io.TeeReader(post, sum)); err != nil {
		return nil, err
	}
	if w.news.Numbers() != newsNumbers || w.post.Numbers() != postNumbers {
		return nil, fmt.Errorf("read weights of the tones: %w", linear.ErrFormat)
	}
	w.hash = hex.EncodeToString(sum.Sum(nil)[:8])
	if attitude == nil {
		return w, nil
	}
	return w.WithAttitude(attitude)
}

// WithAttitude returns w with another attitude, as Teacher.TrainAttitude wrote it.
func (w *Weights) WithAttitude(attitude io.Reader) (*Weights, error) {
	sum := sha256.New()
	m, err := linear.Read(io.TeeReader(attitude, sum))
	if err != nil {
		return nil, err
	}
	if m.Numbers() != attitudeNumbers {
		return nil, fmt.Errorf("read weights of the attitude: %w", linear.ErrFormat)
	}
	tones, _, _ := strings.Cut(w.hash, "+")
	return &Weights{news: w.news, post: w.post, attitude: m, hash: tones + "+" + hex.EncodeToString(sum.Sum(nil)[:8])}, nil
}

// tones are the scores of both heads.
type tones struct{ news, post linear.Probs }

func (w *Weights) tones(m *gramMemory, p *parsedText) tones {
	post := w.post.Scores(postSample(m, p)) // first, so that the reading of the text serves both
	return tones{news: w.news.Scores(newsSample(m, p)), post: post}
}

// tone is that of tones, where the other head is not asked for.
func (w *Weights) tone(m *gramMemory, p *parsedText, kind opinion.Kind) attitudeVerdict {
	if kind == opinion.News {
		return verdictOf(w.news.Scores(newsSample(m, p)).Softmax())
	}
	return verdictOf(w.post.Scores(postSample(m, p)).Softmax())
}

// tone is that of the event for news, of the writer for everything else.
func (t tones) tone(kind opinion.Kind) attitudeVerdict {
	if kind == opinion.News {
		return verdictOf(t.news.Softmax())
	}
	return verdictOf(t.post.Softmax())
}

func verdictOf(p linear.Probs) attitudeVerdict {
	return attitudeVerdict{neg: p[0], neu: p[1], pos: p[2]}
}

// signed dampens a number of any size to -1 to 1.
func signed(x, half float64) float32 { return float32(x / (math.Abs(x) + half)) }

// Shares of what the rules say beside what was learned, which has them among its
// features already.
const (
	rulesShare   = .4
	rulesNeutral = .5 // what the rules lean to neutral more than the learned part
	ownShare     = 1.2
)

// withRules adds what the rules say to the scores of the learned part. odds are
// those of negative and of positive against neutral, as logarithms.
func withRules(s linear.Probs, r *attitudeReading) linear.Probs {
	o := r.outcome(opinion.Unknown, "")
	s[0] += rulesShare * (math.Log(o.neg/o.neu) + rulesNeutral)
	s[2] += rulesShare * (math.Log(o.pos/o.neu) + rulesNeutral)
	return s
}

// attitudeOf joins what was learned, what the rules say, and what is known of where
// the text stands.
func attitudeOf(scores linear.Probs, p *parsedText, r *attitudeReading, kind opinion.Kind, class opinion.Class) linear.Probs {
	scores = withRules(scores, r)
	for _, c := range r.cues { // the office's own words count at once, and in full
		switch {
		case !p.hits[c.hit].own:
		case c.weight < 0:
			scores[0] -= ownShare * c.weight
		default:
			scores[2] += ownShare * c.weight
		}
	}
	if r.inherited {
		// Under the report of a case anger is mostly at those who did it.
		away := 2.5 * (1 - r.carried)
		scores[0], scores[2] = scores[0]-away, scores[2]-away
	}
	if class == opinion.Gov {
		scores[0] -= 1.5 // offices seldom scold themselves
	}
	for c := range scores {
		scores[c] /= doubt(kind)
	}
	return scores.Softmax()
}

// doubt is how much less sure than the rest a verdict on a kind of text is, by which
// its scores are divided; by cross-validation on police_more_train. What is likeliest
// stays so: news says plainly what it says, replies and messages on boards do not.
func doubt(kind opinion.Kind) float64 {
	switch kind {
	case opinion.News:
		return .8
	case opinion.Reply:
		return 1.15
	case opinion.Board:
		return 1.4
	}
	return 1.1
}
