package i18n

// regroupTexts are the words of pages on which people put right what belongs to
// one incident.
var regroupTexts = map[string]Text{
	"regroup.incident":   {"事件", "Incident"},
	"regroup.figures":    {"共 %s 条，其中负面 %s 条", "%s posts, %s of them negative"},
	"regroup.span":       {"时间", "Time"},
	"regroup.merge":      {"与另一个事件合并", "Merge with another incident"},
	"regroup.merge_hint": {"两个事件说的是同一件事时才合并。合并后以较早的事件为准，预警一并归入，后来的帖文也归到一起；重新研判和重启都不会拆开。", "Only where both are about the same event. The older one is kept, alerts come along, and later posts join it; neither judging again nor a restart takes them apart."},
	"regroup.with":       {"要合并的事件", "Incident to merge with"},
	"regroup.pick":       {"请选择", "Please choose"},
	"regroup.option":     {"%s（%d 条）", "%s (%d posts)"},
	"regroup.merge_do":   {"合并", "Merge"},
	"regroup.none":       {"最近没有别的事件可选。", "There is no other recent incident to choose."},
	"regroup.move":       {"调整所属事件", "Put in another incident"},
	"regroup.move_hint":  {"相同的帖文和其下的回复一并调整；后来的相同帖文跟着走，重新研判和重启都不会改回去，也不会因此发出预警。", "Posts with the same text and replies to it go along; later copies follow, neither judging again nor a restart undoes it, and no alert comes of it."},
	"regroup.to":         {"移到", "Move to"},
	"regroup.move_do":    {"移过去", "Move"},
	"regroup.out":        {"移出，自成一个事件", "Take out, as an incident of its own"},
	"regroup.out_row":    {"移出事件", "Take out"},
	"regroup.merged":     {"已合并。检索结果会在几秒内更新。", "Merged. The results follow within seconds."},
	"regroup.moved":      {"已调整 %d 条帖文。检索结果会在几秒内更新。", "%d posts were moved. The results follow within seconds."},
	"regroup.choose":     {"没有改动：请先选择一个事件。", "Nothing was changed: please choose an incident first."},
	"regroup.one":        {"没有改动：它们已经是同一个事件。", "Nothing was changed: they are one incident already."},
	"regroup.there":      {"没有改动：帖文已经在这个事件里。", "Nothing was changed: the post is in this incident already."},
	"regroup.alone":      {"没有改动：事件里只有这一条（连同相同帖文和回复），移出后什么也不剩。", "Nothing was changed: the incident is this post alone, with its copies and replies; nothing would stay behind."},
	"regroup.gone":       {"没有改动：这个事件或帖文已经不在了，或者还没有分析。请刷新后再试。", "Nothing was changed: the incident or the post is gone, or not analysed yet. Load the page again and retry."},
	"verb.merged":        {"合并事件", "merged incidents"},
	"verb.moved":         {"调整所属事件", "moved to another incident"},
	"audit.incident":     {"事件 %s", "incident %s"},
}
