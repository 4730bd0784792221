#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. ingest.py
What ingest promises: the same case for any number of threads; every byte accounted for; known
files known again, under any name; and after a kill, an interrupt or a full disk, the next run
completes the case to what one run would have made."""
import gzip
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tarfile
import time

from running import LIMN, Folder, Tap, environment, preloadable

LOGICAL = """
SELECT s.path, s.sha256, s.size, s.format, s.lines, s.records, s.first_time, s.last_time,
       l.parsed, l.continuation, l.unparsed, l.skipped,
       (SELECT count(*) FROM segment g WHERE g.source_id = s.source_id),
       (SELECT group_concat(r.name || h.line || '@' || h.offset || h.fields)
          FROM (SELECT * FROM hit ORDER BY hit_id) h JOIN rule r USING (rule_id)
         WHERE h.source_id = s.source_id),
       (SELECT group_concat(u.template || u.count)
          FROM unexplained u WHERE u.source_id = s.source_id)
  FROM source s JOIN ledger l USING (source_id) WHERE s.complete = 1 ORDER BY s.path"""


def ask(case, sql):
    with sqlite3.connect(f"file:{case}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def line(rng, i):
    stamp = f"2026-11-22T{i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02}.{i % 1000000:06}Z"
    thread = rng.randrange(100000)
    kind = rng.randrange(40)
    if kind == 0:
        return (f"{stamp} {thread} [Note] [MY-010914] [Server] Aborted connection {thread} to db: "
                f"'shop' user: 'app' host: '10.0.0.{thread % 250}' (Got an error reading "
                "communication packets).\n")
    if kind == 1:
        return f"{stamp} {thread} [ERROR] [MY-019999] [Server] Odd failure {thread} of 'x{i}'\n"
    if kind == 2:
        return f"InnoDB: continuation {thread}\n\tat line {i}\n"
    return f"{stamp} {thread} [Warning] [MY-010055] [Server] IP address '10.9.8.{i % 250}' is odd\n"


def make_log(seed, lines, more=""):
    rng = random.Random(seed)
    return "".join(line(rng, i) for i in range(lines)) + more


def make_input(folder):
    """Large, small, empty, damaged, endless lines: in a folder `in`."""
    base = os.path.join(folder, "in")
    os.makedirs(os.path.join(base, "small"))

    def put(name, data, how=open):
        with how(os.path.join(base, name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    put("large.log", make_log(1, 50000))
    put("packed.log.gz", make_log(2, 20000), lambda path, mode: gzip.GzipFile(path, mode, mtime=0))
    stamp = "2026-11-22T07:00:00.000001Z 7 [Note] [MY-000001] [Server] "
    put("long-line.log", make_log(3, 50) + stamp + "x" * 3500000 + " Aborted connection\n"
        + make_log(4, 50))
    put("long-record.log", make_log(5, 50) + stamp + "dump\n" + "at some place\n" * 200000
        + make_log(6, 50))
    put("no-newline.log", make_log(7, 3, stamp + "cut o"))
    put("exact.log", (make_log(8, 30000) * 2).encode()[:2 * 1024 * 1024])
    put("array.json", "[" + ",\n".join(
        '{"id": "%d", "timestamp": "2026-11-22T07:00:00.000Z", "event_type": "flow_progress",'
        ' "level": "INFO", "message": "%s"}' % (i, "m" * (i * 977 % 3000)) for i in range(900))
        + "]\n")
    put("deep.json", '{"timestamp": "2026-11-22T07:00:00.000Z", "message": "' + "y" * 6000000
        + '"}\n{"timestamp": "2026-11-22T07:00:01.000Z", "message": "z"}\n')
    put("nul-hole.log", b"\0" * 2290 + make_log(9, 50).encode())
    put("crlf.log", make_log(10, 50).replace("\n", "\r\n"))
    put("empty.log", "")
    for i in range(150):
        put(f"small/{i:03}.log", make_log(100 + i, 20))
    return base


class Test:
    def __init__(self, tap, folder):
        self.tap, self.folder = tap, folder

    def limn(self, *arguments, env=None, stdin=subprocess.DEVNULL):
        return subprocess.run([LIMN, "ingest", *arguments], cwd=self.folder.path,
                              env=env or environment(), stdin=stdin, capture_output=True,
                              text=True, timeout=240)

    def path(self, name):
        return os.path.join(self.folder.path, name)

    def say(self, ok, name, result=None):
        why = f"status {result.returncode}\n{result.stdout}{result.stderr[-3000:]}" if result else ""
        self.tap.say(bool(ok), name, "" if ok else why)


def test_jobs(t):
    first = None
    for jobs in (1, 2, 8):
        case = f"jobs{jobs}.case"
        result = t.limn("in", "--case", case, "--jobs", str(jobs))
        with open(t.path(case), "rb") as f:
            data = f.read()
        first = first or (data, result.stderr)
        t.say(result.returncode == 0 and (data, result.stderr) == first,
              f"the same case with --jobs {jobs}", result)


def test_ledger(t):
    case = t.path("jobs1.case")
    wrong = ask(case, "SELECT path FROM source JOIN ledger USING (source_id)"
                      " WHERE parsed + continuation + unparsed + skipped <> size")
    t.say(not wrong, f"the ledger balances {wrong}")
    wrong = []
    for path, size, lines, sha256 in ask(case, "SELECT path, size, lines, sha256 FROM source"):
        how = gzip.open if path.endswith(".gz") else open
        with how(t.path(path), "rb") as f:
            data = f.read()
        if size != len(data) or lines != data.count(b"\n") + (data[-1:] not in (b"\n", b"")):
            wrong.append((path, size, len(data), lines))
    t.say(not wrong, f"sizes and lines are those of the files {wrong}")
    records, parts = ask(case, "SELECT records, (SELECT count(*) FROM segment g WHERE records = 0"
                               " AND g.source_id = s.source_id) FROM source s"
                               " WHERE path = 'in/long-line.log'")[0]
    t.say(parts >= 2 and records > 100, f"a record may span segments ({records}, {parts})")
    hits = ask(case, "SELECT count(*), count(DISTINCT source_id) FROM hit")[0]
    t.say(hits[0] > 1000 and hits[1] > 50, f"rules hit {hits}")
    errors = ask(case, "SELECT template FROM unexplained GROUP BY template")
    t.say(errors == [("Odd failure <*> of <*>",)], f"errors without a rule by template {errors}")


def test_extract(t):
    """Decompressed with the program, or by zstd: the case holds the evidence bit for bit."""
    wrong = []
    sources = ask(t.path("jobs1.case"), "SELECT source_id, path FROM source")
    if shutil.which("zstd") is None:
        t.tap.say(True, "segments joined are the source", skip="no zstd")
        return
    for source, path in sources:
        if "small" in path:
            continue
        frames = ask(t.path("jobs1.case"), "SELECT data FROM segment WHERE source_id = %d"
                     " ORDER BY offset" % source)
        got = subprocess.run(["zstd", "-dcq"], input=b"".join(f for f, in frames),
                             capture_output=True).stdout
        how = gzip.open if path.endswith(".gz") else open
        with how(t.path(path), "rb") as f:
            if f.read() != got:
                wrong.append(path)
    t.say(not wrong, f"segments joined are the source {wrong}")


def test_known(t):
    shutil.copy(t.path("jobs1.case"), t.path("known.case"))
    before = ask(t.path("known.case"), LOGICAL)
    result = t.limn("in", "--case", "known.case")
    t.say(result.returncode == 0 and ask(t.path("known.case"), LOGICAL) == before
          and "0 sources read" in result.stdout and result.stderr.count("nothing new") == 0,
          "the same folder again is known, without a word", result)

    os.makedirs(t.path("other"))
    shutil.copy(t.path("in/large.log"), t.path("other/renamed.txt"))
    with open(t.path("in/large.log"), "rb") as f, gzip.open(t.path("other/packed.gz"), "wb") as g:
        g.write(f.read())
    with open(t.path("in/large.log"), "rb") as f, open(t.path("other/earlier.log"), "wb") as g:
        g.write(f.read(100000))
    result = t.limn("other", "--case", "known.case")
    t.say(result.returncode == 0 and ask(t.path("known.case"), LOGICAL) == before
          and result.stderr.count("the same content as in/large.log") == 2
          and "the beginning of in/large.log" in result.stderr,
          "a renamed, a compressed and an earlier copy are known, and said", result)
    with open(t.path("in/large.log"), "rb") as f:
        result = t.limn("-", "--case", "known.case", stdin=f)
    t.say(result.returncode == 0 and ask(t.path("known.case"), LOGICAL) == before,
          "standard input is known too", result)

    with open(t.path("other/grown.log"), "wb") as g:
        with open(t.path("in/large.log"), "rb") as f:
            g.write(f.read())
        g.write(make_log(11, 10).encode())
    os.makedirs(t.path("later"))
    shutil.move(t.path("other/grown.log"), t.path("later/grown.log"))
    result = t.limn("later", "--case", "known.case")
    replaced = ask(t.path("known.case"), "SELECT a.path, b.path FROM source a JOIN source b"
                                         " ON a.superseded_by = b.source_id")
    t.say(result.returncode == 0 and replaced == [("in/large.log", "later/grown.log")]
          and "has grown" in result.stderr, f"a file that has grown replaces itself {replaced}",
          result)

    # Members of archives are read once: what they are is known at their end.
    whole = ask(t.path("known.case"), LOGICAL)
    with tarfile.open(t.path("older.tar.gz"), "w:gz") as tar:
        for name in ("other/earlier.log", "later/grown.log"):
            tar.add(t.path(name), name)
    result = t.limn("older.tar.gz", "--case", "known.case")
    t.say(result.returncode == 0 and ask(t.path("known.case"), LOGICAL) == whole
          and "the beginning of later/grown.log" in result.stderr
          and "the same content as later/grown.log" in result.stderr,
          "an earlier state inside an archive is known, too", result)


def complete(t, case, whole, name):
    """The next run makes of the case what one run would have."""
    result = t.limn("in", "--case", case)
    got = ask(t.path(case), LOGICAL)
    t.say(result.returncode == 0 and got == whole, name, result)


def test_kill(t, whole):
    rng = random.Random(12)
    began = time.monotonic()
    t.limn("in", "--case", "timing.case")
    takes = time.monotonic() - began
    bad, partial = [], 0
    for i in range(12):
        case = f"kill{i % 3}.case"
        child = subprocess.Popen([LIMN, "ingest", "in", "--case", case], cwd=t.folder.path,
                                 env=environment(), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, takes))
        child.kill()
        child.wait()
        if not os.path.exists(t.path(case)):
            continue
        # Opened as anyone would, which also rolls back what was not committed.
        try:
            with sqlite3.connect(t.path(case)) as db:
                if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    bad.append(i)
                tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
                rows = db.execute(LOGICAL).fetchall() if tables else []
                partial += 0 < len(rows) < len(whole)
                bad += [row[0] for row in rows if row not in whole]
        except sqlite3.Error as error:
            bad.append(str(error))
    t.say(not bad, f"killed at any moment, the case is sound ({partial} were partial) {bad[:3]}")
    for i in range(3):
        complete(t, f"kill{i}.case", whole, f"what was killed is completed, case {i}")


def test_interrupt(t, whole):
    case, status, rows = "interrupt.case", None, []
    for delay in (0.02, 0.05, 0.1, 0.2, 0.4):
        child = subprocess.Popen([LIMN, "ingest", "in", "--case", case], cwd=t.folder.path,
                                 env=environment(), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.send_signal(signal.SIGINT)
        status = child.wait()
        if status == 130 and os.path.exists(t.path(case)):
            rows = ask(t.path(case), LOGICAL)
            if rows:
                break
    if status == 130:
        t.say(all(row in whole for row in rows), f"Ctrl-C keeps what was complete ({len(rows)})")
    else:
        t.tap.say(True, "Ctrl-C keeps what was complete", skip=f"came too late ({status})")
    complete(t, case, whole, "what was interrupted is completed")


def test_full_disk(t, whole):
    library = os.environ.get("FULL_DISK")
    if not library or not preloadable():
        t.tap.say(True, "a full disk", skip="cannot be preloaded here")
        return
    for after in (60000, 400000, 900000):
        case = f"full{after}.case"
        env = environment(LD_PRELOAD=library, FULL_DISK_AFTER=str(after))
        result = t.limn("in", "--case", case, env=env)
        t.say(result.returncode == 6 and result.stderr.count("error:") == 1,
              f"disk full after {after} bytes: one message, status 6", result)
        complete(t, case, whole, f"disk full after {after} bytes: completed later")


def test_window(t):
    result = t.limn("in/large.log", "--case", "window.case", "--since", "2026-11-22T01:00:00Z",
                    "--until", "2026-11-22T02:00:00Z")
    size, skipped, first, last = ask(
        t.path("window.case"), "SELECT size, skipped, first_time, last_time FROM source"
                               " JOIN ledger USING (source_id)")[0]
    outside = ask(t.path("window.case"), "SELECT count(*) FROM hit WHERE time < %d OR time > %d"
                  % (first, last))[0][0]
    t.say(result.returncode == 0 and 0 < skipped < size and outside == 0
          and last - first <= 3600 * 1000000, "--since and --until skip, and say how much", result)


def test_zone(t):
    with open(t.path("naive.log"), "w") as f:
        f.write("2026-11-22  6:17:39 0 [Note] InnoDB: Using Linux native AIO\n" * 3)
    result = t.limn("naive.log", "--case", "zone.case", "--tz", "naive.log=Asia/Kolkata",
                    "--tz", "nosuch=UTC")
    first, zone = ask(t.path("zone.case"), "SELECT first_time, zone FROM source")[0]
    t.say(result.returncode == 0 and zone == "Asia/Kolkata" and first == 1795308459000000
          and "nosuch" in result.stderr and "naive" not in result.stderr,
          f"--tz is applied, an unused one said ({first}, {zone})", result)


def main():
    tap = Tap()
    with Folder() as folder:
        t = Test(tap, folder)
        make_input(folder.path)
        test_jobs(t)
        test_ledger(t)
        test_extract(t)
        whole = ask(t.path("jobs1.case"), LOGICAL)
        test_known(t)
        test_kill(t, whole)
        test_interrupt(t, whole)
        test_full_disk(t, whole)
        test_window(t)
        test_zone(t)
    tap.end()


if __name__ == "__main__":
    main()
