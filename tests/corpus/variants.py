#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. variants.py [--same] [VARIANT[:PREFIX,...]...]
The recorded incidents again, otherwise packed, stamped, worded and with parts missing.

Two criteria, both the corpus's own check_incidents.py. `right`: the same verdict is expected, for
what changes no evidence. `no worse`: evidence is lost; the verdict may weaken or become undecided,
but no other cause may be stated as likely, and none of a finding that is not there with all of it.
--same holds all to `right`, to see whether a weakened one needs to be.
Without arguments a quick part runs, with LIMN_NIGHTLY=1 all. Skipped without a corpus."""
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import lru_cache, partial
from itertools import islice

import reword

SKIPPED = 77
ROOT = os.path.abspath(os.environ["LIMN_SOURCE_ROOT"])
LIMN = os.path.abspath(os.environ["LIMN"])
CORPUS = os.path.abspath(os.environ.get("LIMN_CORPUS") or os.path.join(ROOT, "../shared/corpus"))
CHECKER = os.path.join(CORPUS, "../tools/check_incidents.py")
LOUD = ("critical", "high", "medium")
BATCH = 12  # cases a run of the checker: they are in memory at once
ZONES = {"UTC": 0, "America/New_York": -300, "Europe/Berlin": 60}  # minutes, in November


def rename(how, files, _):
    return {how(path): data for path, data in files.items()}


def without(pattern, files, _):
    left = {path: data for path, data in files.items() if not re.search(pattern, path)}
    return left if len(left) < len(files) and left else None


def zone(minutes, name, files, expected):
    moved = timedelta(minutes=minutes - ZONES[expected["server_log_timezone"]])
    return reword.server_zone(files, moved, name)


def compose(files, _):
    """The gateway's and the server's log as one `docker compose logs`, in the order of their times."""
    records, last = [], ""
    for path, service in (("gateway.log", "gateway-1"), ("mysql-error.log", "mysql-1")):
        run = subprocess.run([LIMN, "parse", "-"], input=files.get(path, b""), capture_output=True,
                             check=False)
        for event in map(json.loads, run.stdout.splitlines()):
            last = event.get("time", last)
            lines = files[path][event["offset"]:event["offset"] + event["length"]].splitlines()
            records.append((last, len(records), [f"{service:<10} | ".encode() + x for x in lines]))
    left = {p: d for p, d in files.items() if not re.match(r"gateway\.|mysql-error\.log$", p)}
    lines = [line for _, _, some in sorted(records) for line in some]
    return dict(left, **{"compose.log": b"\n".join(lines) + b"\n"})


def hidden_name(path):
    return hashlib.sha1(path.encode()).hexdigest()[:12]


# name: (change, weakened: which incidents are held to `no worse` only, True for all).
# 08: a KILL leaves no line in an error log of MySQL, nor in MariaDB's below log_warnings=2, and the
# reader sees an orderly close: nothing is left that says who ended it.
# 20: this gateway never met its server, so no shared moment measures its clock; set wrong, nothing
# tells whether the server was up at the attempts, and a host that is off is silent, too.
VARIANTS = {
    "gzip": (lambda f, _: {p + ".gz": gzip.compress(d, mtime=0) for p, d in f.items()}, ()),
    "flatten": (partial(rename, lambda p: p.replace("/", "__")), ()),
    "prefix": (partial(rename, lambda p: "aa-" + p.replace("/", "/zz-")), ()),
    "crlf": (lambda f, _: {p: d.replace(b"\n", b"\r\n") for p, d in f.items()}, ()),
    "shuffle": (partial(rename, lambda p: hidden_name(p)[:4] + "/" + p), ()),
    "scramble": (partial(rename, hidden_name), True),
    "compose": (compose, ()),
    "kolkata": (partial(zone, 330, "IST"), ()),
    "new-york": (partial(zone, -300, "EST"), ()),
    "skew-95": (lambda f, _: reword.skew_gateway(f, -95), ("20",)),
    "skew+400": (lambda f, _: reword.skew_gateway(f, 400), ("20",)),
    "log-warnings-2": (lambda f, _: reword.log_warnings(f, 2), ()),
    "log-warnings-1": (lambda f, _: reword.log_warnings(f, 1), ("08",)),
    "no-replica": (partial(without, r"replica|show_slave"), ()),
    "no-jsonl": (partial(without, r"\.jsonl$"), ()),
    "no-gateway-log": (partial(without, r"(^|/)gateway(-2)?\.log$"), ()),
    "mysql8": (lambda f, e: reword.mysql8(f, timedelta(minutes=ZONES[e["server_log_timezone"]])), ("08",)),
    "debezium": (lambda f, _: reword.debezium(f), ()),
    "python": (lambda f, _: reword.python_client(f), ()),
    "go": (lambda f, _: reword.go_client(f), ()),
    "databricks": (lambda f, _: reword.databricks(f), ()),
}
QUICK = ["compose:01,05,07,17", "kolkata:05,07,08,12,28", "skew-95:01,02,05,07,24,31",
         "mysql8:01,05,07,16,23,30,33",
         "debezium:01,03,05,07,23", "python:01,07,24,35", "go:08,09,23,28",
         "databricks:01,05,09,10,20,23", "log-warnings-1:05,07,35", "remove:23"]


def load(name):
    folder, files = os.path.join(CORPUS, "incidents", name), {}
    for base, _, members in os.walk(folder):
        for member in members:
            path = os.path.join(base, member)
            with open(path, "rb") as file:
                data, path = file.read(), os.path.relpath(path, folder)
            if path.endswith(".gz"):
                data, path = gzip.decompress(data), path[:-3]
            files[path] = data
    return files


def store(folder, files):
    for path, data in files.items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


def expected_of(name):
    with open(os.path.join(CORPUS, "expected", name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def causes_of(finding):
    with open(os.path.join(ROOT, "rules/pack/findings", finding + ".yml"), encoding="utf-8") as file:
        block = re.split(r"(?m)^cause:\n", file.read())[1]
    return [f"{finding}/{slug}" for slug in re.findall(r"(?m)^  ([a-z0-9-]+):$", re.split(r"(?m)^\w", block)[0])]


def softened(expected, loud):
    """`no worse` as an expectation; loud: the findings of the whole folder."""
    right = {cause for some in expected["top_cause_any_of"] for cause in some}
    families = {cause.split("/")[0] for cause in right}
    known = {name[:-4] for name in os.listdir(os.path.join(ROOT, "rules/pack/findings"))}
    may = loud | set(expected["allowed_findings"]) | families
    may |= {f for some in expected["findings_any_of"] for f in some}
    sure = (families & known) | (known - may)
    wrong = [c for f in sorted(sure) for c in causes_of(f) if c not in right]
    return dict(expected, findings_any_of=[], top_cause_any_of=[], tables=[],
                not_top_cause=sorted(set(wrong) | set(expected["not_top_cause"])))


@lru_cache(None)
def loud_of(folder):
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run([LIMN, "analyze", folder, "--json", "--case", os.path.join(scratch, "c")],
                             capture_output=True, check=False)
    return {f["id"] for f in json.loads(run.stdout)["findings"] if f["severity"] in LOUD}


def groups(files):
    """What can go missing: each file, and each set of files that hold the same."""
    found = {}
    for path in files:
        found.setdefault(path, set()).add(path)
        for pattern, name in ((r"^gateway.*\.(log|jsonl)$", "gateway*"), (r"^variables", "variables*"),
                              (r"^(checkpoints)/", "checkpoints"), (r"\.(txt|tsv|cnf)$", "snapshots")):
            if re.search(pattern, path):
                found.setdefault(name, set()).add(path)
    return found


def cases(wanted, same):
    """(name of the variant, incident, files, expectation)"""
    names = sorted(os.listdir(os.path.join(CORPUS, "incidents")))
    for want in wanted:
        variant, _, prefixes = want.partition(":")
        for name in names:
            if prefixes and not name.startswith(tuple(prefixes.split(","))):
                continue
            files, expected = load(name), expected_of(name)
            if variant == "remove":
                soft = softened(expected, loud_of(os.path.join(CORPUS, "incidents", name)))
                for members, group in {frozenset(m): g for g, m in sorted(groups(files).items())}.items():
                    left = {p: d for p, d in files.items() if p not in members}
                    if left:
                        yield "remove " + group, name, left, soft
                continue
            change, weakened = VARIANTS[variant]
            changed = change(files, expected)
            if changed is None:
                continue
            if not same and (weakened is True or name.startswith(weakened or "-")):
                expected = softened(expected, loud_of(os.path.join(CORPUS, "incidents", name)))
            yield variant, name, changed, expected


def check(batch):
    """[(variant, incident, what was wrong)] of some cases, by one run of the checker."""
    with tempfile.TemporaryDirectory() as folder:
        named = {}
        for n, (variant, name, files, expected) in enumerate(batch):
            key = f"{n:02d}-{name}"
            named[key] = variant, name
            store(os.path.join(folder, "incidents", key), files)
            store(os.path.join(folder, "expected"), {key + ".json": json.dumps(expected).encode()})
        run = subprocess.run([sys.executable, CHECKER, LIMN, os.path.join(folder, "incidents"),
                              os.path.join(folder, "expected"), "-v"], capture_output=True, text=True,
                             env=dict(os.environ, TZ="America/St_Johns"), check=False)
    found = re.findall(r"(?m)^(ok   |WRONG) (\S+) ?(.*)", run.stdout)
    if len(found) != len(batch):
        raise RuntimeError(f"the checker said {len(found)} of {len(batch)}: {run.stderr[-300:]}")
    return [(*named[key], None if word == "ok   " else why) for word, key, why in found]


def main():
    if not os.path.exists(CHECKER):
        print(f"skipped: no corpus beside the checkout ({os.path.relpath(CORPUS, ROOT)})")
        return SKIPPED
    wanted = [a for a in sys.argv[1:] if a != "--same"]
    if not wanted:
        wanted = [*VARIANTS, "remove"] if os.environ.get("LIMN_NIGHTLY") else QUICK
    count, bad = {}, {}
    left = cases(wanted, "--same" in sys.argv)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = set()
        while True:
            while len(running) < 2 * os.cpu_count() and (batch := list(islice(left, BATCH))):
                running.add(pool.submit(check, batch))
            if not running:
                break
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for variant, name, why in (x for d in done for x in d.result()):
                kind = variant.split()[0]
                count[kind] = count.get(kind, 0) + 1
                if why:
                    bad[kind] = bad.get(kind, 0) + 1
                    print(f"{variant}: {name}: {why}", flush=True)
    for kind, n in count.items():
        print(f"{kind}: {n - bad.get(kind, 0)} of {n}")
    return 1 if bad else 0


sys.exit(main())
