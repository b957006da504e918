package crawler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"minsheng/crawler"
)

// decodeTexts are the same invented sentences in both scripts, from a title of
// four characters to a paragraph.
var decodeTexts = []struct{ simple, traditional string }{
	{"南门限行", "南門限行"},
	{"派出所搬家了", "派出所搬家了"},
	{"夜市收摊后的两小时", "夜市收攤後的兩小時"},
	{"桐溪分局：窗口延时到晚上七点", "桐溪分局：窗口延時到晚上七點"},
	{"电话打了三遍，没有人接。", "電話打了三遍，沒有人接。"},
	{"昨天报案，今天就有民警上门，值得表扬！", "昨天報案，今天就有員警上門，值得表揚！"},
	{"〔通告〕自九月十四日起，南门路分时段限行（七时至九时）。", "〔通告〕自九月十四日起，南門路分時段限行（七時至九時）。"},
	{"名单：阮琪、毓梅、樊翊、郗珊、璩岚。", "名單：阮琪、毓梅、樊翊、郗珊、璩嵐。"},
	{"A8 路口 12:30 追尾，3 车受损，无人受伤，详见 www.tongxi.example。", "A8 路口 12:30 追撞，3 車受損，無人受傷，詳見 www.tongxi.example。"},
	{"“他们说‘等通知’，”老人说，“我已经等了两个月……”", "「他們說『等通知』，」老人說，「我已經等了兩個月……」"},
	{"居民反映河堤路夜间有人飙车，噪声扰民已有半个月，派出所接报后在路口设卡，查获改装摩托车六辆，暂扣驾驶证四本，并约谈两家修理铺。", "居民反映河堤路夜間有人飆車，噪音擾民已有半個月，派出所接報後在路口設卡，查獲改裝機車六輛，暫扣駕照四本，並約談兩家修車行。"},
	{"饕餮、魑魅、龃龉、踟蹰、觊觎，这些字老师都没有教。", "饕餮、魑魅、齟齬、踟躕、覬覦，這些字老師都沒有教。"},
	{"民警很忙" + strings.Repeat("。。。", 20), "員警很忙" + strings.Repeat("。。。", 20)},
	{strings.Repeat("<td class=\"x\">&nbsp;</td>\n", 60) + "窗口只开了一个", strings.Repeat("<td class=\"x\">&nbsp;</td>\n", 60) + "窗口只開了一個"},
}

// A document is read by its bytes: what the header and the document say of them,
// right, wrong or nothing, changes no character.
func TestDecodeWhateverIsSaid(t *testing.T) {
	wide := func(e unicode.Endianness, mark unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, mark) }
	for _, c := range []struct {
		name, label, charset string
		enc                  encoding.Encoding
		traditional          bool
	}{
		{"gbk", "gbk", "gb18030", simplifiedchinese.GBK, false},
		{"gb18030", "gb18030", "gb18030", simplifiedchinese.GB18030, false},
		{"big5", "big5", "big5", traditionalchinese.Big5, true},
		{"utf-8", "utf-8", "utf-8", encoding.Nop, false},
		{"utf-8, traditional", "utf-8", "utf-8", encoding.Nop, true},
		{"utf-16 with a mark", "utf-16", "utf-16le", wide(unicode.LittleEndian, unicode.UseBOM), false},
		{"utf-16be", "utf-16be", "utf-16be", wide(unicode.BigEndian, unicode.IgnoreBOM), false},
		{"utf-16le, traditional", "utf-16le", "utf-16le", wide(unicode.LittleEndian, unicode.IgnoreBOM), true},
	} {
		for _, said := range []struct{ header, meta string }{
			{"", ""},
			{c.label, ""},
			{"", c.label},
			{c.label, c.label},
			{"utf-8", ""},
			{"", "utf-8"},
			{"iso-8859-1", "utf-8"},
			{"gb2312", "gb2312"},
			{"big5", "gbk"},
			{"us-ascii", "windows-1252"},
			{"no-such-charset", "x"},
		} {
			header := "text/html"
			if said.header != "" {
				header += "; charset=" + said.header
			}
			for i, pair := range decodeTexts {
				text := pair.simple
				if c.traditional {
					text = pair.traditional
				}
				if !c.traditional && c.name == "gbk" && strings.Contains(text, "㐂") {
					continue
				}
				page := "<html><head>"
				if said.meta != "" {
					page += fmt.Sprintf(`<meta http-equiv="Content-Type" content="text/html; charset=%s">`, said.meta)
				}
				page += "<title>" + text + "</title></head><body></body></html>"
				got, charset, ok := crawler.Decode(encode(t, c.enc, page), header)
				if got != page || charset != c.charset || !ok {
					at := strings.Index(got, "<title>")
					t.Errorf("%s, header %q, meta %q, text %d: %s, %v, %.200q, want %.60q", c.name, said.header, said.meta, i, charset, ok, got[max(at, 0):], text)
				}
			}
		}
	}
}

