#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing was forgotten: what exists is listed, what is listed exists, each listed thing has what
its kind must have, each source file is in its folder's meson.build."""
import os
import re

from tree import Report, exists, files, read

# list, its macro, the struct each row names
REGISTRIES = [
    ("cli/commands.list", "COMMAND", "limn_cmd_"),
    ("parsers/formats.list", "FORMAT", "limn_format_"),
    ("reports/reports.list", "REPORTER", "limn_reporter_"),
    ("rules/correlations.list", "CORRELATION", "limn_correlation_"),
    ("rules/ops.list", "OP", "limn_op_"),
]
FOLDERS = ("core", "ingest", "parsers", "rules", "db", "reports", "cli")


def rows(path, macro):
    return re.findall(rf"^{macro}\((\w+)", read(path), re.M)


def definitions(text, prefix):
    """`const T prefix_name =`, also where a macro of the file writes that for several names."""
    names = re.findall(rf"^const \w+ {prefix}(\w+)\s*=", text, re.M)
    for macro, body in re.findall(r"^#define (\w+)\(\w+[^\n]*\)((?:.*\\\n)+.*\n)", text, re.M):
        if f"{prefix}##" in body:
            names += re.findall(rf"^{macro}\((\w+)", text, re.M)
    return names


def check_registry(report, path, macro, prefix):
    folder = os.path.dirname(path)
    listed = rows(path, macro)
    texts = {source: read(source) for source in files(".c", under=folder)}
    defined = {name: source for source, text in texts.items()
               for name in definitions(text, prefix)}
    for name in sorted(set(defined) - set(listed)):
        # A default that is used by its own name need not be listed.
        if not any(prefix + name in text for source, text in texts.items()
                   if source != defined[name]):
            report.bad(defined[name], 0, f"{prefix}{name} is not in {path}")
    for name in sorted(set(listed) - set(defined)):
        report.bad(path, 0, f"{macro}({name}): no {prefix}{name} in {folder}/")
    if listed != sorted(set(listed)):
        report.bad(path, 0, "the rows are not in alphabetical order, or one stands twice")
    return len(listed)


def check_meson(report, folder):
    build = read(f"{folder}/meson.build")
    built = set(re.findall(r"'([\w./-]+\.c)'", build))
    on_disk = {os.path.basename(p) for p in files(".c", under=folder)}
    for name in sorted(on_disk - {os.path.basename(b) for b in built}):
        report.bad(f"{folder}/{name}", 0, f"is not in {folder}/meson.build")
    return len(on_disk)


def check_unit_tests(report):
    build = read("tests/unit/meson.build")
    names = [os.path.basename(p)[5:-2] for p in files(".c", under="tests/unit")
             if os.path.basename(p).startswith("test_")]
    for name in names:
        if not re.search(rf"'{name}'", build):
            report.bad(f"tests/unit/test_{name}.c", 0, "is not in tests/unit/meson.build")
    return len(names)


def check_samples(report):
    path = "parsers/formats.list"
    for name in rows(path, "FORMAT") if exists(path) else []:
        if not files(under=f"samples/formats/{name}"):
            report.bad(path, 0, f"FORMAT({name}): no sample in samples/formats/{name}/")


def check_dialects(report):
    """Formats and envelopes say what they cover, and samples hold it."""
    path = "parsers/dialects.list"
    text = read(path)
    covered = [(of, re.findall(r"[\w+./-]+", " ".join(re.findall(r'"([^"]*)"', samples))))
               for of, samples in re.findall(
                   r'^DIALECT\((\w+),\s*(?:"[^"]*"\s*)+,((?:\s*"[^"]*")+)\)$', text, re.M)]
    if len(covered) != len(re.findall(r"^DIALECT\(", text, re.M)):
        report.bad(path, 0, "a row is none of DIALECT(of, what, samples)")
    wrappers = re.findall(r"\bX\((\w+)\)", read("parsers/wrapper.h")
                          .split("LIMN_WRAPPERS(X)")[1].split("\n\n")[0])
    formats = rows("parsers/formats.list", "FORMAT")
    for name in formats + wrappers:
        if name not in [of for of, _ in covered]:
            report.bad(path, 0, f"no row says what {name} covers")
    on_disk = {os.path.relpath(p, "samples/formats")[:-4]
               for p in files(".log", under="samples/formats")}
    for of, samples in covered:
        if of not in formats + wrappers:
            report.bad(path, 0, f"DIALECT({of}): no format and no envelope")
        for name in samples:
            if name not in on_disk:
                report.bad(path, 0, f"DIALECT({of}): no sample {name}")
            elif name.split("/")[0].split("+")[0] != of:
                report.bad(path, 0, f"DIALECT({of}): {name} is another format's sample")
    for name in sorted(on_disk - {n for _, samples in covered for n in samples}):
        report.bad(path, 0, f"sample {name} is in no row")
    return len(covered)


def check_origins(report):
    """The README's table names every sample: `| folder: name, name | origin |`."""
    path = "samples/formats/README.md"
    on_disk = {os.path.relpath(p, "samples/formats")[:-4]
               for p in files(".log", under="samples/formats")}
    named = []
    for cell, origin in re.findall(r"^\| ([\w+]+: [^|]+?) \| ([^|]+?) \|$", read(path), re.M):
        folder, names = cell.split(": ")
        named += [f"{folder}/{name}" for name in names.split(", ")]
        if len(origin) < 15:
            report.bad(path, 0, f"{cell}: `{origin}` is no origin")
    for name in sorted(on_disk - set(named)):
        report.bad(path, 0, f"{name}: where it comes from is not said")
    for name in sorted(set(named) - on_disk):
        report.bad(path, 0, f"{name}: no such sample")
    for name in sorted({n for n in named if named.count(n) > 1}):
        report.bad(path, 0, f"{name}: named twice")
    return len(named)


def check_options(report):
    used = "".join(read(p) for suffix in (".c", ".h") for p in files(suffix, under="cli")
                   if p != "cli/options.c")
    constants = re.findall(r"^OPTION\((\w+)", read("cli/options.list"), re.M)
    for constant in constants:
        if not re.search(rf"\bLIMN_OPT_{constant}\b", used):
            report.bad("cli/options.list", 0, f"OPTION({constant}): no command takes it")
    names = re.findall(r'^OPTION\(\w+, "([\w-]+)"', read("cli/options.list"), re.M)
    if names != sorted(names):
        report.bad("cli/options.list", 0, "the rows are not in alphabetical order")
    return len(constants)


def main():
    report = Report()
    n = 0
    for path, macro, prefix in REGISTRIES:
        if exists(path):
            n += check_registry(report, path, macro, prefix)
    for folder in FOLDERS:
        n += check_meson(report, folder)
    n += check_unit_tests(report) + check_options(report)
    n += check_dialects(report) + check_origins(report)
    check_samples(report)
    report.end(n)


main()
