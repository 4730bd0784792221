#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Masked bundles, looked at from outside: with none of limn's code every member is searched for
every name the map has, and for names this test knows by itself; the sources that a masked bundle
carries, analysed anew, give the same findings and causes. names.py finds names without limn.

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

from names import names_of
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
    if not values:
        return []
    forms = sorted({form for value in values for form in spellings(value)}, key=len, reverse=True)
    plain = re.compile(rb"(?<![A-Za-z0-9_])(?:" + b"|".join(re.escape(f).encode() for f in forms) +
                       rb")(?![A-Za-z0-9_])", re.I)
    hidden = [(value, e) for value in values if len(value) >= 6 for e in encoded(value)]
    found = set()
    for name, data in members.items():
        for match in [*plain.finditer(name.encode()), *plain.finditer(data)]:
            found.add(f"{match[0].decode()} in {name}")
        found |= {f"{value}, encoded, in {name}" for value, e in hidden if e in data}
    return sorted(found)


def both_cut(a, b):
    """A long record is quoted up to so many bytes, and a token has others than its name."""
    return min(len(a), len(b)) > 350 and os.path.commonprefix([a, b])[300:] != ""


def round_trip(limn, at, members):
    """Masked and unmasked, a report is what it was, but that it says what was masked, and the digests
    of sources are keyed with the map. The map has one spelling of a name, whatever its case: CDC_USER,
    which limn's own text says in the place of a name, is a user's name here."""
    limn("bundle", "plain.tar.zst", "--case", "a.case")
    plain, why = unpack(os.path.join(at, "plain.tar.zst")), []
    for name in ("SUMMARY.md", "attempted.md", "findings.json"):
        back = limn("unmask", "a.tar.zst.map", os.path.join("x", name))
        if name == "findings.json":
            back, plain[name] = (re.sub(rb'"sha256": "[0-9a-f]{64}"|"masked": [a-z]+', b"", d)
                                 for d in (back, plain[name]))
        lines = [d.decode().lower().splitlines() for d in (back, plain[name])]
        other = [f"{a}\n{b}" for a, b in zip(*lines) if a != b and not both_cut(a, b)]
        if other or len(lines[0]) != len(lines[1]):
            why.append(f"{name} masked and unmasked is another:\n" + "\n".join(other[:3]))
    return why


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
        words = {v["value"].lower() for v in values if v["token"] in common}
        names = {n for n in names_of(source) if n.lower() not in words}
        why += leaks(members, {v["value"] for v in values if v["token"] not in common} | names |
                     set(known))
        if not values:
            why.append("nothing was masked")
        why += round_trip(limn, at, members)
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


