package main

import (
	"context"
	"fmt"

	"minsheng/app"
)

// runCorrections writes what people corrected as lines that train reads.
func runCorrections(ctx context.Context, p *program, args []string) error {
	file, err := onlyConfigured("corrections", args)
	if err != nil {
		return err
	}
	return withOffice(ctx, file, func(o *app.Office) error {
		n, err := app.WriteLabels(ctx, p.out, o.State)
		if err == nil {
			fmt.Fprintf(p.err, "更正 corrections: %d\n", n)
		}
		return err
	})
}
