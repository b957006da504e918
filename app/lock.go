package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"minsheng/opinion"
)

// lockFolder makes the data folder, readable by its owner alone, and takes its
// lock. The system lets go of it when the process ends, however it ends.
func lockFolder(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, folderFault(folder, err)
	}
	f, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, folderFault(folder, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, opinion.NewFault("app.data_in_use", err, folder)
	}
	return f, nil
}

func unlockFolder(f *os.File) error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
}

func folderFault(folder string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return opinion.NewFault("app.data_permission", err, folder)
	case errors.Is(err, syscall.ENOSPC):
		return opinion.NewFault("app.disk_full", err, folder)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return opinion.NewFault("app.data_file", err, folder)
	}
	return opinion.NewFault("app.data_unusable", err, folder, err.Error())
}

func listenFault(address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return opinion.NewFault("app.port_in_use", err, address)
	case errors.Is(err, syscall.EACCES):
		return opinion.NewFault("app.port_permission", err, address)
	}
	return opinion.NewFault("app.listen", fmt.Errorf("listen: %w", err), address, err.Error())
}
