package analysis_test

import (
	"bufio"
	"os"
	"strings"
	"sync"
	"testing"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
)

// shared is one Analyzer for all tests: the dictionary takes a while to load.
var shared = sync.OnceValue(func() *analysis.Analyzer {
	return analysis.New(analysis.Options{Segmenter: words()})
})

type labelled struct {
	label opinion.Attitude
	in    analysis.Input
}

func readLabelled(t *testing.T, path string) []labelled {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []labelled
	for lines := bufio.NewScanner(f); lines.Scan(); {
		field := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(field[0], "#") || field[0] == "label" {
			continue
		}
		if len(field) != 4 {
			t.Fatalf("%s: %q has %d fields, want 4", path, lines.Text(), len(field))
		}
		all = append(all, labelled{opinion.Attitude(field[0]), analysis.Input{
			Kind: opinion.Kind(field[1]), Text: field[2], Context: field[3],
		}})
	}
	return all
}

// TestAttitudeOfSentences holds a floor under the accuracy on our own sentences.
// The attitude.tsv file was used while the words were gathered; attitude_fresh.tsv
// was written afterwards and no word was added for it.
func TestAttitudeOfSentences(t *testing.T) {
	for _, tc := range []struct {
		file                          string
		sentences                     int
		accuracy, recall, falseAlarms float64
	}{
		{"testdata/attitude.tsv", 120, .90, .85, .05},
		{"testdata/attitude_fresh.tsv", 60, .70, .40, .05},
	} {
		t.Run(tc.file, func(t *testing.T) {
			var right, negatives, found, neutrals, alarms int
			all := readLabelled(t, tc.file)
			for _, l := range all {
				got := shared().Analyse(l.in).Attitude
				if got == l.label {
					right++
				} else {
					t.Logf("%s, want %s: %s", got, l.label, l.in.Text)
				}
				switch l.label {
				case opinion.Negative:
					negatives++
					if got == opinion.Negative {
						found++
					}
				case opinion.Neutral:
					neutrals++
					if got == opinion.Negative {
						alarms++
					}
				}
			}
			if len(all) < tc.sentences {
				t.Errorf("%d sentences, want at least %d", len(all), tc.sentences)
			}
			share := func(a, b int) float64 { return float64(a) / float64(b) }
			t.Logf("accuracy %.3f, negative recall %.3f, neutral taken for negative %.3f",
				share(right, len(all)), share(found, negatives), share(alarms, neutrals))
			if got := share(right, len(all)); got < tc.accuracy {
				t.Errorf("accuracy = %.3f, want at least %.2f", got, tc.accuracy)
			}
			if got := share(found, negatives); got < tc.recall {
				t.Errorf("recall of negatives = %.3f, want at least %.2f", got, tc.recall)
			}
			if got := share(alarms, neutrals); got > tc.falseAlarms {
				t.Errorf("neutrals taken for negative = %.3f, want at most %.2f", got, tc.falseAlarms)
			}
		})
	}
}

// TestAttitudeByRule has a pair of texts for every rule that turns a judgement.
func TestAttitudeByRule(t *testing.T) {
	for _, tc := range []struct {
		rule, kind, text, context string
		want                      opinion.Attitude
	}{
		{"negation of praise", "post", "这个派出所的民警一点也不负责任", "", opinion.Negative},
		{"negation of blame", "post", "民警没有打人，也不推诿", "", opinion.Neutral},
		{"other office", "post", "城管态度恶劣，还骂人", "", opinion.Neutral},
		{"other office beside the police", "post", "物业态度恶劣，我已经报警了", "", opinion.Neutral},
		{"police after other office", "post", "物业不管，派出所也推诿，态度恶劣", "", opinion.Negative},
		{"done to the police", "news", "男子殴打民警被刑拘", "", opinion.Neutral},
		{"done by the police", "news", "民警殴打男子被停职", "", opinion.Negative},
		{"done by others, told by the police", "news", "警方通报男子殴打他人", "", opinion.Neutral},
		{"case solved", "news", "警方破获特大诈骗案，抓获嫌疑人十名", "", opinion.Neutral},
		{"turn to blame", "post", "平时挺热情，但是今天这民警态度恶劣，太让人失望", "", opinion.Negative},
		{"title of a work", "post", "《派出所的坏警察太恶劣》这部剧开播了", "", opinion.Neutral},
		{"words after //@ are others'", "post", "转发//@用户:派出所态度恶劣，太让人失望", "", opinion.Neutral},
		{"words before //@ under the police", "post", "太恶心了，态度恶劣//@用户:派出所窗口视频", "", opinion.Negative},
		{"quotation marks of irony", "post", "这派出所服务真“好”，问三遍没人理", "", opinion.Negative},
		{"reply inherits the mention", "reply", "态度太差了", "派出所窗口工作人员与群众争执", opinion.Negative},
		{"reply to something else", "reply", "态度太差了", "餐厅服务员与顾客争执", opinion.Neutral},
		{"reply under a case", "reply", "畜生，太恶心了", "警方通报一起故意杀人案，嫌疑人已被抓获", opinion.Neutral},
		{"plain question", "post", "请问派出所周末上班吗", "", opinion.Neutral},
		{"accusing question", "post", "派出所凭什么不给办，有没有人管", "", opinion.Negative},
		{"help given", "news", "民警救起落水儿童", "", opinion.Positive},
		{"help by others", "news", "消防员救起落水儿童，警方已到场", "", opinion.Neutral},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			v := shared().Analyse(analysis.Input{Kind: opinion.Kind(tc.kind), Text: tc.text, Context: tc.context})
			if v.Attitude != tc.want {
				t.Errorf("Analyse(%q).Attitude = %s (%.2f, %v), want %s", tc.text, v.Attitude, v.Score, v.Evidence, tc.want)
			}
		})
	}
}

func TestEvidenceSaysWhy(t *testing.T) {
	v := shared().Analyse(analysis.Input{Title: "派出所窗口", Text: "辦身份證的民警態度惡劣，讓人失望。", Kind: opinion.Social})
	if v.Attitude != opinion.Negative || len(v.Evidence) < 2 {
		t.Fatalf("Analyse = %s with %d spans of evidence, want neg with at least 2", v.Attitude, len(v.Evidence))
	}
	folded := []rune(v.Folded)
	last := 0
	for _, e := range v.Evidence {
		if e.Start < last || string(folded[e.Start:e.End]) != e.Text {
			t.Errorf("evidence %+v does not lie at its place in %q", e, v.Folded)
		}
		last = e.End
		if !i18n.Has(e.Why) {
			t.Errorf("evidence %+v: the catalogue has no sentence %q", e, e.Why)
		}
	}
}

func TestNoMentionIsNeutral(t *testing.T) {
	v := shared().Analyse(analysis.Input{Kind: opinion.Social, Text: "这家餐厅态度恶劣，太难吃了，垃圾"})
	if v.MentionsPolice || v.Attitude != opinion.Neutral || v.Score != 0 || len(v.Evidence) != 0 {
		t.Errorf("mentions %v, attitude %s, score %v, %d spans; want no mention, neu, 0, none",
			v.MentionsPolice, v.Attitude, v.Score, len(v.Evidence))
	}
	if v.Tone != opinion.Negative {
		t.Errorf("Tone = %s, want neg: the writer is angry", v.Tone)
	}
}
