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
	in := bufio.NewReaderSize(p.in, 1<<16)
	bad := false
	for n := 1; ; n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		line, end := nextLine(in)
		if end != nil && !errors.Is(end, io.EOF) {
			return fmt.Errorf("read line %d: %w", n, end)
		}
		if end != nil && len(line) == 0 {
			break
		}
		err := errLong
		if len(line) <= maxLine {
			err = do(line)
		}
		if err != nil {
			bad = true
			fmt.Fprintf(p.err, "第 %d 行 (line %d): %v\n", n, n, err)
		}
	}
	if bad {
		return errSome
	}
	return nil
}

var errLong = errors.New("超过 16 MB，已跳过 · longer than 16 MB, left out")

// nextLine reads one line without its end. Of a line longer than maxLine one
// byte more is kept, so that the caller sees it, and the rest is passed over.
func nextLine(in *bufio.Reader) (line []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part[:min(len(part), maxLine+1-len(line))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), err
		}
	}
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
		return nil, fileError(name, err)
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fileError(name, err)
	case len(body) > maxFile:
		return nil, fmt.Errorf("%s: 文件超过 64 MB · larger than 64 MB", name)
	}
	return body, nil
}

// fileError says that a file cannot be read, and why.
func fileError(name string, err error) error {
	zh, en := whyUnread(err)
	return fmt.Errorf("读不到文件 %s：%s · %s cannot be read: %s", name, zh, name, en)
}

// reason is a fault's sentence in Chinese; "" for none.
func reason(f *opinion.Fault) string {
	if f == nil {
		return ""
	}
	return sentence("zh", f)
}
