#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. run.py [PREFIX...]
Analyses the recorded incidents that expected_now.txt (or the command line) names and compares
with what is expected of them; the criterion is the corpus's own tools/check_incidents.py. The
corpus is no part of this tree: it is looked for in $LIMN_CORPUS, else in ../shared/corpus beside
the checkout. Without it the test is skipped."""
import os
import subprocess
import sys
import tempfile

SKIPPED = 77
ROOT = os.path.abspath(os.environ["LIMN_SOURCE_ROOT"])
LIMN = os.path.abspath(os.environ["LIMN"])
CORPUS = os.path.abspath(os.environ.get("LIMN_CORPUS") or os.path.join(ROOT, "../shared/corpus"))
CHECKER = os.path.join(CORPUS, "../tools/check_incidents.py")


def wanted():
    if len(sys.argv) > 1:
        return sys.argv[1:]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected_now.txt")) as file:
        return [p for line in file if not line.startswith("#") for p in line.split()]


def main():
    incidents = os.path.join(CORPUS, "incidents")
    for path in (incidents, CHECKER):
        if not os.path.exists(path):
            print(f"skipped: no corpus beside the checkout ({os.path.relpath(path, ROOT)})")
            return SKIPPED
    names = sorted(os.listdir(incidents))
    with tempfile.TemporaryDirectory() as folder:
        for prefix in wanted():
            matching = [n for n in names if n.startswith(prefix)]
            if not matching:
                print(f"the corpus has no incident {prefix}")
                return 1
            for name in matching:
                os.symlink(os.path.join(incidents, name), os.path.join(folder, name))
        env = dict(os.environ, TZ="America/St_Johns", PYTHONDONTWRITEBYTECODE="1")
        return subprocess.run([sys.executable, CHECKER, LIMN, folder,
                               os.path.join(CORPUS, "expected"), "-v"], env=env).returncode


sys.exit(main())
