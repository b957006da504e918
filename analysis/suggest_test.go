package analysis_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
	"minsheng/opinion"
)

// survey is a quiet month and a day on which some texts hold more.
func survey(texts int, day func(i int) (text, source string, topics []string)) *analysis.Surveyor {
	s := analysis.NewSurveyor(words())
	usual := []string{
		"请问周末车管所上班吗,想去换驾驶证", "社区民警到小区讲解反诈知识", "河滨路施工,交警提醒绕行",
		"感谢派出所帮我找回钱包", "公园里的荷花开了,来的人很多", "公交车又晚点,等了半个小时",
	}
	for i := range 600 {
		s.Past(usual[i%6] + fmt.Sprintf("编号%d", i))
	}
	for i := range 60 {
		s.Day(analysis.Seen{ID: fmt.Sprint("q", i), Source: sourceOf(i), Folded: usual[i%6]})
	}
	for i := range texts {
		text, source, topics := day(i)
		s.Day(analysis.Seen{ID: fmt.Sprint("d", i), Source: source, Folded: text, Topics: topics})
	}
	return s
}

func sourceOf(i int) string { return []string{"晨报", "论坛", "留言板"}[i%3] }

func risen(rs []analysis.Rising) []string {
	var got []string
	for _, r := range rs {
		got = append(got, r.Word)
	}
	return got
}

var barbecue = []string{"广场上的烧烤摊烟太大,民警来劝也不听", "民警到烧烤摊了解情况", "烧烤摊占道,报警多次", "烧烤摊吵到半夜,派出所来过"}

func TestRisingWordIsSuggested(t *testing.T) {
	s := survey(12, func(i int) (string, string, []string) { return barbecue[i%len(barbecue)], sourceOf(i), nil })
	got := s.Rising(nil, nil, 5)
	if len(got) == 0 || got[0].Word != "烧烤摊" && got[0].Word != "烧烤" {
		t.Fatalf("suggested %v, want the stalls first", risen(got))
	}
	first := got[0]
	if first.Texts != 12 || first.Expected > .1 || len(first.Examples) != 3 || first.Examples[0] != "d0" {
		t.Errorf("suggestion = %+v", first)
	}
	// 2 * sum of k ln(k/expected) over the four cells of 12 of 72 against 0 of 600;
	// the dictionary has the word now and then.
	most := 2 * (12*math.Log(672./72) + 60*math.Log(60./(72*660./672)) + 600*math.Log(600./(600*660./672)))
	if first.Surprise > most || first.Surprise < most-5 {
		t.Errorf("surprise = %v, want a little below %v", first.Surprise, most)
	}
	for _, r := range got {
		if r.Word == "车管所" || r.Word == "社区" {
			t.Errorf("a usual word is suggested: %+v", r)
		}
	}
}

func TestSuggestionsLeaveOut(t *testing.T) {
	stalls := func(i int) (string, string, []string) { return barbecue[i%len(barbecue)], sourceOf(i), nil }
	for name, tc := range map[string]struct {
		texts  int
		day    func(i int) (string, string, []string)
		topics []opinion.Topic
		known  []string
	}{
		"WhatATopicLooksFor": {12, stalls, []opinion.Topic{{Name: "夜市", Any: []string{"烧烤|夜宵"}}}, nil},
		"WhatWasDismissed":   {12, stalls, nil, []string{"烧烤摊"}},
		"CommonWords": {12, func(i int) (string, string, []string) {
			return "现在一个人说三个人都在", sourceOf(i), nil
		}, nil, nil},
		"FewTexts": {4, stalls, nil, nil},
		"OneSource": {12, func(i int) (string, string, []string) {
			return barbecue[i%len(barbecue)], "论坛", nil
		}, nil, nil},
		"TextsOfOneTopic": {12, func(i int) (string, string, []string) {
			return barbecue[i%len(barbecue)], sourceOf(i), []string{"扰民"}
		}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, w := range risen(survey(tc.texts, tc.day).Rising(tc.topics, tc.known, 5)) {
				if w == "烧烤摊" || w == "烧烤" || w == "一个" || w == "现在" {
					t.Errorf("%s is suggested", w)
				}
			}
		})
	}
}

