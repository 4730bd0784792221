#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns files into one C file: an array of {path, text} (core/embed.h).

    embed.py --name limn_schema [--root DIR] FILE... -o OUT.c [--depfile OUT.d] [--freeze PROGRAM]

defines `const LimnEmbedded limn_schema[]` and `const size_t limn_schema_n`, sorted by path, paths
relative to --root (default: the base name alone). Declare both as extern where they are used.
With --freeze each text's YAML is there as a tree too, made by PROGRAM (rules/freeze.c).
A FILE that is a folder stands for all *.yml beneath it; the depfile names the folders too, so that
a new file is seen without asking meson again.
"""
import argparse
import os
import subprocess

LINE = 20


def c_bytes(data):
    cells = [f"'\\x{b:02x}'" for b in data + b"\0"]
    lines = [",".join(cells[i:i + LINE]) for i in range(0, len(cells), LINE)]
    return ",\n".join(lines)


def c_string(text):
    out = ""
    for b in text.encode():
        out += chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}"
    return f'"{out}"'


def expand(files):
    """Files, with folders walked; and everything the result depends on."""
    found, depends = [], []
    for file in files:
        if not os.path.isdir(file):
            found.append(file)
            continue
        for folder, folders, names in os.walk(file):
            folders.sort()
            depends.append(folder)
            found += [os.path.join(folder, name) for name in names if name.endswith(".yml")]
    return found, found + depends


def frozen(program, files):
    """The trees of YAML files: a file's length in eight bytes, then its bytes, in their order."""
    out, trees = subprocess.run([program] + files, stdout=subprocess.PIPE, check=True).stdout, []
    while out:
        n = int.from_bytes(out[:8], "little")
        trees.append(out[8:8 + n])
        out = out[8 + n:]
    return trees


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--name", required=True)
    args.add_argument("--root")
    args.add_argument("--depfile")
    args.add_argument("--freeze")
    args.add_argument("-o", dest="out", required=True)
    args.add_argument("files", nargs="*")
    args = args.parse_args()

    entries = []
    files, depends = expand(args.files)
    for file in files:
        path = os.path.relpath(file, args.root) if args.root else os.path.basename(file)
        with open(file, "rb") as f:
            entries.append((path.replace(os.sep, "/"), f.read(), file))
    entries.sort()
    trees = frozen(args.freeze, [file for _, _, file in entries]) if args.freeze else []

    name = args.name
    # An array cannot be empty in C: with no files it holds one row that `_n` does not count.
    rows = [f"        {{{c_string(path)}, {{text_{i}, {len(data)}}}, "
            + (f"{{tree_{i}, {len(trees[i])}}}}}," if trees else "{NULL, 0}},")
            for i, (path, data, _) in enumerate(entries)] or ["        {NULL, {NULL, 0}, {NULL, 0}},"]
    out = "/* Written by dev/embed.py. */\n#include \"core/embed.h\"\n\n"
    for i, (_, data, _) in enumerate(entries):
        out += f"static const char text_{i}[] = {{\n{c_bytes(data)}}};\n"
    for i, tree in enumerate(trees):
        out += f"static const char tree_{i}[] = {{\n{c_bytes(tree)}}};\n"
    out += f"\nextern const LimnEmbedded {name}[];\nextern const size_t {name}_n;\n"
    out += f"const LimnEmbedded {name}[] = {{\n" + "\n".join(rows) + "\n};\n"
    out += f"const size_t {name}_n = {len(entries)};\n"
    # An unchanged file is left alone: what depends on it need not be built again.
    try:
        with open(args.out, encoding="ascii") as f:
            same = f.read() == out
    except FileNotFoundError:
        same = False
    if not same:
        with open(args.out, "w", encoding="ascii") as f:
            f.write(out)
    if args.depfile:
        with open(args.depfile, "w", encoding="utf-8") as f:
            names = [file.replace(" ", "\\ ") for file in sorted(depends)]
            f.write(f"{args.out}: " + " ".join(names) + "\n")


main()
