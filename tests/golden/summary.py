#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. summary.py FOLDER [PREFIX...]
SUMMARY.md is one page; it has its sections in the order of a support engineer's questions and the
seven items of the guide, each filled or with how to fetch it; it says nothing twice; and each of
its numbers stands in the findings document or in a source, or counts rows of the case. Of each
folder in FOLDER: `samples`, or `corpus`, the recorded incidents beside the checkout."""
import gzip
import json
import os
import re
import sqlite3
import sys

from running import LIMN, ROOT, SAMPLES, Folder, Tap, environment

CORPUS = os.environ.get("LIMN_CORPUS") or os.path.join(ROOT, "../shared/corpus")
PAGE = 75  # lines of Markdown
WORDS = 750
TOLD = ["What happened", "Impact", "Why, and how sure that is", "What was done or tried",
        "What is asked of support", "For the ticket"]
LOUD = ("critical", "high", "medium")
QUIET = ["Why, and how sure that is", "For the ticket"]
ITEMS = ["Workspace id", "Pipeline name and update_id", "Timestamp of the occurrence",
         "Error messages from the logs", "MySQL version and configuration",
         "Network architecture diagram", "Steps already attempted"]


def contents(folder):
    for root, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), "rb") as file:
                data = file.read()
            yield (gzip.decompress(data) if name.endswith(".gz") else data).decode(errors="replace")


def evidence_of(finding):
    for side in [finding["symptom"], *finding["causes"]]:
        yield from side["for"] + side["against"] + side["unobserved"]


def counted(case, document):
    """Numbers that count something."""
    for sql in (
        "count(*) FROM source", "sum(n) FROM v_hit", "(SELECT sum(n) FROM hit) - sum(n) FROM v_hit",
        "count(*) FROM fact f JOIN instance i USING (instance_id) WHERE i.kind = 'mysqld'",
        "count(*) FROM action", "(SELECT count(*) FROM action) + count(*) FROM note"):
        yield str(case.execute("SELECT " + sql).fetchone()[0])
    for finding in document["findings"]:
        yield f"{finding['confidence']:.2f}"
        yield from (f"{cause['p']:.2f}" for cause in finding["causes"])
    # Records with text, of findings that call for action.
    yield str(sum(1 for f in document["findings"] if f["severity"] in LOUD
                  for e in evidence_of(f) if e.get("text")))


def wrong(page, document, case, folder):
    lines = page.splitlines()
    if len(lines) > PAGE or len(page.split()) > WORDS:
        yield f"{len(lines)} lines, {len(page.split())} words"
    sections = [line[3:] for line in lines if line.startswith("## ")]
    expected = TOLD if document["story"] else QUIET
    if [s for s in sections if s != "What to ask for next"] != expected:
        yield f"sections: {sections}"
    items = [re.match(r"- \[([ x])\] (\d)\. ([^:]*): (.*)", line) for line in lines]
    items = [m for m in items if m]
    if [m[3] for m in items] != ITEMS or [m[2] for m in items] != list("1234567"):
        yield f"items: {[m[0] for m in items]}"
    for m in items:
        fetch = "To fetch it" in m[4] or "To complete it" in m[4] or \
            "To fetch it" in "".join(lines[lines.index(m[0]) + 1:][:1])
        if m[1] == " " and not fetch:
            yield f"neither filled nor how to fetch it: {m[0]}"
    said = [line for line in lines if len(line) > 40]
    for line in sorted({x for x in said if said.count(x) > 1}):
        yield f"twice: {line}"
    known = "\n".join([json.dumps(document, ensure_ascii=False), *contents(folder)])
    counts = set(counted(case, document))
    for token in sorted(set(re.findall(r"\d+(?:[.:]\d+)*", page.replace("\\", "")))):
        if token not in known and token not in counts:
            yield f"a number that stands nowhere: {token}"


def check(tap, path):
    with Folder() as folder:
        status, out, err = folder.run([LIMN, "analyze", path, "--json", "--case", "a.case",
                                       "--report", "SUMMARY.md"], environment())
        why = [] if status == 0 else [f"exit status {status}\n{err.decode(errors='replace')}"]
        if not why:
            with open(os.path.join(folder.path, "SUMMARY.md"), encoding="utf-8") as file:
                page = file.read()
            case = sqlite3.connect(os.path.join(folder.path, "a.case"))
            why += wrong(page, json.loads(out), case, path)
            case.close()
    tap.say(not why, os.path.basename(path), "\n".join(why[:20]))


def main():
    tap = Tap()
    folder = os.path.join(CORPUS if sys.argv[1] == "corpus" else SAMPLES, "incidents")
    if not os.path.isdir(folder):
        tap.say(True, "summaries of the recorded incidents", skip="no corpus beside the checkout")
        tap.end()
    for name in sorted(os.listdir(folder)):
        if os.path.isdir(os.path.join(folder, name)) and name.startswith(tuple(sys.argv[2:]) or ""):
            check(tap, os.path.join(folder, name))
    tap.end()


main()
