#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Databases, tables and users that are called as limn's and the product's own words are (a table
`status`, a user `monitor`): wherever the text shows that the name is meant it is masked, by this
test's own idea of where that is; what remains is listed, and said; and what limn concludes from the
masked sources is what it concluded before."""
import json
import os
import re

from running import LIMN, SAMPLES, Folder, Tap, environment
from unpacked import unpack

NAMES = ("shop", "orders_db", "wms", "loyalty", "cdc_reader", "lakeflow", "reporting")
# As people call theirs; and as nobody should.
CALLED = {
    "everyday": ("test", "order", "data", "users", "reader", "monitor", "reports"),
    "unlucky": ("status", "source", "gateway", "level", "connection", "server", "error"),
}
INCIDENTS = ("binlog-purge", "disconnect-loop", "schema-mismatch")

# Where a name is meant, whatever it is; {n} is the name.
MEANT = [r"`{n}`", r"'{n}'@", r"(?<![\w.-]){n}@'?[\w%]", r"`\w+`\.{n}\b", r"\b{n}\.`", r"\bfrom {n}\.\w+",
         r"\b(?:insert into|delete from|alter table|drop table|truncate table|create table) {n}\b",
         r"\b(?:update|join|into) {n}\.\w+", r'"(?:database|schema|table|user|user_name|db)": ?"{n}"',
         r"\b(?:user|db|database|schema|host)=['\"]?{n}\b", r"\bdb: '{n}'", r"\buser: '{n}'",
         r"^\| {n} +\|", r"\btables_in_{n}\b", r"://{n}[:@]", r":3306/{n}\b", r"\./{n}/\w+", r"/{n}\.ibd\b"]


def renamed(source, target, called):
    turn = dict(zip(NAMES, called))
    words = re.compile(r"(?<![A-Za-z0-9])(" + "|".join(NAMES) + r")(?![A-Za-z0-9])")

    def put(text):
        return words.sub(lambda m: turn[m[1]], text)

    for folder, _, files in os.walk(source):
        to = os.path.join(target, put(os.path.relpath(folder, source)))
        os.makedirs(to, exist_ok=True)
        for name in files:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            with open(os.path.join(to, put(name)), "w", encoding="utf-8") as file:
                file.write(put(text))


def findings(text):
    return [(f["id"], f["severity"], f["confidence"], len(f["incidents"]),
             [(c["id"], c["rank"], c["verdict"]) for c in f["causes"]])
            for f in json.loads(text)["findings"]]


def check(tap, incident, kind):
    why = []
    with Folder() as folder:
        renamed(os.path.join(SAMPLES, "incidents", incident), os.path.join(folder.path, "in"),
                CALLED[kind])

        def limn(*args):
            status, out, err = folder.run([LIMN, *args], environment())
            if status:
                why.append(f"limn {args[0]}: exit status {status}\n{err.decode()}")
            return out, err.decode()

        first, said = limn("analyze", "in", "--case", "a.case", "--json", "--bundle", "a.tar.zst",
                           "--redact", "all", "--evidence", "all")
        if why:
            tap.say(False, f"{incident}, {kind}", "\n".join(why))
            return
        members = unpack(os.path.join(folder.path, "a.tar.zst"))
        with open(os.path.join(folder.path, "a.tar.zst.map"), encoding="utf-8") as file:
            values = {v["token"]: v["value"].lower() for v in json.load(file)["values"]}
        listed = {values[t] for t in json.loads(members["manifest.json"])["redaction"]["not_provable"]}
        for name in listed & set(CALLED[kind]):
            if not re.search(rf"\b{name}\b", said):
                why.append(f"nobody was told that {name} is not provable")
        if not listed & set(CALLED[kind]):
            why.append("none of the names was found")
        for name in sorted(listed):
            for pattern in MEANT:
                meant = re.compile(pattern.replace("{n}", re.escape(name)), re.I | re.M)
                for member, data in members.items():
                    text = data.decode("utf-8", "replace")
                    found = meant.search(text) if member.startswith("sources/") else None
                    if found:
                        why.append(f"{member}: {text[max(0, found.start() - 30):found.end() + 20]!r}")
        for member, data in members.items():
            if member.startswith("sources/"):
                path = os.path.join(folder.path, member)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(data)
        again, _ = limn("analyze", "sources", "--case", "b.case", "--json")
        if not why and findings(first) != findings(again):
            why.append(f"other findings:\n{findings(first)}\n{findings(again)}")
    tap.say(not why, f"{incident}, {kind}", "\n".join(why))


def main():
    tap = Tap()
    for incident in INCIDENTS:
        for kind in CALLED:
            check(tap, incident, kind)
    tap.end()


main()
