package i18n

// searchTexts are what is said about a search query that cannot be read, and
// about an index that cannot be used. The first argument of a query's fault is
// the place in it, counted in characters from 1.
var searchTexts = map[string]Text{
	"query.long":     {"检索式太长：第 %s 个字起超出了 %s 字的上限，请缩短。", "The query is too long: from character %s on it exceeds the limit of %s; please shorten it."},
	"query.terms":    {"检索词太多：第 %s 个字处的词已超过 %s 个的上限，请减少。", "Too many words: the one at character %s exceeds the limit of %s; please use fewer."},
	"query.deep":     {"第 %s 个字处的括号套得太深，请简化。", "The bracket at character %s is nested too deeply; please simplify."},
	"query.quote":    {"第 %s 个字处的引号没有配对，请补上后引号。", "The quotation mark at character %s is not closed; please add the closing one."},
	"query.open":     {"第 %s 个字处的左括号没有配对，请补上右括号。", "The bracket at character %s is not closed; please add the closing one."},
	"query.close":    {"第 %s 个字处多了一个右括号，请删去或补上左括号。", "There is a closing bracket too many at character %s; please remove it or add the opening one."},
	"query.operator": {"第 %s 个字处的“%s”缺少检索词，请在它旁边补上，或把它放进引号。", "The “%[2]s” at character %[1]s has no word to go with; please add one, or put it in quotation marks."},
	"query.nothing":  {"第 %s 个字处的引号或括号里没有内容，请填写或删去。", "There is nothing inside the quotation marks or brackets at character %s; please fill or remove them."},

	"index.newer":       {"检索库是更新版本的程序建立的，请升级程序，或清空检索库后重建（minsheng reindex）。", "The search index was made by a newer version; please upgrade, or remove the index and build it again (minsheng reindex)."},
	"index.unreachable": {"检索服务暂时连不上，恢复后会自动继续，不会丢失内容。", "The search service cannot be reached for now; work resumes by itself when it is back, and nothing is lost."},
	"index.refused":     {"检索服务拒绝了请求，请检查检索服务的账号、权限和磁盘空间。", "The search service refused the request; please check its account, its permissions and its disk space."},
}