// We follow topics, never people.
func TestNamesOfPeopleAreNotSuggested(t *testing.T) {
	s := survey(12, func(i int) (string, string, []string) {
		return fmt.Sprintf("网友说张晓燕在窗口等了很久,李海龙也说了第%d次", i), sourceOf(i), nil
	})
	for _, w := range risen(s.Rising(nil, nil, 20)) {
		for _, name := range []string{"张晓", "晓燕", "海龙", "李海"} {
			if w == name || w == name[:3]+name {
				t.Errorf("the name %s is suggested", w)
			}
		}
	}
}

func TestNoSuggestionsWithoutAPast(t *testing.T) {
	s := analysis.NewSurveyor(words())
	for i := range 20 {
		s.Day(analysis.Seen{ID: fmt.Sprint(i), Source: sourceOf(i), Folded: barbecue[i%len(barbecue)]})
	}
	if diff := cmp.Diff([]string(nil), risen(s.Rising(nil, nil, 5))); diff != "" {
		t.Errorf("suggested (-want +got):\n%s", diff)
	}
}

// surveyOf is a past and a day, of which so many texts each tell of manhole covers.
func surveyOf(past, told, day, tell int) *analysis.Surveyor {
	text := func(i, n int) string {
		if i < n {
			return "路口的窨井盖又丢了"
		}
		return "公园里的荷花开了"
	}
	s := analysis.NewSurveyor(words())
	for i := range past {
		s.Past(text(i, told))
	}
	for i := range day {
		s.Day(analysis.Seen{ID: fmt.Sprint(i), Source: sourceOf(i), Folded: text(i, tell)})
	}
	return s
}

// What rises is more than chance, at least twice as much as usual, and there is a
// past to tell what is usual.
func TestRiseIsMeasuredAgainstThePast(t *testing.T) {
	for name, tc := range map[string]struct {
		past, told, day, tell int
		want                  bool
	}{
		"FromNothing":          {600, 0, 60, 12, true},
		"ThreeTimes":           {600, 60, 600, 180, true},
		"LessThanTwice":        {600, 100, 700, 196, false}, // beyond chance all the same
		"AsUsual":              {600, 100, 600, 100, false},
		"ByChance":             {600, 20, 60, 5, false}, // 2.5 times of very little
		"ShortPast":            {analysis.LeastPast - 1, 0, 60, 12, false},
		"PastThatIsLongEnough": {analysis.LeastPast, 0, 60, 12, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := risen(surveyOf(tc.past, tc.told, tc.day, tc.tell).Rising(nil, nil, 20))
			found := slices.ContainsFunc(got, func(w string) bool { return strings.Contains(w, "窨井") })
			if found != tc.want {
				t.Errorf("suggested %v; the covers among them: %v, want %v", got, found, tc.want)
			}
		})
	}
}

// The more a word departs from the past, the earlier it is offered; and what was
// often said in the weeks before needs more to surprise.
func TestTheMoreSurprisingGoFirst(t *testing.T) {
	s := analysis.NewSurveyor(words())
	for i := range 600 {
		text := fmt.Sprintf("公园里的荷花开了,编号%d", i)
		if i%30 == 0 {
			text = "广场上的烧烤摊烟太大"
		}
		s.Past(text)
	}
	for i := range 100 {
		text := "公园里的荷花开了"
		switch {
		case i < 20:
			text = "广场上的烧烤摊烟太大"
		case i < 40:
			text = "路口的窨井盖又丢了"
		}
		s.Day(analysis.Seen{ID: fmt.Sprint(i), Source: sourceOf(i), Folded: text})
	}
	got := s.Rising(nil, nil, 20)
	at := func(part string) int {
		return slices.IndexFunc(got, func(r analysis.Rising) bool { return strings.Contains(r.Word, part) })
	}
	lids, stalls := at("窨井"), at("烧烤")
	if lids < 0 || stalls < 0 || lids > stalls {
		t.Fatalf("suggested %v, want the manhole covers, new today, before the stalls, of which there was talk", risen(got))
	}
	if e := got[stalls].Expected; e < 2 || e > 5 {
		t.Errorf("of the stalls %v texts are expected, want a thirtieth of 100", e)
	}
}
