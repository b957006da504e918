package analysis

import (
	"encoding/binary"
	"sync"
)

const (
	// recentTexts is how many texts are remembered: the index cuts a post again
	// some hundred posts, each a title and a text, after it was judged.
	recentTexts = 2048
	// recentLeast is the length in bytes below which cutting is as fast as
	// looking up.
	recentLeast = 150
)

// recentCuts remembers where the texts of just now were cut, the last
// recentTexts of them. The zero value is ready.
type recentCuts struct {
	mu    sync.Mutex
	cuts  map[string][]byte // the words' lengths in bytes, as varints
	queue []string          // the texts, a ring
	next  int               // the oldest of a full ring
}

// find returns the words of a text, nil where it is not remembered.
func (c *recentCuts) find(text string) []string {
	if len(text) < recentLeast {
		return nil
	}
	c.mu.Lock()
	lengths := c.cuts[text]
	c.mu.Unlock()
	if lengths == nil {
		return nil
	}
	words := make([]string, 0, len(lengths))
	for len(lengths) > 0 {
		n, size := binary.Uvarint(lengths)
		words, text, lengths = append(words, text[:n]), text[n:], lengths[size:]
	}
	return words
}

func (c *recentCuts) keep(text string, words []string) {
	if len(text) < recentLeast {
		return
	}
	lengths := make([]byte, 0, len(words))
	for _, w := range words {
		lengths = binary.AppendUvarint(lengths, uint64(len(w)))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cuts == nil {
		c.cuts, c.queue, c.next = map[string][]byte{}, nil, 0
	}
	if _, known := c.cuts[text]; known {
		return
	}
	c.cuts[text] = lengths
	if len(c.queue) < recentTexts {
		c.queue = append(c.queue, text)
		return
	}
	delete(c.cuts, c.queue[c.next])
	c.queue[c.next] = text
	c.next = (c.next + 1) % recentTexts
}

// clear forgets all.
func (c *recentCuts) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cuts = nil
}
