package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that never shows: in logs, errors and prints it is ***.
// Each secret key has a twin that ends in _file and names a file to read it
// from.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value. Call it only where it is handed to the other side.
func (s Secret) Reveal() string { return s.value }

// Set reports whether there is a value.
func (s Secret) Set() bool { return s.value != "" }

const hidden = "***"

func (s Secret) String() string {
	if s.value == "" {
		return ""
	}
	return hidden
}

// Format keeps every verb of fmt from showing the value.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText keeps JSON and YAML from showing the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps slog from showing the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
