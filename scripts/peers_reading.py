#!/usr/bin/env python3
"""A Python peer under the command line of minsheng, so that evaluate.py measures it as it measures us.

    PEER=gne python3 ../shared/eval/evaluate.py scripts/peers_reading.py ../shared/data extract

PEER is trafilatura, gne or readability for `extract`, feedparser for `feed`. What reads articles is given the text,
decoded as UTF-8 or else as GB18030; a feed is given as it came. scripts/reading runs them all.
"""

import calendar
import json
import os
import sys
import time


def text_of(body):
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def trafilatura(body):
    import trafilatura as peer

    doc = peer.bare_extraction(text_of(body), with_metadata=True)
    return {"title": doc.title, "published": doc.date, "text": doc.text} if doc else {}


def gne(body):
    from gne import GeneralNewsExtractor

    doc = GeneralNewsExtractor().extract(text_of(body))
    return {"title": doc["title"], "published": doc["publish_time"], "text": doc["content"]}


def readability(body):
    from lxml import html
    from readability import Document

    doc = Document(text_of(body))
    return {"title": doc.short_title(), "published": "", "text": html.fromstring(doc.summary()).text_content()}


def extract(peer, files):
    for name in files:
        with open(name, "rb") as file:
            body = file.read()
        try:
            out = {"trafilatura": trafilatura, "gne": gne, "readability": readability}[peer](body)
        except Exception as fault:  # whatever it is, the next page is read
            print(f"{name}: {type(fault).__name__}: {fault}", file=sys.stderr)
            out = {}
        out = {key: value or "" for key, value in out.items()}
        print(json.dumps({"file": name, "article": bool(out.get("text", "").strip()), **out}, ensure_ascii=False))


def feed(url, kind, name):
    import feedparser
    from urllib.parse import urljoin

    with open(name, "rb") as file:
        body = file.read()
    doc = feedparser.parse(body, response_headers={"content-type": kind, "content-location": url} if kind else {"content-location": url})
    items = []
    for entry in doc.entries:
        when = entry.get("published_parsed") or entry.get("updated_parsed")
        items.append({
            "title": entry.get("title", ""),
            "link": urljoin(url, entry["link"]) if entry.get("link") else "",
            "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(calendar.timegm(when))) if when else "",
            "content": entry.get("summary", ""),
        })
    print(json.dumps({"file": name, "err": "" if doc.version or items else "no feed", "items": items}, ensure_ascii=False))


def main():
    peer, task, rest = os.environ.get("PEER", ""), sys.argv[1], sys.argv[2:]
    if task == "extract":
        extract(peer, rest)
    elif task == "feed":
        feed(rest[1], rest[3], rest[4])
    else:
        sys.exit(f"peers_reading.py: {task} is not measured")


if __name__ == "__main__":
    main()
