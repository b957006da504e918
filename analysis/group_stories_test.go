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

// report is a text of testdata/stories*.tsv and strangers*.tsv, which are
// invented: a story's name, hours since it began, the text. Strangers are like
// each other and like stories in topic and wording, and no two are of one event.
type report struct {
	story, text string
	at          time.Time
}

func reports(t *testing.T, files ...string) []report {
	t.Helper()
	var all []report
	start := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for _, name := range files {
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
			if strings.HasPrefix(name, "strangers") {
				began = 40
			}
			all = append(all, report{row[0], row[2], start.Add(time.Duration(began+hours) * time.Hour)})
		}
	}
	slices.SortStableFunc(all, func(a, b report) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.story, b.story)) })
	return all
}

// firstHands wrote short reports of like style; otherHand headlines, notices of
// offices, retellings on forums and what those concerned said.
var (
	firstHands = []string{"stories1", "stories2", "stories3", "strangers"}
	otherHand  = []string{"stories4", "strangers2"}
)

// TestFollowUpsJoinTheirStory holds short reports in differing words to what
// they reached, and lets no stranger join any of them.
func TestFollowUpsJoinTheirStory(t *testing.T) {
	a := analysis.New(analysis.Options{Segmenter: words()})
	for _, tc := range []struct {
		name  string
		files []string
		least int // of a hundred follow-ups
	}{
		{"FirstHands", firstHands, 75},
		{"OtherHand", otherHand, 39},
		{"AllAtOnce", slices.Concat(firstHands, otherHand), 57},
	} {
		t.Run(tc.name, func(t *testing.T) {
			joined, follow := joinedOf(t, a, reports(t, tc.files...))
			t.Logf("%d of %d follow-ups joined", joined, follow)
			if joined*100 < follow*tc.least {
				t.Errorf("%d of %d follow-ups joined their story, want %d of 100", joined, follow, tc.least)
			}
		})
	}
}

// joinedOf groups reports, counts follow-ups and those that found their story,
// and fails for each that found another's.
func joinedOf(t *testing.T, a *analysis.Analyzer, all []report) (joined, follow int) {
	g := analysis.NewGrouper()
	story := map[string]string{}         // of the first report, by incident
	told := map[string]map[string]bool{} // incidents by story
	for i, r := range all {
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
	return joined, follow
}

// notice stands below articles of one publisher, whatever they are about.
const notice = "\n版面说明：本栏目文章由通讯员提供，刊发前经过文字校订，观点不代表本站。如对内容有疑问，请在七日之内写信到编辑部，注明文章标题和联系方式，值班编辑会登记并转交作者。未经书面许可不得摘编、转载或用于商业用途，违者将依法追究责任。"

// TestWhatStandsBelowEveryArticleJoinsNothing makes an article of each story and
// puts one notice below all of them.
func TestWhatStandsBelowEveryArticleJoinsNothing(t *testing.T) {
	articles := map[string]string{}
	for _, r := range reports(t, firstHands...) {
		if r.story[0] == 's' {
			articles[r.story] += r.text
		}
	}
	a := analysis.New(analysis.Options{Segmenter: words()})
	g := analysis.NewGrouper()
	for _, story := range slices.Sorted(maps.Keys(articles)) {
		v := a.Analyse(analysis.Input{Text: articles[story] + notice, Kind: opinion.News})
		m := g.Add(analysis.Member{ID: story, Kind: v.Kind, Print: v.Print, Rare: v.Rare, Length: len([]rune(v.Folded))})
		if m.Near != "" || m.Incident != story {
			t.Errorf("story %s: copy of %q, of incident %s; want its own", story, m.Near, m.Incident)
		}
	}
}
