#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. bundle.py
What a bundle promises, checked from outside: every excerpt against the source it is from, with a
hash tree of this test's own; whatever is changed in it, even by who makes its sums agree, is found
by `limn verify`; another day, zone, locale and folder give the same bytes; a full disk or a kill
leave no half bundle under its name."""
import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import tarfile
import time

from running import LIMN, NOBODY, SAMPLES, Folder, Tap, environment, preloadable
from unpacked import (bytes_of, climb, leaf, pack, path_of, reseal, root_of, tar_of, unpack,
                      zstd)

SAMPLE = os.path.join(SAMPLES, "incidents/binlog-purge")


class Bench:
    def __init__(self, tap, folder):
        self.tap, self.folder = tap, folder

    def limn(self, *args, expect=0, **more):
        status, out, err = self.folder.run([LIMN, *args], environment(**more))
        if status != expect:
            self.tap.say(False, "limn " + " ".join(args), f"exit status {status}\n{err.decode()}")
        return out.decode(), err.decode()

    def path(self, name):
        return os.path.join(self.folder.path, name)


def source_bytes(path):
    with open(os.path.join(os.path.dirname(SAMPLE), path), "rb") as file:
        return file.read()


def excerpts(bench, members):
    """Each against its source, and each text against its proof."""
    why, records, masked = [], 0, 0
    manifest = json.loads(members["manifest.json"])
    for name in [n for n in members if n.endswith(".proof.json")]:
        doc = json.loads(members[name])
        content = source_bytes(doc["source"]["path"])
        entry = [s for s in manifest["sources"] if s["path"] == doc["source"]["path"]][0]
        if entry["sha256"] != hashlib.sha256(content).hexdigest() or entry["bytes"] != len(content):
            why.append(f"{name}: the manifest has another source")
        if entry["tree"] != doc["tree"]:
            why.append(f"{name}: the manifest has another tree")
        text = members[name.replace(".proof.json", ".txt")].decode()
        key = hashlib.sha256(b"limn.salt/1\n" + content).digest()
        for r in doc["records"]:
            raw = content[r["offset"]:r["offset"] + r["length"]]
            salt = hashlib.sha256(key + r["record"].to_bytes(8, "big")).digest()
            hashed = leaf(salt + raw)
            if content[:r["offset"]].count(b"\n") + 1 != r["line"]:
                why.append(f"{name}: record {r['record']} is not at line {r['line']}")
            if "salt" in r and (bytes.fromhex(r["salt"]) != salt or bytes_of(r) != raw):
                why.append(f"{name}: record {r['record']} is not in the source")
            if "leaf" in r:
                masked += r["masked"]
                if bytes.fromhex(r["leaf"]) != hashed:
                    why.append(f"{name}: record {r['record']} has another leaf")
            path = [bytes.fromhex(p) for p in r["path"]]
            if climb(r["record"], doc["tree"]["records"], hashed, path).hex() != doc["tree"]["root"]:
                why.append(f"{name}: record {r['record']} does not lead to the root")
            if f" {r['line']} " not in text:
                why.append(f"{name}: its text lacks line {r['line']}")
            records += 1
        # A log of one record a line: the whole tree, from the source alone.
        lines = content.splitlines(keepends=True)
        if len(lines) == doc["tree"]["records"]:
            leaves = [leaf(hashlib.sha256(key + i.to_bytes(8, "big")).digest() + line)
                      for i, line in enumerate(lines)]
            if root_of(leaves).hex() != doc["tree"]["root"]:
                why.append(f"{name}: another root from the source")
            r = doc["records"][0]
            if [p.hex() for p in path_of(r["record"], leaves)] != r["path"]:
                why.append(f"{name}: another path from the source")
    if records < 10:
        why.append(f"only {records} records")
    bench.tap.say(not why, f"every excerpt stands in its source ({records}, {masked} masked)",
                  "\n".join(why))


def rename(members, old, new):
    return {new if n == old else n: d for n, d in members.items()}


def without(members, *names):
    return {n: d for n, d in members.items() if n not in names}


def edited(members, name, change):
    doc = json.loads(members[name])
    change(doc)
    return members | {name: json.dumps(doc).encode()}


def tamperings(members):
    """What is changed, the members then, and what `limn verify` has to say of it."""
    proof = [n for n in members if n.endswith(".proof.json")][0]
    text, doc = proof.replace(".proof.json", ".txt"), json.loads(members[proof])
    shown = [i for i, r in enumerate(doc["records"]) if "salt" in r][0]
    flipped = bytearray(members["SUMMARY.md"])
    flipped[40] ^= 1

    def word(d):
        d["records"][shown]["text"] = d["records"][shown]["text"].replace("a", "b", 1)

    def offset(d):
        d["records"][shown]["offset"] += 1

    def place(d):
        d["records"][-1]["record"] += 1

    def path(d):
        d["records"][shown]["path"] = d["records"][shown]["path"][1:]

    def root(d):
        d["tree"]["root"] = "0" * 64

    def source(d):
        d["source"]["path"] += "x"

    def citation(d):
        cited = [r for r in d["records"] if r["cited"]][0]
        cited["cited"][0]["sentence"] = "all is well"

    def neither(d):
        del d["records"][shown]["salt"]

    def severity(d):
        d["findings"][0]["severity"] = "fine"

    def extra(d):
        d["findings"][0]["note"] = "x"

    def lacking(d):
        del d["ledger"]

    def late(d):
        d["findings"][0]["incidents"][0]["start"] = "yesterday"

    yield "a flipped bit", members | {"SUMMARY.md": bytes(flipped)}, "its content was changed", False
    yield "a renamed member", rename(members, text, "evidence/x.txt"), "does not", False
    yield "a removed member", without(members, "attempted.md"), "the bundle does not", False
    yield "an added member", members | {"evidence/extra.txt": b"x"}, "", False
    yield "two members in another order", dict(sorted(members.items())), "", False
    sealed = [
        ("a word of an excerpt", edited(members, proof, word), "does not lead to the root"),
        ("the place of an excerpt", edited(members, proof, offset), "does not lie where"),
        ("the number of a record", edited(members, proof, place), "root"),
        ("a proof", edited(members, proof, path), "does not lead to the root"),
        ("a root", edited(members, proof, root), "does not lead to the root"),
        ("the source of an excerpt", edited(members, proof, source), "no such source"),
        ("what an excerpt is cited for", edited(members, proof, citation), "not what its proof says"),
        ("a salt that is missing", edited(members, proof, neither), "not written as limn writes"),
        ("the text of an excerpt", members | {text: members[text].replace(b"a", b"b", 1)},
         "not what its proof says"),
        ("an excerpt and its proof taken out", without(members, text, proof), "each needs the others"),
        ("a proof taken out", without(members, proof), "each needs the others"),
        ("an excerpt without a proof", members | {"evidence/extra.txt": b"x"}, "each needs the others"),
        ("a severity that there is not", edited(members, "findings.json", severity),
         "findings[0].severity is none of the values"),
        ("a key too many", edited(members, "findings.json", extra), "has a key that it should not"),
        ("a key too few", edited(members, "findings.json", lacking), "lacks ledger"),
        ("a time that is none", edited(members, "findings.json", late), "incidents[0].start"),
        ("no JSON", members | {"findings.json": b"{"}, "it is no JSON"),
        ("a line of the timeline", members | {"timeline.jsonl":
                                              members["timeline.jsonl"].replace(b'"message"', b'"m"', 1)},
         "not what Timesketch imports"),
        ("the last line of the timeline", members | {"timeline.jsonl": members["timeline.jsonl"][:-3]},
         "not what Timesketch imports"),
    ]
    for name, changed, expected in sealed:
        yield name + ", with sums that agree", reseal(changed), expected, True


def tampered(bench, members):
    pack(reseal(members).items(), bench.path("same.tar.zst"))
    bench.limn("verify", "same.tar.zst")
    for name, changed, expected, _ in tamperings(members):
        pack(changed.items(), bench.path("bad.tar.zst"))
        _, err = bench.limn("verify", "bad.tar.zst", expect=5)
        bench.tap.say(expected in err, f"found: {name}", err)
    doubled = [*members.items(), ("SUMMARY.md", members["SUMMARY.md"])]
    pack(doubled, bench.path("bad.tar.zst"))
    bench.limn("verify", "bad.tar.zst", expect=5)


def first_size(raw, field):
    """With another size in the first header, and a checksum that agrees."""
    head = bytearray(raw[:512])
    head[124:136] = field
    head[148:156] = b"%06o\0 " % (sum(head[:148]) + 8 * 32 + sum(head[156:]))
    return bytes(head) + raw[512:]


def hostile(members):
    """Bundles that somebody made to do harm: what it is, its bytes, what is said of it."""
    whole = list(members.items())

    def turned(**attributes):
        def change(info):
            if info.name == "SUMMARY.md":
                for key, value in attributes.items():
                    setattr(info, key, value)
        data = b"" if attributes.get("type", tarfile.REGTYPE) != tarfile.REGTYPE else None
        return zstd(tar_of([(n, data if n == "SUMMARY.md" and data is not None else d)
                            for n, d in whole], change))

    def with_member(name, data=b"x"):
        return zstd(tar_of([*whole[:-1], (name, data), whole[-1]]))

    def everybodys(**attributes):
        return zstd(tar_of(whole, lambda info: [setattr(info, k, v) for k, v in attributes.items()]))

    raw = tar_of(whole)
    skipped = b"\x50\x2a\x4d\x18" + struct.pack("<I", 6) + b"hidden"
    regular, more, damaged = "it is no regular file", "holds more than its members", "is damaged"
    yield "a link", turned(type=tarfile.SYMTYPE, linkname="/etc/passwd"), regular
    yield "a hard link", turned(type=tarfile.LNKTYPE, linkname="README.md"), regular
    yield "a device", turned(type=tarfile.CHRTYPE, devmajor=1, devminor=3), regular
    yield "a fifo", turned(type=tarfile.FIFOTYPE), regular
    yield "a folder", turned(type=tarfile.DIRTYPE), regular
    yield "a mode", everybodys(mode=0o4755), "it has another mode"
    yield "an owner", everybodys(uid=1000), "it has an owner"
    yield "an owner's name", everybodys(uname="jane"), "it has an owner"
    yield "a time", everybodys(mtime=5), "it has a time"
    yield "a comment", zstd(tar_of(whole, lambda i: setattr(i, "pax_headers", {"comment": "x"}),
                                   tarfile.PAX_FORMAT)), more
    yield "an absolute name", with_member("/etc/passwd"), "gives no member such a name"
    yield "a name that climbs", with_member("evidence/../../x"), "gives no member such a name"
    yield "a name for a terminal", with_member("evidence/\x1b[2J\n"), "gives no member such a name"
    yield "two of one name", zstd(tar_of([*whole, ("SUMMARY.md", members["SUMMARY.md"])])), "twice"
    yield "ten thousand members", zstd(tar_of([(f"x/{i}", b"") for i in range(10001)])), "more than"
    yield "a size of 8 GiB", zstd(first_size(raw, b"77777777777\0")), damaged
    yield "a size of 8 EiB", zstd(first_size(raw, b"\x80" + bytes(3) + b"\x7f" + b"\xff" * 7)), damaged
    yield "a size below nothing", zstd(first_size(raw, b"\xff" * 12)), damaged
    yield "no end", zstd(raw[:-1024]), more
    yield "zeros behind the end", zstd(raw + bytes(10240)), more
    yield "something behind the end", zstd(raw + b"x" * 512), more
    yield "a frame that is skipped, before", skipped + zstd(raw), more
    yield "a frame that is skipped, behind", zstd(raw) + skipped, more
    yield "two frames", zstd(raw[:5120]) + zstd(raw[5120:]), more
    yield "cut short", zstd(raw)[:-9], damaged
    yield "a gigabyte of zeros", zstd(raw + bytes(1 << 30)), more
    yield "a window of 2 GiB", zstd(raw, "--ultra", "-22", "--long=31"), "too much memory"
    yield "a deep manifest", zstd(tar_of((members | {"manifest.json": b"[" * 100000}).items())), \
        "nested too deeply"
    yield "a manifest of 100 MB", zstd(tar_of((members | {"manifest.json": b" " * 10**8}).items())), \
        "cannot be read"
    yield "no zstd", b"hello, this is no bundle" * 99, "no bundle"
    yield "nothing", b"", "no bundle"


def refused(bench, members):
    """Each with an exit status of 5 and its reason, and in little memory."""
    why, n = [], 0
    little = "ulimit -v 524288; " if preloadable() else ""  # sanitizers reserve terabytes
    for name, data, expected in hostile(members):
        with open(bench.path("bad.tar.zst"), "wb") as file:
            file.write(data)
        status, _, err = bench.folder.run(f"{little}exec {LIMN} verify bad.tar.zst", environment())
        n += 1
        if status != 5 or expected not in err.decode() or b"\x1b" in err:
            why.append(f"{name}: exit status {status}\n{err.decode()}")
    bench.tap.say(not why, f"{n} hostile bundles are refused", "\n".join(why))


def sources(bench, members):
    """Who has a source can tell a root that was made up, and everything in a bundle that is whole."""
    out, _ = bench.limn("verify", "a.tar.zst", "--source", SAMPLE)
    bench.tap.say("which have the roots that it states" in out, "the sources have the roots", out)
    proof = [n for n in members if n.endswith(".proof.json")][0]
    doc, manifest = json.loads(members[proof]), json.loads(members["manifest.json"])
    # A source of one record, made up with a proof that is right in itself.
    made_up = b"all is well\n"
    doc["tree"] = {"records": 1, "root": leaf(bytes(32) + made_up).hex()}
    doc["records"] = [{"record": 0, "line": 1, "offset": 0, "length": len(made_up),
                       "salt": bytes(32).hex(), "text": made_up.decode(), "path": [], "cited": []}]
    for entry in manifest["sources"]:
        if entry["path"] == doc["source"]["path"]:
            entry["tree"] = doc["tree"]
    text = members[proof.replace(".proof.json", ".txt")].decode().splitlines(keepends=True)
    head = "".join(text[:3]) + (f"size    {doc['source']['bytes']} bytes, 1 records; the root of their "
                                f"tree is\n        {doc['tree']['root']}\n") + "".join(text[5:9])
    changed = reseal(members | {"manifest.json": json.dumps(manifest).encode(),
                                proof: json.dumps(doc).encode(),
                                proof.replace(".proof.json", ".txt"):
                                (head + f"\n    {1:8} all is well\n").encode()})
    pack(changed.items(), bench.path("forged.tar.zst"))
    bench.limn("verify", "forged.tar.zst")
    _, err = bench.limn("verify", "forged.tar.zst", "--source", SAMPLE, expect=5)
    bench.tap.say("do not have the root" in err, "a root that was made up is found with the source", err)
    _, err = bench.limn("verify", "a.tar.zst", "--source", LIMN.replace("cli/limn", "build.ninja"),
                        expect=5)
    bench.limn("bundle", "m.tar.zst", "--case", "a.case", "--redact", "all")
    _, err = bench.limn("verify", "m.tar.zst", "--source", SAMPLE, expect=5)
    out, _ = bench.limn("verify", "m.tar.zst", "--source", SAMPLE, "--map", "m.tar.zst.map")
    bench.tap.say("which have the roots that it states" in out, "a masked bundle and its map", out)
    digests = {hashlib.sha256(source_bytes(os.path.relpath(os.path.join(d, f), os.path.dirname(SAMPLE))))
               .hexdigest().encode() for d, _, files in os.walk(SAMPLE) for f in files}
    shown = [n for n, data in unpack(bench.path("m.tar.zst")).items() if any(x in data for x in digests)]
    bench.tap.say(not shown, "no digest that guesses could be tried against in a masked bundle",
                  "\n".join(shown))


def guessed(bench):
    """Whoever has a source but for one name hashes guesses of it. Of what a masked bundle publishes,
    none is a digest that can be computed without the map: not of a record, plain or salted as an
    unmasked bundle does it, nor of a name."""
    members = unpack(bench.path("m.tar.zst"))
    with open(bench.path("m.tar.zst.map"), encoding="utf-8") as file:
        values = json.load(file)["values"]
    guesses, leaves = set(), 0
    for value in values:
        for text in (value["value"], value["value"].lower(), value["class"] + "/" + value["value"]):
            guesses |= {hashlib.new(h, text.encode()).hexdigest() for h in ("md5", "sha1", "sha256")}
    for name in [n for n in members if n.endswith(".proof.json")]:
        doc = json.loads(members[name])
        paths = [os.path.relpath(os.path.join(d, f), os.path.dirname(SAMPLE))
                 for d, _, files in os.walk(SAMPLE) for f in files]
        for content in [c for c in map(source_bytes, paths) if len(c) == doc["source"]["bytes"]]:
            key = hashlib.sha256(b"limn.salt/1\n" + content).digest()
            for r in [r for r in doc["records"] if "leaf" in r]:
                raw = content[r["offset"]:r["offset"] + r["length"]]
                salt = hashlib.sha256(key + r["record"].to_bytes(8, "big")).digest()
                guesses |= {d.hex() for d in (hashlib.sha256(raw).digest(), leaf(raw),
                                              leaf(bytes(32) + raw), leaf(salt + raw))}
                leaves += 1
    found = [n for n, data in members.items() for g in guesses if g.encode() in data]
    bench.tap.say(not found and leaves > 3, f"{len(guesses)} guesses at names and at {leaves} masked records",
                  "\n".join(found))


def exports(bench, members):
    """What a ticket takes: the same as in the bundle."""
    for name, member in (("t.md", "SUMMARY.md"), ("t.csv", "timeline.csv"),
                         ("t.jsonl", "timeline.jsonl"), ("t.json", "findings.json")):
        bench.limn("findings", "--case", "a.case", "--report", name)
        with open(bench.path(name), "rb") as file:
            bench.tap.say(file.read() == members[member], f"--report {name} is the bundle's {member}")
    untimed = os.path.join(SAMPLES, "incidents", "checkpoint-corruption")
    bench.limn("analyze", "--case", "u.case", untimed)
    bench.limn("findings", "--case", "u.case", "--report", "u.md")
    with open(bench.path("u.md"), encoding="utf-8") as file:
        whens = [line for line in file if line.startswith("- When: ")]
    bench.tap.say(any(w.startswith("- When: without a time, ") for w in whens)
                  and not any("unknown time" in w for w in whens),
                  "a finding without a time says so, and no zone", "".join(whens))


def same_bytes(bench):
    """Same case, options and map; another day, zone, locale, folder, user and umask."""
    os.mkdir(bench.path("elsewhere"))
    somebody = ""
    for name in ("a.case", "m.tar.zst.map"):
        shutil.copy(bench.path(name), bench.path("elsewhere"))
    if os.geteuid() == 0 and shutil.which("setpriv"):
        somebody = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "
        for name in ("", "a.case", "m.tar.zst.map"):
            os.chown(os.path.join(bench.path("elsewhere"), name), NOBODY, NOBODY)
    more = {"LD_PRELOAD": os.environ["OTHER_DAY_LIB"], "OTHER_DAY": str(400 * 86400)}
    if not preloadable():
        more = {}
    status, _, err = bench.folder.run(
        f"cd elsewhere && umask 077 && exec {somebody}{LIMN} bundle other.tar.zst --case a.case --redact all "
        "--map m.tar.zst.map", environment(TZ="Pacific/Kiritimati", LC_ALL="C", LANG="C", **more))
    with open(bench.path("m.tar.zst"), "rb") as a, \
            open(bench.path("elsewhere/other.tar.zst"), "rb") as b:
        same = a.read() == b.read()
    bench.tap.say(same and status == 0, "another day, zone, locale, folder, user and umask: the same bytes",
                  err.decode())


def killed_at_writes(bench):
    """Killed at each of many writes: what was there before is there still, and no map without its
    bundle is left that a later one would take up."""
    if not preloadable():
        return
    why, died, limit = [], 0, 0
    while limit < 10**7:
        with open(bench.path("shot.tar.zst"), "w", encoding="utf-8") as file:
            file.write("before")
        status, _, _ = bench.folder.run(
            [LIMN, "bundle", "shot.tar.zst", "--case", "a.case", "--redact", "all"],
            environment(LD_PRELOAD=os.environ["FULL_DISK"], FULL_DISK_AFTER=str(limit),
                        FULL_DISK_KILLS="1"))
        with open(bench.path("shot.tar.zst"), "rb") as file:
            before = file.read() == b"before"
        if before != (status != 0):
            why.append(f"{limit} bytes: exit status {status}, and it is {'' if before else 'not '}there")
        if status == 0:
            break
        died += 1
        limit = limit * 5 // 4 + 4096
        for name in os.listdir(bench.folder.path):
            if name.startswith("shot.tar.zst."):
                os.remove(bench.path(name))
    bench.limn("verify", "shot.tar.zst")
    if died < 10:
        why.append(f"killed {died} times")
    bench.tap.say(not why, f"killed at {died} writes", "\n".join(why))


def never_half(bench):
    """Under its name there is a bundle that verifies, or what was there before."""
    why, whole = [], 0
    if preloadable():
        for limit in [0, 1, 4096, 20000, 100000, 200000, 400000, 800000, 10**9]:
            with open(bench.path("full.tar.zst"), "w", encoding="utf-8") as file:
                file.write("before")
            status, _, err = bench.folder.run(
                [LIMN, "bundle", "full.tar.zst", "--case", "a.case", "--redact", "all"],
                environment(LD_PRELOAD=os.environ["FULL_DISK"], FULL_DISK_AFTER=str(limit)))
            with open(bench.path("full.tar.zst"), "rb") as file:
                before = file.read() == b"before"
            if before != (status != 0):
                why.append(f"{limit} bytes: exit status {status}\n{err.decode()}")
            if not before:
                whole += 1
                bench.limn("verify", "full.tar.zst")
            left = [n for n in os.listdir(bench.folder.path) if "partial" in n]
            if left:
                why.append(f"{limit} bytes: {left} is left")
        if whole == 0:
            why.append("no disk was large enough")
        bench.tap.say(not why, "a full disk", "\n".join(why))
    killed_at_writes(bench)
    why, killed, whole, delay = [], 0, 0, 0.0
    while (whole == 0 or killed < 5) and delay < 30:
        target = bench.path("killed.tar.zst")
        if os.path.exists(target):
            os.remove(target)
        process = subprocess.Popen([LIMN, "bundle", "killed.tar.zst", "--case", "a.case"],
                                   cwd=bench.folder.path, env=environment(),
                                   stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() != 0
        if os.path.exists(target):
            whole += 1
            bench.limn("verify", "killed.tar.zst")
        delay = delay * 1.3 + 0.004
    if not killed or not whole:
        why.append(f"{killed} were killed, {whole} were whole")
    bench.tap.say(not why, "killed while it packs", "\n".join(why))


def main():
    tap = Tap()
    with Folder() as folder:
        bench = Bench(tap, folder)
        bench.limn("analyze", SAMPLE, "--case", "a.case", "--json", "--bundle", "a.tar.zst")
        members = unpack(bench.path("a.tar.zst"))
        out, _ = bench.limn("verify", "a.tar.zst")
        tap.say("records proved to stand in their sources" in out, "verified", out)
        excerpts(bench, members)
        tampered(bench, members)
        refused(bench, members)
        sources(bench, members)
        guessed(bench)
        exports(bench, members)
        same_bytes(bench)
        never_half(bench)
    tap.end()


main()
