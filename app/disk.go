package app

import (
	"strconv"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"

	"minsheng/opinion"
)

// scarceDisk is the free space below which the daemon is not ready: what it
// writes until somebody has come to make room.
const scarceDisk = 64 << 20

// diskFree is how many bytes a user may still write where folder is.
func diskFree(folder string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// checkDisk says when the disk of folder is about to be full, before a write
// fails. A small write still passes on a full disk, so trying one tells nothing.
func checkDisk(folder string, scarce uint64) error {
	free, err := diskFree(folder)
	if err != nil {
		return folderFault(folder, err)
	}
	if free < scarce {
		return opinion.NewRetry("app.disk_scarce", nil, folder, strconv.FormatUint(free>>20, 10))
	}
	return nil
}

// measureDisk registers the free space of folder.
func measureDisk(registry *prometheus.Registry, folder string) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "minsheng_disk_free_bytes", Help: "Space left on the disk of the data folder.",
	}, func() float64 {
		free, err := diskFree(folder)
		if err != nil {
			return 0
		}
		return float64(free)
	}))
}
