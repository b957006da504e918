package sqlite

import (
	"maps"
	"slices"
)

// Statements returns the statements that transactions have prepared.
func (s *Store) Statements() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Collect(maps.Keys(s.stmts))
	return slices.AppendSeq(all, maps.Keys(s.wants))
}
