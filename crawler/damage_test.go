package crawler_test

import (
	"slices"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/crawler"
	"minsheng/opinion"
)

// A page whose characters are lost or shifted says so, whole ones do not.
func TestReadPageFlagsDamage(t *testing.T) {
	const line = "北桥分局在柳营夜市设立移动警务点，每周五晚开放，群众可当面咨询停车问题。"
	pairs := encode(t, simplifiedchinese.GBK, "夜市周边停车问题已经反映多年至今没有得到答复希望有关部门尽快处理")
	shifted, err := simplifiedchinese.GBK.NewDecoder().Bytes(append([]byte("x"), pairs[1:]...))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, title, text string
		want              bool
	}{
		{"whole", "夜市设立警务点", line, false},
		{"names in a row", "夜市设立警务点", line + "到场的有：卞栩、阮琛、龚煦、滕菲、嵇珂、郗琪。", false},
		{"a hole in the text", "夜市设立警务点", line + "值守民\ufffd表示。", true},
		{"a hole in the title", "夜市设立警\ufffd点", line, true},
		{"the mark of a wrong conversion", "夜市设立警务点", line + "锟斤拷锟斤拷", true},
		{"pairs read a byte late", "夜市设立警务点", line + string(shifted), true},
	} {
		page, err := crawler.ReadPage([]byte("<title>"+c.title+"</title><h1>"+c.title+"</h1><div><p>"+line+"</p><p>"+c.text+"</p></div>"), "text/html", "http://n.example/1.html", opinion.Media, office)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := slices.Contains(page.Documents[0].Flags, crawler.FlagLostGlyphs); got != c.want {
			t.Errorf("%s: flagged = %v, want %v; text %q", c.name, got, c.want, page.Documents[0].Text)
		}
	}
}
