package analysis_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-ego/gse"

	"minsheng/analysis"
)

// benchText is a made text of 500 characters, in five blocks, with the figures
// and marks that such texts hold.
func benchText() string {
	blocks := []string{
		"昨晚八点多，长柳街道翠柳社区的居民反映，小区门口的夜市占道经营，车辆进出困难，有人拨打110报警。",
		"派出所值班民警赶到后，先疏导了堵在路口的车辆，再和摊主逐个沟通，引导他们搬到指定区域。整个过程大约40分钟，没有人员受伤。",
		"“以前打电话没人管，这次来得快。”一位住了12年的老住户说。但也有网友认为，白天巡逻不够，晚上才出现，治标不治本。",
		"青禾县公安局回应称，今年以来共接到同类警情386起，同比下降7.5%，将与城管、街道建立联动机制，每周五集中清理一次。",
		"@爱吃面的小何 评论：希望说到做到，别过两天又回到老样子。联系人手机13900001234，车牌粤B12345的货车请尽快挪开！",
	}
	text := strings.Join(blocks, "\n")
	for utf8.RuneCountInString(text) < 500 {
		text += "\n" + blocks[utf8.RuneCountInString(text)%4]
	}
	return string([]rune(text)[:500])
}

func bench(b *testing.B, text string, f func(string)) {
	b.Helper()
	f(text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		f(text)
	}
	b.ReportMetric(float64(b.N)*float64(utf8.RuneCountInString(text))/b.Elapsed().Seconds()/1e6, "Mchar/s")
}

func BenchmarkFold(b *testing.B) {
	text := benchText()
	b.Run("mixed", func(b *testing.B) { bench(b, text, func(s string) { analysis.Fold(s) }) })
	b.Run("han", func(b *testing.B) {
		bench(b, strings.Repeat("民警到场后先疏导堵在路口的车辆再和摊主逐个沟通", 22), func(s string) { analysis.Fold(s) })
	})
	b.Run("traditional", func(b *testing.B) {
		bench(b, strings.Repeat("員警到場後先疏導堵在路口的車輛再與攤主逐個溝通", 22), func(s string) { analysis.Fold(s) })
	})
}

func BenchmarkToSimplified(b *testing.B) {
	bench(b, strings.Repeat("員警到場後先疏導堵在路口的車輛再與攤主逐個溝通", 22), func(s string) { analysis.ToSimplified(s) })
}

func BenchmarkMask(b *testing.B) { bench(b, benchText(), func(s string) { analysis.Mask(s) }) }

func BenchmarkClean(b *testing.B) { bench(b, benchText(), func(s string) { analysis.Clean(s) }) }

func BenchmarkSegment(b *testing.B) {
	text, _ := analysis.Fold(benchText())
	b.Run("ours", func(b *testing.B) { bench(b, text, func(s string) { words().Cut(s) }) })
	b.Run("gse", func(b *testing.B) {
		seg := gse.Segmenter{SkipLog: true}
		if err := seg.LoadDictEmbed("zh_s"); err != nil {
			b.Fatal(err)
		}
		bench(b, text, func(s string) { seg.Cut(s) })
	})
}
