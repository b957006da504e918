package crawler

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// frequent are very common characters of modern Chinese and of news about
// public order, in both scripts. They tell the right charset from a wrong one,
// which yields rare characters, already in a sentence of ten.
const frequent = "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发" +
	"發后後作里用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开" +
	"開但因只从從想实實日军軍者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最" +
	"重并並物手应應战戰向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給世位次度门門任常先" +
	"海通教儿兒原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔爾更别別打女变變四神总總何电電数" +
	"數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊形社便空决決治展马馬科司" +
	"五基眼书書非则則听聽白却卻界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求据據程北边邊死张張该該交规規万" +
	"萬取拉格望觉覺术術领領共确確传傳师師观觀清今切院让讓识識候带帶导導争爭运運笔飞飛风風步改收根干造言联聯持组組每济濟车車亲" +
	"親极極林服快办辦议議往元英士证證近失转轉夫令准準布始怎呢存未远遠叫台单單影具罗羅字爱愛击擊流备備兵连連调調深商算质質团團" +
	"集百需价價花党黨华華城石级級整府离離况況亚亞请請技际際约約示复復病息究线線似官火断斷精满滿支视視消越器容照须須九增研写寫" +
	"称稱企八功吗嗎包片史委乎查轻輕易早曾除农農找装裝广廣显顯吧阿李标標谈談吃图圖念六引历歷首医醫局突专專费費号號尽盡另周较較" +
	"注语語仅僅考落青随隨选選列武红紅响響虽雖推势勢参參希古众眾构構房半节節土投某案黑维維革划敌敵致陈陳律足态態护護七兴興派孩" +
	"验驗责責营營星够夠章音跟志底站严嚴巴例防族供效续續施留讲講型料终終答紧緊黄黃绝絕奇察母京段依批群项項故按河米围圍江织織害" +
	"斗双雙境客纪紀采举舉杀殺攻父苏蘇密低朝友诉訴止细細愿願千值仍男钱錢破网網热熱助倒育属屬坐帝限船脸臉职職速刻乐樂否刚剛威毛" +
	"状狀率甚独獨球般普怕弹彈校苦创創伪偽久错錯承印晚兰蘭试試股拿脑腦预預谁誰益阳陽若哪微尼继繼送急血惊驚伤傷素药藥适適波夜省" +
	"初喜卫衛源食险險待述陆陸习習置居劳勞财財环環排福纳納欢歡雷警获獲模充负負云雲停木游龙龍树樹疑层層冷洲冲沖射略范範竟句室异" +
	"異激汉漢村哈策演简簡卡罪判担擔州静靜退既衣您宗积積余餘痛检檢差富灵靈协協角占配征修皮挥揮胜勝降阶階审審沉坚堅善妈媽刘劉读" +
	"讀啊超免压壓银銀买買皇养養伊怀懷执執副乱亂抗犯追帮幫宣佛岁歲航优優怪香田铁鐵控税稅左右份穿艺藝背阵陣草脚腳概恶惡块塊顿頓" +
	"敢守酒岛島托央户戶烈洋哥索胡款靠评評版宝寶座释釋景顾顧弟登货貨互付伯慢欧歐换換闻聞危忙核暗姐介坏壞讨討丽麗良序升监監临臨" +
	"亮露永呼味野架域沙掉"

var frequentSet = runeSet(frequent)

func runeSet(s string) map[rune]bool {
	set := make(map[rune]bool, len(s)/3)
	for _, r := range s {
		set[r] = true
	}
	return set
}

// pairScore says how well a multi-byte reading fits: the share of its
// characters that are common, from the place in the charset (the first level
// of both standards holds the common ones) and from the list above.
func pairScore(n, firstLevel, broken int, text string) float64 {
	if n == 0 {
		return 0
	}
	known, han, holes := 0, 0, 0
	for _, r := range strings.TrimRight(text, "\ufffd") { // the last may be cut
		if r == '\ufffd' {
			holes++
		}
		if r < 0x2E80 || r == '\ufffd' {
			continue
		}
		han++
		if r < 0x3100 || r > 0xFF00 || frequentSet[r] {
			known++
		}
	}
	if han == 0 {
		return 0
	}
	broken = max(broken, holes) // pairs in places that the charset leaves empty
	total := float64(n + 4*broken)
	return (float64(firstLevel)/total + 2*float64(known)/float64(han+4*broken)) / 3
}

// commonShare is the share of the common characters among the Han ones of text.
func commonShare(text string) float64 {
	common, han := 0, 0
	for _, r := range text {
		if r < 0x3400 || r >= 0xA000 {
			continue
		}
		han++
		if frequentSet[r] {
			common++
		}
	}
	return float64(common) / float64(max(han, 1))
}

// gbScore reads b as GB18030. Lead bytes B0 to D7 are level one of GB 2312, A1
// to A3 its signs.
func gbScore(b []byte) float64 {
	n, first, broken := 0, 0, 0
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c < 0x80:
			i++
			continue
		case i+1 >= len(b):
			i++
			continue
		case c >= 0x81 && c <= 0xFE && b[i+1] >= 0x30 && b[i+1] <= 0x39:
			i += 4
			n++
			continue
		case c >= 0x81 && c <= 0xFE && b[i+1] >= 0x40 && b[i+1] != 0x7F && b[i+1] != 0xFF:
			if b[i+1] >= 0xA1 && (c >= 0xB0 && c <= 0xD7 || c >= 0xA1 && c <= 0xA3) {
				first++
			}
			n++
			i += 2
		default:
			broken++
			i++
		}
	}
	return pairScore(n, first, broken, sampleText(simplifiedchinese.GB18030, b))
}

// big5Score reads b as Big5. Lead bytes A4 to C6 are its common characters, A1
// to A3 its signs.
func big5Score(b []byte) float64 {
	n, first, broken := 0, 0, 0
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c < 0x80:
			i++
			continue
		case i+1 >= len(b):
			i++
			continue
		case c >= 0x81 && c <= 0xFE && (b[i+1] >= 0x40 && b[i+1] <= 0x7E || b[i+1] >= 0xA1 && b[i+1] <= 0xFE):
			if c >= 0xA1 && c <= 0xC6 {
				first++
			}
			n++
			i += 2
		default:
			broken++
			i++
		}
	}
	return pairScore(n, first, broken, sampleText(traditionalchinese.Big5, b))
}

// sampleText decodes enough of b to judge it.
func sampleText(enc encoding.Encoding, b []byte) string {
	const enough = 16 << 10
	from := 0
	for from < len(b) && b[from] < 0x80 {
		from++
	}
	if len(b)-from > enough {
		b = b[from : from+enough]
	} else {
		b = b[from:]
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return string(out)
}
