package alerts_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/alerts"
	"minsheng/i18n"
	"minsheng/opinion"
)

const columns = "series,timestamp,total,negative,distinct_sources,distinct_texts\n"

// course is a file of three quiet days and a rise, with buckets of 10 minutes.
func course(series string, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 20))
	var rows []string
	for i := range 3*144 + 6 {
		c := plus(quiet(r, start), quiet(r, start))
		if i >= 3*144 {
			c = plus(c, negatives(10))
		}
		at := start.Add(time.Duration(i) * 10 * time.Minute).UTC().Format(time.RFC3339)
		rows = append(rows, fmt.Sprintf("%s,%s,%d,%d,%d,%d\n", series, at, c.Total, c.Negative, c.Voices, c.Texts))
	}
	return rows
}

func run(t *testing.T, in string) ([][]string, error) {
	t.Helper()
	var out bytes.Buffer
	err := alerts.RunCSV(t.Context(), strings.NewReader(in), &out, zone)
	rows, bad := csv.NewReader(&out).ReadAll()
	if bad != nil {
		t.Fatal(bad)
	}
	if diff := cmp.Diff([]string{"series", "timestamp", "score", "alert"}, rows[0]); diff != "" {
		t.Fatalf("header:\n%s", diff)
	}
	return rows[1:], err
}

func TestRunCSV(t *testing.T) {
	a, b := course("hall", 1), course("road, north", 2)
	for i := range b {
		b[i] = strings.Replace(b[i], "road, north", `"road, north"`, 1)
	}
	grouped, err := run(t, columns+strings.Join(a, "")+strings.Join(b, ""))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, row := range grouped {
		if row[3] == "1" && told[row[0]] == "" {
			told[row[0]] = row[1]
		}
	}
	for _, series := range []string{"hall", "road, north"} {
		at, err := time.Parse(time.RFC3339, told[series])
		if late := at.Sub(start.Add(3 * 24 * time.Hour)); err != nil || late < 0 || late > 20*time.Minute {
			t.Errorf("%s: first alert at %q, want within 20m of the rise", series, told[series])
		}
	}

	var mixed strings.Builder
	mixed.WriteString("\ufeff" + strings.ReplaceAll(columns, "\n", "\r\n"))
	for i := range a {
		mixed.WriteString(a[i] + "\n" + b[i])
	}
	alternating, err := run(t, mixed.String())
	if err != nil {
		t.Fatal(err)
	}
	of := func(rows [][]string, series string) (some [][]string) {
		for _, row := range rows {
			if row[0] == series {
				some = append(some, row)
			}
		}
		return some
	}
	for series := range told {
		if diff := cmp.Diff(of(grouped, series), of(alternating, series)); diff != "" {
			t.Errorf("%s: rows that alternate score differently:\n%s", series, diff)
		}
	}
}

func TestRunCSVWithoutOptionalColumns(t *testing.T) {
	var in strings.Builder
	in.WriteString("negative,total,timestamp,series\n")
	for _, row := range course("hall", 1) {
		c := strings.Split(row, ",")
		in.WriteString(c[3] + "," + c[2] + "," + c[1] + "," + c[0] + "\n")
	}
	rows, err := run(t, in.String())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 || rows[len(rows)-1][2] == "0" {
		t.Errorf("rows %v, want the rise to score", rows)
	}
}

func TestRunCSVNamesBadRows(t *testing.T) {
	good := course("hall", 1)
	want, err := run(t, columns+strings.Join(good, ""))
	if err != nil {
		t.Fatal(err)
	}
	bad := []string{
		"hall,yesterday,1,0,1,1\n",
		"hall,2026-03-02T00:00:00Z,many,0,1,1\n",
		"hall,2026-03-02T00:00:00Z,3,-1,1,1\n",
		"hall,2026-03-02T00:00:00Z,3,4,1,1\n",
		"hall,2026-03-02T00:00:00Z,3\n",
		"hall,2026-03-01T16:00:00Z,3,1,1,1\n",
		`hall,"2026-03-02T00:00:00Z,3,1,1,1` + "\n",
		strings.Repeat("x", 70_000) + "\n",
		"hall,2026-03-02T00:00:00Z,3,1,NaN,1\n",
		"hall,0001-03-02T00:00:00Z,3,1,1,1\n",
	}
	got, err := run(t, columns+strings.Join(good[:5], "")+strings.Join(bad, "")+strings.Join(good[5:], ""))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the good rows score differently:\n%s", diff)
	}
	var said []string
	for _, e := range unjoin(err) {
		var f *opinion.Fault
		if !errors.As(e, &f) {
			t.Fatalf("%v is no Fault", e)
		}
		said = append(said, f.Code+" "+strings.Join(f.Args, " "))
		args := make([]any, len(f.Args))
		for i, a := range f.Args {
			args[i] = a
		}
		for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
			if s := i18n.Say(lang, f.Code, args...); !i18n.Has(f.Code) || strings.Contains(s, "%!") {
				t.Errorf("%s: said as %q", f.Code, s)
			}
		}
	}
	if diff := cmp.Diff([]string{
		"detect.time 7 timestamp 2", "detect.number 8 total 3", "detect.number 9 negative 4", "detect.most 10 negative 4",
		"detect.missing 11 negative 4", "detect.order 12 timestamp 2", "detect.quotes 13", "detect.long 14",
		"detect.number 15 distinct_sources 5", "detect.time 16 timestamp 2",
	}, said); diff != "" {
		t.Errorf("faults:\n%s", diff)
	}
}

