package web

import (
	"io"

	"minsheng/i18n"
)

// ReadMentions reads a push as the server does; refused is the sentence why not.
func ReadMentions(body io.Reader) (ms []Mention, refused string) {
	ms, e := readMentions(i18n.English, body)
	if e != nil {
		return nil, e.Error
	}
	return ms, ""
}
