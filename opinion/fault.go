package opinion

import (
	"errors"
	"strings"
	"time"
)

// Fault is something that went wrong outside, said so that a person
// understands it: Code and Args select a sentence of the catalogue (package
// i18n), Err is the technical cause for the log.
type Fault struct {
	Code  string
	Args  []string
	Err   error
	Retry bool          // a later attempt may succeed
	After time.Duration // not before, where the other side said so
}

// NewFault returns a Fault that a retry cannot mend.
func NewFault(code string, err error, args ...string) *Fault {
	return &Fault{Code: code, Args: args, Err: err}
}

// NewRetry returns a Fault that may pass by itself.
func NewRetry(code string, err error, args ...string) *Fault {
	return &Fault{Code: code, Args: args, Err: err, Retry: true}
}

// Error gives the code, its arguments and the cause.
func (f *Fault) Error() string {
	s := f.Code
	if len(f.Args) > 0 {
		s += " (" + strings.Join(f.Args, ", ") + ")"
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap returns the technical cause.
func (f *Fault) Unwrap() error { return f.Err }

// AsFault finds the Fault in err, or makes one of code that keeps err as its
// cause. It returns nil for nil.
func AsFault(err error, code string) *Fault {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return NewRetry(code, err)
}
