#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. ledger.py
Every byte of every sample and, where they are beside the checkout, of every recorded incident is in
the ledger, once; and what is stored of a source is the source."""
import os
import sqlite3
import subprocess

from running import LIMN, Folder, Tap

ROOT = os.path.abspath(os.environ["LIMN_SOURCE_ROOT"])
CORPUS = os.path.abspath(os.environ.get("LIMN_CORPUS") or os.path.join(ROOT, "../shared/corpus"))


def unbalanced(case):
    with sqlite3.connect(f"file:{case}?mode=ro", uri=True) as db:
        return db.execute(
            "SELECT path, size, parsed + continuation + unparsed + skipped, parsed, unparsed,"
            " (SELECT sum(length) FROM segment g WHERE g.source_id = s.source_id)"
            " FROM source s JOIN ledger USING (source_id) WHERE complete = 1").fetchall()


def check(t, scratch, folder):
    """One line for each folder in it."""
    case = os.path.join(scratch, "all.case")
    run = subprocess.run([LIMN, "ingest", "--case", case, folder], capture_output=True, text=True,
                         check=False)
    t.say(run.returncode == 0, f"{os.path.basename(folder)} can be read",
          run.stderr[-2000:] if run.returncode else "")
    found = {}
    for row in unbalanced(case) if run.returncode == 0 else []:
        found.setdefault(row[0].split("/")[1], []).append(row)
    for name, rows in sorted(found.items()):
        wrong = [r for r in rows if not r[1] == r[2] == (r[5] or 0)]
        t.say(not wrong, f"{name}: {len(rows)} sources", str(wrong or ""))
    os.remove(case)
    return found


def main():
    t = Tap()
    with Folder() as folder:
        samples = os.path.join(ROOT, "samples/formats")
        found = check(t, folder.path, samples)
        for name in sorted(os.listdir(samples)):
            if os.path.isdir(os.path.join(samples, name)) and name not in found:
                t.say(False, f"{name}: nothing of it was read")
        if os.path.isdir(os.path.join(CORPUS, "incidents")):
            check(t, folder.path, os.path.join(CORPUS, "incidents"))
    t.end()


main()
