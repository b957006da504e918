package pipeline

import (
	"context"
	"strings"
	"time"

	"minsheng/index"
	"minsheng/store"
)

// indexRetry is how long, in product time, a batch waits that the index
// refused: the queue grows, nothing is lost.
const indexRetry = 30 * time.Second

// indexBatch puts judged posts into the index and takes out those that are
// gone. Doing it twice changes nothing.
func (p *Pipeline) indexBatch(ctx context.Context, tasks []store.Task) error {
	ids := make([]string, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Ref
	}
	posts, err := p.State.Posts(ctx, ids...)
	if err != nil {
		return err
	}
	docs := make([]index.Doc, 0, len(posts))
	gone := map[string]bool{}
	for _, id := range ids {
		gone[id] = true
	}
	for _, s := range posts {
		if s.Verdict.PostID == "" {
			continue
		}
		delete(gone, s.ID)
		docs = append(docs, document(s))
	}
	p.step(ctx, "index", len(docs))
	err = p.Index.Put(ctx, docs)
	if err == nil && len(gone) > 0 {
		old := make([]string, 0, len(gone))
		for id := range gone {
			old = append(old, id)
		}
		err = p.Index.Delete(ctx, old...)
	}
	if err != nil {
		return p.indexLater(ctx, tasks, err)
	}
	p.indexDown.Store(false)
	if len(tasks) < indexBatch { // nothing more waits, whatever the count says
		p.ahead.Store(0)
	} else {
		p.ahead.Add(-int64(len(tasks)))
	}
	p.Metrics.postsIndexed.Add(float64(len(docs)))
	return p.State.Done(ctx, tasks...)
}

func (p *Pipeline) indexLater(ctx context.Context, tasks []store.Task, cause error) error {
	if ctx.Err() != nil {
		return nil
	}
	p.indexDown.Store(true)
	p.Log.WarnContext(ctx, "index refused a batch, it will be put again", "n", len(tasks), "err", cause)
	for _, t := range tasks {
		if err := p.State.Later(ctx, t, p.Now().Add(indexRetry), cause.Error(), true); err != nil {
			return err
		}
	}
	p.sleep(ctx, afterError, nil)
	return nil
}

// document is what the index holds of a post.
func document(s store.Stored) index.Doc {
	title, text, ok := strings.Cut(s.Verdict.Folded, "\n")
	if s.Title == "" || !ok {
		title, text = "", s.Verdict.Folded
	}
	return index.Doc{
		ID: s.ID, Source: s.Source, Class: s.Class, Kind: s.Verdict.Kind, Title: title, Text: text,
		Published: s.Published, Topics: s.Verdict.Topics, Places: s.Verdict.Places,
		Attitude: s.Verdict.Attitude, Score: s.Verdict.Score, Incident: s.Incident,
		MentionsPolice: s.Verdict.MentionsPolice, Version: s.Version,
	}
}
