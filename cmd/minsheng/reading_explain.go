package main

import (
	"fmt"
	"io"
	"strings"

	"minsheng/i18n"
)

// explain prints for a person what was weighed for each part of a page: every
// candidate with its score, the chosen one marked, and what its score rests on.
func (o *extracted) explain(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  [%s]\n", o.File, o.Charset)
	if o.Article {
		fmt.Fprintf(&b, "  %s\n", inBoth("weigh.is_article"))
	} else {
		fmt.Fprintf(&b, "  %s  %s\n", inBoth("weigh.no_article"), o.Reason)
	}
	for _, field := range []string{"title", "time", "source", "body"} {
		fmt.Fprintf(&b, "  %s\n", inBoth("weigh.field_"+field))
		none := true
		for _, c := range o.weighed {
			if c.Field != field {
				continue
			}
			none = false
			mark := " "
			if c.Chosen {
				mark = "✓"
			}
			fmt.Fprintf(&b, "    %s %5d  %s\n             %s · %s\n", mark, c.Score, c.Value, named(i18n.Chinese, c.From, c.Detail), i18n.Say(i18n.Chinese, c.Why))
			fmt.Fprintf(&b, "             %s · %s\n", named(i18n.English, c.From, c.Detail), i18n.Say(i18n.English, c.Why))
		}
		if none {
			fmt.Fprintf(&b, "            %s\n", inBoth("weigh.none"))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// inBoth is a sentence in both languages.
func inBoth(code string) string {
	return i18n.Say(i18n.Chinese, code) + " · " + i18n.Say(i18n.English, code)
}

func named(lang i18n.Lang, code, detail string) string {
	if detail == "" {
		return i18n.Say(lang, code)
	}
	return i18n.Say(lang, code) + " (" + detail + ")"
}
