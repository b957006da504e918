// Package weights holds the learned weights that come with the program, as files.
// docs/model-card.md says what each was learned from, and the command in make
// makes them again. It knows nothing of what is in them: package analysis reads
// them. There is nothing to start reading at.
package weights

import _ "embed" // the files

//go:embed news.bin
var news string

//go:embed post.bin
var post string

//go:embed attitude.bin
var attitude string

// News is the file of the news head.
func News() []byte { return []byte(news) }

// Post is the file of the post head.
func Post() []byte { return []byte(post) }

// Attitude is the file of the attitude head.
func Attitude() []byte { return []byte(attitude) }
