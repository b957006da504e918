package i18n

// pushTexts are told to programs that push mentions.
var pushTexts = map[string]Text{
	"push.method":    {"这个地址只收 POST 请求。", "This address takes POST only."},
	"push.token":     {"令牌不对。请在 Authorization 里写“Bearer 令牌”，令牌见配置的 api.tokens。", "The token is wrong. Send “Authorization: Bearer TOKEN” with a token of api.tokens."},
	"push.wait":      {"试错次数过多，请 %d 秒后再试。", "Too many wrong tokens. Wait %d seconds."},
	"push.too_large": {"请求超过 4 MB，请分几次推送。", "The request is larger than 4 MB, push in parts."},
	"push.cut":       {"请求没有传完，什么也没有保存。", "The request was cut off, nothing was saved."},
	"push.not_utf8":  {"内容不是 UTF-8，请转换后再推送。", "The content is not UTF-8, convert it first."},
	"push.no_json":   {"不是合格的 JSON：应为一个对象或一个列表。", "This is not well-formed JSON: send one object or a list."},
	"push.count":     {"一次推送 1 到 %d 条。", "Push between 1 and %d mentions at a time."},
	"push.type":      {"%s 的类型不对，应为文字。", "%s has the wrong type, it should be a text."},
	"push.published": {"published 应写成 2026-01-02T15:04:05+08:00 这样的时间。", "published should be a time such as 2026-01-02T15:04:05+08:00."},
	"push.unknown":   {"没有字段 %s。可用的有 id、source、class、kind、url、title、text、outlet、speaker、thread、published。", "There is no field %s. There are id, source, class, kind, url, title, text, outlet, speaker, thread, published."},
	"push.long":      {"%s 超过 %d 字节。", "%s is longer than %d bytes."},
	"push.empty":     {"text 与 title 不能都空着。", "Give a text or a title."},
	"push.url":       {"url 应以 http:// 或 https:// 开头。", "url should begin with http:// or https://."},
	"push.choice":    {"%s 应为下列之一：%s。", "%s should be one of: %s."},
}
