#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. incidents.py
Each folder of samples/incidents, analysed, gives the findings document that stands beside it
(NAME.findings.json), and that document keeps to its JSON Schema and to what the story says must
come first (NAME.expect: `ID` a finding that must be there, `ID/cause` a likely first cause,
`!ID` one that must not be at medium or above). LIMN_UPDATE=1 rewrites the documents."""
import json
import os
import sys

from running import LIMN, ROOT, SAMPLES, UPDATE, Folder, Tap, environment, normalise

LOUD = ("critical", "high", "medium")
SCHEMA = os.path.join(ROOT, "reports/schema/findings-1.json")


def schema_errors(document):
    import jsonschema
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
            for e in validator.iter_errors(document)]


def unmet(document, expectations):
    findings = {f["id"]: f for f in document["findings"]}
    loud = {i for i, f in findings.items() if f["severity"] in LOUD}
    for want in expectations:
        finding = findings.get(want.split("/")[0].lstrip("!"))
        if want.startswith("!"):
            if want[1:] in loud:
                yield f"{want[1:]} is there"
        elif not finding or finding["id"] not in loud:
            yield f"{want} is not there"
        elif "/" in want:
            first = min(finding["causes"], key=lambda c: c["rank"])
            if first["id"] != want or first["verdict"] != "likely":
                yield f"{want} is not the likely first cause, but {first['id']} {first['verdict']}"


def untrue(document):
    """A story begins with what it began with, and each sentence stands in a source."""
    story, sizes = document["story"], {s["path"]: s["bytes"] for s in document["sources"]}
    loud = [f for f in document["findings"] if f["severity"] in LOUD]
    timed = any(i["start"] for f in loud for i in f["incidents"])
    if bool(story) != bool(loud):
        yield f"{len(story)} sentences of {len(loud)} findings"
    if [line["part"] for line in story].count("began") != timed:
        yield "there is not one beginning"
    for line in story:
        if line["source"] is None or line["offset"] >= sizes[line["source"]] or line["line"] < 1:
            yield f"nothing shows: {line['sentence']}"
    times = [line["start"] for line in story if line["part"] in ("began", "followed")]
    if times != sorted(times):
        yield "it is not told in order"


def check(tap, name):
    beside = os.path.join(SAMPLES, "incidents", name)
    with Folder() as folder:
        os.symlink(SAMPLES, os.path.join(folder.path, "samples"))
        status, out, err = folder.run(
            [LIMN, "analyze", f"samples/incidents/{name}", "--json"], environment())
        text = normalise(out, folder.path)
    why = []
    if status or err:
        why.append(f"exit status {status}\n{err.decode(errors='replace')}")
    try:
        document = json.loads(out)
    except ValueError as error:
        tap.say(False, name, "\n".join([*why, f"no JSON: {error}"]))
        return
    why += schema_errors(document)
    why += untrue(document)
    with open(beside + ".expect", encoding="utf-8") as file:
        why += unmet(document, file.read().split())
    path = beside + ".findings.json"
    if UPDATE and not why:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    elif not os.path.exists(path):
        why.append(f"{os.path.relpath(path, ROOT)} is missing: LIMN_UPDATE=1 writes it")
    else:
        with open(path, encoding="utf-8") as file:
            if file.read() != text:
                why.append(f"{os.path.relpath(path, ROOT)} differs: LIMN_UPDATE=1 shows how, in git")
    tap.say(not why, name, "\n".join(why))


def main():
    tap = Tap()
    names = sorted(n for n in os.listdir(os.path.join(SAMPLES, "incidents"))
                   if os.path.isdir(os.path.join(SAMPLES, "incidents", n)))
    for name in sys.argv[1:] or names:
        check(tap, name)
    tap.end()


main()
