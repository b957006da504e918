package pipeline

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	analyseBatch = 200
	// rememberFor is how long after its publication a post may still draw
	// others to its incident.
	rememberFor = 14 * 24 * time.Hour
)

// batch is leased work on its way from the analysers to Judge.
type batch struct {
	tasks  []store.Task
	posts  []store.Stored
	done   []opinion.Verdict
	masked []*store.Masked // of each post: nil where it is stored as it is masked today
}

// analyse leases posts, judges them on all cores, and commits batch after
// batch: while one is written the next is being read. Grouping is sequential,
// because each post is compared with those before it.
func (p *Pipeline) analyse(ctx context.Context) error {
	said, err := p.remember(ctx)
	if err != nil {
		return err
	}
	judged := make(chan batch, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(judged)
		return p.loop(ctx, store.Analyse, analyseBatch, func(ctx context.Context, tasks []store.Task) error {
			p.letIndexFollow(ctx)
			b, err := p.analyseBatch(ctx, tasks)
			if err != nil {
				return err
			}
			select {
			case judged <- b:
			case <-ctx.Done():
			}
			return nil
		})
	})
	g.Go(func() error {
		for b := range judged {
			said = p.regroup(ctx, said)
			p.commit(ctx, b)
		}
		return nil
	})
	return g.Wait()
}

const (
	// mostAhead is how far judging runs ahead of the index: what was cut for
	// the one is then still remembered for the other, and what is judged can
	// soon be searched.
	mostAhead   = 600
	waitAhead   = 2 * time.Millisecond
	longestLead = time.Second // an index this slow does not hold judging up
)

// letIndexFollow waits a little while the index is behind. An index that is
// down holds nothing up: its queue grows.
func (p *Pipeline) letIndexFollow(ctx context.Context) {
	for waited := time.Duration(0); waited < longestLead && ctx.Err() == nil; waited += waitAhead {
		if p.ahead.Load() <= mostAhead || p.indexDown.Load() {
			return
		}
		p.sleep(ctx, waitAhead, nil)
	}
}

// remember rebuilds the grouping from the store, and returns up to where it has
// heard what people said of it.
func (p *Pipeline) remember(ctx context.Context) (int64, error) {
	said := p.regroup(ctx, 0)
	since := p.Now().Add(-rememberFor)
	err := p.State.Remembered(ctx, since, func(m store.Memory) error {
		p.Grouper.Add(analysis.Member(m))
		return nil
	})
	if err != nil {
		return said, fmt.Errorf("rebuild incidents: %w", err)
	}
	debug.FreeOSMemory() // the start took more than the work needs
	return said, nil
}

// regroup tells the grouping what people said since. Where the store does not
// answer it is told the next time: Judge keeps to what they said by itself.
func (p *Pipeline) regroup(ctx context.Context, said int64) int64 {
	list, err := p.State.Regroupings(ctx, said)
	if err != nil && ctx.Err() == nil {
		p.Log.ErrorContext(ctx, "read regroupings failed", "err", err)
	}
	for _, r := range list {
		if r.Post == "" {
			p.Grouper.Merge(r.Incident, r.From)
		} else {
			p.Grouper.Move(r.Post, r.Incident)
		}
		said = r.Seq
	}
	return said
}

// analyseBatch loads the posts of tasks, masks them again and judges them. Those
// that were stored before the masker learned something are judged as they read
// now.
func (p *Pipeline) analyseBatch(ctx context.Context, tasks []store.Task) (batch, error) {
	ids := make([]string, len(tasks))
	byRef := make(map[string]store.Task, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Ref
		byRef[t.Ref] = t
	}
	p.step(ctx, "analyse", len(tasks))
	posts, err := p.State.Posts(ctx, ids...)
	if err != nil {
		return batch{}, fmt.Errorf("load posts: %w", err)
	}
	openings, err := p.openings(ctx, posts)
	if err != nil {
		return batch{}, err
	}
	a := p.Setting().Analyzer
	b := batch{posts: posts, done: make([]opinion.Verdict, len(posts)), masked: make([]*store.Masked, len(posts))}
	each(runtime.GOMAXPROCS(0), posts, func(i int, s store.Stored) {
		before, changed := s.Verdict, maskAgain(&s.Post)
		s.Verdict = a.Analyse(input(s, openings[s.Thread]))
		s.Verdict.PostID = s.ID
		s.Verdict.Flags = union(s.Flags, s.Verdict.Flags)
		b.done[i] = s.Verdict
		if changed {
			posts[i].Post = s.Post
			b.masked[i] = &store.Masked{Title: s.Title, Text: s.Text, Outlet: s.Outlet, Excerpt: alerts.Excerpt(s), Gone: gone(before, s.Verdict)}
		}
	})
	for _, s := range posts {
		b.tasks = append(b.tasks, byRef[s.ID])
		delete(byRef, s.ID)
	}
	gone := make([]store.Task, 0, len(byRef))
	for _, t := range byRef { // the post was deleted meanwhile
		gone = append(gone, t)
	}
	if len(gone) > 0 {
		err = p.State.Done(ctx, gone...)
	}
	return b, err
}

