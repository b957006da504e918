package alerts

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"minsheng/opinion"
)

const (
	longestLine = 64 << 10
	ahead       = 4096   // rows that are read before the width is decided
	mostSeries  = 10_000 // in one file
	mostFaults  = 20     // that are named; the rest are counted
)

// RunCSV reads buckets in the columns series, timestamp (RFC 3339, the start),
// total and negative, and where they are given distinct_sources and
// distinct_texts, a row a bucket, in time order within each series; series may
// alternate. To w it writes series, timestamp, score and alert of each row whose
// score is above 0. The width of a bucket is the commonest step in time among
// the first rows. A row that cannot be read is left out, and named by line and
// column in the error, an *opinion.Fault or several joined.
func RunCSV(ctx context.Context, r io.Reader, w io.Writer, zone *time.Location) error {
	t := &table{in: bufio.NewReaderSize(r, longestLine), want: []string{"series", "timestamp", "total", "negative"}, may: []string{"distinct_sources", "distinct_texts"}}
	series := map[string]*Detector{}
	return t.run(ctx, w, func(width time.Duration, row record) (Score, *opinion.Fault) {
		d := series[row.series]
		if d == nil {
			if len(series) == mostSeries {
				return Score{}, opinion.NewFault("detect.series", nil, strconv.Itoa(row.line), strconv.Itoa(mostSeries))
			}
			d = NewDetector(Options{Width: width, Zone: zone})
			series[row.series] = d
		}
		return d.Add(row.start, Count{Total: row.counts[0], Negative: row.counts[1], Voices: row.counts[2], Texts: row.counts[3]}), nil
	})
}

// RunVolumeCSV is RunCSV for plain numbers of posts: it reads the columns
// timestamp and value, judges them as a Volume, and writes name as the series.
func RunVolumeCSV(ctx context.Context, name string, r io.Reader, w io.Writer) error {
	t := &table{in: bufio.NewReaderSize(r, longestLine), want: []string{"timestamp", "value"}, name: name}
	var v *Volume
	return t.run(ctx, w, func(width time.Duration, row record) (Score, *opinion.Fault) {
		if v == nil {
			v = NewVolume(Options{Width: width})
		}
		return v.Add(row.start, float64(row.counts[0])), nil
	})
}

// record is one row that could be read.
type record struct {
	line   int
	series string
	stamp  string // the timestamp as it was read
	start  time.Time
	counts [4]int
}

// table reads rows one by one and holds what is wrong with them.
type table struct {
	in        *bufio.Reader
	want, may []string
	name      string // the series where no column says it

	line    int
	columns map[string]int
	latest  map[string]time.Time
	faults  []error
	more    int
}

// run hands each row to judge and writes what comes out.
func (t *table) run(ctx context.Context, w io.Writer, judge func(time.Duration, record) (Score, *opinion.Fault)) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"series", "timestamp", "score", "alert"}); err != nil {
		return fmt.Errorf("write scores: %w", err)
	}
	t.latest = map[string]time.Time{}
	if err := t.header(ctx); err != nil {
		out.Flush()
		return err
	}
	first, rest, err := t.first(ctx)
	width := commonStep(first)
	one := func(row record) error {
		s, fault := judge(width, row)
		if fault != nil {
			t.fault(fault)
			return nil
		}
		if s.Value <= 0 {
			return nil
		}
		alert := "0"
		if s.Alert {
			alert = "1"
		}
		return out.Write([]string{row.series, row.stamp, strconv.FormatFloat(s.Value, 'g', 6, 64), alert})
	}
	for i := 0; i < len(first) && err == nil; i++ {
		err = one(first[i])
	}
	for rest && err == nil {
		var row record
		if row, rest, err = t.next(ctx); rest && err == nil {
			err = one(row)
		}
	}
	out.Flush()
	return t.result(cmp.Or(err, out.Error()))
}

// result joins what was wrong with the rows and what stopped the reading.
func (t *table) result(err error) error {
	all := t.faults
	if t.more > 0 {
		all = append(all, opinion.NewFault("detect.more", nil, strconv.Itoa(t.more)))
	}
	if err != nil {
		all = append(all, fmt.Errorf("detect spikes: %w", err))
	}
	return errors.Join(all...)
}

func (t *table) fault(f *opinion.Fault) {
	if len(t.faults) == mostFaults {
		t.more++
		return
	}
	t.faults = append(t.faults, f)
}

// first reads the rows that decide the width; rest says whether more follow.
func (t *table) first(ctx context.Context) (rows []record, rest bool, err error) {
	for len(rows) < ahead {
		row, ok, err := t.next(ctx)
		if !ok || err != nil {
			return rows, false, err
		}
		rows = append(rows, row)
	}
	return rows, true, nil
}

// commonStep is the commonest step in time between two rows of one series, the
// shortest of several, and the product's own width where there is none.
func commonStep(rows []record) time.Duration {
	latest, seen := map[string]time.Time{}, map[time.Duration]int{}
	for _, r := range rows {
		if was, ok := latest[r.series]; ok {
			seen[r.start.Sub(was)]++
		}
		latest[r.series] = r.start
	}
	if len(seen) == 0 {
		return opinion.BucketWidth
	}
	return slices.MinFunc(slices.Collect(maps.Keys(seen)), func(a, b time.Duration) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), cmp.Compare(a, b))
	})
}

// text returns the next line that holds something; one that is too long is
// named and left out. ok is false at the end.
func (t *table) text(ctx context.Context) (line string, ok bool, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return "", false, err
		}
		b, err := t.in.ReadSlice('\n')
		t.line++
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			if err = ctx.Err(); err == nil {
				_, err = t.in.ReadSlice('\n')
			}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", false, fmt.Errorf("read line %d: %w", t.line, err)
		}
		if long {
			t.fault(opinion.NewFault("detect.long", nil, strconv.Itoa(t.line)))
		} else if s := strings.TrimSpace(string(b)); s != "" {
			return s, true, nil
		}
		if err != nil {
			return "", false, nil
		}
	}
}
