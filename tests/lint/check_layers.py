#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The architecture: who may include whom, and the one home of each library. This table decides;
docs/ARCHITECTURE.md explains it."""
import re

from tree import Report, exists, files, read

MAY_INCLUDE = {
    "core": {"core"},
    "ingest": {"core", "ingest"},
    "parsers": {"core", "parsers"},
    "rules": {"core", "rules"},
    "db": {"core", "db"},
    "reports": {"core", "db", "reports"},
    "cli": {"core", "ingest", "parsers", "rules", "db", "reports", "cli"},
    # A unit test links only the layer it tests (tests/unit/meson.build).
    "tests": {"core", "ingest", "parsers", "rules", "db", "reports", "cli", "tests"},
    "bench": {"core", "rules", "bench"},
}

# A path is the file itself, a folder ends with a slash.
HOME = {
    "ctype.h": {"core/banned.h"},
    "sqlite3.h": {"db/", "tests/support/"},
    "sqlite3ext.h": {"db/"},
    "hs.h": {"rules/prefilter.c"},
    "hs/hs.h": {"rules/prefilter.c"},
    "pcre2.h": {"core/regex.c"},
    "jansson.h": {"core/json.c", "core/json.h"},
    "yaml.h": {"core/yaml.c"},
    # A stream that is read, and a run of digits in a text that is searched: siblings.
    "zlib.h": {"ingest/decode_gzip.c", "reports/inflate.c"},
    # Hashing and signing are two ideas; both are small.
    "openssl/": {"core/hash.c", "core/sign.c"},
    "zstd.h": {"db/segment.c"},
    "zstd_errors.h": {"db/segment.c"},
    "archive.h": {"ingest/", "reports/archive.c"},
    "archive_entry.h": {"ingest/", "reports/archive.c"},
    "seccomp.h": {"cli/sandbox.c"},
    "linux/": {"cli/sandbox.c"},
    "cmocka.h": {"tests/"},
    "dlfcn.h": {"tests/golden/full_disk.c", "tests/fault/fault.c"},
    "execinfo.h": {"tests/fault/fault.c"},
    # inet_pton; limn has no sockets, and no header for them stands in SYSTEM.
    "arpa/inet.h": {"rules/op_cidr.c", "reports/mask_address.c"},
}

SYSTEM = set("""
assert.h dirent.h errno.h fcntl.h float.h fnmatch.h ftw.h inttypes.h limits.h math.h poll.h pthread.h sched.h
setjmp.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
string.h strings.h sys/file.h sys/ioctl.h sys/mman.h sys/prctl.h sys/random.h sys/resource.h
sys/stat.h sys/statvfs.h sys/syscall.h sys/time.h sys/types.h sys/uio.h sys/wait.h time.h
unistd.h x86intrin.h immintrin.h
""".split())

GENERATED = {"build.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def home_of(header):
    for key, homes in HOME.items():
        if header == key or (key.endswith("/") and header.startswith(key)):
            return homes
    return None


def check(report, path, number, quoted, angled):
    folder = path.split("/")[0]
    if angled:
        homes = home_of(angled)
        if homes is not None:
            # A test may look at what a library made of limn's output.
            if folder != "tests" and not any(path == h or (h.endswith("/") and path.startswith(h)) for h in homes):
                report.bad(path, number, f"<{angled}> has its home in {', '.join(sorted(homes))}")
        elif angled not in SYSTEM:
            report.bad(path, number, f"<{angled}> is in neither table of check_layers.py")
        return
    if quoted in GENERATED:
        return
    if ".." in quoted.split("/") or "/" not in quoted:
        report.bad(path, number, f'"{quoted}": includes name the folder, from the root')
    elif quoted.split("/")[0] not in MAY_INCLUDE.get(folder, set()):
        report.bad(path, number, f'"{quoted}": {folder}/ may not include {quoted.split("/")[0]}/')
    elif not exists(quoted):
        report.bad(path, number, f'"{quoted}": no such file in the tree')


def main():
    report = Report()
    paths = files(".c", ".h", ".list")
    for path in paths:
        if path.split("/")[0] not in MAY_INCLUDE:
            report.bad(path, 0, "a folder that the table does not know")
            continue
        for number, line in enumerate(read(path).splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                check(report, path, number, match[1], match[2])
    report.end(len(paths))


main()
