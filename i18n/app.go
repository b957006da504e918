package i18n

// appTexts are said on the terminal at start and stop.
var appTexts = map[string]Text{
	"app.data_in_use":     {"数据文件夹 %s 正被另一个民声进程使用。请先停掉它，或用 data 另指一个文件夹。", "The data folder %s is in use by another Minsheng. Stop it first, or name another folder with data."},
	"app.data_permission": {"没有权限写入数据文件夹 %s。请改权限，或用 data 另指一个文件夹。", "The data folder %s may not be written. Change its permission, or name another folder with data."},
	"app.disk_full":       {"磁盘已满，无法写入 %s。已存的数据完好；腾出空间后重新启动即可。", "The disk is full, %s cannot be written. What is stored is unharmed; free some space and start again."},
	"app.data_unusable":   {"数据文件夹 %s 不可用：%s", "The data folder %s cannot be used: %s"},
	"app.port_in_use":     {"地址 %s 已被占用。请停掉占用它的程序，或用 -listen 换一个，例如 -listen 127.0.0.1:8081。", "The address %s is in use. Stop the program that uses it, or choose another, for example -listen 127.0.0.1:8081."},
	"app.port_permission": {"没有权限监听 %s。1024 以下的端口需要授权，请换一个端口。", "No permission to listen on %s. Ports below 1024 need it, choose another one."},
	"app.listen":          {"无法监听 %s：%s", "Cannot listen on %s: %s"},
	"app.ready":           {"民声已启动  打开 %s", "Minsheng is running  open %s"},
	"app.sign_in":         {"登录        用户名 %s，首次密码 %s（只显示这一次，请登录后更改）", "sign in     user %s, first password %s (shown this once, change it after signing in)"},
	"app.sign_in_file":    {"登录        用户名 %s，首次密码写在 %s（仅本机所有者可读，登录后请更改并删除该文件）", "sign in     user %s, the first password is in %s (readable by the owner only; change it and delete the file)"},
	"app.sign_in_known":   {"登录        用已有的用户登录；忘记密码：minsheng user password 用户名", "sign in     with your user; forgotten: minsheng user password NAME"},
	"app.data":            {"数据        %s（%d 条帖文），Ctrl-C 停止，下次从这里继续", "data        %s (%d posts); Ctrl-C stops, the next start goes on from here"},
	"app.city":            {"来源        %d 个，均为内置的虚构城市（模拟数据，时钟加快 %.0f 倍）；约一分钟内会有一起模拟事件", "sources     %d, all of the built-in invented city (simulated, its clock runs %.0f times faster); an invented incident follows within a minute"},
	"app.sources":         {"来源        %d 个，见 %s/sources", "sources     %d, see %s/sources"},
	"app.real":            {"接真实来源  复制 config/example.yml，删去 city，填上 sources，再运行 minsheng run -config 文件", "real sources  copy config/example.yml, remove city, fill in sources, then minsheng run -config FILE"},
	"app.stopped":         {"已停止，数据完好。", "Stopped, the data is complete."},
	"app.dictionary":      {"分词词典还在载入，几秒后即可。", "The dictionary is still loading, a few seconds more."},
	"index.failed":        {"检索引擎没有应答，帖文会先排队，恢复后自动补上。", "The search engine does not answer; posts wait in the queue and are indexed when it is back."},
	"deliver.failed":      {"通道无法打开，请检查配置。", "The channel cannot be opened, check its configuration."},
	"deliver.refused":     {"通道没有接受测试消息：%s %s", "The channel did not accept the test message: %s %s"},
	"attitude.neg":        {"负面", "Negative"},
	"attitude.neu":        {"中性", "Neutral"},
	"attitude.pos":        {"正面", "Positive"},
	"source.gone":         {"配置里已没有来源 %s。", "The configuration has no source %s any more."},
}
