package i18n

// alertTexts are the words of an alert, the same on pages and in messages.
var alertTexts = map[string]Text{
	"alert.headline":     {"【%s】%s 负面突增（第 %d 号）", "[%s] %s: negative posts rising (no. %d)"},
	"alert.test_title":   {"【测试】%s 的预警通道", "[Test] alert channel of %s"},
	"alert.test_text":    {"这是一条测试消息，收到即表示通道可用，无需处理。", "This is a test message. The channel works; nothing needs to be done."},
	"alert.counts":       {"负面 %d 条，平时%s，%s", "%d negative posts, usually %s, %s"},
	"alert.below_one":    {"不足 1 条", "fewer than 1"},
	"alert.about":        {"约 %.0f 条", "about %.0f"},
	"alert.times":        {"是平时的 %.1f 倍", "%.1f times the usual"},
	"alert.times_more":   {"是平时的 %d 倍以上", "more than %d times the usual"},
	"alert.share":        {"负面占 %s（平时 %s），同期共 %d 条", "negative share %s (usually %s) of %d posts"},
	"alert.spread":       {"来自 %d 个来源、%d 个不同的声音、%d 种不同说法", "from %d sources, %d voices, %d different texts"},
	"alert.spread_texts": {"来自 %d 个来源、%d 种不同说法", "from %d sources, %d different texts"},
	"alert.window":       {"时段 %s–%s；专题：%s", "between %s and %s; topics: %s"},
	"alert.words":        {"起作用的词：%s", "words that weighed: %s"},
	"alert.action":       {"请先核实事实，再决定由谁答复。", "Check the facts first, then decide who answers."},
	"deliver.no_channel": {"配置里已没有名为 %s 的通道。", "The configuration has no channel named %s any more."},
	"alert.open":         {"打开并接手", "Open and take it"},
	"level.notice":       {"关注", "Notice"},
	"level.warning":      {"预警", "Warning"},
	"level.urgent":       {"紧急", "Urgent"},
}
