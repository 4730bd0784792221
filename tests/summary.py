#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sums meson's test logs (one JSON object a line): `N passed, N failed, N skipped`.
A log that is missing or empty counts as a failure: a run that ran nothing is none."""
import json
import sys

passed = failed = skipped = 0
for path in sys.argv[1:]:
    try:
        with open(path) as log:
            results = [json.loads(line)["result"] for line in log if line.strip()]
    except OSError:
        results = []
    if not results:
        print(f"{path}: no test ran")
        failed += 1
    for result in results:
        if result in ("OK", "EXPECTEDFAIL"):
            passed += 1
        elif result == "SKIP":
            skipped += 1
        else:
            failed += 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
