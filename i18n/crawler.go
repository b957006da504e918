package i18n

// crawlerTexts are what is said on a source about a fetch or a page.
var crawlerTexts = map[string]Text{
	"fetch.failed": {"没有取到这个页面，稍后会再试。", "The page could not be fetched; it will be tried again."},
}
