#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: cautions.py FINDINGS
Where the guide's step contradicts the documentation, the pack shows the step and says so: for each
line below, a remedy of that finding whose text holds the words stands there with a caution (or,
where the words stand in a diagnostic step or a sentence, that they stand there)."""
import os
import re
import sys

SHOWN = [  # finding, words of the remedy, words of its caution
    ("CDC-13", "binlog_row_image=MINIMAL", "requires FULL"),
    ("CDC-14", "binlog_row_image=MINIMAL", "requires FULL"),
    ("CDC-17", "binlog_row_image=MINIMAL", "requires FULL"),
    ("CDC-03", "gtid_mode=ON", "does not use GTID"),
    ("CDC-12", "retention to 3 days", "recommends 7 days"),
    ("CDC-17", "retention to 3 days", "recommends 7 days"),
    ("CDC-01", "5.7.44", "guide says 5.7"),
    ("CDC-17", "5.7.44", "guide says 5.7"),
    ("CDC-10", "Remove the corrupted checkpoint file", "deleting the staging volume breaks"),
    ("CDC-09", "snapshot mode", "full refresh"),
    ("CDC-10", "snapshot mode", "full refresh"),
    ("CDC-11", "snapshot mode", "full refresh"),
    ("CDC-12", "snapshot mode", "full refresh"),
    ("CDC-09", "ALTER TABLE on the target", "do not take it"),
    ("CDC-07", "automatic failover", "full refresh"),
]
SAID = [
    ("CDC-10", "the documented table has origin, error and event_time"),
    ("CDC-11", "the documented table has origin, error and event_time"),
    ("CDC-06", "PROVISIONING"), ("CDC-07", "DISCONNECTED"),
    ("CDC-06", "integrated CDC runs without one"),
    ("CDC-11", "staged data is removed after 30 days"),
    ("CDC-11", "exports by public interfaces do not carry all progress events"),
    ("CDC-16", "an event cannot exceed 1 GiB"),
    ("CDC-17", "binlog_row_value_options to the empty string"),
    ("CDC-17", "MariaDB is not a supported source"), ("CDC-17", "only the primary instance is supported"),
    ("CDC-17", "Aurora: 5.7.mysql_aurora.2.12.2 or later"),
    ("CDC-17", "mysql.user"), ("CDC-17", "caching_sha2_password (8.0) or sha256_password (5.7)"),
]


def pack(finding):
    with open(os.path.join(sys.argv[1], finding + ".yml"), encoding="utf-8") as file:
        return file.read()


bad = []
for finding, words, caution in SHOWN:
    remedies = re.findall(r"- \{text: \"([^\"]*)\"[^\n]*?caution: \"([^\"]*)\"", pack(finding))
    if not any(words in text and caution in why for text, why in remedies):
        bad.append(f"{finding}: \"{words}\" stands without a caution that says \"{caution}\"")
bad += [f"{finding}: nothing says \"{words}\"" for finding, words in SAID if words not in pack(finding)]
print("\n".join(bad) or f"{len(SHOWN) + len(SAID)} looked at")
sys.exit(1 if bad else 0)
