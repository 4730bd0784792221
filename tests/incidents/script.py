# SPDX-License-Identifier: Apache-2.0
r"""Incidents told in short: CDC-nn.txt, traps.txt and wild.txt beside this file, each making many small
folders of evidence.

    word lost(WHY) = WARN IngestionGateway: Gateway state changed: RUNNING -> DISCONNECTED (WHY)

a line in short; in the whole file, and across lines with further `word` of the same name.

    === CDC-07-server-restart-hit
    top CDC-07/server-restart likely            what must come of it, see expectation()
    --- gateway.log                             a file; its name says how stamps look, or does
    --- mysql-error.log as error8               another one
    0 up(40)                                    seconds since the beginning, and a line or a word
    5x 600: 60 lost(Connection lost)            five times, each 600 s later; {N} is 0, 1, ...
    9 ERROR x: failed\nCaused by: y             \n: the record goes on, on a line without a stamp
    9 {"timestamp":"{T}","level":"ERROR"}       {T}: the stamp stands here, not in front
    like CDC-07-server-restart-hit mysql-error.log      the same file as there

Files without stamps (.txt, .tsv, .json, .cnf) hold their lines as they stand."""
import os
import re
from datetime import datetime, timedelta

BEGIN = datetime(2026, 5, 4, 5, 0, 0)


def stamp(name, when):
    if "error8" in name:
        return f"{when:%Y-%m-%dT%H:%M:%S}.000000Z "
    if "-error" in name:
        return f"{when:%Y-%m-%d} {when.hour:2d}:{when:%M:%S} "
    if "general" in name:
        return f"{when:%y%m%d} {when.hour:2d}:{when:%M:%S}\t"
    if "connect" in name:
        return f"[{when:%Y-%m-%d %H:%M:%S},008] "
    if "stream" in name:
        return f"{when:%Y-%m-%d %H:%M:%S},118 "
    if "canal" in name:
        return f"[{when:%Y/%m/%d %H:%M:%S}] "
    return f"{when:%y/%m/%d %H:%M:%S} "


def stamped(name, when, line):
    line = line.replace("\\n", "\n").replace("\\t", "\t")
    if "{T}" in line:
        return line.replace("{T}", f"{when:%Y-%m-%dT%H:%M:%S}.000Z")
    return stamp(name, when) + line


def lines_of(words, text):
    m = re.match(r"([a-z][\w-]*)(?:\((.*)\))?$", text)
    if not m or m[1] not in words:
        return [text]
    found = []
    for names, line in words[m[1]]:
        values = m[2].split(", ", len(names) - 1) if m[2] else []
        for name, value in zip(names, values):
            line = re.sub(rf"\b{name}\b", lambda _: value, line)
        found.append(line)
    return found


def told(words, name, body):
    if re.search(r"\.(txt|tsv|json|cnf)$", name):
        return "\n".join(body) + "\n"
    lines = []
    for line in body:
        times, step, at, text = re.fullmatch(r"(?:(\d+)x (\d+): )?(-?\d+) (.*)", line).groups()
        for n in range(int(times or 1)):
            when = BEGIN + timedelta(seconds=int(at) + n * int(step or 0))
            for some in lines_of(words, text):
                lines.append((when, stamped(name, when, some.replace("{N}", str(n)))))
    return "\n".join(line for _, line in sorted(lines, key=lambda x: x[0])) + "\n"


def expectation(expect, line):
    """top CAUSE VERDICT...   finding loud, this cause first with one of these verdicts
    undecided FINDING         loud, and no cause is stated
    unstated FINDING          the same, and one may be called possible
    first CAUSE               finding there, of any severity, this cause first
    no FINDING...             not there at all
    quiet FINDING...          not at medium or above
    unsure CAUSE...           not stated as likely
    severity FINDING LEVEL    its severity
    asks TEXT                 stands among what would decide"""
    key, rest = line.split(" ", 1)
    if key == "top":
        cause, *verdicts = rest.split()
        expect.setdefault("top", {})[cause.split("/")[0]] = [cause, verdicts]
    elif key == "undecided":
        expect.setdefault("top", {})[rest] = [None, ["undecided"]]
    elif key == "unstated":
        expect.setdefault("top", {})[rest] = [None, ["undecided", "possible"]]
    elif key == "quiet":
        expect["absent"] = rest.split()
    elif key == "first":
        expect.setdefault("quiet", {})[rest.split("/", maxsplit=1)[0]] = rest
    elif key == "no":
        expect["no"] = rest.split()
    elif key == "severity":
        expect.setdefault("severity", {}).update([rest.split()])
    elif key == "unsure":
        expect.setdefault("absent_likely", []).extend(rest.split())
    elif key == "asks":
        expect["asks"] = rest
    else:
        raise ValueError(line)


def incidents(path):
    """{name: (expectation, {file: text})}"""
    words, found, bodies, name, file = {}, {}, {}, None, None
    with open(path, encoding="utf-8") as opened:
        lines = [line.rstrip("\n") for line in opened]
    for line in lines:
        m = re.match(r"word ([\w-]+)(?:\(([^)]*)\))? = (.*)", line)
        if m:
            words.setdefault(m[1], []).append(((m[2] or "").split(", ") if m[2] else [], m[3]))
    for line in lines:
        if not line or line.startswith(("#", "word ")):
            continue
        if line.startswith("=== "):
            name, file = line[4:], None
            found[name] = {}
            bodies[name] = {}
        elif line.startswith("--- "):
            file, _, style = line[4:].partition(" as ")
            bodies[name][file] = [style or file]
        elif line.startswith("like "):
            _, other, same = line.split(" ")
            bodies[name][same] = bodies[other][same]
        elif file:
            bodies[name][file].append(line)
        else:
            expectation(found[name], line)
    return {n: (e, {f: told(words, b[0], b[1:]) for f, b in bodies[n].items()}) for n, e in found.items()}


def all_of(folder, findings):
    found = {}
    for member in sorted(os.listdir(folder)):
        if re.fullmatch(r"(CDC-\d\d|traps|wild)\.txt", member) and (not findings or member[:-4] in findings):
            found.update(incidents(os.path.join(folder, member)))
    return found
