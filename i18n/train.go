package i18n

// trainTexts are what training says of labelled texts and weights.
var trainTexts = map[string]Text{
	"weights.unread":  {"读不到训练结果文件 %s：请检查 analysis.weights 的路径与权限，或写 none 只用规则。", "The file of weights %s cannot be read: check the path of analysis.weights and its permission, or write none for the rules alone."},
	"weights.failed":  {"读取训练结果文件时出错。", "The file of weights could not be read."},
	"weights.version": {"%s 不是训练结果文件，或出自另一个版本：请用 minsheng train 重新训练，或删去此文件、改用内置的。", "%s is no file of weights, or one of another version: train again with minsheng train, or remove it to use the built-in ones."},

	"why.wording_against": {"措辞近似负面样本", "worded like texts against the police"},
	"why.wording_for":     {"措辞近似正面样本", "worded like texts in praise of the police"},

	"train.header":       {"%s：首行没有“%s”列；首行应写列名，至少有 label 与 text，以制表符分隔。", "%s: the first line names no column “%s”; name at least label and text, separated by tabs."},
	"train.column_twice": {"%s：首行有两列同名“%s”；每列请用不同的名称。", "%s: the first line names two columns “%s”; give each another name."},
	"train.columns":      {"%s：应有 %s 列，实有 %s 列；请检查制表符。", "%s: wants %s columns, has %s; check the tabs."},
	"train.label":        {"%s：标签“%s”应为 neg、neu 或 pos；请改正或删去此行。", "%s: the label “%s” should be neg, neu or pos; mend or remove the line."},
	"train.text":         {"%s：没有文字；请补上或删去此行。", "%s: there is no text; add it or remove the line."},
	"train.many":         {"%s：超过 %s 条，请拆分文件。", "%s: more than %s texts, split the file."},
	"train.long_line":    {"%s：一行超过 %s 字节，请检查换行。", "%s: a line of more than %s bytes, check the line breaks."},
	"train.empty":        {"%s：文件里没有样本。", "%s: the file holds no texts."},
	"train.one_sided":    {"样本只有一类标签，单独训练学不到区别；请补充其他标签的样本，或去掉 -alone。", "All texts have the same label, from which nothing can be told apart; add texts with other labels, or leave out -alone."},
	"train.one_label":    {"样本只有一类标签；其他类别由自带样本补充，判定会偏向这一类。", "All texts have the same label; our own texts stand for the others, and verdicts will lean to this one."},
}
