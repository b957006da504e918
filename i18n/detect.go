package i18n

// detectTexts say what is wrong with a file given to the detect command.
var detectTexts = map[string]Text{
	"detect.empty":   {"文件是空的：第一行应写明各列的名称。", "The file is empty: its first line should name the columns."},
	"detect.column":  {"第 %s 行：缺少名为 %s 的列。", "Line %s: no column is named %s."},
	"detect.quotes":  {"第 %s 行：引号不成对，该行已跳过。", "Line %s: the quotation marks do not match; the line is left out."},
	"detect.long":    {"第 %s 行：超过 64 KB，该行已跳过。", "Line %s: longer than 64 KB; the line is left out."},
	"detect.missing": {"第 %s 行：缺少 %s（第 %s 列），该行已跳过。", "Line %s: %s (column %s) is missing; the line is left out."},
	"detect.name":    {"第 %s 行，%s（第 %s 列）：名称过长，该行已跳过。", "Line %s, %s (column %s): the name is too long; the line is left out."},
	"detect.time":    {"第 %s 行，%s（第 %s 列）：不是可读的时间，应写成 2006-01-02T15:04:05Z；该行已跳过。", "Line %s, %s (column %s): not a time such as 2006-01-02T15:04:05Z; the line is left out."},
	"detect.number":  {"第 %s 行，%s（第 %s 列）：不是 0 到一千万之间的数，该行已跳过。", "Line %s, %s (column %s): not a number from 0 to ten million; the line is left out."},
	"detect.most":    {"第 %s 行，%s（第 %s 列）：负面条数多于总数，该行已跳过。", "Line %s, %s (column %s): more negative posts than posts; the line is left out."},
	"detect.order":   {"第 %s 行，%s（第 %s 列）：时间不晚于同一序列的上一行，该行已跳过。", "Line %s, %s (column %s): not later than the line before of the same series; the line is left out."},
	"detect.series":  {"第 %s 行：序列超过 %s 个，其余已跳过。", "Line %s: more than %s series; further ones are left out."},
	"detect.more":    {"另有 %s 行有误，已跳过。", "%s more lines are faulty and left out."},
}
