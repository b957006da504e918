package crawler

import (
	"bytes"
	"encoding/binary"
	"iter"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	judgedBytes = 256 << 10 // bytes by which a charset is judged
	labelBytes  = 4 << 10   // where a document may name its charset
	likelyHan   = 0.5       // least score of a Chinese reading to be believed
)

var (
	headerLabel = regexp.MustCompile(`(?i)charset\s*=\s*["']?\s*([\w.:-]+)`)
	metaLabel   = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)`)
	xmlLabel    = regexp.MustCompile(`(?i)<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]+)`)
)

// Decode turns the bytes of a document into UTF-8, judging by the bytes
// themselves: a byte order mark, else valid UTF-8 (a rune cut at the end, or a
// few broken ones, do not spoil it), else UTF-16 or UTF-32, else GB18030 or Big5 by the
// share of common characters. What header and document say of themselves is
// often wrong and decides only where the bytes do not. Charset is the WHATWG
// name; gb2312 and gbk are gb18030. ok is false where nothing fits: text is
// then the best guess with U+FFFD in its holes.
func Decode(body []byte, contentType string) (text, charset string, ok bool) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		text, _ = readUTF8(body[3:])
		return text, "utf-8", true
	case bytes.HasPrefix(body, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(body, []byte("<\x00\x00\x00")):
		return readUTF32(body, binary.LittleEndian), "utf-32le", true
	case bytes.HasPrefix(body, []byte("\x00\x00\xfe\xff")), bytes.HasPrefix(body, []byte("\x00\x00\x00<")):
		return readUTF32(body, binary.BigEndian), "utf-32be", true
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return readUTF16(body[2:], binary.LittleEndian), "utf-16le", true
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return readUTF16(body[2:], binary.BigEndian), "utf-16be", true
	}
	if order, name := wideOrder(body); order != nil {
		return readUTF16(body, order), name, true
	}
	if saidCharset(body, contentType) == "iso-2022-jp" && bytes.Contains(body, []byte("\x1b$")) {
		return decodeWith(japanese.ISO2022JP, body), "iso-2022-jp", true // in bytes of ASCII
	}
	if text, good := readUTF8(body); good {
		return text, "utf-8", true
	}
	if text, good := readPatched(body); good {
		return text, "utf-8", true
	}
	return decodeLegacy(body, contentType)
}

// decodeLegacy reads what is no Unicode.
func decodeLegacy(body []byte, contentType string) (text, charset string, ok bool) {
	sample := body[:min(len(body), judgedBytes)]
	gb, big5 := gbScore(sample), big5Score(sample)
	said := saidCharset(body, contentType)
	best, name, enc := gb, "gb18030", simplifiedchinese.GB18030
	if big5 > gb || big5 == gb && said == "big5" {
		best, name, enc = big5, "big5", traditionalchinese.Big5
	}
	if text, ok := decodeNeighbour(said, body, sampleText(enc, sample)); ok {
		return text, said, true
	}
	if best >= likelyHan {
		return decodeWith(enc, body), name, true
	}
	if other, known := otherCharset(said); known {
		if text := decodeWith(other, body); fewHoles(text) {
			return text, said, true
		}
	}
	if best >= likelyHan/2 || wholePairs(decodeWith(enc, sample), highBytes(sample)) {
		return decodeWith(enc, body), name, false
	}
	return strings.ToValidUTF8(string(body), "\ufffd"), "utf-8", false
}

// wholePairs reports whether a text is made of ASCII and of characters that took
// two high bytes each, of which there were n: rare ones, but no noise.
func wholePairs(text string, n int) bool {
	for _, r := range text {
		if r == '\ufffd' {
			return false
		}
		if r >= 0x80 {
			n -= 2
		}
	}
	return n == 0
}

// decodeNeighbour reads what is said to be Japanese or Korean. Their double bytes
// lie where the Chinese ones do, so a Chinese reading always succeeds: it is
// believed only if its characters are common ones.
func decodeNeighbour(said string, body []byte, chinese string) (string, bool) {
	switch said {
	case "euc-jp", "shift_jis", "euc-kr":
	default:
		return "", false
	}
	other, known := otherCharset(said)
	if !known || commonShare(chinese) >= likelyHan {
		return "", false
	}
	text := decodeWith(other, body)
	return text, !strings.Contains(text, "\ufffd")
}

// otherCharset gives the encoding of a label that is neither Unicode nor
// Chinese: those two are known by their bytes and the label is wrong.
func otherCharset(label string) (encoding.Encoding, bool) {
	switch label {
	case "", "utf-8", "utf-16le", "utf-16be", "gb18030", "gbk", "big5", "replacement", "x-user-defined":
		return nil, false
	}
	enc, err := htmlindex.Get(label)
	return enc, err == nil
}

// saidCharset is the WHATWG name of what the header, else the document, says.
func saidCharset(body []byte, contentType string) string {
	head := body[:min(len(body), labelBytes)]
	for _, m := range [][]byte{
		firstGroup(headerLabel, []byte(contentType)), firstGroup(xmlLabel, head), firstGroup(metaLabel, head),
	} {
		if enc, err := htmlindex.Get(string(m)); err == nil {
			if name, err := htmlindex.Name(enc); err == nil {
				return name
			}
		}
	}
	return ""
}

func firstGroup(re *regexp.Regexp, b []byte) []byte {
	if m := re.FindSubmatch(b); m != nil {
		return m[1]
	}
	return nil
}

func decodeWith(enc encoding.Encoding, body []byte) string {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil { // these decoders replace what they cannot read and do not fail
		return strings.ToValidUTF8(string(body), "\ufffd")
	}
	return strings.TrimSuffix(string(out), "\ufffd") // a character cut by the cap
}

func fewHoles(text string) bool {
	return strings.Count(text, "\ufffd")*100 <= len(text)
}

// readUTF8 reports whether body is UTF-8, forgiving a rune cut off at the end
// and broken bytes that are rare beside whole multi-byte runes.
func readUTF8(body []byte) (string, bool) {
	body = trimCutRune(body)
	if utf8.Valid(body) {
		return string(body), true
	}
	whole, broken, inside := 0, 0, false
	for rest := body[:min(len(body), judgedBytes)]; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		bad := r == utf8.RuneError && n == 1
		if bad && !inside {
			broken++
		} else if n > 1 {
			whole++
		}
		inside = bad
		rest = rest[n:]
	}
	return strings.ToValidUTF8(string(body), "\ufffd"), whole >= 16*broken
}

// readPatched reads a document of UTF-8 with pieces of GB18030 in it, as pages
// are put together from includes of another time. Most of what is not ASCII must
// lie in pieces between tags that are UTF-8.
func readPatched(body []byte) (string, bool) {
	body = trimCutRune(body)
	whole, all := 0, 0
	for piece := range pieces(body) {
		n := highBytes(piece)
		all += n
		if n > 0 && utf8.Valid(piece) {
			whole += n
		}
	}
	if whole == 0 || whole < all-whole {
		return "", false
	}
	var out strings.Builder
	out.Grow(len(body))
	for piece := range pieces(body) {
		switch {
		case utf8.Valid(piece):
			out.Write(piece)
		case highBytes(piece) >= 8 && gbScore(piece) >= likelyHan:
			out.WriteString(decodeWith(simplifiedchinese.GB18030, piece))
		default:
			out.WriteString(strings.ToValidUTF8(string(piece), "\ufffd"))
		}
	}
	return out.String(), true
}

// pieces are the parts of body between tags and lines, ends included.
func pieces(body []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(body) > 0 {
			end := bytes.IndexAny(body, "<>\n") + 1
			if end == 0 {
				end = len(body)
			}
			if !yield(body[:end]) {
				return
			}
			body = body[end:]
		}
	}
}

func highBytes(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0x80 {
			n++
		}
	}
	return n
}

// trimCutRune drops an incomplete rune at the end.
func trimCutRune(body []byte) []byte {
	for n := 1; n <= min(3, len(body)); n++ {
		b := body[len(body)-n]
		if utf8.RuneStart(b) {
			if b >= 0xC0 && !utf8.FullRune(body[len(body)-n:]) {
				return body[:len(body)-n]
			}
			break
		}
	}
	return body
}

func readUTF16(body []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = order.Uint16(body[2*i:])
	}
	if n := len(units); n > 0 && utf16.IsSurrogate(rune(units[n-1])) && units[n-1] < 0xDC00 {
		units = units[:n-1] // the pair was cut
	}
	return string(utf16.Decode(units))
}

func readUTF32(body []byte, order binary.ByteOrder) string {
	var b strings.Builder
	b.Grow(len(body) / 2)
	for ; len(body) >= 4; body = body[4:] {
		b.WriteRune(rune(order.Uint32(body))) // what is no character becomes U+FFFD
	}
	return strings.TrimPrefix(b.String(), "\ufeff")
}

// wideOrder recognises UTF-16 without a mark: nearly every unit is then an
// ASCII, a punctuation or a Han character in one byte order and not in the
// other. Text in other charsets holds no NUL and fails in both.
func wideOrder(body []byte) (binary.ByteOrder, string) {
	sample := body[:min(len(body), 8<<10)]
	if len(sample) < 4 || bytes.IndexByte(sample, 0) < 0 {
		return nil, ""
	}
	little, big := wideShare(sample, binary.LittleEndian), wideShare(sample, binary.BigEndian)
	switch {
	case little >= 0.9 && little > big:
		return binary.LittleEndian, "utf-16le"
	case big >= 0.9 && big > little:
		return binary.BigEndian, "utf-16be"
	}
	return nil, ""
}

func wideShare(b []byte, order binary.ByteOrder) float64 {
	good, n := 0, len(b)/2
	for i := range n {
		u := order.Uint16(b[2*i:])
		switch {
		case u == '\n', u == '\r', u == '\t', u >= 0x20 && u < 0x7F, u >= 0xA0 && u < 0x100,
			u >= 0x2010 && u < 0x2070, u >= 0x3000 && u < 0x3100, u >= 0x4E00 && u < 0xA000, u >= 0xFF00 && u < 0xFFF0:
			good++
		}
	}
	return float64(good) / float64(n)
}
