package analysis

import "unicode"

// langReach bounds how much of a text Lang looks at, in bytes.
const langReach = 16 << 10

// What Analyse says of a text that its words and weights are not made for.
const (
	// FlagNoWords: the text holds no letters of any script.
	FlagNoWords = "no_words"
	// FlagOtherLanguage: the text is not Chinese; its verdict is uncertain.
	FlagOtherLanguage = "other_language"
)

// langFlags are the flags of a text in a language as Lang tells it.
func langFlags(lang string) []string {
	switch lang {
	case "zh":
		return nil
	case "":
		return []string{FlagNoWords}
	}
	return []string{FlagOtherLanguage}
}

// Lang tells the language of a folded text by its script: "zh", "en" (or any
// other in plain Latin letters alone), "other", or "" where it holds no letters.
// A Chinese text may hold English names and the like.
func Lang(folded string) string {
	han, kana, latin, other := 0, 0, 0, 0
	t := tables()
	head := folded[:min(len(folded), langReach)]
	for i := 0; i < len(head); {
		r, size := decodeWide(head, i)
		i += size
		switch {
		case r < 0x80:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				latin++
			}
		case isHan(r):
			han++
		case t.classOf(r)&classHan != 0:
			han++
		case t.classOf(r)&classLetter == 0: // neither
		case unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			kana++
		default:
			other++
		}
	}
	// A Han character says about as much as three letters. Kana or Hangul among Han
	// characters is Japanese or Korean.
	switch {
	case han+kana+latin+other == 0:
		return ""
	case kana*4 > han && kana*4 > latin, other > han*3 && other > latin:
		return "other"
	case han*3 >= latin:
		return "zh"
	default:
		return "en"
	}
}
