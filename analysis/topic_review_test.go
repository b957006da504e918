package analysis_test

import (
	"slices"
	"testing"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
)

func named(names ...string) []opinion.Topic {
	var all []opinion.Topic
	for _, n := range names {
		all = append(all, opinion.Topic{Name: n, Any: []string{n}})
	}
	return all
}

// Each rule says when it is wrong by what it matched.
func TestTopicReview(t *testing.T) {
	set := func(n int, topics ...string) analysis.MatchedSet {
		return analysis.MatchedSet{Topics: topics, Texts: n}
	}
	for _, tc := range []struct {
		name  string
		sets  []analysis.MatchedSet
		topic string
		code  string // "" where nothing is wrong
		args  []string
	}{
		{"MatchesNothing", []analysis.MatchedSet{set(60, "甲"), set(60)}, "乙", "review.nothing", []string{"乙", "120"}},
		{"MatchesNearlyEverything", []analysis.MatchedSet{set(90, "甲"), set(10)}, "甲", "review.everything", []string{"甲", "90"}},
		{"MatchesMuch", []analysis.MatchedSet{set(70, "甲"), set(30, "乙")}, "甲", "", nil},
		{"NeverAlone", []analysis.MatchedSet{set(20, "甲", "乙"), set(20, "甲", "丙"), set(30, "乙"), set(30, "丙"), set(100)}, "甲", "review.never_alone", []string{"甲", "40"}},
		{"SometimesAlone", []analysis.MatchedSet{set(20, "甲", "乙"), set(20, "甲", "丙"), set(5, "甲"), set(30, "乙"), set(30, "丙"), set(100)}, "甲", "", nil},
		{"Overlaps", []analysis.MatchedSet{set(38, "甲", "乙"), set(2, "甲"), set(60, "乙"), set(100)}, "甲", "review.overlap", []string{"甲", "乙", "95"}},
		{"OverlapsByNinetyOnly", []analysis.MatchedSet{set(36, "甲", "乙"), set(4, "甲"), set(60, "乙"), set(100)}, "甲", "", nil},
		{"TheWiderIsNotBlamed", []analysis.MatchedSet{set(38, "甲", "乙"), set(2, "甲"), set(60, "乙"), set(100)}, "乙", "", nil},
		{"OfTwoAlikeTheNarrower", []analysis.MatchedSet{set(39, "甲", "乙"), set(1, "甲"), set(3, "乙"), set(100)}, "甲", "review.overlap", []string{"甲", "乙", "98"}},
		{"OfTwoAlikeNotTheWider", []analysis.MatchedSet{set(39, "甲", "乙"), set(1, "甲"), set(3, "乙"), set(100)}, "乙", "", nil},
		{"FewPostsOfTheTopic", []analysis.MatchedSet{set(19, "甲", "乙"), set(60, "乙"), set(100)}, "甲", "", nil},
		{"FewPostsAtAll", []analysis.MatchedSet{set(49, "甲")}, "乙", "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			faults := analysis.ReviewTopics(named("甲", "乙", "丙"), tc.sets)[tc.topic]
			switch {
			case tc.code == "" && len(faults) == 0:
			case len(faults) != 1 || faults[0].Code != tc.code || !slices.Equal(faults[0].Args, tc.args):
				t.Errorf("faults = %v, want %s %v", faults, tc.code, tc.args)
			case !i18n.Has(tc.code):
				t.Errorf("the catalogue has no sentence %q", tc.code)
			}
		})
	}
}

// The faults that a rule has by itself, before it has matched anything.
func TestTopicWrongByItself(t *testing.T) {
	for name, tc := range map[string]struct {
		topic opinion.Topic
		code  string
	}{
		"OnlyExclusions":          {opinion.Topic{Name: "甲", None: []string{"招聘"}}, "topic.only_none"},
		"CanMatchNothing":         {opinion.Topic{Name: "甲", Any: []string{"窗口"}, None: []string{"窗口"}}, "topic.nothing"},
		"ShortLatinInsideOthers":  {opinion.Topic{Name: "甲", Any: []string{`"ID"`}}, "topic.short_latin"},
		"ShortLatinOfAWholeWord":  {opinion.Topic{Name: "甲", Any: []string{"ID"}}, ""},
		"OneLetterIsNeverEnough":  {opinion.Topic{Name: "甲", Any: []string{"X"}}, "topic.short_latin"},
		"LongLatinMayStandInside": {opinion.Topic{Name: "甲", Any: []string{`"CCTV"`}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := analysis.CompileTopics([]opinion.Topic{tc.topic})
			switch {
			case tc.code == "" && len(faults) == 0:
			case len(faults) != 1 || faults[0].Code != tc.code:
				t.Errorf("faults = %v, want %q", faults, tc.code)
			}
		})
	}
}

// Places whose names are ordinary words, or shared, need context.
func TestAmbiguousPlaces(t *testing.T) {
	places, faults := analysis.CompilePlaces([]opinion.Place{
		{Name: "和顺区", Aliases: []string{"和顺"}, Context: []string{"派出所", "民警"}},
		{Name: "人民路(城东)", Aliases: []string{"人民路"}, Context: []string{"城东"}},
		{Name: "人民路(城西)", Aliases: []string{"人民路"}, Context: []string{"城西", "西湖公园"}},
		{Name: "城东", Aliases: []string{"东城"}},
		{Name: "和顺新村派出所", Aliases: []string{"和顺新村所"}},
	})
	if len(faults) > 0 {
		t.Fatalf("CompilePlaces: %v", faults)
	}
	for text, want := range map[string][]string{
		"一家人和顺美满":        nil,
		"和顺的民警来了":        {"和顺区"},
		"和顺区发生的事,和顺人都知道": {"和顺区"},
		"人民路堵车":          nil,
		"城东的人民路堵车":       {"城东", "人民路(城东)"},
		"人民路堵车,靠近西湖公园":   {"人民路(城西)"},
		"和顺新村派出所值班":      {"和顺新村派出所"},
		"城西":             nil,
	} {
		if got := places.Find(text); !slices.Equal(got, want) {
			t.Errorf("Find(%q) = %v, want %v", text, got, want)
		}
	}
	_, faults = analysis.CompilePlaces([]opinion.Place{
		{Name: "甲区", Aliases: []string{"中心"}, Context: []string{"甲城"}},
		{Name: "乙区", Aliases: []string{"中心"}},
		{Name: "丙区", Context: []string{"丙"}},
	})
	if len(faults) != 2 || faults[0].Code != "place.ambiguous" || faults[1].Code != "place.length" {
		t.Errorf("faults = %v, want a shared alias without context, and a context word too short", faults)
	}
}
