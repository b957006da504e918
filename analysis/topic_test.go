package analysis_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
)

func TestTopicRules(t *testing.T) {
	topics, faults := analysis.CompileTopics([]opinion.Topic{
		{Name: "any", Any: []string{"窗口|大厅", "柜台"}},
		{Name: "all", All: []string{"窗口|大厅", "态度"}},
		{Name: "none", Any: []string{"窗口"}, None: []string{"医院"}},
		{Name: "quoted", Any: []string{`"公安"`}},
		{Name: "word", Any: []string{"公安"}},
		{Name: "latin", Any: []string{"CID"}},
		{Name: "case", Any: []string{`"CiDe"`}},
	})
	if len(faults) > 0 {
		t.Fatalf("CompileTopics: %v", faults)
	}
	seg := words()
	for text, want := range map[string][]string{
		"大厅里":           {"any"},
		"窗口的态度":         {"any", "all", "none"},
		"医院窗口":          {"any"},
		"周一办公安排":        {"quoted"},
		"市公安局":          {"quoted", "word"},
		"在cid工作":        {"latin"},
		"acid and CiDe": {"case"},
		"無關":            nil,
	} {
		folded, _ := analysis.Fold(text)
		if diff := cmp.Diff(want, topics.Match(folded, seg.Cut(folded))); diff != "" {
			t.Errorf("Match(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestTopicFaults(t *testing.T) {
	for _, tc := range []struct {
		code  string
		topic opinion.Topic
	}{
		{"topic.only_none", opinion.Topic{Name: "甲", None: []string{"医院"}}},
		{"topic.no_words", opinion.Topic{Name: "甲"}},
		{"topic.nothing", opinion.Topic{Name: "甲", Any: []string{"医院"}, None: []string{"医院"}}},
		{"topic.nothing", opinion.Topic{Name: "甲", All: []string{"窗口", "医院|诊所"}, None: []string{"诊所", "医院"}}},
		{"topic.empty_word", opinion.Topic{Name: "甲", Any: []string{"窗口||大厅"}}},
		{"topic.empty_word", opinion.Topic{Name: "甲", Any: []string{""}}},
		{"topic.empty_word", opinion.Topic{Name: "甲", Any: []string{`""`}}},
		{"topic.quote", opinion.Topic{Name: "甲", Any: []string{`"窗口`}}},
		{"topic.short_latin", opinion.Topic{Name: "甲", Any: []string{`"it"`}}},
		{"topic.long_word", opinion.Topic{Name: "甲", Any: []string{strings.Repeat("长", 65)}}},
		{"topic.no_name", opinion.Topic{Any: []string{"窗口"}}},
		{"topic.duplicate", opinion.Topic{Name: "好", Any: []string{"窗口"}}},
	} {
		good := opinion.Topic{Name: "好", Any: []string{"窗口"}}
		topics, faults := analysis.CompileTopics([]opinion.Topic{good, tc.topic})
		if len(faults) != 1 || faults[0].Code != tc.code {
			t.Errorf("%+v: faults %v, want one %s", tc.topic, faults, tc.code)
			continue
		}
		if !i18n.Has(tc.code) {
			t.Errorf("the catalogue has no sentence %q", tc.code)
		}
		if diff := cmp.Diff([]string{"好"}, topics.Match("窗口", nil)); diff != "" {
			t.Errorf("%s: the other topic no longer matches:\n%s", tc.code, diff)
		}
	}
}

func TestDefaultTopics(t *testing.T) {
	topics, faults := analysis.CompileTopics(analysis.DefaultTopics())
	if len(faults) > 0 {
		t.Fatalf("CompileTopics: %v", faults)
	}
	for text, want := range map[string]string{
		"派出所的人态度很差，脸难看话难听": "服务态度",
		"去户籍窗口给孩子落户":       "窗口服务",
		"民警把人按在地上":         "使用武力",
		"警察执法不公，偏袒对方":      "执法公正",
		"报案三个月了不立案，互相推诿":   "不作为",
		"公安局副局长受贿被查":       "纪律作风",
		"交警在路口贴条":          "交通执法",
		"警方通报案情":           "办案与公开",
		"网传抢小孩系谣言":         "谣言与恐慌",
		"男子袭警被刑拘，两名民警受伤":   "袭警与护警",
		"给民警送锦旗表示感谢":       "好评与救助",
		"公检法诈骗又出新招":        "招录与身份",
	} {
		got := topics.Match(text, nil)
		if !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("Match(%q) = %v, want %s among them", text, got, want)
		}
		if len(got) > 5 {
			t.Errorf("Match(%q) = %v: too many", text, got)
		}
	}
	if got := topics.Match("今天的菜很新鲜", nil); got != nil {
		t.Errorf("an idle text matches %v", got)
	}
}

func TestPlaces(t *testing.T) {
	places, faults := analysis.CompilePlaces([]opinion.Place{
		{Name: "城东", Aliases: []string{"东城区"}}, {Name: "城东新区"}, {Name: "望江路派出所", Aliases: []string{"望江所"}},
	})
	if len(faults) > 0 {
		t.Fatalf("CompilePlaces: %v", faults)
	}
	for text, want := range map[string][]string{
		"城东新区的望江所":    {"城东新区", "望江路派出所"},
		"东城区和城东都属于城东": {"城东"},
		"别处":          nil,
	} {
		if diff := cmp.Diff(want, places.Find(text)); diff != "" {
			t.Errorf("Find(%q) (-want +got):\n%s", text, diff)
		}
	}
	_, faults = analysis.CompilePlaces([]opinion.Place{
		{Name: "城东", Aliases: []string{"东", "城东"}}, {Name: "城东"}, {Name: "城西", Aliases: []string{"城东"}},
	})
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Code)
		if !i18n.Has(f.Code) {
			t.Errorf("the catalogue has no sentence %q", f.Code)
		}
	}
	want := []string{"place.length", "place.twice", "place.duplicate", "place.ambiguous"}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
