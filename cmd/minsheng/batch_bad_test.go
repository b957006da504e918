package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Whatever stands in a line, analyse answers it, or names it on standard error:
// none is passed over in silence.
func TestAnalyseAnswersEveryLine(t *testing.T) {
	var in strings.Builder
	texts := map[string]string{
		"empty": "", "blank": " ", "emoji": "😡", "english": "The police were rude to us.", "direction": "\u202e民警\u202c态度差",
		"null": "民警\x00态度差", "mixed": "派出所 service полиция 差", "long": strings.Repeat("差", 1<<20/3),
	}
	for id, text := range texts {
		line, err := json.Marshal(map[string]string{"id": id, "kind": "post", "text": text})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&in, "%s\n", line)
	}
	in.WriteString(`{"id":"lone","text":"\ud800派出所"}` + "\n" + `{"id":"number","text":5}` + "\n[]\n")
	r := minsheng(t, t.TempDir(), in.String(), "analyse")
	r.want(t, 1, []string{`"id":"lone"`}, fmt.Sprintf("(line %d)", len(texts)+2), fmt.Sprintf("(line %d)", len(texts)+3))
	flags := map[string]string{"empty": "no_words", "blank": "no_words", "emoji": "no_words", "english": "other_language"}
	all := objectsOf(t, r.out)
	if len(all) != len(texts)+1 {
		t.Errorf("%d lines are answered, want %d", len(all), len(texts)+1)
	}
	for _, o := range all {
		id := o["id"].(string)
		got := o["flags"].([]any)
		if want := flags[id]; want != "" && !slices.Contains(got, any(want)) || want == "" && len(got) > 0 {
			t.Errorf("%s: flags %v, want %q", id, got, want)
		}
		if id == "english" && (o["uncertain"] != true || o["mentions_police"] != true) {
			t.Errorf("english: %v, want an uncertain verdict about the police", o)
		}
	}
}