# Secrets as servers, clouds and tools write them; each has zqNN in it, but for those whose form leaves
# no room.
SECRETS = r"""CHANGE REPLICATION SOURCE TO SOURCE_USER='repl_x', SOURCE_PASSWORD='zq1ecretA', SOURCE_PORT=3306
CREATE USER 'u_x'@'%' IDENTIFIED WITH caching_sha2_password BY 'zq2ecretA'
ALTER USER 'u_x'@'%' IDENTIFIED BY "zq3ecretA" REPLACE 'zq4ecretA' RETAIN CURRENT PASSWORD
CREATE USER u_x IDENTIFIED VIA mysql_native_password USING PASSWORD('zq5ecretA')
jdbc:mysql://h1.plant.example/db_x?user=u_x&password=zq6ecretA&useSSL=true
jdbc:databricks://adb-1.azuredatabricks.net:443/default;AuthMech=3;UID=token;PWD=dapizq7ecretAzq7ecretA
aws_secret_access_key = zq8alrXUtnFEMI/K7MDENG/bPxRfiCYzq8ecretA
aws_session_token=zq9oGZXIvYXdzEPT//////////zq9ecretA==
DefaultEndpointsProtocol=https;AccountName=plant;AccountKey=zq10ecretAbase64base64base64==;EndpointSuffix=core.windows.net
fs.azure.account.key.plant.dfs.core.windows.net=zq11ecretAbase64base64base64==
spark.hadoop.fs.azure.account.key.plant.dfs.core.windows.net zq12ecretAbase64base64base64base64base64base64==
https://plant.blob.core.windows.net/c?sv=2022-11-02&ss=b&sig=zq13ecretA%2Bx%3D&se=2026-01-01
{"type":"service_account","private_key_id":"zq14ecretA0123456789012345678901","private_key":"-----BEGIN PRIVATE KEY-----\nzq15ecretAMIIEvQIBADANBg\nzq15ecretB\n-----END PRIVATE KEY-----\n"}
oauth ya29.zq16ecretA-0123456789abcdefghijklmnopqrstuvwxyz0123456789
jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6cTE4In0.zq18ecretAzq18ecretA
Authorization: Basic enExOWVjcmV0QTp6cTE5 x
slack xoxb-123456789012-zq20ecretAzq20ecretA and https://hooks.slack.com/services/T00000000/B00000000/zq21ecretAzq21ecretAzq21
ghp_zq22ecretA0123456789012345678901234 github_pat_11ABCDEFG0zq23ecretAzq23ecretAzq23ecretA_zq23
spark.hadoop.javax.jdo.option.ConnectionPassword zq24ecretA
{"spark_env_vars":{"DB_PASSWORD":"zq25ecretA","OWNER":"ops@plant.example"}}
MYSQL_PWD=zq26ecretA mysql --password=zq27ecretA -u u_x
CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (USER 'u_x', HOST 'h1.plant.example', PASSWORD 'zq28ecretA', DATABASE 'db_x')
START REPLICA USER='u_x' PASSWORD='zq29ecretA'
START GROUP_REPLICATION USER='u_x', PASSWORD='zq30ecretA'
mongodb+srv://u_x:zq31ecretA@h1.plant.example/x
log "{\"user\":\"u_x\",\"password\":\"zq32ecretA\"}"
callback?password%3Dzq33ecretA%26x=1
CREATE USER u_x IDENTIFIED BY RANDOM PASSWORD; temporary password is generated for root@localhost: zq34ecretA
sp client_secret=zq35~ecretA.zq35 tenant=1
mysql -uu_x -pzq36ecretA db_x
Authorization: Bearer zq37ecretAzq37ecretA
x-databricks-azure-sp-management-token: zq38ecretAzq38ecretA
secret {{secrets/scope/key}} kept; kafka sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u_x" password="zq39ecretA";
ssl_key_passphrase = zq40ecretA
aws_access_key_id=ASIAIOSFODNN7ZQ41AAA
Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=zq42ecretAbase64base64=
export DATABRICKS_TOKEN=zq43ecretA; OPENAI sk-proj-zq44ecretA0123456789abcdefghij
password: zq45ecretA
Password=zq46ecretA;User Id=u_x
IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29'
glpat-zq47ecretA0123456789 npm_zq48ecretA0123456789012345678901234
client dose0123456789abcdef0123456789abcdef
curl -u u_x:zq50ecretA https://h1.plant.example/
authorization: token zq51ecretAzq51ecretA
<property><name>javax.jdo.option.ConnectionPassword</name><value>zq52ecretA</value></property>
<jdbc><password>zq53ecretA</password></jdbc>
-----BEGIN PGP PRIVATE KEY BLOCK-----lQdGzq54ecretA-----END PGP PRIVATE KEY BLOCK-----
vault hvs.zq55ecretAzq55ecretAzq55 and sk_live_zq56ecretAzq56ecretA
app secret abc8Q~zq57ecretAzq57ecretAzq57ecretA for GOCSPX-zq58ecretAzq58ecretA
SharedAccessSignature sig=zq59ecretA%3D&se=1
Cookie: JSESSIONID=zq60ecretA; lang=de
git clone https://zq61ecretAzq61ecretAzq61@git.plant.example/x
mysqladmin -u root password zq62ecretA
databricks secrets put --scope s --key k --string-value zq63ecretA
sshpass -p zq64ecretA ssh h1.plant.example
reader --connection-password zq65ecretA --token 'zq66ecretA'
x-ms-encryption-key: zq67ecretA
Authorization: Digest username="u_x", realm="r", response="zq68ecretA"
"""
SECRET = re.compile(rb"zq[0-9]+[A-Za-z~]|ZQ41|enExOWVj|94BDCE|dose0123")


def secrets(tap):
    """Without any --redact: secrets are masked always, in every member."""
    with Folder() as folder:
        os.mkdir(os.path.join(folder.path, "in"))
        with open(os.path.join(folder.path, "in", "mysql-error.log"), "w", encoding="utf-8") as file:
            for i, line in enumerate(SECRETS.splitlines()):
                file.write(f"2026-03-01T10:00:{i % 60:02}.000000Z 9 [ERROR] [MY-010000] [Server] {line}\n")
        status, _, err = folder.run(
            [LIMN, "analyze", "in", "--case", "s.case", "--json", "--bundle", "s.tar.zst",
             "--evidence", "all"], environment())
        members = unpack(os.path.join(folder.path, "s.tar.zst")) if status == 0 else {}
        text = members.get("sources/in/mysql-error.log", b"")
        why = [] if text.count(b"[secret]") >= len(SECRETS.splitlines()) else [
            f"exit status {status}, {text.count(b'[secret]')} masked\n{err.decode()}"]
        why += [f"{match[0].decode()} in {name}" for name, data in members.items()
                for match in SECRET.finditer(data)]
        tap.say(not why, "secrets of servers, clouds and tools", "\n".join(why))


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
        secrets(tap)
        samples = os.path.join(SAMPLES, "incidents")
        for name in sorted(os.listdir(samples)):
            if os.path.isdir(os.path.join(samples, name)):
                check(tap, name, os.path.join(samples, name))
        if os.path.isdir(CORPUS):
            for name in sorted(os.listdir(CORPUS)) if os.environ.get("LIMN_NIGHTLY") else TWO:
                check(tap, name, os.path.join(CORPUS, name))
    tap.end()


main()
