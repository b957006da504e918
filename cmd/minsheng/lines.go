package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"minsheng/opinion"
)

const (
	maxLine = 16 << 20 // bytes of one input line
	maxFile = 64 << 20 // bytes of one input file
)

// lines hands every line of the input to do. A line that do refuses is named
// on standard error, the rest goes on, and the answer is errSome.
func (p *program) lines(ctx context.Context, do func(line []byte) error) error {
	scanner := bufio.NewScanner(p.in)
	scanner.Buffer(make([]byte, 0, 1<<16), maxLine)
	bad := false
	for n := 1; scanner.Scan(); n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := do(scanner.Bytes()); err != nil {
			bad = true
			fmt.Fprintf(p.err, "第 %d 行 (line %d): %v\n", n, n, err)
		}
	}
	if err := scanner.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("一行超过 16 MB · a line is longer than 16 MB")
		}
		return err
	}
	if bad {
		return errSome
	}
	return nil
}

// objects is lines for JSON objects; empty lines are passed over.
func objects[T any](ctx context.Context, p *program, do func(T) error) error {
	return p.lines(ctx, func(line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return fmt.Errorf("不是合格的 JSON 对象 · no JSON object: %w", err)
		}
		return do(v)
	})
}

// printer writes one JSON object a line, with Chinese as it is.
func printer(w io.Writer) (print func(any) error, flush func() error) {
	b := bufio.NewWriterSize(w, 1<<16)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode, b.Flush
}

// read reads one bounded file.
func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(body) > maxFile {
		err = fmt.Errorf("read %s: 文件超过 64 MB · larger than 64 MB", name)
	}
	return body, err
}

// reason is a fault's sentence in Chinese; "" for none.
func reason(f *opinion.Fault) string {
	if f == nil {
		return ""
	}
	return sentence("zh", f)
}
