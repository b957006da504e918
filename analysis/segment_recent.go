package analysis

import (
	"hash/maphash"
	"sync"
)

const (
	// recentSlots is how many texts are remembered: the index cuts a post again
	// some hundred posts after it was judged.
	recentSlots = 2048
	// recentLeast is the length in bytes below which cutting is as fast as
	// looking up.
	recentLeast = 150
)

// recentCuts remembers the words of texts that were cut just now, each in the
// slot that its hash names. The zero value is ready.
type recentCuts struct {
	mu    sync.Mutex
	seed  maphash.Seed
	slots []recentCut
}

type recentCut struct {
	text  string
	words []string
}

// find returns the words of a text, nil where it is not remembered, and the
// slot to keep them in, -1 for none.
func (c *recentCuts) find(text string) (words []string, slot int) {
	if len(text) < recentLeast {
		return nil, -1
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.slots == nil {
		c.seed, c.slots = maphash.MakeSeed(), make([]recentCut, recentSlots)
	}
	slot = int(maphash.String(c.seed, text) % recentSlots)
	if c.slots[slot].text == text {
		return c.slots[slot].words, slot
	}
	return nil, slot
}

func (c *recentCuts) keep(slot int, text string, words []string) {
	if slot < 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slots[slot] = recentCut{text, words}
}

// clear forgets all, because the dictionary has changed.
func (c *recentCuts) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slots = nil
}
