#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every file: the licence on its first line, lines that fit, no machine's own paths."""
import re

from tree import Report, files, read

LICENSED = (".c", ".h", ".list", ".py", ".sh", ".build", ".sql", ".yml", ".ini")
NO_SUFFIX = ("dev/", ".ci/", "bench/")
# Split so that this file does not hold what it looks for.
MACHINE = re.compile(r"(?<![\w.])/(?:wor" r"k|roo" r"t|hom" r"e)/[\w.]")
# Recorded logs speak of the machine they ran on, and a snapshot of any server holds such paths.
RECORDED = ("samples/", "rules/pack/", "tests/unit/", "tests/fuzz/", "tests/golden/")
SPDX = "SPDX-License-Identifier: Apache-2.0"


def licensed(path):
    name = path.split("/")[-1]
    return path.endswith(LICENSED) or ("." not in name and path.startswith(NO_SUFFIX))


def main():
    report = Report()
    n = 0
    for path in files():
        text = read(path)
        if "\0" in text:
            continue
        n += 1
        lines = text.split("\n")
        if not path.startswith("samples/") and licensed(path):
            first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
            if SPDX not in first:
                report.bad(path, 1, f"the first line is not {SPDX}")
        if path.endswith((".c", ".h")):
            for number, line in enumerate(lines, 1):
                if len(line.encode(errors="surrogateescape")) > 100 and not re.search(
                        r'^\s*("|R")', line):
                    report.bad(path, number, "longer than 100 columns")
                if "\t" in line:
                    report.bad(path, number, "a tab; indentation is eight blanks")
                if line != line.rstrip():
                    report.bad(path, number, "blanks at the end of the line")
            if lines[-1] != "":
                report.bad(path, len(lines), "no line feed at the end of the file")
        if not path.startswith(RECORDED):
            for number, line in enumerate(lines, 1):
                if MACHINE.search(line):
                    report.bad(path, number, "a path of one machine")
    report.end(n)


main()
