package i18n

// storeTexts are what is said when the data file cannot be used.
var storeTexts = map[string]Text{
	"store.newer":    {"数据文件 %[1]s 由较新的版本写成（数据版本 %[2]s，本程序只认识到 %[3]s），请换用新版程序。文件未作任何改动。", "The data file %[1]s was written by a newer version (schema %[2]s, this program knows up to %[3]s); use the newer program. The file was not touched."},
	"store.foreign":  {"%[1]s 不是民声的数据文件，未作任何改动。请检查配置中的 data 路径。", "%[1]s is not a data file of Minsheng and was not touched. Check the path under data in the configuration."},
	"store.damaged":  {"数据文件 %[1]s 已损坏，无法打开。请从备份恢复，原文件未作改动。", "The data file %[1]s is damaged and cannot be opened. Restore it from a backup; the file was not touched."},
	"store.closed":   {"不能写入数据文件 %[1]s：文件或所在文件夹只读，或没有权限。", "The data file %[1]s cannot be written: it or its folder is read-only or forbidden."},
	"store.unopened": {"打不开数据文件 %[1]s，请检查文件夹是否存在。", "The data file %[1]s cannot be opened; check that its folder exists."},
	"store.full":     {"磁盘已满，数据没有写入。已存的数据完好，腾出空间后会自动继续。", "The disk is full and nothing was written. What is stored is unharmed, and work goes on once there is room."},
	"store.readonly": {"数据文件不能写入：文件或所在文件夹只读，或没有权限。已存的数据完好。", "The data file cannot be written: it or its folder is read-only or forbidden. What is stored is unharmed."},
	"store.corrupt":  {"数据文件已损坏。请停止程序，从备份恢复。", "The data file is damaged. Stop the program and restore it from a backup."},
	"store.disk":     {"读写数据文件时磁盘出错，请检查磁盘。", "The disk failed while the data file was read or written; check the disk."},
	"store.busy":     {"数据文件正被另一个程序占用，请稍后再试。", "Another program is using the data file; try again in a while."},
}