func unjoin(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

func TestRunCSVNamesSoManyFaultsOnly(t *testing.T) {
	_, err := run(t, columns+strings.Repeat("hall,never,1,0,1,1\n", 500))
	all := unjoin(err)
	if len(all) != 21 || !strings.Contains(all[20].Error(), "detect.more (480)") {
		t.Errorf("%d faults, the last %v; want 20 and a count of 480 more", len(all), all[len(all)-1])
	}
}

func TestRunCSVRefusesOtherFiles(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "detect.empty"},
		{"\n\n", "detect.empty"},
		{"timestamp,value\n2026-03-02T00:00:00Z,1\n", "detect.column (1, series)"},
		{"series,timestamp,total\n", "detect.column (1, negative)"},
	} {
		rows, err := run(t, c.in)
		if err == nil || len(rows) != 0 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v rows, error %v; want %s", c.in, rows, err, c.want)
		}
	}
}

func TestRunCSVStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	if err := alerts.RunCSV(ctx, strings.NewReader(columns+strings.Join(course("hall", 1), "")), &out, zone); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestRunVolumeCSV(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 21))
	var in strings.Builder
	in.WriteString("timestamp,value\n")
	base := time.Date(2026, 3, 2, 0, 2, 53, 0, time.UTC)
	burst := base.Add(10 * 24 * time.Hour)
	for t := base; t.Before(burst.Add(3 * time.Hour)); t = t.Add(width) {
		n := poisson(r, 20)
		if !t.Before(burst) && t.Before(burst.Add(time.Hour)) {
			n += 60
		}
		fmt.Fprintf(&in, "%s,%d\n", t.Format(time.DateTime), n)
	}
	in.WriteString("soon,3\n")
	var out bytes.Buffer
	err := alerts.RunVolumeCSV(t.Context(), "mentions", strings.NewReader(in.String()), &out)
	if err == nil || !strings.Contains(err.Error(), "timestamp, 1") {
		t.Errorf("error %v, want the last line and its column named", err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range rows[1:] {
		if row[0] != "mentions" {
			t.Fatalf("series %q, want mentions", row[0])
		}
		if row[3] == "1" {
			told = append(told, row[1])
		}
	}
	if len(told) != 1 {
		t.Fatalf("alerts at %v, want one", told)
	}
	at, err := time.Parse(time.DateTime, told[0])
	if late := at.Sub(burst); err != nil || late < 0 || late > 20*time.Minute {
		t.Errorf("alert at %v, want within 20m of %v", told[0], burst)
	}
}

func TestVolumeIsFinite(t *testing.T) {
	v := alerts.NewVolume(alerts.Options{Width: time.Hour})
	at := start
	for i, x := range []float64{math.NaN(), math.Inf(1), -5, 0, 1e300, 3} {
		for range 30 {
			if s := v.Add(at, x); math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
				t.Fatalf("value %d: %+v", i, s)
			}
			at = at.Add(time.Hour)
		}
	}
	if s := v.Add(at.Add(-24*time.Hour), 1e6); s.Alert || s.Value != 0 {
		t.Errorf("a time in the past scores %+v", s)
	}
}

// FuzzRunCSV reads whatever comes: no panic, a table that can be read again, and
// only finite scores.
func FuzzRunCSV(f *testing.F) {
	f.Add([]byte(columns+"a,2026-03-02T00:00:00Z,3,1,3,3\na,2026-03-02T00:10:00Z,30,20,9,9\n"), false)
	f.Add([]byte("timestamp,value\n2026-03-02 00:00:00,3\n2026-04-02 00:10:00,1e9\n"), true)
	f.Add([]byte("\"\n\xff\xfe,,\n"), false)
	f.Fuzz(func(t *testing.T, b []byte, volume bool) {
		var out bytes.Buffer
		if volume {
			_ = alerts.RunVolumeCSV(t.Context(), "x", bytes.NewReader(b), &out)
		} else {
			_ = alerts.RunCSV(t.Context(), bytes.NewReader(b), &out, zone)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) == 0 {
			t.Fatalf("%d rows: %v", len(rows), err)
		}
		for _, row := range rows[1:] {
			if strings.Contains(row[2], "N") || strings.Contains(row[2], "I") {
				t.Fatalf("score %s", row[2])
			}
		}
	})
}

// The simulated and real series of the shared folder must be read whole, and a
// file must score the same each time.
func TestRunCSVReadsSharedSeries(t *testing.T) {
	shared := os.Getenv("MINSHENG_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	files, _ := filepath.Glob(filepath.Join(shared, "data", "spike", "scenarios", "a1.csv"))
	if len(files) == 0 {
		t.Skip("no shared series: set MINSHENG_SHARED to the folder that holds data/spike")
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	first, err := run(t, string(text))
	if err != nil {
		t.Fatal(err)
	}
	second, err := run(t, string(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error("two runs differ")
	}
	told := 0
	for _, row := range first {
		if row[3] == "1" {
			told++
		}
	}
	if told == 0 || len(first) < told {
		t.Errorf("%d rows, %d alerts", len(first), told)
	}
}
