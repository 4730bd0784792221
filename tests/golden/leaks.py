#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every form that a name can hide in, planted in a log, each on a line of its own: none may come through
a masked bundle. With them the names of files inside archives inside archives, with and without
the sources packed; and what is no name has to stay."""
import base64
import gzip
import io
import ipaddress
import json
import os
import re
import struct
import tarfile
import zipfile
import zlib
from urllib.parse import quote

from running import LIMN, Folder, Tap, environment
from unpacked import unpack

HOST, IP, USER, DB = "gw-7.plant.corp.example", "10.77.3.21", "jane_reader", "webshop_eu"
TABLE, MAIL, IP6 = "loyalty_cards", "ops.team@plant.example", "2003:db7:0:0:1ff:0:0:21"
HEAD = f"""Aborted connection 8 to db: '{DB}' user: '{USER}' host: '{HOST}' (Got timeout reading communication packets).
IP address '{IP}' could not be resolved: Name or service not known
IP address '{IP6}' could not be resolved: Name or service not known
OWNER={MAIL}
UPDATE {DB}.{TABLE} SET holder = 'Jane Q. Holder' WHERE id = 7
"""


def some(name, form, which):
    return "".join(form % ord(c) if which(i) else c for i, c in enumerate(name))


def text_forms(n):
    """How a text can be written."""
    data = n.encode()
    everywhere, third = (lambda i: True), (lambda i: i % 3 == 1)
    yield "upper case", n.upper()
    yield "percent, all", some(n, "%%%02X", everywhere)
    yield "percent, some letters", some(n, "%%%02x", third)
    yield "percent, the first", some(n, "%%%02X", lambda i: i == 0)
    yield "percent, twice", quote(some(n, "%%%02X", everywhere))
    yield "\\u", some(n, "\\u%04x", everywhere)
    yield "\\u, some letters, in JSON in JSON", some(n, "\\\\u%04X", third)
    yield "\\x", some(n, "\\x%02x", everywhere)
    yield "\\ooo", some(n, "\\%03o", everywhere)
    yield "HTML, decimal", some(n, "&#%d;", everywhere)
    yield "HTML, hexadecimal, escaped again", some(n, "&amp;#x%X;", third)
    yield "quoted-printable", some(n, "=%02X", everywhere)
    yield "zero width joiners", "\u200d".join(n)
    yield "a zero width blank", n[:3] + "\u200b" + n[3:]
    yield "a soft hyphen", n[:3] + "\u00ad" + n[3:]
    yield "full width", "".join(chr(ord(c) + 0xfee0) for c in n)
    yield "base64", base64.b64encode(b"x:" + data).decode()
    yield "base64, in a path", "/v1/" + base64.b64encode(gzip.compress(data, mtime=0)).decode()
    yield "base64, twice", base64.b64encode(base64.b64encode(b"x:" + data + b" y")).decode()
    yield "base64, three times", \
        base64.b64encode(base64.b64encode(base64.b64encode(data * 2 + b" "))).decode()
    yield "base64 for URLs", base64.urlsafe_b64encode(b"??>" + data).decode()
    yield "gzip in base64", base64.b64encode(gzip.compress(b'{"n":"%s"}' % data, mtime=0)).decode()
    yield "zlib in base64", base64.b64encode(zlib.compress(b'{"n":"%s"}' % data)).decode()
    yield "UTF-16 in base64", base64.b64encode(n.encode("utf-16-le")).decode()
    yield "UTF-16 in hexadecimal", n.encode("utf-16-be").hex()
    yield "hexadecimal", data.hex()
    yield "HEXADECIMAL", "0x" + data.hex().upper()
    yield "hexadecimal pairs", data.hex(" ")
    yield "gzip in hexadecimal", gzip.compress(b'{"n":"%s"}' % data, mtime=0).hex()
    yield "base32", base64.b32encode(data + b" " * (-len(data) % 5)).decode()
    yield "percent in base64", base64.b64encode(some(n, "%%%02X", third).encode()).decode()
    yield "base64, its slashes escaped", base64.b64encode(b"???" + data).decode().replace("/", "\\/")
    yield "a JSON key", json.dumps({n: 1})
    yield "with something behind", f"x={n}_backup"


def address_forms():
    a, b = ipaddress.ip_address(IP), ipaddress.ip_address(IP6)
    yield "IPv4 as a number", str(int(a))
    yield "IPv4, hexadecimal", "%08X" % int(a)
    yield "IPv4, 0x", hex(int(a))
    yield "IPv4, 0x in parts", ".".join("0x%02x" % p for p in a.packed)
    yield "IPv4, octal", ".".join("0%o" % p for p in a.packed)
    yield "IPv4, padded", ".".join("%03d" % p for p in a.packed)
    yield "IPv4, commas", IP.replace(".", ",")
    yield "IPv4, dashes", "ip-" + IP.replace(".", "-") + ".ec2"
    yield "IPv4, underscores", "dump_" + IP.replace(".", "_") + ".gz"
    yield "IPv4, reverse DNS", a.reverse_pointer
    yield "IPv4, mapped", "::ffff:" + IP
    yield "IPv4, mapped, hexadecimal", "::ffff:a4d:315"
    yield "IPv4, mapped, in full", "0:0:0:0:0:ffff:0a4d:0315"
    yield "IPv4, NAT64", "64:ff9b::a4d:315"
    yield "IPv4, network", IP + "/32"
    yield "IPv4, defanged", IP.replace(".", "[.]")
    yield "IPv6, short", b.compressed
    yield "IPv6, in full", b.exploded
    yield "IPv6, capitals", b.compressed.upper()
    yield "IPv6, reverse DNS", b.reverse_pointer
    yield "IPv6, in a name", b.compressed.replace(":", "-") + ".ipv6-literal.net"
    yield "IPv6, zone", b.compressed + "%eth0"
    yield "IPv6, hexadecimal", b.packed.hex()
    yield "IPv6, port", f"[{b.compressed}]:3306"


def host_forms():
    yield "the label alone", "gw-7"
    yield "the relay log of it", "gw-7-relay-bin.000123"
    yield "the domain", "plant.corp.example"
    yield "another host of the domain", "gw-8.plant.corp.example"
    yield "with the root's dot", HOST + "."
    yield "defanged", HOST.replace(".", "[.]")
    yield "punycode", "db.xn--mnchen-3ya.plant.example"
    yield "in its own letters", "db.münchen.plant.example"
    yield "MAC address", "00:1B:44:11:3A:B7"
    yield "MAC address, dashes", "00-1b-44-11-3a-b7"


def forms():
    for name in (HOST, IP, USER, DB, TABLE, MAIL):
        for kind, form in text_forms(name):
            yield f"{name}: {kind}", form
    yield from address_forms()
    yield from host_forms()


# What looks like one of these and is none.
KEPT = ["version 8.0.36.1 kept", "127.0.0.1", "::1", "webshops and mywebshop",
        "0:07:12.123", "12:34:56", "50%25 done \\u00e9 &amp; [.] =3D", "deadbeefdeadbeefdeadbeef",
        "com.databricks.pipelines.gateway.CheckpointWriter", "com.mysql.cj.jdbc.Driver"]


def log(lines):
    return "".join(f"2026-03-01T10:{10 + i // 60:02}:{i % 60:02}.000000Z 9 [Note] [MY-010000] [Server] "
                   f"{line}\n" for i, line in enumerate(lines))


def analyzed(folder, *more):
    status, _, err = folder.run(
        [LIMN, "analyze", "in", "--case", "a.case", "--json", "--bundle", "a.tar.zst", "--redact",
         "all", *more], environment())
    return (unpack(os.path.join(folder.path, "a.tar.zst")) if status == 0 else {}), err.decode()


def planted_forms(tap):
    planted = list(forms())
    with Folder() as folder:
        os.mkdir(os.path.join(folder.path, "in"))
        with open(os.path.join(folder.path, "in", "mysql-error.log"), "w", encoding="utf-8") as file:
            file.write(log(HEAD.splitlines() + [f"F{i}F {form} E" for i, (_, form) in
                                                enumerate(planted)] + [f"K {k} E" for k in KEPT]))
        members, err = analyzed(folder, "--evidence", "all")
        text = members.get("sources/in/mysql-error.log", b"").decode()
        why = [] if text else [err]
        for i, (kind, form) in enumerate(planted):
            got = re.search(rf"F{i}F (.*) E\n", text)
            if not got or form in got[1]:
                why.append(f"{kind}: {got[1] if got else 'its line is gone'}")
        # Nor anywhere else: what is long enough not to be there by chance.
        for name, data in members.items():
            why += [f"{kind} in {name}" for kind, form in planted
                    if len(form) >= 8 and form.encode() in data]
        tap.say(not why, f"{len(planted)} forms of names", "\n".join(why))
        gone = [k for k in KEPT if f"K {k} E\n" not in text]
        tap.say(not gone, "what is no name stays", "\n".join(gone))


def zip_of(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tar_of(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def seven_zip(name, data):
    """One file, stored: as 7zFormat.txt has it."""
    def number(n):
        return bytes([n]) if n < 0x80 else b"\xff" + struct.pack("<Q", n)

    size, crc = number(len(data)), struct.pack("<I", zlib.crc32(data))
    packed = b"\x06" + number(0) + number(1) + b"\x09" + size + b"\0"
    coders = b"\x07\x0b\x01\0" + b"\x01\x01\0" + b"\x0c" + size + b"\0"
    coders += b"\x08\x0a\x01" + crc + b"\0"
    names = b"\0" + name.encode("utf-16-le") + b"\0\0"
    files = b"\x05\x01\x11" + number(len(names)) + names + b"\0"
    header = b"\x01\x04" + packed + coders + b"\0" + files + b"\0"
    start = struct.pack("<QQI", len(data), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<I", zlib.crc32(start)) + start + data + header


def planted_archives(tap):
    """Names that stand in no log, only in the names of files within archives within archives."""
    def one(n):
        return log(HEAD.splitlines()).replace("T10:", f"T1{n}:").encode()

    only_in_names = ["nightjar.plant.corp.example", "10.77.3.99", "kestrel.plant.corp.example",
                     "petrel.internal", "10.77.3.98", "osprey.plant.corp.example"]
    for evidence in ([], ["--evidence", "all"]):
        with Folder() as folder:
            os.mkdir(os.path.join(folder.path, "in"))
            archives = {
                "a.tar": tar_of({f"deep/{HOST}.zip": zip_of(
                    {"nightjar.plant.corp.example/10.77.3.99/error.log": one(1)})}),
                f"{USER}.zip": zip_of({f"{DB}/kestrel.plant.corp.example.log.gz": gzip.compress(one(2))}),
                "c.tgz": tar_of({"x/y.tar.gz": tar_of({f"{TABLE}/petrel.internal.log": one(3)}, "w:gz")},
                                "w:gz"),
                "d.tar": tar_of({"e.7z": seven_zip("10.77.3.98/osprey.plant.corp.example.err", one(4))}),
            }
            for name, data in archives.items():
                with open(os.path.join(folder.path, "in", name), "wb") as file:
                    file.write(data)
            members, err = analyzed(folder, *evidence)
            why = [] if members else [err]
            names = [HOST, IP, USER, DB, TABLE, MAIL, "Jane Q. Holder", *only_in_names]
            for name, data in members.items():
                for n in names + [n.split(".")[0] for n in names if "example" in n and "@" not in n]:
                    if n.encode() in data or n in name:
                        why.append(f"{n} in {name}")
            packed = sum(name.startswith("sources/") for name in members)
            if packed != (len(archives) if evidence else 0):
                why.append(f"{packed} sources")
            tap.say(not why, "archives in archives, " + ("with" if evidence else "without") + " sources",
                    "\n".join(why))


def main():
    tap = Tap()
    planted_forms(tap)
    planted_archives(tap)
    tap.end()


main()
