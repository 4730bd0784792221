#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. [LIMN_EXTENSION=build/cli/limn_event.so] case.py
What a case says of the samples is what was read: the rows of `event` are the events of `limn
parse`, hits stand where they say, `limn extract` gives the files back, and sqlite3 with the
extension sees the same as `limn sql`."""
import hashlib
import json
import os

from running import LIMN, SAMPLES, Folder, Tap, environment

EXTENSION = os.environ.get("LIMN_EXTENSION")
COLUMNS = ("line offset length time_raw time_basis level level_raw component thread code logger "
           "message").split()
CONSISTENT = {
    "each record is a row": "(SELECT count(*) FROM event) = (SELECT sum(records) FROM source)",
    "each byte is in a row": "(SELECT sum(length) FROM event) = (SELECT sum(size) FROM source)",
    "each byte is in the ledger":
        "(SELECT sum(parsed + continuation + unparsed + skipped) FROM ledger)"
        " = (SELECT sum(size) FROM source)",
    "there are hits": "(SELECT count(*) FROM hit) > 100",
    "each hit stands at its event":
        "(SELECT count(*) FROM hit) = (SELECT count(*) FROM hit h JOIN event e USING (event_id)"
        "  WHERE e.source_id = h.source_id AND e.line = h.line AND e.offset = h.offset"
        "    AND e.length = h.length AND e.time IS h.time)",
    "segments say what is in them":
        "NOT EXISTS (SELECT 1 FROM segment g JOIN (SELECT event_id >> 20 AS segment_id,"
        "  min(time) AS a, max(time) AS b, count(*) AS n FROM event GROUP BY 1) USING (segment_id)"
        "  WHERE a IS NOT time_min OR b IS NOT time_max OR n <> records)",
}


def lines(folder, *command):
    status, out, err = folder.run([LIMN, *command], environment())
    if status:
        raise SystemExit(f"Bail out! {command}: {status}: {err.decode(errors='replace')}")
    return [json.loads(line) for line in out.decode(errors="replace").splitlines()]


def parsed(folder, path):
    return [{**{name: event.get(name) for name in COLUMNS}, "fields": event.get("fields", {})}
            for event in lines(folder, "parse", path)]


def rows(folder, source):
    found = lines(folder, "sql", "--json", f"SELECT * FROM event WHERE source_id = {source}")
    return [{**{name: row[name] for name in COLUMNS}, "fields": json.loads(row["fields"])}
            for row in found]


def check_source(folder, tap, source):
    path = os.path.join(SAMPLES, "incidents", source["path"])
    is_, want = rows(folder, source["source_id"]), parsed(folder, path)
    why = "" if len(is_) == len(want) else f"{len(is_)} rows, parsed {len(want)}"
    for a, b in zip(is_, want):
        if a != b:
            why = f"row {a}\nparse {b}"
            break
    tap.say(not why, f"events of {source['path']}", why)

    status, out, _ = folder.run([LIMN, "extract", str(source["source_id"])], environment())
    with open(path, "rb") as f:
        same = f.read() == out
    tap.say(status == 0 and same, f"bytes of {source['path']}")


def check_extension(folder, tap):
    name = "sqlite3 sees the same events"
    if not EXTENSION:
        tap.say(True, name, skip="no extension in a sanitizer build")
        return
    sql = "SELECT rowid, * FROM event ORDER BY 1"
    _, ours, _ = folder.run([LIMN, "sql", "--json", sql], environment())
    status, theirs, err = folder.run(
        ["sqlite3", "-readonly", "-json", "-cmd", f".load {EXTENSION}", "limn.case", sql],
        environment())
    ours = [json.loads(line) for line in ours.decode(errors="replace").splitlines()]
    same = status == 0 and ours == json.loads(theirs.decode(errors="replace"))
    tap.say(same and len(ours) > 100, name, err.decode(errors="replace"))


def main():
    tap = Tap()
    with Folder() as folder:
        status, _, err = folder.run([LIMN, "analyze", os.path.join(SAMPLES, "incidents")],
                                    environment())
        tap.say(status == 0, "analyze", err.decode(errors="replace"))
        for name, condition in CONSISTENT.items():
            tap.say(lines(folder, "sql", "--json", f"SELECT {condition} AS ok") == [{"ok": 1}], name)
        for source in lines(folder, "sql", "--json", "SELECT * FROM source"):
            source["path"] = source["path"].removeprefix("incidents/")
            check_source(folder, tap, source)
        check_extension(folder, tap)
        before = hashlib.sha256(open(os.path.join(folder.path, "limn.case"), "rb").read())
        folder.run([LIMN, "sources"], environment())
        after = hashlib.sha256(open(os.path.join(folder.path, "limn.case"), "rb").read())
        tap.say(before.digest() == after.digest(), "reading changes nothing")
    tap.end()


main()
