package analysis

// Forget makes a segmenter cut everything anew, so that a benchmark of cutting
// measures cutting.
func (s *Segmenter) Forget() { s.recent.clear() }
