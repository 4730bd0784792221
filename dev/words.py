#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The words of limn's own text and of the product's: what a mask must not take for a name
everywhere (reports/mask.h).

    words.py -o OUT.c [--depfile OUT.d] FILE...

From C, JavaScript and lists: words within quotes. From rules: everything but their tests and
comments. From JSON and style sheets: everything. A folder stands for its *.yml and *.c.
"""
import argparse
import os
import re

WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
PLACEHOLDERS = {"CDC_USER"}  # what our text puts in a name's place is a likely name
CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def rule_text(text):
    """Without the block of `tests:`, at any depth."""
    out, inside = [], None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(" "))
        if inside is not None and line.strip() and depth <= inside:
            inside = None
        if inside is None and re.match(r"\s*tests\s*:", line):
            inside = depth
        if inside is None and not line.lstrip().startswith("#"):
            out.append(line)
    return "\n".join(out)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".yml"):
        return rule_text(text)
    if path.endswith((".c", ".list")):
        return "\n".join(re.sub(r"\\[nrtx]", " ", s) for s in LITERAL.findall(text))
    return text


def expand(files):
    for file in files:
        if not os.path.isdir(file):
            yield file
            continue
        for folder, folders, names in os.walk(file):
            folders.sort()
            yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith((".yml", ".c")))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("-o", dest="out", required=True)
    args.add_argument("--depfile")
    args.add_argument("files", nargs="+")
    args = args.parse_args()
    words, read = set(), list(expand(args.files))
    if args.depfile:
        with open(args.depfile, "w", encoding="utf-8") as out:
            out.write(f"{args.out}: {' '.join(read)}\n")
    for path in read:
        for word in WORD.findall(text_of(path)):
            if word not in PLACEHOLDERS:
                words.add(word.lower())
            for part in word.split("_"):
                words.add(part.lower())
                words |= {piece.lower() for piece in CAMEL.findall(part)}
    words = sorted(w for w in words if 1 < len(w) < 64)
    with open(args.out, "w", encoding="utf-8") as out:
        out.write("/* Made by dev/words.py. */\n#include <stddef.h>\n\n"
                  "extern const char *const limn_mask_words[];\nextern const size_t limn_mask_words_n;\n"
                  "const char *const limn_mask_words[] = {\n")
        out.writelines(f'"{word}",\n' for word in words)
        out.write(f"}};\nconst size_t limn_mask_words_n = {len(words)};\n")


main()
