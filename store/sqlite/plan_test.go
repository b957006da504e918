package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minsheng/store"
	"minsheng/store/sqlite"
	"minsheng/store/storetest"
)

// large are the tables that grow with the posts. A transaction that reads one
// of them from end to end holds up every other writer meanwhile.
var large = []string{"post", "body", "verdict", "dropped", "mark", "tally", "frontier", "task"}

// seldom are the beginnings of statements that may: once a change of the rules,
// which concerns every post, and at night, where the voices of the day and what
// was left out long ago are forgotten.
var seldom = []string{
	"INSERT INTO task (kind, ref, slot, fresh, queued, due)\n\t\t\tSELECT",
	"UPDATE mark SET voice = 0 WHERE voice <> 0",
	"UPDATE post SET voice = 0 WHERE voice <> 0",
	"DELETE FROM dropped WHERE id IN (SELECT id FROM dropped WHERE kept = 0 AND at < ? LIMIT ?)",
}

// TestNoTransactionReadsAWholeTable runs the shared suite and asks SQLite how it
// would run each statement that was met.
func TestNoTransactionReadsAWholeTable(t *testing.T) {
	var mu sync.Mutex
	met := map[string]bool{}
	t.Run("Suite", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
			s := sqlite.New(open(t, filepath.Join(t.TempDir(), "minsheng.db")), now)
			t.Cleanup(func() {
				mu.Lock()
				defer mu.Unlock()
				for _, q := range s.Statements() {
					met[q] = true
				}
			})
			return s
		})
	})
	db := open(t, filepath.Join(t.TempDir(), "minsheng.db")).R
	if len(met) < 50 {
		t.Fatalf("the suite met %d statements", len(met))
	}
	for q := range met {
		if slices.ContainsFunc(seldom, func(begins string) bool { return strings.HasPrefix(q, begins) }) {
			continue
		}
		for _, step := range plan(t, db, q) {
			name, scans := strings.CutPrefix(step, "SCAN ")
			name, _, _ = strings.Cut(name, " ")
			isLarge := func(table string) bool { return name == table || strings.Contains(q, table+" "+name+" ") }
			if scans && slices.ContainsFunc(large, isLarge) {
				t.Errorf("%s\n\treads all of a table: %s", q, step)
			}
		}
	}
}

func plan(t *testing.T, db *sql.DB, q string) []string {
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q, make([]any, strings.Count(q, "?"))...)
	if err != nil {
		t.Fatalf("explain %s: %v", q, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
