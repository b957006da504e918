package analysis_test

import (
	"bufio"
	"cmp"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"minsheng/analysis"
	"minsheng/opinion"
)

// report is a text of testdata/stories*.tsv and strangers.tsv, which are
// invented: a story's name, hours since it began, the text. Strangers are like
// each other in topic and wording, and no two are of one event.
type report struct {
	story, text string
	at          time.Time
}

func reports(t *testing.T) []report {
	t.Helper()
	var all []report
	start := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for _, name := range []string{"stories1", "stories2", "stories3", "strangers"} {
		f, err := os.Open("testdata/" + name + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			row := strings.Split(lines.Text(), "\t")
			hours, err := strconv.Atoi(row[1])
			if len(row) != 3 || err != nil {
				t.Fatalf("%s: bad line %q", name, lines.Text())
			}
			n, _ := strconv.Atoi(row[0][1:])
			began := n * 7 % 60 // the stories overlap
			if name == "strangers" {
				began = 40
			}
			all = append(all, report{row[0], row[2], start.Add(time.Duration(began+hours) * time.Hour)})
		}
	}
	slices.SortStableFunc(all, func(a, b report) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.story, b.story)) })
	return all
}

// TestFollowUpsJoinTheirStory holds short reports in differing words to what
// they reached: two of three follow-ups find their story, and no stranger does.
func TestFollowUpsJoinTheirStory(t *testing.T) {
	a := analysis.New(analysis.Options{Segmenter: analysis.NewSegmenter()})
	g := analysis.NewGrouper()
	story := map[string]string{} // of the first report, by incident
	joined, follow := 0, 0
	told := map[string]map[string]bool{} // incidents by story
	for i, r := range reports(t) {
		v := a.Analyse(analysis.Input{Text: r.text, Kind: opinion.News})
		m := g.Add(analysis.Member{
			ID: strconv.Itoa(i), Kind: v.Kind, Published: r.at, Print: v.Print, Rare: v.Rare, Length: len([]rune(v.Folded)),
		})
		if m.Near != "" {
			t.Errorf("called a copy of %s: %s", m.Near, r.text)
		}
		if of, known := story[m.Incident]; known && of != r.story {
			t.Errorf("a report of %s joined %s: %s", r.story, of, r.text)
		}
		if incidents := told[r.story]; incidents != nil {
			follow++
			if incidents[m.Incident] {
				joined++
			}
		} else {
			told[r.story] = map[string]bool{}
		}
		told[r.story][m.Incident] = true
		story[m.Incident] = cmp.Or(story[m.Incident], r.story)
	}
	t.Logf("%d of %d follow-ups joined", joined, follow)
	if joined*100 < follow*65 {
		t.Errorf("%d of %d follow-ups joined their story, want 65 of 100", joined, follow)
	}
}

// notice stands below articles of one publisher, whatever they are about.
const notice = "\n版面说明：本栏目文章由通讯员提供，刊发前经过文字校订，观点不代表本站。如对内容有疑问，请在七日之内写信到编辑部，注明文章标题和联系方式，值班编辑会登记并转交作者。未经书面许可不得摘编、转载或用于商业用途，违者将依法追究责任。"

// TestWhatStandsBelowEveryArticleJoinsNothing makes an article of each story and
// puts one notice below all of them.
func TestWhatStandsBelowEveryArticleJoinsNothing(t *testing.T) {
	articles := map[string]string{}
	for _, r := range reports(t) {
		if r.story[0] == 's' {
			articles[r.story] += r.text
		}
	}
	a := analysis.New(analysis.Options{Segmenter: analysis.NewSegmenter()})
	g := analysis.NewGrouper()
	for _, story := range slices.Sorted(maps.Keys(articles)) {
		v := a.Analyse(analysis.Input{Text: articles[story] + notice, Kind: opinion.News})
		m := g.Add(analysis.Member{ID: story, Kind: v.Kind, Print: v.Print, Rare: v.Rare, Length: len([]rune(v.Folded))})
		if m.Near != "" || m.Incident != story {
			t.Errorf("story %s: copy of %q, of incident %s; want its own", story, m.Near, m.Incident)
		}
	}
}
