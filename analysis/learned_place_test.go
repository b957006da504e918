package analysis_test

import (
	"bytes"
	"testing"

	"minsheng/analysis"
	"minsheng/analysis/weights"
	"minsheng/opinion"
)

var (
	colours = []string{"红", "橙", "黄", "绿", "青", "蓝", "紫", "灰", "白", "黑", "粉", "褐"}
	fruit   = []string{"苹果", "雪梨", "葡萄", "荔枝", "香蕉", "樱桃", "石榴", "柿子", "橄榄", "龙眼"}
)

// filling is one of 120 stretches that say nothing.
func filling(i int) string {
	return colours[i%len(colours)] + fruit[i%len(fruit)] + "放在" + colours[(i*5+1)%len(colours)] + "桌子上"
}

// Where in a news item a word stands is learned: the same word in the title and in
// the text below it.
func TestTitleIsToldFromText(t *testing.T) {
	var texts []analysis.ToneText
	for i := range 240 {
		a, b := "唢呐铜锣"+filling(i), filling(i+7)+filling(i+3)
		texts = append(texts,
			analysis.ToneText{Label: opinion.Negative, Text: a + " " + b},
			analysis.ToneText{Label: opinion.Positive, Text: b + " " + a})
	}
	var news bytes.Buffer
	if err := analysis.TrainTone(texts, true, words(), &news); err != nil {
		t.Fatal(err)
	}
	w, err := analysis.ReadWeights(&news, bytes.NewReader(weights.Post()), nil)
	if err != nil {
		t.Fatal(err)
	}
	a := analysis.New(analysis.Options{Segmenter: words(), Weights: w})
	for _, tc := range []struct {
		title, text string
		want        opinion.Attitude
	}{
		{"唢呐铜锣" + filling(31), filling(58) + filling(90), opinion.Negative},
		{filling(58) + filling(90), "唢呐铜锣" + filling(31), opinion.Positive},
	} {
		if got := a.Analyse(analysis.Input{Kind: opinion.News, Title: tc.title, Text: tc.text}).Tone; got != tc.want {
			t.Errorf("title %q, text %q: tone %s, want %s", tc.title, tc.text, got, tc.want)
		}
	}
}

// Who does something stands before, whom it is done to after: on which side of the
// police a word stands is learned, with any words between.
func TestSidesOfTheMentionAreToldApart(t *testing.T) {
	var texts []analysis.Labelled
	for i := range 240 {
		texts = append(texts,
			analysis.Labelled{Label: opinion.Negative, Kind: opinion.Social, Text: "民警" + filling(i) + "唢呐铜锣"},
			analysis.Labelled{Label: opinion.Positive, Kind: opinion.Social, Text: "唢呐铜锣" + filling(i) + "民警"})
	}
	var b bytes.Buffer
	if err := analysis.NewTeacher(analysis.ShippedWeights(), words()).TrainAttitude(texts, &b); err != nil {
		t.Fatal(err)
	}
	w, err := analysis.ShippedWeights().WithAttitude(&b)
	if err != nil {
		t.Fatal(err)
	}
	a := analysis.New(analysis.Options{Segmenter: words(), Weights: w})
	for text, want := range map[string]opinion.Attitude{
		"民警" + colours[3] + fruit[5] + "搁这儿" + "唢呐铜锣": opinion.Negative,
		"唢呐铜锣" + colours[3] + fruit[5] + "搁这儿" + "民警": opinion.Positive,
	} {
		if got := a.Analyse(analysis.Input{Kind: opinion.Social, Text: text}).Attitude; got != want {
			t.Errorf("%q is judged %s, want %s", text, got, want)
		}
	}
}

// Tones of another make than today's are refused.
func TestTonesOfOtherFeatures(t *testing.T) {
	if _, err := analysis.ReadWeights(bytes.NewReader(weights.Post()), bytes.NewReader(weights.News()), nil); err == nil {
		t.Error("the weights of posts are taken for those of news")
	}
}
