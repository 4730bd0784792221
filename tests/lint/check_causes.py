#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each cause of each finding has its incidents in tests/incidents, told (CDC-nn.txt) or as folders:
CDC-nn-CAUSE[-more]-hit puts it first, -near does not state it, -unseen neither and asks for what is
missing; CDC-nn-quiet-day keeps the finding silent. What is not there stands in uncovered.txt: a row
without a reason waits for its test, one with `: reason` says why there can be none."""
import json
import os
import re
import sys

from tree import ROOT, Report, exists, files, read

HERE = "tests/incidents"
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, HERE))
import script  # noqa: E402

OPEN = f"{HERE}/uncovered.txt"


def causes():
    """{finding: [cause, the longest first]}"""
    found = {}
    for path in files(".yml", under="rules/pack/findings"):
        block = re.search(r"^cause:\n((?: .*\n|\n)+)", read(path), re.M)
        found[path[-10:-4]] = sorted(re.findall(r"^  ([a-z0-9-]+):$", block[1], re.M), key=lambda c: -len(c))
    return found


def incidents(report):
    """(name, where, expectation) of all"""
    for path in files(".txt", under=HERE):
        if re.fullmatch(r"CDC-\d\d\.txt", os.path.basename(path)):
            for name, (expect, _) in script.incidents(os.path.join(ROOT, path)).items():
                if not name.startswith(os.path.basename(path)[:6]):
                    report.bad(path, 0, f"{name} is of another finding")
                yield name, path, expect
            for name in re.findall(r"^=== (.+)", read(path), re.M):
                if read(path).count(f"=== {name}\n") > 1:
                    report.bad(path, 0, f"{name} is told twice")
    for path in files("/expect.json", under=HERE):
        yield os.path.basename(os.path.dirname(path)), path, json.loads(read(path))


def kind_of(name, known):
    """(finding, cause or None, kind), or None if the name says no such thing"""
    m = re.fullmatch(r"(CDC-\d\d)-(?:quiet-day|([a-z0-9-]+)-(hit|near|unseen))", name)
    if not m or m[1] not in known:
        return None
    if not m[3]:
        return m[1], None, "quiet-day"
    cause = next((c for c in known[m[1]] if (m[2] + "-").startswith(c + "-")), None)
    return cause and (m[1], cause, m[3])


def unfit(expect, finding, cause, kind):
    """why the expectation is not one of its kind, or None"""
    top, verdicts = expect.get("top", {}).get(finding, (None, []))
    silent = finding in expect.get("absent", []) + expect.get("no", [])
    full = f"{finding}/{cause}"
    not_stated = (silent or full in expect.get("absent_likely", []) or top not in (None, full)
                  or verdicts and "likely" not in verdicts)
    if kind == "quiet-day":
        return None if silent else "does not say that the finding is silent"
    if kind == "hit":
        return None if full in (top, expect.get("quiet", {}).get(finding)) else f"does not put {full} first"
    if not not_stated:
        return f"allows {full} to be stated"
    return "asks for nothing" if kind == "unseen" and not (silent or expect.get("asks")) else None


def main():
    report = Report()
    known = causes()
    wanted = {f"{f}-{c}-{kind}" for f in known for c in known[f] for kind in ("hit", "near", "unseen")}
    wanted |= {f"{f}-quiet-day" for f in known}
    there, names = set(), {}
    for name, path, expect in incidents(report):
        said = kind_of(name, known)
        if name in names:
            report.bad(path, 0, f"{name} is in {names[name]}, too")
        names[name] = path
        if not said:
            report.bad(path, 0, f"{name} names no cause of the finding, or no kind")
            continue
        why = unfit(expect, *said)
        if why:
            report.bad(path, 0, f"{name} {why}")
        there.add("-".join(s for s in said if s))
    rows = set()
    for n, line in enumerate(read(OPEN).splitlines() if exists(OPEN) else [], 1):
        if not line or line.startswith("#"):
            continue
        name = line.split(":")[0].strip()
        if name not in wanted:
            report.bad(OPEN, n, f"nothing asks for {name}")
        elif name in there:
            report.bad(OPEN, n, f"{name} is there now: take the row out")
        elif name in rows:
            report.bad(OPEN, n, f"{name} stands twice")
        rows.add(name)
    for name in sorted(wanted - there - rows):
        report.bad(HERE, 0, f"there is no {name}")
    report.end(len(names))


main()
