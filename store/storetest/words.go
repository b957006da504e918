package storetest

import (
	"minsheng/opinion"
	"minsheng/store"
)

func word(name string, any ...string) opinion.Topic {
	return opinion.Topic{Name: name, Any: any, Watch: true}
}

func (r *rig) topics() []store.TopicState {
	r.Helper()
	return get[[]store.TopicState](r)(r.s.Topics(r.ctx()))
}

func asInFile(topics ...opinion.Topic) []store.TopicState {
	var all []store.TopicState
	for _, t := range topics {
		all = append(all, store.TopicState{Topic: t})
	}
	return all
}

var wordChecks = []check{
	{"File", func(r *rig) {
		full := opinion.Topic{Name: "乙", Any: []string{"一|二"}, All: []string{`"三"`}, None: []string{"四"}, Watch: true}
		r.ok(r.s.SyncTopics(r.ctx(), []opinion.Topic{full, word("甲")}))
		r.same("in the file's order", r.topics(), asInFile(full, word("甲")))
		r.ok(r.s.SyncTopics(r.ctx(), []opinion.Topic{word("甲", "词")}))
		r.same("as the file now says", r.topics(), asInFile(word("甲", "词")))
	}},
	{"EditStays", func(r *rig) {
		file := []opinion.Topic{word("甲", "一")}
		r.ok(r.s.SyncTopics(r.ctx(), file))
		r.ok(r.s.SaveTopic(r.ctx(), word("甲", "二"), "lin"))
		r.audited("edited", "lin", "topic 甲")
		edited := []store.TopicState{{Topic: word("甲", "二"), EditedBy: "lin", EditedAt: start}}
		r.same("edited", r.topics(), edited)
		r.ok(r.s.SyncTopics(r.ctx(), file))
		r.same("after the same file", r.topics(), edited)
		r.ok(r.s.SyncTopics(r.ctx(), []opinion.Topic{word("甲", "三")}))
		r.same("after the file changed", r.topics(), asInFile(word("甲", "三")))
		r.ok(r.s.SaveTopic(r.ctx(), word("甲", "二"), "lin"))
		r.ok(r.s.SaveTopic(r.ctx(), word("甲", "三"), "lin"))
		r.same("edited back", r.topics(), asInFile(word("甲", "三")))
	}},
	{"Added", func(r *rig) {
		r.ok(r.s.SyncTopics(r.ctx(), []opinion.Topic{word("甲")}))
		r.ok(r.s.SaveTopic(r.ctx(), word("乙", "新"), "lin"))
		r.ok(r.s.SyncTopics(r.ctx(), []opinion.Topic{word("甲")}))
		r.same("after the file's", r.topics(), []store.TopicState{
			{Topic: word("甲")}, {Topic: word("乙", "新"), EditedBy: "lin", EditedAt: start},
		})
		r.ok(r.s.DeleteTopic(r.ctx(), "乙", "lin"))
		r.audited("deleted", "lin", "topic 乙")
		r.same("deleted", r.topics(), asInFile(word("甲")))
		r.is(r.s.DeleteTopic(r.ctx(), "乙", "lin"), opinion.ErrNotFound)
		r.is(r.s.DeleteTopic(r.ctx(), "甲", "lin"), opinion.ErrConflict)
	}},
	{"Refused", func(r *rig) {
		for _, name := range []string{"", " 甲", "甲\n乙", opinion.AllPolice} {
			r.is(r.s.SaveTopic(r.ctx(), word(name), "lin"), opinion.ErrInvalid)
		}
		r.is(r.s.SyncTopics(r.ctx(), []opinion.Topic{word("甲"), word("甲")}), opinion.ErrInvalid)
	}},
}
