package storetest

import (
	"fmt"
	"sync"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// crowd is how many work at the same time.
const crowd = 8

// together runs f in a crowd and fails the test with the first error of each.
func (r *rig) together(f func(worker int) error) {
	r.Helper()
	var wait sync.WaitGroup
	errs := make([]error, crowd)
	for i := range crowd {
		wait.Go(func() { errs[i] = f(i) })
	}
	wait.Wait()
	for _, err := range errs {
		r.ok(err)
	}
}

// tickets counts what was leased, to find what was leased twice.
type tickets struct {
	mu   sync.Mutex
	seen map[string]int
}

func (t *tickets) add(ref string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]int{}
	}
	t.seen[ref]++
}

// once fails the test unless n were seen, each once.
func (t *tickets) once(r *rig, n int) {
	r.Helper()
	r.same("leased", len(t.seen), n)
	for ref, times := range t.seen {
		if times != 1 {
			r.Errorf("%s was leased %d times", ref, times)
		}
	}
}

var crowdChecks = []check{
	{"TasksAreLeasedOnce", func(r *rig) {
		var posts []opinion.Post
		for i := range 200 {
			posts = append(posts, r.post(i))
		}
		r.accept(posts...)
		var seen tickets
		r.together(func(int) error {
			for {
				tasks, err := r.s.Lease(r.ctx(), store.Analyse, 7, time.Minute)
				if err != nil || len(tasks) == 0 {
					return err
				}
				var js []store.Judgement
				for _, t := range tasks {
					seen.add(t.Ref)
					js = append(js, store.Judgement{Task: t, Verdict: opinion.Verdict{PostID: t.Ref, Topics: []string{"户籍"}}, Incident: "one"})
				}
				if err := r.s.Judge(r.ctx(), js); err != nil {
					return err
				}
			}
		})
		seen.once(r, len(posts))
		r.same("counted", get[opinion.Incident](r)(r.s.Incident(r.ctx(), "one")).Posts, len(posts))
		r.sound()
	}},
	{"AddressesAreLeasedOnce", func(r *rig) {
		var sources []opinion.Source
		for i := range 60 {
			sources = append(sources, source(fmt.Sprintf("s%d", i)))
		}
		r.sync(sources...)
		var seen tickets
		r.together(func(int) error {
			for {
				all, err := r.s.LeaseFetches(r.ctx(), 3, time.Minute)
				if err != nil || len(all) == 0 {
					return err
				}
				for _, f := range all {
					seen.add(f.URL)
				}
			}
		})
		seen.once(r, len(sources))
	}},
	{"TheSamePostsAtOnce", func(r *rig) {
		var posts []opinion.Post
		for i := range 50 {
			posts = append(posts, r.post(i))
		}
		var mu sync.Mutex
		total := 0
		r.together(func(int) error {
			n, err := r.s.Accept(r.ctx(), posts)
			mu.Lock()
			defer mu.Unlock()
			total += n
			return err
		})
		r.same("changed", total, len(posts))
	}},
	{"RaisedOnce", func(r *rig) {
		var mu sync.Mutex
		news := 0
		r.together(func(int) error {
			_, raised, err := r.s.Raise(r.ctx(), alert("i"), []string{"slack"})
			mu.Lock()
			defer mu.Unlock()
			if raised {
				news++
			}
			return err
		})
		r.same("raised", news, 1)
		r.same("deliveries", len(r.alertPage(1).Deliveries), 1)
	}},
	{"TakenOnce", func(r *rig) {
		r.raise(alert("i"))
		var mu sync.Mutex
		taken := 0
		r.together(func(i int) error {
			if err := r.s.Act(r.ctx(), 1, "taken", fmt.Sprintf("u%d", i), ""); err == nil {
				mu.Lock()
				defer mu.Unlock()
				taken++
			}
			return nil
		})
		r.same("taken", taken, 1)
	}},
	{"OneKeyOfVoices", func(r *rig) {
		var seen tickets
		r.together(func(int) error {
			key, err := r.s.Voices(r.ctx())
			if err == nil {
				seen.add(string(key))
			}
			return err
		})
		r.same("keys", len(seen.seen), 1)
	}},
}
