#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What may be changed in a rule: each mutant is (line, what was changed, the rule's lines).

KINDS: `clause` what the rule lists, counts, orders and combines; `alternative` a part of a regular
expression; `modifier` how a text is compared; `field` what the rule reads out of the event.
"""
import re

from yaml_parts import child, put, said, text_of, top, without

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
TERM = r"(?:not )?(?:(?:1|any|all) of \S+|\([^()]*\)|[\w*]+)"


def conditions(text):
    """A condition with one part left out, and with one `not` left out."""
    for p in re.finditer(r" (?:and|or) (" + TERM + r")", text):
        yield "without" + p.group(0), text[:p.start()] + text[p.end():]
    for p in re.finditer(r"(?:^|(?<=\())(" + TERM + r") (?:and|or) (?=.)", text):
        yield "without " + p.group(1), text[:p.start()] + text[p.end():]
    for p in re.finditer(r"\bnot ", text):
        yield "without not", text[:p.start()] + text[p.end():]
    for p in re.finditer(r"\b(1|any) of ", text):
        yield "all of", text[:p.start()] + "all of " + text[p.end():]


def alternatives(pattern):
    """A regular expression with one alternative left out, at the top or in a group."""
    stack, bars, i = [(0, [])], [], 0
    while i < len(pattern):
        c = pattern[i]
        if c == "\\":
            i += 1
        elif c == "[":
            i += 2 if pattern[i + 1:i + 2] == "^" else 1
            while i + 1 < len(pattern) and (pattern[i] != "]"):
                i += 2 if pattern[i] == "\\" else 1
        elif c == "(":
            inner = re.compile(r"\(\?(?:<\w+>|[:=!]|<[=!])").match(pattern, i)
            stack.append((inner.end() if inner else i + 1, []))
        elif c == "|":
            stack[-1][1].append(i)
        elif c == ")" and len(stack) > 1:
            start, at = stack.pop()
            bars.append((start, at, i))
        i += 1
    start, at = stack.pop()
    flags = re.match(r"\(\?[a-z]+\)", pattern)
    bars.append((flags.end() if flags else start, at, len(pattern)))
    for start, at, end in bars:
        edges = [start - 1] + at + [end]
        for a, b in zip(edges, edges[1:]) if at else ():
            rest = (pattern[:a + 1] + pattern[b + 1:] if b < end
                    else pattern[:a] + pattern[b:])
            yield "without |" + pattern[a + 1:b], rest


def as_text(value):
    return "'" + value.replace("'", "''") + "'"


def modifiers(key):
    """The key of an item under another modifier."""
    if key.endswith(("|startswith", "|endswith")):
        yield key.rsplit("|", 1)[0] + "|contains"
    if key.endswith("|contains"):
        yield key.rsplit("|", 1)[0] + "|startswith"
        yield key.rsplit("|", 1)[0] + "|endswith"
    for word in ("|all", "|cased", "|neq"):
        if word in key:
            yield key.replace(word, "")


def detection(lines):
    whole = top(lines, "detection")
    for part in whole.all() if whole else ():
        for item in part.items if len(part.items) > 1 else ():
            if item.key != "condition":
                yield item.first, "without " + said(lines, item), without(lines, part, item)
        for text in texts(part):
            value = text_of(lines, text)
            if part.key == "condition":
                for what, new in conditions(value):
                    yield text.first, what, put(lines, text, new)
            elif re.search(r"\|[gl]te?$", part.key or "") and value.isdigit():
                for new in (int(value) - 1, int(value) + 1):
                    yield text.first, f"{new} instead", put(lines, text, str(new))


def texts(part):
    """The values of a key: itself, or the items of its list."""
    return [item for item in [part] + part.items if item.kind == "text" and item.value is not None]


def expressions(lines):
    whole = top(lines, "detection")
    for part in whole.all() if whole else ():
        for text in texts(part) if re.search(r"\|re\b", part.key or "") else ():
            for what, new in alternatives(text_of(lines, text)):
                yield text.first, what, put(lines, text, as_text(new))


def comparisons(lines):
    whole = top(lines, "detection")
    for part in whole.all() if whole else ():
        for new in modifiers(part.key or ""):
            line, at = lines[part.first], lines[part.first].index(part.key + ":")
            line = line[:at] + new + line[at + len(part.key):]
            yield part.first, new + " instead", (
                lines[:part.first] + [line] + lines[part.first + 1:])


def window(lines, timespan):
    m = re.match(r"(\d+)([smhdw])$", text_of(lines, timespan))
    if m:
        seconds = int(m.group(1)) * SECONDS[m.group(2)]
        yield timespan.first, "a window twice as wide", put(lines, timespan, f"{seconds * 2}s")
        yield timespan.first, "a window half as wide", put(
            lines, timespan, f"{max(seconds // 2, 1)}s")


def named(lines, whole):
    """The correlation without each of its rules, and in another order."""
    rules, kind = child(whole, "rules"), text_of(lines, child(whole, "type"))
    for item in rules.items if len(rules.items) > 1 else ():
        yield item.first, "without " + text_of(lines, item), without(lines, rules, item)
    if kind == "temporal_ordered":
        names = [text_of(lines, item) for item in rules.items]
        for i in range(len(names) - 1):
            new = names[:i] + [names[i + 1], names[i]] + names[i + 2:]
            if rules.items[0].start is not None:
                yield rules.first, "another order", put(lines, rules, "[" + ", ".join(new) + "]")
            else:
                swapped = put(lines, rules.items[i], names[i + 1])
                yield rules.first, "another order", put(swapped, rules.items[i + 1], names[i])
        yield whole.first, "no order", put(lines, child(whole, "type"), "temporal")


def asked(lines, whole):
    """The correlation under another condition."""
    condition, rules = child(whole, "condition"), child(whole, "rules")
    if condition.kind == "text":
        for what, new in conditions(text_of(lines, condition)):
            out = put(lines, condition, new)
            for item in rules.items if rules else ():
                if not re.search(r"\b" + re.escape(text_of(lines, item)) + r"\b", new):
                    now = child(top(out, "correlation"), "rules")
                    same = [k for k in now.items if text_of(out, k) == text_of(lines, item)]
                    out = without(out, now, same[0])
            yield condition.first, what, out
        return
    for bound in condition.items:
        value = text_of(lines, bound) if bound.kind == "text" else ""
        for by in (-1, 1) if value.isdigit() else ():
            if int(value) + by > 0:
                yield bound.first, f"{int(value) + by} instead", put(
                    lines, bound, str(int(value) + by))


def correlation(lines):
    whole = top(lines, "correlation")
    if not whole:
        return
    groups = child(whole, "group-by")
    if groups:
        yield groups.first, "without group-by", without(lines, whole, groups)
        for item in groups.items if len(groups.items) > 1 else ():
            yield item.first, "without " + said(lines, item), without(lines, groups, item)
    if child(whole, "timespan"):
        yield from window(lines, child(whole, "timespan"))
    if child(whole, "rules"):
        yield from named(lines, whole)
    if child(whole, "condition"):
        yield from asked(lines, whole)


def fields(lines):
    """The rule without what it reads out of the event."""
    limn = top(lines, "limn")
    for key in ("extract", "capture", "set"):
        part = child(limn, key)
        if part and len(part.items) == 1:
            yield part.first, "without " + said(lines, part), without(lines, limn, part)
        for item in part.items if part and len(part.items) > 1 else ():
            yield item.first, "without " + said(lines, item), without(lines, part, item)


KINDS = {
    "clause": (detection, correlation),
    "alternative": (expressions,),
    "modifier": (comparisons,),
    "field": (fields,),
}


def mutants(lines, kinds=tuple(KINDS)):
    for kind in kinds:
        for change in KINDS[kind]:
            yield from change(lines)
