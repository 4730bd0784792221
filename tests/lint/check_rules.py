#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each detection of the pack carries lines that it must match and lines that it must not; each
correlation a stream with its episodes; no id and no name stands twice. What they hold is run by
`limn rules test` (suite rules)."""
import re

from tree import Report, files, read


def documents(text):
    """(first line, text) of each YAML document."""
    line = 1
    for part in re.split(r"^---[ \t]*$", text, flags=re.M):
        yield line, part
        line += part.count("\n")


def has(text, key):
    return re.search(rf"^\s+{key}:", text, re.M) is not None


def main():
    report = Report()
    seen = {}
    n = 0
    for path in files(".yml", under="rules/pack"):
        for line, text in documents(read(path)):
            for key in ("id", "name"):
                found = re.search(rf"^{key}:\s*(\S+)", text, re.M)
                if found and (key, found[1]) in seen:
                    report.bad(path, line, f"{key} {found[1]} stands in {seen[key, found[1]]} too")
                elif found:
                    seen[key, found[1]] = path
            if re.search(r"^detection:", text, re.M):
                n += 1
                for key in ("match", "nomatch"):
                    if not has(text, key):
                        report.bad(path, line, f"a detection without `limn: tests: {key}`")
            elif re.search(r"^correlation:", text, re.M):
                n += 1
                if not has(text, "tests"):
                    report.bad(path, line, "a correlation without `limn: tests`")
    report.end(n)


main()
