#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Masked bundles, looked at from outside: with none of limn's code every member is searched for
every name the map has, and for names this test knows by itself; the sources that a masked bundle
carries, analysed anew, give the same findings and causes.

All of samples/incidents and two folders of the corpus beside the checkout, when it is there;
LIMN_NIGHTLY=1: all of them. Arguments: folders instead.
"""
import base64
import json
import os
import re
import stat
import sys
import tarfile
from urllib.parse import quote

from running import LIMN, ROOT, SAMPLES, Folder, Tap, environment
from unpacked import unpack

CORPUS = os.path.join(os.path.dirname(ROOT), "shared", "corpus", "incidents")
TWO = ["12-table-dropped", "28-failover-without-gtid"]


def findings(text):
    return [(f["id"], f["severity"], f["confidence"], len(f["incidents"]),
             [(c["id"], c["rank"], c["verdict"]) for c in f["causes"]])
            for f in json.loads(text)["findings"]]


def unpack_to(folder, bundle, to):
    members = unpack(os.path.join(folder, bundle))
    for name, data in members.items():
        path = os.path.join(to, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    return members


def spellings(value):
    dashed, under = re.sub("[.:_]", "-", value), re.sub("[.:-]", "_", value)
    return {value, dashed, under, quote(value, safe="")}


def encoded(value):
    data = value.encode()
    yield data.hex().encode()
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + data)
        first, end = (lead * 8 + 5) // 6, (lead + len(data)) * 8 // 6
        yield text[first:end]


def leaks(members, values):
    found = []
    for value in values:
        forms = "|".join(re.escape(s) for s in sorted(spellings(value), key=len, reverse=True))
        plain = re.compile(rb"(?<![A-Za-z0-9_])(?:" + forms.encode() + rb")(?![A-Za-z0-9_])", re.I)
        for name, data in members.items():
            if plain.search(name.encode()) or plain.search(data):
                found.append(f"{value} in {name}")
            if len(value) >= 6 and any(e in data for e in encoded(value)):
                found.append(f"{value}, encoded, in {name}")
    return found


def check(tap, name, source, known=()):
    why = []
    with Folder() as folder:
        at = folder.path

        def limn(*args):
            status, out, err = folder.run([LIMN, *args], environment())
            if status:
                why.append(f"limn {' '.join(args)}: exit status {status}\n{err.decode()}")
            return out

        first = limn("analyze", source, "--case", "a.case", "--json", "--bundle", "a.tar.zst",
                     "--redact", "all", "--evidence", "all")
        if why:
            tap.say(False, name, "\n".join(why))
            return
        limn("verify", "a.tar.zst")
        limn("bundle", "b.tar.zst", "--case", "a.case", "--redact", "all", "--evidence", "all",
             "--map", "a.tar.zst.map")
        with open(os.path.join(at, "a.tar.zst"), "rb") as a, \
                open(os.path.join(at, "b.tar.zst"), "rb") as b:
            if a.read() != b.read():
                why.append("the same map gives other bytes")
        mode = stat.S_IMODE(os.stat(os.path.join(at, "a.tar.zst.map")).st_mode)
        if mode != 0o600:
            why.append(f"the map has mode {mode:o}")
        members = unpack_to(at, "a.tar.zst", os.path.join(at, "x"))
        with open(os.path.join(at, "a.tar.zst.map"), encoding="utf-8") as file:
            values = json.load(file)["values"]
        common = set(json.loads(members["manifest.json"])["redaction"]["not_provable"])
        why += leaks(members, {v["value"] for v in values if v["token"] not in common} | set(known))
        if not values:
            why.append("nothing was masked")
        again = limn("analyze", "x/sources", "--case", "c.case", "--json")
        if not why and findings(first) != findings(again):
            why.append(f"other findings:\n{findings(first)}\n{findings(again)}")
        # A reply that speaks of the tokens.
        told = [v for v in values if v["class"] in ("users", "hosts", "tables")][:5]
        with open(os.path.join(at, "reply.txt"), "w", encoding="utf-8") as file:
            file.writelines(f"ask {v['token']}!\n" for v in told)
        if limn("unmask", "a.tar.zst.map", "reply.txt").decode() != \
                "".join(f"ask {v['value']}!\n" for v in told):
            why.append("unmask gives other names")
    tap.say(not why, name, "\n".join(why))


PLANTED = r"""2026-03-01T10:00:00.000000Z 8 [Note] [MY-010914] [Server] Aborted connection 8 to db: 'webshop_eu' user: 'jane_reader' host: 'gw-7.plant.corp.example' (Got timeout reading communication packets).
2026-03-01T10:00:01.000000Z 9 [Warning] [MY-010055] [Server] IP address '10.77.3.21' could not be resolved: Name or service not known
2026-03-01T10:00:02.000000Z 9 [Note] [MY-010000] [Server] peer ip-10-77-3-21.plant.internal, file dump_10_77_3_21.gz, ::ffff:10.77.3.21, ::ffff:a4d:315, url host%3Dgw-7%2Eplant%2Ecorp%2Eexample
2026-03-01T10:00:03.000000Z 9 [Note] [MY-010000] [Server] payload Z3ctNy5wbGFudC5jb3JwLmV4YW1wbGU= and 67772d372e706c616e742e636f72702e6578616d706c65
2026-03-01T10:00:04.000000Z 9 [Note] [MY-010000] [Server] spark_env_vars {"OWNER":"ops.team@plant.example","gw-7.plant.corp.example":1} version 8.0.36.1 kept
2026-03-01T10:00:05.000000Z 9 [Note] [MY-010000] [Server] CHANGE MASTER TO MASTER_HOST='10.77.3.21', MASTER_USER='jane_reader', MASTER_PASSWORD='pl4nted'
2026-03-01T10:00:06.000000Z 9 [Note] [MY-010000] [Server] jdbc:mysql://jane_reader:pl4nted@gw-7.plant.corp.example:3306/webshop_eu?password=pl4nted
2026-03-01T10:00:07.000000Z 9 [Note] [MY-010000] [Server] GRANT SELECT ON `webshop_eu`.`loyalty_cards` TO 'jane_reader'@'10.77.3.21' IDENTIFIED BY 'pl4nted'
2026-03-01T10:00:08.000000Z 9 [Note] [MY-010000] [Server] dapi0123456789abcdef0123456789abcdef AKIAIOSFODNN7EXAMPLE from 127.0.0.1
2026-03-01T10:00:09.000000Z 9 [Note] [MY-010000] [Server] UPDATE loyalty_cards SET holder = 'Jane Q. Holder' WHERE id = 7
"""
KNOWN = ["webshop_eu", "jane_reader", "gw-7.plant.corp.example", "10.77.3.21", "loyalty_cards",
         "ops.team@plant.example", "pl4nted", "dapi0123456789abcdef0123456789abcdef",
         "AKIAIOSFODNN7EXAMPLE", "a4d:315", "Jane Q. Holder"]


def planted(tap):
    """The leaks other tools are known for; also in the names of files and inside archives."""
    with Folder() as folder:
        inner = os.path.join(folder.path, "in", "gw-7.plant.corp.example")
        os.makedirs(inner)
        with open(os.path.join(inner, "mysql-10.77.3.21.log"), "w", encoding="utf-8") as file:
            file.write(PLANTED)
        with tarfile.open(os.path.join(folder.path, "in", "inner.tar"), "w") as tar:
            tar.add(os.path.join(inner, "mysql-10.77.3.21.log"), "gw-7.plant.corp.example/again.log")
        check(tap, "planted", os.path.join(folder.path, "in"), KNOWN)
        status, out, err = folder.run(
            [LIMN, "analyze", "in", "--case", "k.case", "--json", "--bundle", "k.tar.zst",
             "--redact", "all", "--evidence", "all"], environment())
        members = unpack_to(folder.path, "k.tar.zst", os.path.join(folder.path, "k"))
        text = b"".join(v for k, v in members.items() if k.startswith("sources/"))
        why = [f"{kept} is gone" for kept in ("version 8.0.36.1", "127.0.0.1")
               if kept.encode() not in text]
        tap.say(not why, "planted: what is no name stays", "\n".join(why))


def main():
    tap = Tap()
    given = sys.argv[1:]
    for path in given:
        check(tap, os.path.basename(path), path)
    if not given:
        planted(tap)
        samples = os.path.join(SAMPLES, "incidents")
        for name in sorted(os.listdir(samples)):
            if os.path.isdir(os.path.join(samples, name)):
                check(tap, name, os.path.join(samples, name))
        if os.path.isdir(CORPUS):
            for name in sorted(os.listdir(CORPUS)) if os.environ.get("LIMN_NIGHTLY") else TWO:
                check(tap, name, os.path.join(CORPUS, name))
    tap.end()


main()
