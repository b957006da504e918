package config_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/config"
	"minsheng/opinion"
)

func TestAddSourceKeepsTheFile(t *testing.T) {
	paper := config.Source{Name: "示例：日报", URL: "https://news.example/rss.xml", Kind: "feed", Class: "media"}
	for _, c := range []struct{ name, before, after string }{
		{"behind the last", `# 来源
sources:
  # 官网
  - name: 甲   # 不要改
    url: https://a.example/
    kind: list

# 专题
topics:
  - {name: 窗口, any: [窗口]}
`, `# 来源
sources:
  # 官网
  - name: 甲   # 不要改
    url: https://a.example/
    kind: list
  - name: 示例：日报
    url: https://news.example/rss.xml
    kind: feed
    class: media

# 专题
topics:
  - {name: 窗口, any: [窗口]}
`},
		{
			"not indented, at the end", "sources:\n- {name: 甲, url: 'https://a.example/', kind: list}\n# 完\n",
			"sources:\n- {name: 甲, url: 'https://a.example/', kind: list}\n- name: 示例：日报\n  url: https://news.example/rss.xml\n  kind: feed\n  class: media\n# 完\n",
		},
		{"no list", "office:\n  name: 某局\n", "office:\n  name: 某局\n\nsources:\n  - name: 示例：日报\n    url: https://news.example/rss.xml\n    kind: feed\n    class: media\n"},
		{"empty list", "sources: []  # 还没有\ndata: d\n", "sources:   # 还没有\n  - name: 示例：日报\n    url: https://news.example/rss.xml\n    kind: feed\n    class: media\ndata: d\n"},
		{"nothing behind the key", "sources:\ndata: d\n", "sources:\n  - name: 示例：日报\n    url: https://news.example/rss.xml\n    kind: feed\n    class: media\ndata: d\n"},
		{"empty file", "", "sources:\n  - name: 示例：日报\n    url: https://news.example/rss.xml\n    kind: feed\n    class: media\n"},
		{"lines end as Windows ends them", "data: d\r\n", "data: d\r\n\r\nsources:\r\n  - name: 示例：日报\r\n    url: https://news.example/rss.xml\r\n    kind: feed\r\n    class: media\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := config.AddSource([]byte(c.before), ".", paper)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(got), c.after); d != "" {
				t.Errorf("file (-got +want):\n%s", d)
			}
		})
	}
}

// Any name is written so that it reads back the same, and all keys are kept.
func TestAddSourceReadsBack(t *testing.T) {
	for _, name := range []string{"a: b", "- x", "#1", `"quoted" \ back`, "yes", "123", "甲, 乙", "{x}", "it's", "'"} {
		s := config.Source{
			Name: name, URL: "http://127.0.0.1:8080/list?a=1&b=%20#x", Kind: "list", Class: "forum", Zone: "Asia/Shanghai",
			Every: 2 * time.Hour, Rate: 2 * time.Second, Select: `ul.news > li a[href*="/a/"]`, AllowPrivate: true,
		}
		raw, err := config.AddSource([]byte("data: d\n"), ".", s)
		if err != nil {
			t.Fatalf("%q: %v\n%s", name, err, s.Block(0))
		}
		c, err := config.Parse(raw, ".")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.Sources[0], s); d != "" {
			t.Errorf("%q (-got +want):\n%s", name, d)
		}
	}
}

func TestAddSourceRefuses(t *testing.T) {
	s := config.Source{Name: "甲", URL: "https://b.example/", Kind: "list"}
	_, err := config.AddSource([]byte("sources: [{name: 乙, url: 'https://a.example/', kind: list}]\n"), ".", s)
	var fault *opinion.Fault
	if !errors.As(err, &fault) || fault.Code != "source.by_hand" {
		t.Errorf("a list in brackets: %v, want source.by_hand", err)
	}
	var faults config.Faults
	_, err = config.AddSource([]byte("sources:\n  - {name: 甲, url: 'https://a.example/', kind: list}\n"), ".", s)
	if !errors.As(err, &faults) {
		t.Errorf("a name that is taken: %v, want faults", err)
	}
	if _, err = config.AddSource([]byte("nonsense: 1\n"), ".", s); !errors.As(err, &faults) {
		t.Errorf("a faulty file: %v, want faults", err)
	}
}
