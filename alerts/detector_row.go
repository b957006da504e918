package alerts

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"minsheng/opinion"
)

// longestName bounds the name of a series, which is kept for the whole file.
const longestName = 1024

// header reads the first line, which names the columns, in any order.
func (t *table) header(ctx context.Context) error {
	line, ok, err := t.text(ctx)
	if err != nil {
		return err
	}
	if !ok {
		return opinion.NewFault("detect.empty", nil)
	}
	cells, err := cells(strings.TrimPrefix(line, "\ufeff"))
	if err != nil {
		return opinion.NewFault("detect.quotes", err, strconv.Itoa(t.line))
	}
	t.columns = map[string]int{}
	for i, c := range cells {
		name := strings.ToLower(strings.TrimSpace(c))
		if _, twice := t.columns[name]; !twice {
			t.columns[name] = i
		}
	}
	for _, name := range t.want {
		if _, ok := t.columns[name]; !ok {
			return opinion.NewFault("detect.column", nil, strconv.Itoa(t.line), name)
		}
	}
	return nil
}

// cells cuts one line at its commas; a quoted cell may hold some.
func cells(line string) ([]string, error) {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, ","), nil
	}
	r := csv.NewReader(strings.NewReader(line))
	r.FieldsPerRecord = -1
	return r.Read()
}

// next returns the next row that can be read; what is wrong with others is
// noted. ok is false at the end.
func (t *table) next(ctx context.Context) (row record, ok bool, err error) {
	for {
		line, ok, err := t.text(ctx)
		if !ok || err != nil {
			return record{}, false, err
		}
		row, fault := t.row(line)
		if fault == nil {
			return row, true, nil
		}
		t.fault(fault)
	}
}

func (t *table) row(line string) (record, *opinion.Fault) {
	row := record{line: t.line, series: t.name}
	values, err := cells(line)
	if err != nil {
		return row, opinion.NewFault("detect.quotes", err, strconv.Itoa(t.line))
	}
	number := 0
	for _, name := range t.want {
		cell, ok := t.cell(values, name)
		if !ok {
			return row, t.wrong("detect.missing", name, nil)
		}
		switch name {
		case "series":
			if len(cell) > longestName {
				return row, t.wrong("detect.name", name, nil)
			}
			row.series = strings.Clone(cell)
		case "timestamp":
			row.stamp = cell
			if row.start, err = moment(cell); err != nil {
				return row, t.wrong("detect.time", name, err)
			}
		default:
			if row.counts[number], err = whole(cell); err != nil {
				return row, t.wrong("detect.number", name, err)
			}
			number++
		}
	}
	for _, name := range t.may {
		if cell, ok := t.cell(values, name); ok && cell != "" {
			if row.counts[number], err = whole(cell); err != nil {
				return row, t.wrong("detect.number", name, err)
			}
		}
		number++
	}
	return row, t.place(row)
}

// place refuses what contradicts itself or the rows before.
func (t *table) place(row record) *opinion.Fault {
	if row.counts[1] > row.counts[0] {
		return t.wrong("detect.most", "negative", nil)
	}
	was, known := t.latest[row.series]
	if known && !row.start.After(was) {
		return t.wrong("detect.order", "timestamp", nil)
	}
	if known || len(t.latest) <= mostSeries {
		t.latest[row.series] = row.start
	}
	return nil
}

// cell returns the value of a column, false where the line ends before it.
func (t *table) cell(values []string, name string) (string, bool) {
	i, ok := t.columns[name]
	if !ok || i >= len(values) {
		return "", false
	}
	return strings.TrimSpace(values[i]), true
}

// wrong names the line and the column of a fault.
func (t *table) wrong(code, column string, err error) *opinion.Fault {
	return opinion.NewFault(code, err, strconv.Itoa(t.line), column, strconv.Itoa(t.columns[column]+1))
}

// moment reads a time; one without a zone is UTC.
func moment(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse(time.DateTime, s)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("parse time: %w", err)
	}
	// Beyond these years differences of times do not fit a Duration.
	if y := t.Year(); y < 1900 || y > 2100 {
		return time.Time{}, fmt.Errorf("parse time: year %d: %w", y, opinion.ErrInvalid)
	}
	return t.UTC(), nil
}

// whole reads a count; a fraction, as tools write 3.0, is cut off.
func whole(s string) (int, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("parse number: %w", err)
	}
	if math.IsNaN(f) || f < 0 || f > mostPosts {
		return 0, fmt.Errorf("parse number: outside 0 to %d: %w", int(mostPosts), opinion.ErrInvalid)
	}
	return int(f), nil
}
