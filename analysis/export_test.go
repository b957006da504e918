package analysis

// Forget makes a segmenter cut everything anew, so that a benchmark of cutting
// measures cutting.
func (s *Segmenter) Forget() { s.recent.clear() }

// RuleNames are the names under which Clean counts what it cuts.
func RuleNames() []string {
	names := []string{"pinyin", "lost_glyph", "link_tail", "second_copy", "title_repeat"}
	for _, r := range lineRules {
		names = append(names, r.name)
	}
	return names
}
