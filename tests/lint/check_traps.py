#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each trap of tests/incidents/traps.md names tests that exist; each incident of traps.txt is named
there; each cause that a told incident speaks of is one of the pack: what nothing can state is never
stated."""
import re

from tree import Report, exists, files, read

TABLE = "tests/incidents/traps.md"
TOLD = "tests/incidents/traps.txt"


def named():
    """(line, file, case) of each test that the table names"""
    for n, line in enumerate(read(TABLE).splitlines(), 1):
        if line.startswith("| ") and not line.startswith(("| Trap ", "| --")):
            tests = re.findall(r"`([^`]+): ([^`]+)`", line.split(" | ", 1)[1])
            yield from ((n, *test) for test in tests or [("", "")])


def has(path, case):
    text = read(path)
    if path.startswith("tests/incidents/") and path.endswith(".txt"):
        return f"\n=== {case}\n" in text
    if path.startswith("tests/unit/"):
        return re.search(rf"cmocka_unit_test\w*\({case}[,)]", text) is not None
    return case in text


def main():
    report = Report()
    n, seen = 0, set()
    for line, path, case in named():
        n += 1
        seen.add(case)
        if not path:
            report.bad(TABLE, line, "names no test")
        elif not exists(path):
            report.bad(TABLE, line, f"there is no {path}")
        elif not has(path, case):
            report.bad(TABLE, line, f"{path} holds no {case}")
    for name in re.findall(r"^=== (.+)", read(TOLD), re.M):
        if name not in seen:
            report.bad(TOLD, 0, f"{name} is not in {TABLE}")
    for path in files(".txt", under="tests/incidents"):
        for finding, cause in re.findall(r"\b(CDC-\d\d)/([a-z0-9-]+)", read(path)):
            if not re.search(rf"^  {cause}:$", read(f"rules/pack/findings/{finding}.yml"), re.M):
                report.bad(path, 0, f"the pack has no cause {finding}/{cause}")
    report.end(n)


main()
