#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The parts of a rule file's text, with their places, so that one can be cut out and the rest stays.

Of YAML only what rules use: block maps and lists, flow ones within one line, quoted texts, comments.
"""
import re

KEY = re.compile(r"""(?:'[^']*'|"[^"]*"|[\w.|*-]+):(?=\s|$)""")


class Part:
    """A node: `kind` is map, list or text; `items` are the parts in it, `key` its name in a map.

    Of a block part first and last are lines; of a flow part, and of every text, first is the line
    and start, end are the bytes of the line.
    """

    def __init__(self, key, first, last, start=None, end=None):
        self.kind, self.key, self.items = "text", key, []
        self.first, self.last, self.start, self.end = first, last, start, end
        self.value = self.value_end = None  # of a text: where it stands in its line

    def all(self):
        yield self
        for item in self.items:
            yield from item.all()


def documents(text):
    """(first line, lines) of each document."""
    start, lines = 0, text.split("\n")
    for i, line in enumerate(lines + ["---"]):
        if line.strip() == "---":
            yield start, lines[start:i]
            start = i + 1


def empty(line):
    return not line.strip() or line.lstrip().startswith("#")


def indent(line):
    return len(line) - len(line.lstrip(" "))


def quoted_end(line, at):
    """Behind the quoted text that begins here."""
    quote, i = line[at], at + 1
    while i < len(line):
        if quote == '"' and line[i] == "\\":
            i += 1
        elif line[i] == quote:
            if quote == '"' or line[i + 1:i + 2] != quote:
                return i + 1
            i += 1
        i += 1
    raise ValueError("a quote without end: " + line)


def blanks(line, at):
    while at < len(line) and line[at] == " ":
        at += 1
    return at


def flow(line, number, at, part, stops):
    """Reads the value at this place of the line into the part; returns the place behind it."""
    part.value = at
    if line[at:at + 1] in ("[", "{"):
        part.kind = "list" if line[at] == "[" else "map"
        close, at = "]" if line[at] == "[" else "}", blanks(line, at + 1)
        while line[at] != close:
            item = Part(None, number, number, at)
            if part.kind == "map":
                key = KEY.match(line, at)
                item.key = key.group(0)[:-1]
                at = blanks(line, key.end())
            at = item.end = flow(line, number, at, item, ",]}")
            part.items.append(item)
            at = blanks(line, at)
            if line[at] == ",":
                at = blanks(line, at + 1)
        at += 1
    elif line[at:at + 1] in ("'", '"'):
        at = quoted_end(line, at)
    else:
        while at < len(line) and line[at] not in stops and line[at:at + 2] != " #":
            at += 1
    part.value_end = at
    return at


def block(lines, first, last, part):
    """Reads the lines [first, last) as a block map or list into the part."""
    first = next((i for i in range(first, last) if not empty(lines[i])), last)
    if first == last:
        return
    depth = indent(lines[first].replace("- ", "  ", 1) if part.kind == "item" else lines[first])
    starts = [i for i in range(first, last) if not empty(lines[i])
              and (indent(lines[i]) == depth or i == first)]
    part.kind = "list" if lines[first].lstrip().startswith("- ") and part.kind != "item" else "map"
    for i, end in zip(starts, starts[1:] + [last]):
        item = Part(None, i, end)
        at = indent(lines[i]) + (2 if part.kind == "list" else 0)
        if part.kind == "map" and lines[i][at:at + 2] == "- ":
            at += 2  # the first key of a map in a list
        key = KEY.match(lines[i], at)
        if part.kind == "list" and key:
            item.kind = "item"
            block(lines, i, end, item)
        elif part.kind == "list":
            flow(lines[i], i, at, item, "")
        else:
            item.key = key.group(0)[:-1] if key else ""
            at = blanks(lines[i], key.end()) if key else len(lines[i])
            if at < len(lines[i]) and lines[i][at] not in "#|>":
                flow(lines[i], i, at, item, "")
            else:
                block_of_scalar = lines[i][at:at + 1] in ("|", ">")
                if not block_of_scalar:
                    block(lines, i + 1, end, item)
        part.items.append(item)


def top(lines, key):
    """The part of a top-level key; None without it."""
    for i, line in enumerate(lines):
        if re.match(re.escape(key) + r":(\s|$)", line):
            end = i + 1
            while end < len(lines) and (empty(lines[end]) or lines[end][0] == " "):
                end += 1
            part = Part(key, i, end)
            at = blanks(line, len(key) + 1)
            if at < len(line) and line[at] != "#":
                flow(line, i, at, part, "")
            else:
                block(lines, i + 1, end, part)
            return part
    return None


def child(part, key):
    return next((item for item in part.items if item.key == key), None) if part else None


def text_of(lines, part):
    """A text without its quotes."""
    raw = lines[part.first][part.value:part.value_end].strip()
    if raw[:1] == "'":
        return raw[1:-1].replace("''", "'")
    if raw[:1] == '"':
        return re.sub(r"\\(.)", r"\1", raw[1:-1])
    return raw


def put(lines, part, new):
    """The lines with another value in the place of this text."""
    line = lines[part.first]
    return (lines[:part.first] + [line[:part.value] + new + line[part.value_end:]]
            + lines[part.first + 1:])


def without(lines, parent, part):
    """The lines without this part of a map or list."""
    if part.start is None:  # of a block
        out = lines[:part.first] + lines[part.last:]
        lead = lines[part.first]
        follows = parent.items.index(part) + 1
        if parent.kind == "map" and lead.lstrip().startswith("- ") and follows < len(parent.items):
            nxt = out[part.first]  # a map in a list keeps its dash
            at = indent(lead)
            out[part.first] = nxt[:at] + "- " + nxt[at + 2:]
        return out
    line, at = lines[part.first], parent.items.index(part)
    cut = ((part.start, parent.items[at + 1].start) if at + 1 < len(parent.items)
           else (parent.items[at - 1].end if at else part.start, part.end))
    return lines[:part.first] + [line[:cut[0]] + line[cut[1]:]] + lines[part.first + 1:]


def said(lines, part):
    """The part as it is written, shortened to one line."""
    if part.start is not None:
        return lines[part.first][part.start:part.end].strip()
    return " ".join(line.strip() for line in lines[part.first:part.last] if not empty(line))
