package pipeline_test

import (
	"testing"

	"minsheng/store"
)

// TestDrain: a command that works off the queues leaves nothing behind, and
// tells how many are left on the way.
func TestDrain(t *testing.T) {
	const n = 400 // two batches of the loops
	y := newYard(t, embedded)
	defer y.close(t)
	for _, posts := range y.batches(t, n) {
		_, err := y.state.Accept(t.Context(), posts)
		ok(t, err)
	}
	var told []int
	ok(t, y.lines.Drain(t.Context(), func(left int) { told = append(told, left) }, store.Analyse, store.Index))
	if got := y.found(t, t.Context()); got != n {
		t.Errorf("%d posts are found, want %d", got, n)
	}
	if len(told) < 2 || told[len(told)-1] != 0 {
		t.Errorf("told %v to be left, want several figures that end with 0", told)
	}
	wrong, err := y.state.Verify(t.Context())
	ok(t, err)
	if len(wrong) > 0 {
		t.Errorf("the recount finds %v", wrong)
	}
	ok(t, y.lines.Drain(t.Context(), func(int) {}, store.Analyse, store.Index)) // nothing to do is no fault
}
