#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn run.py [NAME...]
Each folder is the evidence of a small incident, invented, with what must come of it in expect.json:
top           finding: [first cause or null, the verdicts that are right]; medium or above
quiet         finding: first cause; of any severity
absent        findings that must not be there at medium or above; no: at all
absent_likely causes that must not be stated as likely
asks          a text that must stand among what would decide
A folder is named FINDING-CAUSE-KIND; hit: the cause; near: just not; unseen: what would prove it
was not supplied."""
import json
import os
import subprocess
import sys
import tempfile

LIMN = os.path.abspath(os.environ["LIMN"])
HERE = os.path.dirname(os.path.abspath(__file__))
LOUD = ("critical", "high", "medium")


def analysed(name):
    with tempfile.TemporaryDirectory() as scratch:
        seen = os.path.join(scratch, name)
        os.mkdir(seen)
        for member in sorted(os.listdir(os.path.join(HERE, name))):
            if member != "expect.json":
                os.symlink(os.path.join(HERE, name, member), os.path.join(seen, member))
        run = subprocess.run([LIMN, "analyze", *sorted(os.path.join(seen, m) for m in os.listdir(seen)),
                              "--json", "--case", os.path.join(scratch, "c")],
                             capture_output=True, check=False, cwd=scratch)
    return json.loads(run.stdout)["findings"]


def unmet(findings, expect):
    by_id = {f["id"]: f for f in findings}
    loud = {i: f for i, f in by_id.items() if f["severity"] in LOUD}
    first = {i: min(f["causes"], key=lambda c: c["rank"]) for i, f in by_id.items() if f["causes"]}
    for finding, (cause, verdicts) in expect.get("top", {}).items():
        if finding not in loud:
            yield f"{finding} is missing"
        elif first[finding]["verdict"] not in verdicts or cause not in (None, first[finding]["id"]):
            yield f"{finding}: {first[finding]['id']} {first[finding]['verdict']}, not {cause} {verdicts}"
    for finding, cause in expect.get("quiet", {}).items():
        if finding not in first or first[finding]["id"] != cause:
            yield f"{finding} is not there with {cause} first"
    yield from (f"{i} is there" for i in expect.get("absent", []) if i in loud)
    yield from (f"{i} is there" for i in expect.get("no", []) if i in by_id)
    sure = {c["id"] for f in findings for c in f["causes"] if c["verdict"] == "likely"}
    yield from (f"{c} is stated as likely" for c in expect.get("absent_likely", []) if c in sure)
    if expect.get("asks", "") not in json.dumps([c.get("would_decide") for f in findings for c in f["causes"]]):
        yield f"nothing asks for {expect['asks']}"


def main():
    names = sys.argv[1:] or sorted(n for n in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, n)))
    bad = 0
    print(f"1..{len(names)}")
    for n, name in enumerate(names, 1):
        with open(os.path.join(HERE, name, "expect.json"), encoding="utf-8") as file:
            why = list(unmet(analysed(name), json.load(file)))
        bad += bool(why)
        print(f"{'not ' if why else ''}ok {n} - {name}" + "".join(f"\n# {w}" for w in why))
    return 1 if bad else 0


sys.exit(main())
