package i18n

// readTexts are what is said of a page, a feed or a list that was fetched but
// could not be read, or is not what the source says it is.
var readTexts = map[string]Text{
	"read.empty":           {"对方返回了空白内容。", "The site answered with nothing."},
	"read.feed_broken":     {"这个订阅源损坏到无法读取。", "This feed is too broken to be read."},
	"read.feed_is_page":    {"这个地址返回的是网页，不是订阅源；可能是地址已变更，或被登录页、防火墙页面拦下。", "This address answers with a web page, not a feed: it may have moved, or a login or firewall page stands before it."},
	"read.feed_is_json":    {"这个地址返回的是接口数据或错误信息，不是订阅源。", "This address answers with data or an error message, not a feed."},
	"read.feed_is_sitemap": {"这个地址是站点地图，不是订阅源；请把来源形式改为“站点地图”。", "This address is a sitemap, not a feed; change the form of the source to “sitemap”."},
	"read.feed_none":       {"这个地址返回的内容不是订阅源。", "What this address answers is not a feed."},
	"read.sitemap_none":    {"这个地址返回的内容不是站点地图。", "What this address answers is not a sitemap."},
	"read.sitemap_packed":  {"站点地图的压缩文件损坏，无法解开。", "The sitemap's compressed file is damaged and cannot be unpacked."},
	"read.sitemap_large":   {"站点地图解压后超过 50 MB，没有读取。", "The sitemap is larger than 50 MB when unpacked and was not read."},
	"read.selector_bad":    {"链接选择器写错了：%s。请检查来源设置中的 CSS 选择器。", "The link selector is not valid: %s. Please check the CSS selector of the source."},
	"read.list_none":       {"列表页上没有找到文章链接；如果设置了链接选择器，请检查它是否仍与页面相符。", "No links to articles were found on the list page; if a link selector is set, check that it still fits the page."},
	"read.page_broken":     {"页面结构异常，无法读取。", "The page's markup is too odd to be read."},
	"read.page_large":      {"页面过于庞大，没有读取。", "The page is too large and was not read."},
	"read.charset_unknown": {"页面的文字编码无法识别，没有读取，以免存入乱码。", "The page's character encoding is not known; it was not read, so that no garbled text is stored."},
	"read.no_article":      {"页面上没有找到正文。", "No article text was found on the page."},
	"read.is_login":        {"对方返回的是登录页，没有正文可读。民声不登录任何网站。", "The site answered with a login page; there is no text to read. Minsheng logs in nowhere."},
	"read.is_error":        {"对方返回的是出错提示页，没有正文可读。", "The site answered with an error page; there is no text to read."},
	"read.is_list":         {"这是列表页或栏目首页，不是文章。", "This is a list or index page, not an article."},
	"read.too_short":       {"页面上的正文太短，不能当作文章。", "The text on the page is too short to be an article."},
	"read.no_posts":        {"帖子页上没有找到可读的发言。", "No readable posts were found on the thread page."},
}
