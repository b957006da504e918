package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// surnames are the commonest; each begins many words besides names.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"

// doubleSurnames are the usual ones of two characters.
var doubleSurnames = []string{"欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "东方", "西门", "南宫", "长孙", "宇文", "端木"}

// moreSurnames stand beside the commonest, in both scripts.
const moreSurnames = "洪施牛葛章倪严温关鲁祝柳骆詹欧安翟兰殷颜庄聂单苗甘车童岳鲍屈阮柯左游裴席卫解路樊凌霍虞涂焦向管舒冷符" +
	"劳窦麦辛耿曲盛丰鞠华项阳芦应毕齐毛吉池柴蒙时于申喻宫穆靳纪包褚娄连沙宁" +
	"張劉陳楊趙黃吳孫鄭謝韓馮蕭許鄧蘇盧賈葉閻鍾譚鄒陸龍萬錢湯賀賴龔顧邵嚴溫關魯駱歐蘭顏莊聶單車鮑衛華項陽蘆應畢齊時紀婁連寧"

// isName reports whether a word of Han characters can be a person's name.
func isName(s string, loose bool) bool {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
		n++
	}
	for _, d := range doubleSurnames {
		if strings.HasPrefix(s, d) {
			return n == 3 || n == 4
		}
	}
	if n != 2 && n != 3 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return loose || strings.ContainsRune(surnames, first) || strings.ContainsRune(moreSurnames, first)
}
