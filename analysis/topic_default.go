package analysis

import "minsheng/opinion"

// DefaultTopics are the subjects in which police and public most often meet, as
// rules that an administrator edits: how people are treated, services and
// windows, force, fairness, inaction, discipline, traffic, case handling and
// disclosure, rumours, police as victims, praise, recruiting, fake police.
func DefaultTopics() []opinion.Topic {
	const police = "警察|民警|警官|公安|公安局|派出所|警方|交警|辅警|特警|刑警|警务|车管所|出入境|户籍|报警|报案|出警|所长"
	about := []string{police}
	return []opinion.Topic{
		{Name: "服务态度", Watch: true, All: about, Any: []string{
			"态度|脸色|黑脸|臭脸|冷漠|冷冰冰|不耐烦|爱答不理|爱理不理|爱搭不理|头也不抬|头都不抬|冷硬横推|门难进|脸难看|话难听|事难办",
			"翻白眼|阴阳怪气|拍桌子|摔材料|吼|呵斥|训斥|骂人|辱骂|出言不逊|粗暴|蛮横|傲慢|官威|官老爷|盛气凌人|刁难|耍横|敷衍|没礼貌",
		}},
		{Name: "窗口服务", Watch: true, Any: []string{
			"户籍窗口|户籍室|户政大厅|户政窗口|出入境大厅|出入境窗口|车管所|办证大厅|派出所窗口|警务大厅|公安窗口|户籍民警|居住证|无犯罪记录证明|临时身份证",
			"落户|迁户口|办身份证|补办身份证|换身份证|身份证办理|户口本|办护照|港澳通行证|签注|驾驶证换证|年检|上牌",
		}, None: []string{"征婚"}},
		{Name: "使用武力", Watch: true, All: about, Any: []string{
			"暴力执法|粗暴执法|野蛮执法|开枪|鸣枪|击毙|警棍|辣椒水|催泪|按倒|按在地上|锁喉|掐脖子|拖拽|拖行|推搡|殴打|打人|掌掴|扇耳光|手铐|刑讯逼供|约束带",
		}},
		{Name: "执法公正", Watch: true, All: about, Any: []string{
			"执法不公|不公平|不公正|人情案|关系案|金钱案|偏袒|袒护|包庇|拉偏架|选择性执法|双标|双重标准|关系户|搞特权|特权车|徇私|枉法|钓鱼执法|违规执法|乱执法|有后台",
		}},
		{Name: "不作为", Watch: true, All: about, Any: []string{
			"不作为|乱作为|慢作为|不立案|不予立案|拒不立案|不受理|不予受理|不出警|出警慢|出警太慢|迟迟不来|迟迟未|推诿|扯皮|踢皮球|推来推去|不管|没人管|无人管|石沉大海|没有进展|毫无进展|没有答复|没有回复|置之不理|熟视无睹|逍遥法外|懒政",
		}},
		{Name: "纪律作风", Watch: true, All: about, Any: []string{
			"受贿|行贿|贪污|腐败|索贿|敛财|保护伞|违纪|双开|停职|免职|撤职|被查|留置|接受审查|主动投案|落马|吃拿卡要|公车私用|警车私用|酒驾|嫖娼|家暴|婚外情|泄露信息|脱岗|玩手机|徇私舞弊|失职渎职",
		}, None: []string{"交警查酒驾|查获酒驾"}},
		{Name: "交通执法", Watch: true, Any: []string{
			"交警|交管|交巡警|电子警察|贴条|抄牌|罚单|违停|扣分|记分|查酒驾|酒驾|醉驾|电动车头盔|限行|占用应急车道|拖车|扣车|测速|闯红灯",
		}},
		{Name: "办案与公开", Watch: true, All: about, Any: []string{
			"通报|案情|警情|监控|执法记录仪|真相|案件进展|立案|撤案|尸检|鉴定|羁押|看守所|取保|冤案|错案|家属质疑|避重就轻|含糊其辞|公布视频|公开视频|说法",
		}},
		{Name: "谣言与恐慌", Any: []string{
			"谣言|辟谣|造谣|传谣|不实信息|网传|不信谣|抢小孩|偷小孩|人贩子|封城|紧急扩散|假消息",
		}},
		{Name: "袭警与护警", All: about, Any: []string{
			"袭警|妨害公务|阻碍执法|暴力抗法|殴打民警|辱骂民警|殴打辅警|殴打交警|牺牲|殉职|因公|负伤|受伤民警",
		}},
		{Name: "好评与救助", All: about, Any: []string{
			"点赞|感谢|谢谢|锦旗|感谢信|致敬|好样的|暖心|救起|救下|救出|救人|找回|送回|护送|破窗|跳河救人|英勇|表扬|好评|贴心|热心",
		}},
		{Name: "招录与身份", Any: []string{
			"招警|招录辅警|辅警招聘|招聘辅警|公安联考|警校|警察学院|假警察|冒充警察|冒充民警|冒充公安|公检法诈骗|冒充公检法",
		}},
	}
}
