package linear

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// magic begins every file of weights; its last character counts the layouts.
const magic = "MSWT2\n"

// Limits of a file.
const (
	MaxFile    = 1 << 20 // bytes
	maxNumbers = 4096
)

// ErrFormat says that a file holds no weights of this layout.
var ErrFormat = errors.New("no file of weights, or one of another version")

// Write packs m.
func (m *Model) Write(w io.Writer) error {
	var head bytes.Buffer
	head.WriteString(magic)
	put := func(x any) { _ = binary.Write(&head, binary.LittleEndian, x) } // a buffer takes all
	put(m.scale)
	put(m.bias)
	put(uint32(len(m.numbers)))
	put(m.numbers)
	if _, err := w.Write(head.Bytes()); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	z, err := flate.NewWriter(w, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	plane := make([]byte, Slots)
	for c := range stride { // the weights of a class lie together, as do the tags
		for i := range plane {
			plane[i] = byte(m.grams[i][c])
		}
		if _, err := z.Write(plane); err != nil {
			return fmt.Errorf("write weights: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	return nil
}

// Read unpacks what Write wrote. Anything else is ErrFormat.
func Read(r io.Reader) (*Model, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read weights: %w", err)
	}
	body, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok || len(raw) > MaxFile {
		return nil, fmt.Errorf("read weights: %w", ErrFormat)
	}
	in := bytes.NewReader(body)
	m := &Model{grams: new([Slots]slot)}
	var n uint32
	take := func(x any) bool { return binary.Read(in, binary.LittleEndian, x) == nil }
	if !take(&m.scale) || !take(&m.bias) || !take(&n) || n > maxNumbers {
		return nil, fmt.Errorf("read weights: %w", ErrFormat)
	}
	m.numbers = make([][Classes]float32, n)
	if !take(m.numbers) || !m.finite() {
		return nil, fmt.Errorf("read weights: %w", ErrFormat)
	}
	z := flate.NewReader(in)
	plane := make([]byte, Slots)
	for c := range stride {
		if _, err := io.ReadFull(z, plane); err != nil {
			return nil, fmt.Errorf("read weights: %w", errors.Join(ErrFormat, err))
		}
		for i, b := range plane {
			m.grams[i][c] = int8(b)
		}
	}
	return m, nil
}

// finite refuses weights that would make every score nonsense.
func (m *Model) finite() bool {
	wrong := func(x float64) bool { return math.IsNaN(x) || math.Abs(x) > 1e6 }
	if wrong(m.scale) {
		return false
	}
	for _, b := range m.bias {
		if wrong(float64(b)) {
			return false
		}
	}
	for _, row := range m.numbers {
		for _, x := range row {
			if wrong(float64(x)) {
				return false
			}
		}
	}
	return true
}

// Shift returns m with more, or less, said for each class from the start.
func (m *Model) Shift(by Probs) *Model {
	shifted := *m
	for c := range Classes {
		shifted.bias[c] += float32(by[c])
	}
	return &shifted
}

// Sharpen returns m with every score divided by temperature, so that its
// probabilities are as sure as they should be.
func (m *Model) Sharpen(temperature float64) *Model {
	s := *m
	s.scale /= temperature
	s.numbers = make([][Classes]float32, len(m.numbers))
	for c := range Classes {
		s.bias[c] = float32(float64(m.bias[c]) / temperature)
		for i := range m.numbers {
			s.numbers[i][c] = float32(float64(m.numbers[i][c]) / temperature)
		}
	}
	return &s
}
