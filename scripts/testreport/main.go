// Command testreport reads `go test -json` and prints what failed, what was
// skipped and a line for each package. It fails where anything was skipped or
// failed: in CI every engine is there, so a skip is a hole.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// allowed are packages whose skips say that the shared data is not there; CI
// without that folder is told so and goes on.
const noShared = "MINSHENG_SHARED"

type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

func main() {
	outputs := map[string][]string{}
	var failed, skipped []string
	sharedThere := exists(os.Getenv(noShared))
	passed := 0
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		key := e.Package + " " + e.Test
		if e.ImportPath != "" {
			key = e.ImportPath
		}
		switch e.Action {
		case "output", "build-output":
			outputs[key] = append(outputs[key], e.Output)
		case "build-fail":
			failed = append(failed, key)
		case "fail":
			failed = append(failed, key)
		case "skip":
			if e.Test != "" && (sharedThere || !strings.Contains(strings.Join(outputs[key], ""), noShared)) {
				skipped = append(skipped, key)
			}
		case "pass":
			if e.Test != "" {
				passed++
			} else {
				fmt.Printf("ok    %-40s %6.1f s\n", e.Package, e.Elapsed)
			}
			delete(outputs, key)
		}
	}
	for _, key := range slices.Concat(failed, skipped) {
		fmt.Printf("--- %s\n%s", key, strings.Join(outputs[key], ""))
	}
	fmt.Printf("%d tests passed, %d failed, %d skipped\n", passed, len(failed), len(skipped))
	if len(failed)+len(skipped) > 0 {
		os.Exit(1)
	}
}

func exists(folder string) bool {
	_, err := os.Stat(folder)
	return folder != "" && err == nil
}
