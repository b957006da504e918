package i18n

// fetchTexts say on a source why a page could not be fetched, and in `guard`
// why an address is refused.
var fetchTexts = map[string]Text{
	"fetch.failed":      {"没有取到这个页面。", "The page could not be fetched."},
	"fetch.broken":      {"与 %s 的连接中断，没有取到页面。", "The connection to %s broke off before the page was complete."},
	"fetch.cancelled":   {"抓取被中止。", "The fetch was stopped."},
	"fetch.address":     {"网址有误，无法访问：%s。请检查拼写和端口。", "This address cannot be read: %s. Check its spelling and port."},
	"fetch.scheme":      {"只支持 http 和 https 网址：%s。", "Only http and https addresses can be fetched: %s."},
	"fetch.private":     {"%s 是内网或保留地址，已拒绝访问。确属本单位自己的站点时，请在配置里给这个来源写上 allow_private: true。", "%s is a private or reserved address and was not contacted. If it is a site of your own, write allow_private: true for this source."},
	"fetch.dns":         {"找不到 %s 这个网站（域名无法解析），请检查网址。", "There is no site named %s (the name has no address). Check the address."},
	"fetch.connect":     {"%s 拒绝连接或无法到达，网站可能已关闭。", "%s refuses connections or cannot be reached; the site may be down."},
	"fetch.timeout":     {"%s 响应太慢，在限定时间内没有取完页面。", "%s was too slow: the page was not complete in the time allowed."},
	"fetch.tls":         {"与 %s 建立安全连接失败（证书无效、过期或协议不符）。", "No secure connection to %s (its certificate is invalid or expired, or the protocol does not match)."},
	"fetch.robots":      {"%s 的 robots.txt 不允许抓取 %s，已按规定不访问。", "The robots.txt of %s does not allow %s to be fetched, so it was not."},
	"fetch.robots_down": {"暂时取不到 %s 的 robots.txt，按规定在取到之前不访问该网站。", "The robots.txt of %s cannot be had at present; until it can, the site is not visited."},
	"fetch.gone":        {"页面不存在或已删除（%s）。", "The page does not exist or was removed (%s)."},
	"fetch.forbidden":   {"%s 不向公众开放这个页面（%s）。本系统不登录任何网站，也不绕过限制，所以读不到它。", "%s does not show this page to the public (%s). Minsheng logs in nowhere and evades no block, so it is not read."},
	"fetch.busy":        {"%s 请求稍后再来（%s），下次按它要求的时间。", "%s asks to come back later (%s); the next time is the one it gives."},
	"fetch.turn":        {"还没有轮到访问 %s（要与上一次访问隔开），稍后会自动再来。", "It is not yet time to ask %s again (a pause is kept after the last request); it will be asked later."},
	"fetch.status":      {"%s 返回了错误（%s），没有页面内容。", "%s answered with an error (%s) instead of the page."},
	"fetch.too_large":   {"页面超过 %s 的上限，没有采用。", "The page is larger than the limit of %s and was not used."},
	"fetch.redirects":   {"%s 的页面反复跳转（%s 次），可能要求登录或 Cookie，没有取到内容。", "The page at %s keeps redirecting (%s times), perhaps asking for a sign-in or a cookie; nothing was fetched."},
	"fetch.encoding":    {"%s 返回的压缩内容无法解开。", "The compressed content sent by %s cannot be unpacked."},
}
