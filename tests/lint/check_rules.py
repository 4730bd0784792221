#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each detection of the pack carries lines that it must match and lines that it must not; each
correlation a stream with its episodes; no id and no name stands twice. What they hold is run by
`limn rules test` (suite rules).

Each leads somewhere: a finding, a view of db/schema.sql or a correlation names it, or it gives a
fact, a state, an anchor, an action, an instance, or is noise. TIMELINE lists those that are only
shown on the timeline, and why that is all."""
import re

from tree import Report, files, read


TIMELINE = {
    "binary_log_status": "where the server writes: binary_log_listed says it with sizes",
    "client_login_refused": "an investigator's account and host, not the gateway's",
    "client_statement_unknown": "answers of a server to an investigator's typing",
    "mysql_binlog_purge_attempted": "names a file that was NOT removed; what was removed leaves no line",
    "mysql_dump_stop": "replicas and readers end so each time they leave",
    "mysql_file_size_not_set": "a guess of InnoDB; the line before tells the error",
    "mysql_replica_stopped": "a replica's own affair",
    "replica_status_error": "the replica_* rules read its text where it is of the source",
}
GIVES = ("fact", "state", "anchor", "action", "instance", "noise")


def documents(text):
    """(first line, text) of each YAML document."""
    line = 1
    for part in re.split(r"^---[ \t]*$", text, flags=re.M):
        yield line, part
        line += part.count("\n")


def has(text, key):
    return re.search(rf"^\s+{key}:", text, re.M) is not None


def names(text):
    """The words of a document that may be names of rules: all but its own name and its prose."""
    body = re.sub(r"^(name|title|description):.*|^\s*#.*", "", text, flags=re.M)
    return set(re.findall(r"[a-z][a-z0-9_]+", body))


def led(report):
    """Rules and episodes that lead nowhere."""
    rules, asked = [], set(names(read("db/schema.sql")))
    for path in files(".yml", under="rules/pack"):
        for line, text in documents(read(path)):
            name = re.search(r"^name:\s*(\S+)", text, re.M)
            if re.search(r"^(finding|correlation):", text, re.M):
                asked |= names(text.split("\nlimn:")[0])
            if name:
                rules.append((path, line, name[1], any(has(text, key) for key in GIVES)))
    for path, line, name, gives in rules:
        if not gives and name not in asked and name not in TIMELINE:
            report.bad(path, line, f"{name} leads nowhere: no finding, view or correlation names it")
        if name in TIMELINE and (gives or name in asked):
            report.bad(path, line, f"{name} is used: take it off TIMELINE")
    for name in TIMELINE.keys() - {name for _, _, name, _ in rules}:
        report.bad("tests/lint/check_rules.py", 0, f"there is no rule {name}")


def unseen(report):
    """A term that may not be observable has no value to put into its text."""
    for path in files(".yml", under="rules/pack/findings"):
        text = read(path)
        for term in re.finditer(r"^ +- term: .*\n(?:^ {8,}.*\n|^\n)*", text, re.M):
            if re.search(r"SELECT NULL, NULL, NULL, NULL", term[0]) and "{value}" in term[0] and \
               not has(term[0], "unseen"):
                report.bad(path, text[:term.start()].count("\n") + 1, "a term that may be unseen without `unseen`")


def main():
    report = Report()
    seen = {}
    n = 0
    led(report)
    unseen(report)
    for path in files(".yml", under="rules/pack"):
        for line, text in documents(read(path)):
            for key in ("id", "name"):
                found = re.search(rf"^{key}:\s*(\S+)", text, re.M)
                if found and (key, found[1]) in seen:
                    report.bad(path, line, f"{key} {found[1]} stands in {seen[key, found[1]]} too")
                elif found:
                    seen[key, found[1]] = path
            if re.search(r"^detection:", text, re.M):
                n += 1
                for key in ("match", "nomatch"):
                    if not has(text, key):
                        report.bad(path, line, f"a detection without `limn: tests: {key}`")
            elif re.search(r"^correlation:", text, re.M):
                n += 1
                if not has(text, "tests"):
                    report.bad(path, line, "a correlation without `limn: tests`")
    report.end(n)


main()
