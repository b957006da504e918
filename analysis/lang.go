package analysis

// langReach bounds how much of a text Lang looks at, in bytes.
const langReach = 16 << 10

// Lang tells the language of a folded text by its script: "zh", "en" (or any
// other in plain Latin letters alone), "other", or "" where it holds no letters.
// A Chinese text may hold English names and the like.
func Lang(folded string) string {
	han, latin, other := 0, 0, 0
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
		case t.classOf(r)&classLetter != 0:
			other++
		}
	}
	// A Han character says about as much as three Latin letters. Kana among Han
	// characters is Japanese.
	switch {
	case han+latin+other == 0:
		return ""
	case other*4 > han && other*4 > latin:
		return "other"
	case han*3 >= latin:
		return "zh"
	default:
		return "en"
	}
}
