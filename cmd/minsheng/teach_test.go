package main

import (
	"path/filepath"
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// The words of the file that lexicon names count; a faulty file is named with
// its line, and nothing starts.
func TestLexiconOfTheConfiguration(t *testing.T) {
	const text = `{"id":"1","kind":"post","text":"窗口民警对老人甩片儿汤"}` + "\n"
	folder := put(t,
		"good.yml", "lexicon: own.tsv\n", "own.tsv", "# 本单位\n甩片儿汤\tcomplaint\t3\t本地说法\n",
		"bad.yml", "lexicon: bad.tsv\n", "bad.tsv", "甩片儿汤\tcomplaint\t3\n甩片儿汤\tpraise\t1\n新词\tbad\t1\n",
		"gone.yml", "lexicon: none.tsv\n")
	minsheng(t, folder, text, "analyse", "-config", "good.yml").want(t, 0, []string{`"甩片儿汤"`, `"attitude":"neg"`})
	minsheng(t, folder, text, "analyse", "-config", "bad.yml").want(t, 2, nil,
		"lexicon", "“甩片儿汤”与第 1 行的类别矛盾", "第 3 行：“新词”的类别“bad”不存在", "contradicts the class in line 1")
	minsheng(t, folder, text, "analyse", "-config", "gone.yml").want(t, 2, nil, "none.tsv", "读不到")
}

// What people corrected comes out as lines that training reads.
func TestCorrections(t *testing.T) {
	folder := put(t, "office.yml", "data: data\nserver:\n  listen: 127.0.0.1:0\n")
	minsheng(t, folder, "", "corrections", "-config", "office.yml").want(t, 0, []string{"label\ttext\tkind\n"}, "更正 corrections: 0")
	f, err := sqlite.Open(t.Context(), filepath.Join(folder, "data", "minsheng.db"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 11, 14, 0, 0, 0, time.UTC)
	state := sqlite.New(f, func() time.Time { return now })
	p := opinion.Post{ID: opinion.PostID("1"), Source: "论坛", Kind: opinion.Social, Title: "窗口", Text: "民警\t很\n耐心", Published: now, Fetched: now, Revision: 1}
	if _, err := state.Accept(t.Context(), []opinion.Post{p}); err != nil {
		t.Fatal(err)
	}
	v := opinion.Verdict{PostID: p.ID, Version: "1", Folded: "窗口\n民警\t很\n耐心", Kind: opinion.Social, MentionsPolice: true, Attitude: opinion.Neutral}
	if err := state.Judge(t.Context(), []store.Judgement{{Verdict: v, Incident: p.ID}}); err != nil {
		t.Fatal(err)
	}
	if _, err := state.Correct(t.Context(), p.ID, store.SaysPositive, "lin"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	minsheng(t, folder, "", "corrections", "-config", "office.yml").want(t, 0, []string{"label\ttext\tkind\npos\t窗口 民警 很 耐心\tpost\n"}, "更正 corrections: 1")
	minsheng(t, folder, "", "corrections", "-config", "office.yml", "file.tsv").want(t, 2, nil, "多余的参数")
}
