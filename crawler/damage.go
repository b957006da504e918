package crawler

import (
	"strings"
	"unicode"
)

// FlagLostGlyphs says that characters of a text were lost, or read shifted by a
// byte, before it came to us. What they were is not guessed.
const FlagLostGlyphs = "lost_glyphs"

// shiftedRun is how many Chinese characters in a row, none of them common, tell
// that bytes were read in wrong pairs. Of running text more than four in five
// are common; lists of names come to six or eight.
const shiftedRun = 12

// damage names what is wrong with texts and cannot be restored.
func damage(texts ...string) []string {
	for _, s := range texts {
		if strings.ContainsRune(s, '\ufffd') || strings.Contains(s, "锟斤拷") || strings.Contains(s, "烫烫烫") || shifted(s) {
			return []string{FlagLostGlyphs}
		}
	}
	return nil
}

// shifted finds a run of rare characters.
func shifted(s string) bool {
	run := 0
	for _, r := range s {
		if r < 0x2E80 || frequentSet[r] || !unicode.Is(unicode.Han, r) {
			run = 0
			continue
		}
		if run++; run >= shiftedRun {
			return true
		}
	}
	return false
}
