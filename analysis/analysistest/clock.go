package analysistest

import (
	"syscall"
	"time"
)

// ProcessorTime is what this process has used so far, all cores together: what
// others do on the machine changes it little, as it changes the clock. It is 0
// where the system does not tell.
func ProcessorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