// gone lists the wording that weighed in a verdict and does not stand in the text
// any more. Words of the lexicon are nobody's and stay.
func gone(before, now opinion.Verdict) []string {
	var all []string
	for _, e := range before.Evidence {
		if analysis.IsWording(e) && !strings.Contains(now.Folded, e.Text) {
			all = append(all, e.Text)
		}
	}
	return all
}

// openings gives the verdicts of the opening posts that replies refer to. One
// that is not judged yet is judged here: the same post gives the same verdict.
func (p *Pipeline) openings(ctx context.Context, posts []store.Stored) (map[string]*opinion.Verdict, error) {
	known := map[string]*opinion.Verdict{}
	var ids []string
	for _, s := range posts {
		if s.Thread == "" {
			continue
		}
		if _, asked := known[s.Thread]; !asked {
			known[s.Thread] = nil
			ids = append(ids, s.Thread)
		}
	}
	if len(ids) == 0 {
		return known, nil
	}
	found, err := p.State.Posts(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("load opening posts: %w", err)
	}
	a := p.Setting().Analyzer
	for _, s := range found {
		v := s.Verdict
		if v.PostID == "" || v.Version != a.Version() {
			maskAgain(&s.Post)
			v = a.Analyse(input(s, nil))
			if s.Correction != nil {
				v = s.Correction.Label.Over(v)
			}
		}
		known[s.ID] = &v
	}
	return known, nil
}

// union is every label of both lists once, sorted. What reading said of a text
// holds for the verdict on it too.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

func input(s store.Stored, opening *opinion.Verdict) analysis.Input {
	return analysis.Input{Title: s.Title, Text: s.Text, Kind: s.Kind, Class: s.Class, Opening: opening}
}

// commit groups a batch and judges it. What the store refuses stays leased and
// is done again when the lease runs out.
func (p *Pipeline) commit(ctx context.Context, b batch) {
	sources := p.Setting().Sources
	js := make([]store.Judgement, 0, len(b.posts))
	kept, rewritten := 0, 0
	for i, s := range b.posts {
		v := b.done[i]
		j := store.Judgement{Task: b.tasks[i], Verdict: v, Masked: b.masked[i]}
		if j.Masked != nil {
			rewritten++
		}
		if !v.MentionsPolice && len(v.Topics) == 0 && !sources[s.Source].KeepAll {
			j.Drop = true
		} else {
			m := p.Grouper.Add(member(s, v))
			j.Near, j.Incident, j.Title = m.Near, m.Incident, s.Heading()
			kept++
		}
		js = append(js, j)
	}
	if len(js) == 0 {
		return
	}
	p.step(ctx, "judge", len(js))
	err := p.State.Judge(ctx, js)
	if err == nil {
		p.ahead.Add(int64(kept))
		if rewritten > 0 {
			p.Log.InfoContext(ctx, "stored posts masked again", "n", rewritten)
		}
	} else if ctx.Err() == nil {
		p.Log.ErrorContext(ctx, "judge posts failed", "n", len(js), "err", err)
	}
	p.Wake(store.Index, store.Look)
}

func member(s store.Stored, v opinion.Verdict) analysis.Member {
	return analysis.Member{
		ID: s.ID, Kind: v.Kind, Thread: s.Thread, Published: s.Published,
		Print: v.Print, Rare: v.Rare, Places: v.Places, Length: len([]rune(v.Folded)),
		Near: s.Near, Incident: s.Incident,
	}
}
