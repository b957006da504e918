// Package storetest is the behaviour that every implementation of the state
// contract (package store) owes. An implementation's test runs it in a dozen
// lines, against the real engine:
//
//	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store { ... })
//
// It goes through the contract alone: it knows no table and no query. What an
// engine does about a full disk or a damaged file belongs to the engine's own
// tests. Start reading at Run; each file holds one theme.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/opinion"
	"minsheng/store"
)

// Run holds the implementation to the contract. open returns a new, empty
// store that takes its time from now and is closed when t ends.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) store.Store) {
	themes := []struct {
		name  string
		cases []check
	}{
		{"Sources", sourceChecks},
		{"Frontier", frontierChecks},
		{"Bounds", boundChecks},
		{"Health", healthChecks},
		{"Tasks", taskChecks},
		{"Accept", acceptChecks},
		{"Judge", judgeChecks},
		{"Masked", maskChecks},
		{"Tallies", tallyChecks},
		{"Alerts", alertChecks},
		{"Outbox", outboxChecks},
		{"Desk", deskChecks},
		{"Regroup", regroupChecks},
		{"Archive", archiveChecks},
		{"Words", wordChecks},
		{"Corrections", correctChecks},
		{"Vocabulary", vocabularyChecks},
		{"Survey", surveyChecks},
		{"People", peopleChecks},
		{"Crowd", crowdChecks},
		{"Random", randomChecks},
	}
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			for _, c := range theme.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					clock := &clock{t: start}
					c.run(&rig{T: t, s: open(t, clock.now), clock: clock})
				})
			}
		})
	}
}

// start is when every check begins: a moment inside a bucket.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type check struct {
	name string
	run  func(r *rig)
}

// clock is a time that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// rig is a store under test.
type rig struct {
	*testing.T
	s     store.Store
	clock *clock
}

func (r *rig) ctx() context.Context { return r.Context() }

// ok fails the test where err is not nil.
func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// is fails the test where err is not of the wanted meaning.
func (r *rig) is(err, want error) {
	r.Helper()
	if !errors.Is(err, want) {
		r.Errorf("error = %v, want %v", err, want)
	}
}

// same compares, got before want.
func (r *rig) same(what string, got, want any) {
	r.Helper()
	if d := cmp.Diff(got, want); d != "" {
		r.Errorf("%s (-got +want):\n%s", what, d)
	}
}

// get returns a value or fails the test.
func get[T any](r *rig) func(T, error) T {
	return func(v T, err error) T {
		r.Helper()
		if err != nil {
			r.Fatal(err)
		}
		return v
	}
}

// sound fails the test where a recount differs.
func (r *rig) sound() {
	r.Helper()
	if wrong := get[[]string](r)(r.s.Verify(r.ctx())); len(wrong) > 0 {
		r.Errorf("Verify: %q", wrong)
	}
}

// post is a post that differs from others by its number.
func (r *rig) post(i int) opinion.Post {
	return opinion.Post{
		ID: opinion.PostID("post", fmt.Sprint(i)), Source: "柳川论坛", Class: opinion.Forum, Kind: opinion.Social,
		URL: fmt.Sprintf("https://forum.example/thread/%d", i), Thread: "", Title: fmt.Sprintf("第%d篇", i), Text: "窗口排队很久。\n没有人理。",
		Published: start.Add(-time.Minute), Fetched: start, Voice: uint64(1<<63) + uint64(i), Revision: 1, Flags: []string{"cut"},
	}
}

// accept stores posts and fails the test unless each was new or changed.
func (r *rig) accept(posts ...opinion.Post) {
	r.Helper()
	if n := get[int](r)(r.s.Accept(r.ctx(), posts)); n != len(posts) {
		r.Fatalf("Accept changed %d posts, want %d", n, len(posts))
	}
}

// lease takes every due task of a kind for a minute.
func (r *rig) lease(kind store.TaskKind) []store.Task {
	r.Helper()
	return get[[]store.Task](r)(r.s.Lease(r.ctx(), kind, 1000, time.Minute))
}

// one takes the only due task of a kind.
func (r *rig) one(kind store.TaskKind) store.Task {
	r.Helper()
	tasks := r.lease(kind)
	if len(tasks) != 1 {
		r.Fatalf("leased %d %s tasks, want 1: %v", len(tasks), kind, tasks)
	}
	return tasks[0]
}

// verdict is a verdict on p: negative, about the police and one topic.
func verdict(p opinion.Post) opinion.Verdict {
	return opinion.Verdict{
		PostID: p.ID, Version: "v1", Folded: p.Title + "\n" + p.Text, Kind: opinion.Social, Lang: "zh",
		MentionsPolice: true, Inherited: true, Attitude: opinion.Negative, Score: -0.75, Confidence: 0.5, Uncertain: true,
		Tone: opinion.Neutral, ToneScore: 0.125, ToneConfidence: 0.25, Topics: []string{"窗口服务"}, Places: []string{"城东"},
		Evidence: []opinion.Evidence{{Start: 3, End: 5, Text: "排队", Weight: -1.5, Why: "lexicon"}},
		Print:    []uint32{1, 1 << 31, 7}, Rare: []string{"窗口"}, Flags: []string{"short"},
	}
}

// judgement is a verdict that starts an incident of its own.
func judgement(p opinion.Post) store.Judgement {
	return store.Judgement{Verdict: verdict(p), Incident: p.ID, Title: p.Title}
}

// judge leases the analyse tasks of posts and commits a judgement on each,
// which change may alter.
func (r *rig) judge(change func(i int, j *store.Judgement), posts ...opinion.Post) []store.Judgement {
	r.Helper()
	tasks := map[string]store.Task{}
	for _, t := range r.lease(store.Analyse) {
		tasks[t.Ref] = t
	}
	js := make([]store.Judgement, len(posts))
	for i, p := range posts {
		task, ok := tasks[p.ID]
		if !ok {
			r.Fatalf("no analyse task of post %s", p.Title)
		}
		js[i] = judgement(p)
		js[i].Task = task
		if change != nil {
			change(i, &js[i])
		}
	}
	r.ok(r.s.Judge(r.ctx(), js))
	return js
}

// take accepts and judges posts.
func (r *rig) take(change func(i int, j *store.Judgement), posts ...opinion.Post) {
	r.Helper()
	r.accept(posts...)
	r.judge(change, posts...)
}

// stored reads one post.
func (r *rig) stored(id string) store.Stored {
	r.Helper()
	posts := get[[]store.Stored](r)(r.s.Posts(r.ctx(), id))
	if len(posts) != 1 {
		r.Fatalf("Posts returned %d, want 1", len(posts))
	}
	return posts[0]
}

// audited fails the test unless the newest line of the log is of this verb.
func (r *rig) audited(verb, user, object string) {
	r.Helper()
	log := get[[]store.Entry](r)(r.s.AuditLog(r.ctx(), 1))
	if len(log) != 1 || log[0].Verb != verb || log[0].User != user || log[0].Object != object {
		r.Errorf("newest of the audit log = %+v, want %s by %s on %q", log, verb, user, object)
	}
}
