package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/app"
	"minsheng/opinion"
)

// text is a line that analyse and group read.
type text struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Context   string `json:"context"`
	URL       string `json:"url"`
	Published string `json:"published"`
}

func (t text) kind() (opinion.Kind, error) {
	switch k := opinion.Kind(t.Kind); k {
	case opinion.Unknown, opinion.News, opinion.Social, opinion.Reply, opinion.Board:
		return k, nil
	}
	return "", fmt.Errorf("kind %q 应为 news、post、reply、board 或空 · kind is news, post, reply, board or empty", t.Kind)
}

// published reads a time, or a day of the office as extract prints it where a
// page shows no more; the zero time where there is none.
func (t text) published(zone *time.Location) (time.Time, error) {
	if t.Published == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, t.Published, zone); err == nil {
		return day, nil
	}
	at, err := time.Parse(time.RFC3339, t.Published)
	if err != nil {
		return time.Time{}, fmt.Errorf("published %q 应写成 2006-01-02T15:04:05+08:00 · published is no time such as 2006-01-02T15:04:05+08:00", t.Published)
	}
	return at, nil
}

// input cleans and masks as the daemon does before it stores.
func (t text) input() (analysis.Input, []string, error) {
	kind, err := t.kind()
	if err != nil {
		return analysis.Input{}, nil, err
	}
	body, _, flags := analysis.Clean(t.Text)
	context, _, _ := analysis.Clean(t.Context)
	folded, _ := analysis.Fold(analysis.Mask(context))
	return analysis.Input{Title: analysis.Mask(t.Title), Text: analysis.Mask(body), Kind: kind, Context: folded}, flags, nil
}

type judged struct {
	ID             string             `json:"id"`
	Text           string             `json:"text"`
	Lang           string             `json:"lang"`
	Flags          []string           `json:"flags"`
	MentionsPolice bool               `json:"mentions_police"`
	Attitude       opinion.Attitude   `json:"attitude"`
	AttitudeScore  float64            `json:"attitude_score"`
	Confidence     float64            `json:"confidence"`
	Uncertain      bool               `json:"uncertain"`
	Tone           opinion.Attitude   `json:"tone"`
	ToneScore      float64            `json:"tone_score"`
	ToneConfidence float64            `json:"tone_confidence"`
	Topics         []string           `json:"topics"`
	Places         []string           `json:"places"`
	Evidence       []opinion.Evidence `json:"evidence"`
}

// analyser is what the batch commands judge with: the configuration's topics
// and places, as the daemon would, and the office's zone.
func analyser(file string) (*analysis.Analyzer, *time.Location, error) {
	cfg, err := load(file)
	if err != nil {
		return nil, nil, err
	}
	lexicon, err := app.Lexicon(cfg)
	if err != nil {
		return nil, nil, err
	}
	weights, err := app.Weights(cfg)
	if err != nil {
		return nil, nil, err
	}
	a, err := app.NewAnalyzer(app.TopicRules(cfg), cfg.PlaceList(), lexicon, weights, analysis.NewSegmenter())
	return a, cfg.Zone(), err
}

// runAnalyse judges a text a line, on all cores, in the order of the input.
func runAnalyse(ctx context.Context, p *program, args []string) error {
	f := flags("analyse")
	file := f.String("config", "", "configuration file")
	if err := alone(f, args); err != nil {
		return err
	}
	a, _, err := analyser(*file)
	if err != nil {
		return err
	}
	print, flush := printer(p.out)
	var texts []text
	var bad error
	work := func() error {
		out := make([]judged, len(texts))
		errs := make([]error, len(texts))
		parallel(len(texts), func(i int) { out[i], errs[i] = judge(a, texts[i]) })
		texts = texts[:0]
		for i, o := range out {
			if errs[i] != nil {
				fmt.Fprintf(p.err, "id %q: %v\n", o.ID, errs[i])
				bad = errSome
				continue
			}
			if e := print(o); e != nil {
				return e
			}
		}
		return nil
	}
	read := objects(ctx, p, func(t text) error {
		texts = append(texts, t)
		if len(texts) == 512 {
			return work()
		}
		return nil
	})
	last := first(work(), flush())
	return first(last, read, bad)
}

func judge(a *analysis.Analyzer, t text) (judged, error) {
	in, flags, err := t.input()
	if err != nil {
		return judged{ID: t.ID}, err
	}
	v := a.Analyse(in)
	return judged{
		ID: t.ID, Text: v.Folded, Lang: v.Lang, Flags: list(append(flags, v.Flags...)), MentionsPolice: v.MentionsPolice,
		Attitude: v.Attitude, AttitudeScore: v.Score, Confidence: v.Confidence, Uncertain: v.Uncertain,
		Tone: v.Tone, ToneScore: v.ToneScore, ToneConfidence: v.ToneConfidence,
		Topics: list(v.Topics), Places: list(v.Places), Evidence: list(v.Evidence),
	}, nil
}

// list is never null in JSON.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// parallel runs do(0) to do(n-1) on all cores.
func parallel(n int, do func(int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}

// runGroup finds copies and incidents among texts in time order.
func runGroup(ctx context.Context, p *program, args []string) error {
	type grouped struct {
		ID       string `json:"id"`
		Near     string `json:"near"`
		Incident string `json:"incident"`
	}
	f := flags("group")
	file := f.String("config", "", "configuration file")
	if err := alone(f, args); err != nil {
		return err
	}
	a, zone, err := analyser(*file)
	if err != nil {
		return err
	}
	g := analysis.NewGrouper()
	print, flush := printer(p.out)
	err = objects(ctx, p, func(t text) error {
		in, _, err := t.input()
		if err != nil {
			return err
		}
		v := a.Analyse(in)
		at, err := t.published(zone)
		if err != nil {
			return err
		}
		m := g.Add(analysis.Member{
			ID: t.ID, Kind: v.Kind, Published: at, Print: v.Print, Rare: v.Rare, Places: v.Places, Length: len([]rune(v.Folded)),
		})
		return print(grouped{t.ID, m.Near, m.Incident})
	})
	return first(flush(), err)
}

// runDetect finds rises in counted series.
func runDetect(ctx context.Context, p *program, args []string) error {
	f := flags("detect")
	volume := f.Bool("volume", false, "counts of one value, without attitudes")
	file := f.String("config", "", "configuration file")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return usageError{"要一个 CSV 文件 · name one CSV file"}
	}
	cfg, err := load(*file)
	if err != nil {
		return err
	}
	in, err := os.Open(f.Arg(0))
	if err != nil {
		return fileError(f.Arg(0), err)
	}
	defer in.Close()
	return detect(ctx, in, p.out, f.Arg(0), *volume, cfg.Zone())
}

func detect(ctx context.Context, in io.Reader, out io.Writer, name string, volume bool, zone *time.Location) error {
	if volume {
		return alerts.RunVolumeCSV(ctx, strings.TrimSuffix(filepath.Base(name), ".csv"), in, out)
	}
	return alerts.RunCSV(ctx, in, out, zone)
}
