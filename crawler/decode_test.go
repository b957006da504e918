package crawler_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"minsheng/crawler"
)

func encode(t testing.TB, enc encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatalf("encode %q: %v", s, err)
	}
	return b
}

func TestDecode(t *testing.T) {
	const simple = "<p>窗口民警态度生硬，群众等了两个小时。</p>"
	const traditional = "<p>窗口員警態度生硬，民眾等了兩個小時。</p>"
	wide := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.IgnoreBOM) }
	gbk := encode(t, simplifiedchinese.GBK, simple)
	for _, c := range []struct {
		name, label   string
		body          []byte
		text, charset string
		ok            bool
	}{
		{"plain", "", []byte("hello"), "hello", "utf-8", true},
		{"empty", "", nil, "", "utf-8", true},
		{"utf-8", "text/html; charset=gb2312", []byte(simple), simple, "utf-8", true},
		{"mark", "", []byte("\xef\xbb\xbf" + simple), simple, "utf-8", true},
		{"cut utf-8", "", []byte(simple + "民")[:len(simple)+2], simple, "utf-8", true},
		{"one broken rune", "", []byte(simple + simple + "\xe6\x8a" + "。"), simple + simple + "\ufffd。", "utf-8", true},
		{"gbk said utf-8", "text/html; charset=utf-8", gbk, simple, "gb18030", true},
		{"cut gbk", "", append(slices.Clip(gbk), 0xC3), simple, "gb18030", true},
		{"rare gb18030", "", encode(t, simplifiedchinese.GB18030, simple+"㐂𠮷"), simple + "㐂𠮷", "gb18030", true},
		{"big5 said gb2312", "text/html; charset=gb2312", encode(t, traditionalchinese.Big5, traditional), traditional, "big5", true},
		{"utf-16le", "", encode(t, wide(unicode.LittleEndian), simple), simple, "utf-16le", true},
		{"utf-16be", "", encode(t, wide(unicode.BigEndian), simple), simple, "utf-16be", true},
		{"latin by label", "text/html; charset=iso-8859-1", encode(t, charmap.Windows1252, "Café déjà vu"), "Café déjà vu", "windows-1252", true},
		{"cyrillic by label", "text/html; charset=koi8-r", encode(t, charmap.KOI8R, "Первая новость"), "Первая новость", "koi8-r", true},
	} {
		text, charset, ok := crawler.Decode(c.body, c.label)
		if text != c.text || charset != c.charset || ok != c.ok {
			t.Errorf("%s: got %q, %s, %v, want %q, %s, %v", c.name, text, charset, ok, c.text, c.charset, c.ok)
		}
	}
}

func TestDecodeSaysWhatFitsNothing(t *testing.T) {
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i*i*31 + i*7 + i>>3)
	}
	text, _, ok := crawler.Decode(noise, "text/html")
	if ok {
		t.Error("noise was taken for text")
	}
	if !strings.Contains(text, "\ufffd") {
		t.Error("the best guess hides that something was lost")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("<meta charset=gbk>\xc3\xf1\xbe\xaf"), "text/html; charset=utf-8")
	f.Add([]byte("\xff\xfea\x00"), "")
	f.Add([]byte("\xa4\xa4\xa4\xe5"), "text/html; charset=big5")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, charset, _ := crawler.Decode(body, contentType)
		if strings.ToValidUTF8(text, "") != text {
			t.Errorf("decoded text is not UTF-8 (%s)", charset)
		}
		if len(text) > 4*len(body)+8 {
			t.Errorf("%d bytes became %d", len(body), len(text))
		}
	})
}
