package i18n

// sourceTexts say what is wrong with a source and, under the code with _do,
// what to do about it.
var sourceTexts = map[string]Text{
	"source.full": {"这个来源给出的网址太多，%s 个没有排进去（最多排 %s 个）；读完一部分后会自动补上。", "This source names too many addresses: %s were left out (at most %s may wait). They are taken in once some have been read."},

	"sources.look":     {"能读，但要看看", "It is read, but needs a look"},
	"source.looking":   {"正在查看这个网址，每次访问间隔一秒……", "Looking at the address, with a second between two requests …"},
	"source.nothing":   {"没有弄清怎样采集 %s。请换成栏目列表页、订阅源（RSS）或站点地图的网址再试；在浏览器里打开它，看看是否要登录。", "It is not clear how to collect %s. Try the address of a column page, a feed (RSS) or a sitemap; open it in a browser to see whether it asks for a sign-in."},
	"source.not_that":  {"%s 不能按 %s 读，它是 %s。去掉 -kind 再试。", "%s cannot be read as %s, it is a %s. Try without -kind."},
	"source.known":     {"%s 已经在配置里了，名称是“%s”。什么也没有改。", "%s is in the configuration already, as “%s”. Nothing was changed."},
	"source.by_hand":   {"配置文件的 sources 写成了一行方括号的形式，不能自动添加。请把上面这段手工写进去。", "The sources of this file are written in brackets and cannot be added to. Write the lines above into it by hand."},
	"source.paste":     {"把上面几行写进配置文件的 sources 一节；或加上 -config 文件，由本命令写入。", "Write these lines under sources in your configuration, or give -config FILE to have them written."},
	"source.left":      {"没有写入，什么也没有改。", "Nothing was written."},
	"source.unwritten": {"写不了 %s：%s。原文件没有改动，请检查权限。", "%s could not be written: %s. It was left as it was; check its permissions."},
	"source.written":   {"已写入 %s。重新启动民声，或发 SIGHUP（systemctl reload minsheng），就开始采集，到“来源”页看结果。", "Written to %s. Start Minsheng again or send SIGHUP (systemctl reload minsheng) to begin, and see the page Sources."},

	"health.failing":    {"最近约 %s 的访问失败，已连续失败 %s 次。", "About %s of the latest visits failed, the last %s in a row."},
	"health.failing_do": {"在浏览器里打开这个地址：打得开，按下面“上次出错”的说明处理；打不开，等网站恢复或改用新地址。", "Open the address in a browser. If it opens, follow the last fault below; if not, wait for the site or use its new address."},
	"health.weak":       {"时好时坏：最近约 %s 的访问失败。", "It answers now and then: about %s of the latest visits failed."},
	"health.weak_do":    {"多半是对方太慢或嫌访问太勤：把 rate 和 every 调大一些。", "Usually the site is slow or finds us too busy: make rate and every longer."},
	"health.login":      {"最近约 %s 的页面是登录页，读不到内容。", "About %s of the latest pages were a sign-in page with nothing to read."},
	"health.login_do":   {"民声不登录任何网站。换一个不用登录的栏目、订阅源或站点地图；没有就删去这个来源。", "Minsheng logs in nowhere. Use a column, feed or sitemap that is open to all; if there is none, remove the source."},
	"health.empty":      {"地址打得开，但连续 %s 次没有找到任何文章。", "The address answers, but %s times in a row no article was found on it."},
	"health.empty_do":   {"页面可能改版了：重新运行 minsheng source add 看看这个地址现在给什么，再改 kind、url 或 select。", "The page may have been rebuilt: run minsheng source add to see what the address gives now, then change kind, url or select."},
	"health.future":     {"最近约 %s 的帖文，页面上写的时间在未来；已改用读到的时间。", "About %s of the latest posts give a time in the future; the time they were read stands in."},
	"health.future_do":  {"多半是时区不对：在配置里给这个来源写上 zone（例如 Asia/Shanghai 或 UTC）。", "Usually the zone is wrong: set zone for this source (such as Asia/Shanghai or UTC)."},
	"health.quiet":      {"突然安静了：已 %s 小时没有新帖，按以往同一时段应有约 %s 条。", "It went quiet: nothing new for %s hours, in which about %s posts are usual."},
	"health.quiet_do":   {"在浏览器里打开看看：有新内容，说明页面改版或地址变了，需要改配置；确实没有更新，不必处理。", "Open it in a browser. If there is something new, the page or its address changed and the source needs mending; if not, nothing needs to be done."},
	"health.silent":     {"能打开，但已 %s 天没有新帖。", "It answers, but nothing is new for %s days."},
	"health.silent_do":  {"在浏览器里打开看看网站是否改版、停更或换了地址。", "Open it in a browser: the site may have been rebuilt, given up or moved."},
	"health.barren":     {"能打开，但没有读出帖文。", "It answers, but no post was found."},
	"health.barren_do":  {"核对地址；用 minsheng source add 看它给什么，必要时写明 select。", "Check the address; see with minsheng source add what it gives, and set select if needed."},
	"health.since":      {"始于", "since"},

	"notice.ill":  {"【来源】%s 需要看看", "[Source] %s needs a look"},
	"notice.well": {"【来源】%s 已恢复正常", "[Source] %s is well again"},
}
