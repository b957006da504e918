package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"minsheng/analysis"
	"minsheng/analysis/corpus"
	"minsheng/app"
	"minsheng/opinion"
)

// runTrain learns the attitude from labelled texts. It goes on from the weights
// that are built in, with our own texts beside those of the files; -alone learns
// from the files only, from nothing.
func runTrain(ctx context.Context, p *program, args []string) error {
	f := flags("train")
	file := f.String("config", "", "configuration file")
	out := f.String("out", "", "file to write; default: attitude.bin in the data folder")
	alone := f.Bool("alone", false, "learn from these files only")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() == 0 {
		return usageError{"至少要一个样本文件 · name at least one file of labelled texts"}
	}
	cfg, err := load(*file)
	if err != nil {
		return err
	}
	if *out == "" {
		*out = app.TrainedWeights(cfg)
	}
	texts, err := labelledTexts(f.Args())
	if err != nil {
		return err
	}
	switch {
	case !oneSided(texts):
	case *alone:
		return usageError{both(opinion.NewFault("train.one_sided", nil))}
	default:
		fmt.Fprintln(p.err, both(opinion.NewFault("train.one_label", nil)))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return teach(p, texts, *out, *alone)
}

// labelledTexts reads all files and names every wrong line of any.
func labelledTexts(names []string) ([]analysis.Labelled, error) {
	var all []analysis.Labelled
	var wrong []string
	for _, name := range names {
		raw, err := read(name)
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		texts, err := analysis.ReadLabelled(bytes.NewReader(raw), name)
		all = append(all, texts...)
		if err == nil {
			continue
		}
		faults := joined(err)
		if faults == nil {
			return nil, err
		}
		for _, one := range faults {
			if f := (*opinion.Fault)(nil); errors.As(one, &f) {
				wrong = append(wrong, both(f))
			}
		}
	}
	if len(wrong) > 0 {
		return nil, usageError{strings.Join(wrong, "\n")}
	}
	return all, nil
}

// oneSided reports whether all texts have the same label.
func oneSided(texts []analysis.Labelled) bool {
	return !slices.ContainsFunc(texts, func(l analysis.Labelled) bool { return l.Label != texts[0].Label })
}

// teach learns, says how the result does on our own texts that nothing learns
// from, and writes it.
func teach(p *program, texts []analysis.Labelled, out string, alone bool) error {
	shipped, words := analysis.ShippedWeights(), analysis.NewSegmenter()
	own, err := analysis.ReadLabelled(strings.NewReader(corpus.Attitude()), "corpus")
	if err != nil {
		return fmt.Errorf("read own texts: %w", err)
	}
	var beside, aside []analysis.Labelled
	for _, l := range own {
		if analysis.HeldAside(l.Text) {
			aside = append(aside, l)
		} else {
			beside = append(beside, l)
		}
	}
	teacher := analysis.NewTeacher(shipped, words)
	var learned bytes.Buffer
	if alone {
		err = teacher.TrainAttitude(texts, &learned)
	} else {
		err = teacher.RefineAttitude(texts, beside, &learned)
	}
	if err != nil {
		return err
	}
	trained, err := shipped.WithAttitude(bytes.NewReader(learned.Bytes()))
	if err != nil {
		return err
	}
	if err := writeWhole(out, learned.Bytes()); err != nil {
		return err
	}
	before := rightOf(analysis.New(analysis.Options{Weights: shipped, Segmenter: words}), aside)
	after := rightOf(analysis.New(analysis.Options{Weights: trained, Segmenter: words}), aside)
	fmt.Fprintf(p.err, "样本 %d 条；%d 条未参与训练的自有样本判对：训练前 %d，训练后 %d · learned from %d texts; right of %d own texts that nothing learns from: %d before, %d after\n",
		len(texts), len(aside), before, after, len(texts), len(aside), before, after)
	fmt.Fprintf(p.err, "已写入 %s；重启或重新加载后生效，再运行 minsheng reanalyse · written; takes effect after a restart or reload, then run minsheng reanalyse\n", out)
	return nil
}

// rightOf counts the texts that a judges as they are labelled.
func rightOf(a *analysis.Analyzer, texts []analysis.Labelled) int {
	right := make([]bool, len(texts))
	parallel(len(texts), func(i int) {
		body, _, _ := analysis.Clean(texts[i].Text)
		right[i] = a.Analyse(analysis.Input{Text: analysis.Mask(body), Kind: texts[i].Kind}).Attitude == texts[i].Label
	})
	n := 0
	for _, ok := range right {
		if ok {
			n++
		}
	}
	return n
}

// writeWhole replaces a file by another at once: who reads it finds the one or the
// other.
func writeWhole(name string, content []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".weights-*")
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // best effort: the old file stands
		}
	}()
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	return nil
}
