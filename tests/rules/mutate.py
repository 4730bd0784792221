#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutates the pack's rules; at least one of a rule's own tests must fail for each mutant.

usage: mutate.py LIMN PACK [--findings CDC-07,CDC-09]

Mutants: a text out of a list, a part out of a condition, a window ten times as wide, a number one
higher or lower, two rules of an order swapped. One that does not load is none. With --findings only
the rules that those diagnoses name. Prints survivors as FILE:LINE: RULE: what was changed.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile


def documents(text):
    """(first line, lines) of each document."""
    start, lines = 0, text.split("\n")
    for i, line in enumerate(lines + ["---"]):
        if line.strip() == "---":
            yield start, lines[start:i]
            start = i + 1


def name_of(lines):
    for line in lines:
        m = re.match(r"name: *(\S+)", line)
        if m:
            return m.group(1)
    return ""


def block(lines, key):
    """The lines of a top-level key, as a range."""
    for i, line in enumerate(lines):
        if line.startswith(key + ":"):
            end = i + 1
            while end < len(lines) and (not lines[end] or lines[end][0] in " #"):
                end += 1
            return range(i, end)
    return range(0)


def inline_lists(line):
    """Each line with one item of its inline list left out."""
    m = re.search(r": \[(.*)\]\s*$", line)
    if not m:
        return
    items = re.findall(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"|[^,\s][^,]*", m.group(1))
    for i in range(len(items) if len(items) > 1 else 0):
        rest = ", ".join(items[:i] + items[i + 1:])
        yield "without " + items[i], line[:m.start()] + ": [" + rest + "]"


def conditions(line):
    """Each condition with one part left out: a name, a quantifier or a parenthesis of names."""
    m = re.match(r"( *condition: )(.*)$", line)
    if not m or m.group(2).startswith("{"):
        return
    text = m.group(2)
    part = r"(?:not )?(?:(?:1|any|all) of \S+|\([^()]*\)|[\w*]+)"
    for p in re.finditer(r" (?:and|or) (" + part + r")", text):
        yield "without" + p.group(0), m.group(1) + text[:p.start()] + text[p.end():]
    p = re.match("(" + part + r") (?:and|or) (?=.)", text)
    if p:
        yield "without " + p.group(1), m.group(1) + text[p.end():]


def mutants(lines):
    """(line number, what, lines)."""
    def put(i, new):
        return lines[:i] + ([new] if new is not None else []) + lines[i + 1:]

    for i in block(lines, "detection"):
        for what, new in list(inline_lists(lines[i])) + list(conditions(lines[i])):
            yield i, what, put(i, new)
        if re.match(r" +- ", lines[i]):
            yield i, "without " + lines[i].strip(), put(i, None)
    for i in block(lines, "correlation"):
        m = re.match(r"(.*timespan: *)(\d+)(.*)$", lines[i])
        if m:
            wide = m.group(1) + str(int(m.group(2)) * 10) + m.group(3)
            yield i, "a window ten times as wide", put(i, wide)
        m = re.match(r"(.*\bg(?:t|te): *)(\d+)(.*)$", lines[i])
        for by in (-1, 1) if m else ():
            if int(m.group(2)) + by > 0:
                yield i, f"{int(m.group(2)) + by} instead", put(
                    i, m.group(1) + str(int(m.group(2)) + by) + m.group(3))
        m = re.match(r"(.*rules: *\[)([^,\]]+), *([^,\]]+)(.*)$", lines[i])
        if m and any("temporal_ordered" in lines[k] for k in block(lines, "correlation")):
            yield i, "another order", put(i, m.group(1) + m.group(3) + ", " + m.group(2)
                                          + m.group(4))


def beside(lines):
    """The rule under a name of its own: the pack it came from is loaded, too."""
    lines = [line for line in lines if not line.startswith("id:")]
    return "\n".join(re.sub(r"^name: *(\S+)", r"name: \1_mutant", line) for line in lines)


def wanted(pack, findings):
    names = set()
    for finding in findings:
        with open(os.path.join(pack, "findings", finding + ".yml"), encoding="utf-8") as f:
            text = f.read()
        names |= set(re.findall(r"\b(?:rule|episode):\s*[\[\"']?([a-z]\w+)", text))
    return names


def test(limn, path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.write(beside(lines))
    return subprocess.run([limn, "rules", "test", path], capture_output=True, text=True,
                          check=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("limn")
    parser.add_argument("pack")
    parser.add_argument("--findings", default="")
    args = parser.parse_args()
    only = wanted(args.pack, args.findings.split(",")) if args.findings else None
    limn = os.path.abspath(args.limn)
    tried = 0
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        mutant = os.path.join(folder, "mutant.yml")
        for root, _, files in sorted(os.walk(args.pack)):
            for file in sorted(files):
                path = os.path.join(root, file)
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                for start, doc in documents(text):
                    name = name_of(doc)
                    if not name or only is not None and name not in only:
                        continue
                    if test(limn, mutant, doc).returncode:
                        continue  # `limn rules test` says so of the rule itself
                    for i, what, new in mutants(doc):
                        run = test(limn, mutant, new)
                        if not re.search(r"[1-9]\d* tests, \d+ failed", run.stdout):
                            continue
                        tried += 1
                        if run.returncode == 0:
                            at = os.path.relpath(path, args.pack)
                            survivors.append(f"{at}:{start + i + 1}: {name}: {what}")
    print("\n".join(survivors + [f"{tried} mutants, {len(survivors)} survived"]))
    return 1 if survivors or tried == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
