package web_test

import (
	"net/http"
	"testing"

	"minsheng/store"
)

// A rule is tried on what is stored before it is saved: what it wins, what it
// loses, and nothing changes.
func TestTryTopic(t *testing.T) {
	o := openOffice(t)
	o.seed()
	p := o.as(store.Admin)
	try := func(pairs ...string) shown {
		return p.post("/topics/edit", form(append(pairs, "verb", "try", "watch", "1")...))
	}
	wide := try("name", "窗口服务", "any", "户籍窗口 居住证 钱包")
	wide.status(t, http.StatusOK)
	wide.has(t, "试算结果（还没有保存）", "会多出", ">户籍窗口 居住证 钱包</textarea>")
	narrow := try("name", "窗口服务", "any", "从未出现的词")
	narrow.has(t, "会匹配 0 条", "会少去", "例如")
	narrow.lacks(t, "会多出")
	fresh := try("new", "1", "name", "遗失物", "any", "钱包")
	fresh.has(t, "现在是 0 条", "会多出", `value="遗失物"`)
	try("name", "窗口服务", "any", `"钱包`).status(t, http.StatusUnprocessableEntity)
	if n := len(o.audited("edited")); n != 0 {
		t.Errorf("trying saved %d topics", n)
	}
	o.as(store.Press).post("/topics/edit", form("name", "窗口服务", "any", "钱包", "verb", "try")).status(t, http.StatusForbidden)
}
