#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn run.py [NAME...]
Each folder is the evidence of a small incident, invented, with what must come of it in expect.json:
top           finding: [first cause or null, the verdicts that are right]; medium or above
quiet         finding: first cause; of any severity
absent        findings that must not be there at medium or above; no: at all
absent_likely causes that must not be stated as likely
asks          a text that must stand among what would decide
severity      finding: its severity
A folder is named FINDING-CAUSE-KIND; hit: the cause; near: just not; unseen: what would prove it
was not supplied (tests/lint/check_causes.py asks for all three). CDC-nn.txt hold more of them in short (script.py): those of the main findings, with
LIMN_NIGHTLY=1 or by name all. traps.txt: what real servers do and a naive rule gets wrong. wild.txt: what other programs than
the gateway write of the same troubles."""
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import script

LIMN = os.path.abspath(os.environ["LIMN"])
HERE = os.path.dirname(os.path.abspath(__file__))
LOUD = ("critical", "high", "medium")
MAIN = ("CDC-07", "CDC-09", "CDC-10", "CDC-12", "traps", "wild")


def evidence(name):
    """(expectation, {file: bytes}) of a folder"""
    found = {}
    for member in os.listdir(os.path.join(HERE, name)):
        with open(os.path.join(HERE, name, member), "rb") as file:
            found[member] = file.read()
    return json.loads(found.pop("expect.json")), found


def analysed(name, files):
    with tempfile.TemporaryDirectory() as scratch:
        seen = os.path.join(scratch, name)
        os.mkdir(seen)
        for member, data in files.items():
            with open(os.path.join(seen, member), "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode())
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
    for finding, severity in expect.get("severity", {}).items():
        if by_id.get(finding, {}).get("severity") != severity:
            yield f"{finding} is not {severity}"
    if expect.get("asks", "") not in json.dumps([c.get("would_decide") for f in findings for c in f["causes"]]):
        yield f"nothing asks for {expect['asks']}"


def main():
    told = script.all_of(HERE, () if os.environ.get("LIMN_NIGHTLY") or sys.argv[1:] else MAIN)
    names = sorted([n for n in os.listdir(HERE) if os.path.isfile(os.path.join(HERE, n, "expect.json"))] + list(told))
    names = [n for n in names if not sys.argv[1:] or n.startswith(tuple(sys.argv[1:]))]

    def judged(name):
        expect, files = told.get(name) or evidence(name)
        return list(unmet(analysed(name, files), expect))

    bad = 0
    print(f"1..{len(names)}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for n, (name, why) in enumerate(zip(names, pool.map(judged, names)), 1):
            bad += bool(why)
            print(f"{'not ' if why else ''}ok {n} - {name}" + "".join(f"\n# {w}" for w in why))
    return 1 if bad or not names else 0


if __name__ == "__main__":
    sys.exit(main())
