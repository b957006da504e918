// Package corpus holds our own labelled texts, invented and free to use; README.md
// beside this file says how they were made and what they are not. It will not read
// them: analysis.ReadLabelled does. There is nothing to start reading at.
package corpus

import _ "embed" // the texts

//go:embed attitude.tsv
var attitude string

// Attitude is the file of texts labelled for attitude toward the police.
func Attitude() string { return attitude }
