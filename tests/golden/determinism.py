#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. determinism.py
The same input gives the same bytes: JSON, HTML, bundle and case, whatever the folder, the zone,
the locale, the number of jobs, and the order in which the file system lists names."""
import filecmp
import os
import shutil

from running import LIMN, SAMPLES, Folder, Tap, environment

OUTPUTS = ("findings.json", "report.html", "bundle.tar.zst")
RUNS = [
    ("again", [], {}),
    ("one job", ["--jobs", "1"], {}),
    ("four jobs", ["--jobs", "4"], {}),
    ("another zone and locale", [], {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C"}),
]


def analyse(folder, name, options, more):
    """In its own folder; the input is copied, its files in reverse order."""
    work = os.path.join(folder.path, name.replace(" ", "-"))
    evidence = os.path.join(work, "evidence")
    os.makedirs(evidence)
    source = os.path.join(SAMPLES, "incidents/binlog-purge")
    for entry in sorted(os.listdir(source), reverse=True):
        path = os.path.join(source, entry)
        copy = shutil.copytree if os.path.isdir(path) else shutil.copy
        copy(path, os.path.join(evidence, entry))
    command = " ".join([LIMN, "analyze", "evidence", "--case", "limn.case", "--json",
                        "--report", "report.html", "--bundle", "bundle.tar.zst", *options,
                        ">findings.json"])
    status, _, err = folder.run(["sh", "-c", f"cd '{work}' && exec {command}"],
                                environment(**more))
    return work, status, err.decode(errors="replace")


def main():
    tap = Tap()
    with Folder() as folder:
        first, status, err = analyse(folder, "first", [], {})
        tap.say(status == 0, "analyse", err)
        for name, options, more in RUNS:
            other, status, err = analyse(folder, name, options, more)
            why = [f"exit status {status}\n{err}"] if status else []
            for output in OUTPUTS:
                a, b = os.path.join(first, output), os.path.join(other, output)
                if not (os.path.exists(a) and os.path.exists(b)):
                    why.append(f"no {output}")
                elif not filecmp.cmp(a, b, shallow=False):
                    why.append(f"{output} differs")
            tap.say(not why, name, "\n".join(why))
    tap.end()


main()