// Where the bytes are of no Chinese charset, what is said of them decides.
func TestDecodeByWhatIsSaid(t *testing.T) {
	for _, c := range []struct {
		label, text string
		enc         encoding.Encoding
	}{
		{"windows-1252", "Café à côté du commissariat, déjà fermé – « revenez demain »", charmap.Windows1252},
		{"iso-8859-2", "Pięć skarg na policję złożono w środę", charmap.ISO8859_2},
		{"windows-1251", "Полиция закрыла приём граждан на два дня раньше срока", charmap.Windows1251},
		{"koi8-r", "Полиция закрыла приём граждан на два дня раньше срока", charmap.KOI8R},
		{"iso-8859-7", "Η αστυνομία έκλεισε το γραφείο πριν από την ώρα", charmap.ISO8859_7},
		{"windows-1255", "המשטרה סגרה את המשרד לפני הזמן", charmap.Windows1255},
		{"windows-1256", "أغلقت الشرطة المكتب قبل الموعد", charmap.Windows1256},
		{"shift_jis", "警察署の窓口は予定より早く閉まった", japanese.ShiftJIS},
		{"euc-jp", "警察署の窓口は予定より早く閉まった", japanese.EUCJP},
		{"euc-kr", "경찰서 민원 창구가 예정보다 일찍 닫혔다", korean.EUCKR},
	} {
		for _, header := range []bool{true, false} {
			page, said := "<p>"+strings.Repeat(c.text+"\n", 4), ""
			if header {
				said = "text/html; charset=" + c.label
			} else {
				page = `<meta charset="` + c.label + `">` + page
			}
			if got, charset, _ := crawler.Decode(encode(t, c.enc, page), said); got != page {
				t.Errorf("%s, by the header %v: read as %s: %.80q", c.label, header, charset, got)
			}
		}
	}
}

// A Chinese document that is said to be Korean is Chinese.
func TestDecodeDistrustsALabelOfTheNeighbours(t *testing.T) {
	page := "<p>" + decodeTexts[10].simple
	for _, label := range []string{"euc-kr", "euc-jp", "shift_jis"} {
		if got, charset, ok := crawler.Decode(encode(t, simplifiedchinese.GBK, page), "text/html; charset="+label); got != page || charset != "gb18030" || !ok {
			t.Errorf("%s: read as %s: %.80q", label, charset, got)
		}
	}
}

// A page that is put together from two charsets, and one in a charset that no
// browser knows any more, are read too.
func TestDecodeOddities(t *testing.T) {
	simple := decodeTexts[10].simple
	patch := string(encode(t, simplifiedchinese.GBK, decodeTexts[6].simple))
	for name, c := range map[string]struct{ body, want, header string }{
		"a line of GBK":        {"<p>" + simple + "</p>\n<p>" + patch + "</p>\n<p>" + simple, "<p>" + simple + "</p>\n<p>" + decodeTexts[6].simple + "</p>\n<p>" + simple, ""},
		"half a line of UTF-8": {"<p>" + simple + "</p><p>" + simple[:40] + "</p><p>" + simple, "<p>" + simple + "</p><p>" + simple[:39] + "\ufffd</p><p>" + simple, ""},
		"utf-32le":             {string(wide32(simple, false)), simple, ""},
		"utf-32be":             {string(wide32(simple, true)), simple, ""},
		"utf-32be, no mark":    {string(wide32("<p>"+simple, true)[4:]), "<p>" + simple, ""},
		"iso-2022-jp":          {string(encode(t, japanese.ISO2022JP, "警察署の窓口")), "警察署の窓口", "text/html; charset=iso-2022-jp"},
	} {
		if got, _, _ := crawler.Decode([]byte(c.body), c.header); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// wide32 is s in UTF-32 with a mark.
func wide32(s string, big bool) []byte {
	var out []byte
	for _, r := range "\ufeff" + s {
		b := []byte{byte(r), byte(r >> 8), byte(r >> 16), byte(r >> 24)}
		if big {
			slices.Reverse(b)
		}
		out = append(out, b...)
	}
	return out
}
