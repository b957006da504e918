package opinion

// LexiconWord is a word by which attitude is judged. Class is one of the
// lexicon's (complaint, praise, not_police, ...) and says which way the word
// speaks; Weight, 0.1 to 5, says how loudly. Note is for people.
type LexiconWord struct {
	Word   string  `json:"word"`
	Class  string  `json:"class"`
	Weight float64 `json:"weight"`
	Note   string  `json:"note,omitempty"`
}
