package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"minsheng/analysis"
	"minsheng/config"
	"minsheng/opinion"
)

// TrainedWeights is where `minsheng train` leaves the attitude that it learned.
func TrainedWeights(cfg *config.Config) string { return filepath.Join(cfg.Data, "attitude.bin") }

// Weights are what the configuration says to judge by: nil for the rules alone, a
// file, that of the data folder where training left one, or those that are built in.
func Weights(cfg *config.Config) (*analysis.Weights, error) {
	name := cfg.Analysis.Weights
	if name == config.NoWeights {
		return nil, nil
	}
	shipped := analysis.ShippedWeights()
	named := name != ""
	if !named {
		name = TrainedWeights(cfg)
	}
	f, err := os.Open(name)
	switch {
	case !named && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)):
		return shipped, nil // what is wrong with the folder is said by who opens it
	case err != nil:
		return nil, opinion.NewFault("weights.unread", err, name)
	}
	defer f.Close()
	w, err := shipped.WithAttitude(f)
	if err != nil {
		return nil, opinion.NewFault("weights.version", err, name)
	}
	return w, nil
}
