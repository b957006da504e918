package analysis

import (
	"strings"
	"unicode/utf8"

	"minsheng/opinion"
)

// newsMarks are turns of phrase by which news and notices are known, postMarks
// those by which people write to each other.
var (
	newsMarks = []string{"记者", "近日", "日前", "报道", "讯", "据悉", "据了解", "通报", "发布", "警情", "获悉", "目前", "犯罪嫌疑人", "进一步", "工作中", "公告", "此次", "截至", "编辑"}
	postMarks = []string{"我", "你", "咱", "@用户", "//@", "哈哈", "啊", "呢", "吧", "呀", "!!", "??", "...", "[", "卧槽", "尼玛", "求", "各位", "大家", "楼主", "吐槽", "请问", "今天去", "昨天去"}
)

// kindOf decides between news and post from a folded text: colloquial words and
// marks speak for a post, those of reports and length for news.
func kindOf(folded string, titled bool) opinion.Kind {
	head := folded
	if len(head) > 3000 {
		head = strings.ToValidUTF8(head[:3000], "")
	}
	score := 0
	for _, m := range newsMarks {
		score += min(strings.Count(head, m), 2)
	}
	for _, m := range postMarks {
		score -= min(strings.Count(head, m), 2)
	}
	if strings.HasPrefix(head, "【") {
		score++
	}
	if titled {
		score++
	}
	if utf8.RuneCountInString(head) > 400 {
		score += 2
	}
	if score > 0 {
		return opinion.News
	}
	return opinion.Social
}
