package crawler_test

import (
	"bytes"
	"net/url"
	"path/filepath"
	"testing"

	readability "codeberg.org/readeck/go-readability/v2"

	"minsheng/crawler"
)

// BenchmarkExtract reads the real pages of the measuring data on one core,
// beside readability alone, which decodes nothing and finds no time or source.
func BenchmarkExtract(b *testing.B) {
	dir := filepath.Join(sharedData(b), "extract")
	var all []truth
	readJSON(b, &all, dir, "truth.json")
	pages := make([][]byte, len(all))
	for i, page := range all {
		pages[i] = readFile(b, dir, "pages", page.File)
	}
	base, err := url.Parse("http://n.example/1.html")
	if err != nil {
		b.Fatal(err)
	}
	for _, by := range []struct {
		name string
		read func(body []byte) error
	}{
		{"minsheng", func(body []byte) error {
			_, err := crawler.Extract(body, "", base.String(), office)
			return err
		}},
		{"readability", func(body []byte) error {
			p := readability.NewParser()
			_, err := p.Parse(bytes.NewReader(body), base)
			return err
		}},
	} {
		b.Run(by.name, func(b *testing.B) {
			for b.Loop() {
				for _, body := range pages {
					if err := by.read(body); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N*len(pages))/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
