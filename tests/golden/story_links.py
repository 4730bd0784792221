#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. story_links.py FOLDER [PREFIX...]
In the page every link leads to an id of the page, no id is there twice, headings do not skip a
level, and what the story says leads to a record that is quoted, byte for byte, from the source and
the line that the findings document names. Of each folder in FOLDER: `samples`, or `corpus`, the
recorded incidents beside the checkout."""
import gzip
import html.parser
import json
import os
import sys

from running import LIMN, ROOT, SAMPLES, Folder, Tap, environment

CORPUS = os.environ.get("LIMN_CORPUS") or os.path.join(ROOT, "../shared/corpus")
EMPTY = {"meta", "br", "input"}


class Page(html.parser.HTMLParser):
    """A tree of [tag, attributes, children]; a child that is text is a string."""

    def __init__(self, text):
        super().__init__()
        self.root = ["", {}, []]
        self.stack = [self.root]
        self.ids, self.twice, self.nodes = {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        node = [tag, dict(attrs), []]
        self.nodes.append(node)
        self.stack[-1][2].append(node)
        name = node[1].get("id")
        if name is not None:
            if name in self.ids:
                self.twice.append(name)
            self.ids[name] = node
        if tag not in EMPTY:
            self.stack.append(node)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.stack.pop()

    def handle_endtag(self, tag):
        if self.stack[-1][0] != tag:
            raise ValueError(f"</{tag}> closes <{self.stack[-1][0]}>")
        self.stack.pop()

    def handle_data(self, data):
        self.stack[-1][2].append(data)


def find(node, tag):
    """All of that tag below."""
    for child in node[2]:
        if not isinstance(child, str):
            if child[0] == tag:
                yield child
            yield from find(child, tag)


def text_of(node):
    return "".join(c if isinstance(c, str) else text_of(c) for c in node[2])


def source_bytes(folder, path):
    with open(os.path.join(folder, path), "rb") as file:
        data = file.read()
    return gzip.decompress(data) if path.endswith(".gz") else data


def plain(text):
    """What an escaper leaves alone, to compare a record with what the page shows of it."""
    return "".join(c for c in text if c.isascii() and c.isalnum())


def untrue(page, document, folder):
    for name in page.twice:
        yield f"there are two of #{name}"
    for node in page.nodes:
        target = node[1].get("href")
        if target is not None and (target[0] != "#" or target[1:] not in page.ids):
            yield f"leads nowhere: {target}"
    levels = [int(n[0][1]) for n in page.nodes if len(n[0]) == 2 and n[0][0] == "h" and n[0] != "hr"]
    if levels[:1] != [1] or any(b > a + 1 for a, b in zip(levels, levels[1:])):
        yield f"headings out of order: {levels}"
    if document["story"]:
        if not any(n[0] == "a" and n[1].get("href") == "#story" for n in find_nav(page)):
            yield "no way from the contents to what happened"
        items = list(find(page.ids["story"], "li"))
        if len(items) != len(document["story"]):
            yield f"{len(items)} sentences of {len(document['story'])}"
        for item, line in zip(items, document["story"]):
            links = [a for a in find(item, "a") if a[1].get("class") == "where"]
            target = page.ids[links[0][1]["href"][1:]] if links else item
            quoted = [text_of(pre) for pre in find(target, "pre")][:1]
            data = source_bytes(folder, line["source"])
            said = data[line["offset"]:line["offset"] + 200].split(b"\n")[0].decode(errors="ignore")
            if data[:line["offset"]].count(b"\n") + 1 != line["line"]:
                yield f"{line['source']}: {line['line']} is not the line of {line['offset']}"
            if len(quoted) != 1 or not plain(quoted[0]).startswith(plain(said)):
                yield f"{line['sentence']}: shows {quoted}, and there stands {said}"


def find_nav(page):
    return [a for n in page.nodes if n[0] == "nav" for a in find(n, "a")]


def check(tap, path):
    with Folder() as folder:
        status, out, err = folder.run([LIMN, "analyze", path, "--json", "--report", "report.html"],
                                      environment())
        why = [] if status == 0 else [f"exit status {status}\n{err.decode(errors='replace')}"]
        if not why:
            with open(os.path.join(folder.path, "report.html"), encoding="utf-8") as file:
                page = Page(file.read())
            why += untrue(page, json.loads(out), os.path.dirname(path))
    tap.say(not why, os.path.basename(path), "\n".join(why[:20]))


def main():
    tap = Tap()
    folder = os.path.join(CORPUS if sys.argv[1] == "corpus" else SAMPLES, "incidents")
    if not os.path.isdir(folder):
        tap.say(True, "links of the recorded incidents", skip="no corpus beside the checkout")
        tap.end()
    for name in sorted(os.listdir(folder)):
        if os.path.isdir(os.path.join(folder, name)) and name.startswith(tuple(sys.argv[2:]) or ""):
            check(tap, os.path.join(folder, name))
    tap.end()


main()
