# SPDX-License-Identifier: Apache-2.0
"""Random Sigma rules and events, of so few words that they often meet; and how they are written:
YAML in all its styles, JSON with and without escapes."""
import base64
import json
import re

from sigma_model import PARTS, Number, Pairs

WORDS = ["deadlock", "Replica", "binlog dump", "a", "ab", "aB", "b", "root", "it's", "C:\\x\\", "50%",
         "a*b", "what?", "caf\u00e9", "\u65e5\u672c", "x -f", "x /f", "x \u2013f", "x-y", "", "4", "4.0", "04",
         "true", "null", "no\tline\nfeed", "#x", "10.0.0.1", "a\\*b", "deadlock found", "[x]", "x: y"]
NUMBERS = ["0", "4", "4.0", "4e0", "-1.5", "-1.50", "5", "40", "12"]
ADDRESSES = ["10.0.0.1", "10.200.3.4", "11.0.0.1", "::ffff:10.1.1.1", "fd12::1", "2001:db8::5", "::1",
             "192.168.1.127", "192.168.1.200", "nowhere", "10.0.0", "0.0.0.0"]
NETWORKS = ["10.0.0.0/8", "192.168.1.128/25", "fd00::/8", "0.0.0.0/0", "::/0", "10.0.0.1", "::1",
            "::ffff:10.0.0.0/104", "2001:db8::/32", "10.1.2.3/31"]
STAMPS = ["2026-11-22T07:24:02.399Z", "2026-11-22 07:24:02", "2027-01-01T00:00:00Z", "never",
          "2024-02-29T23:59:59+01:00", "2026-12-31T12:05:00Z"]
TEXT_FIELDS = ["cmd", "user", "message", "level", "code", "a.b", "NewValue", "list", "objs.name",
               "objs.1.name", "list.0", "deep.x.y", "grid", "grid.1", "grid.1.0", "grid.11"]
PATTERNS = ["a", "a.c", "^a", "b$", "a|b", "de+ad", "(dead)?lock", "[ab]", "[^ab]", "x{0,2}y", "f\\.", "^$",
            "\\*", "^.?b", "dead(lock|line) found", "^de.*nd$", "feed$", "^feed", "line.feed", "DEADLOCK"]


class Source:
    """Choices from one random generator."""

    def __init__(self, rng):
        self.rng = rng

    def one(self, of):
        return self.rng.choice(of)

    def some(self, of, most):
        return [self.one(of) for _ in range(self.rng.randint(1, most))]

    def chance(self, p):
        return self.rng.random() < p


# -- events --------------------------------------------------------------------------------------

def text_value(s):
    kind = s.rng.random()
    if kind < 0.08:
        return None
    if kind < 0.16:
        return Number(s.one(NUMBERS))
    if kind < 0.22:
        return s.chance(0.5)
    word = s.one(WORDS)
    if s.chance(0.25):
        word += s.one(["", " ", "-"]) + s.one(WORDS)
    return word.swapcase() if s.chance(0.15) and word.isascii() else word


def encoded(s):
    word = s.one(WORDS[:8])
    data = word.encode(s.one(["utf-8", "utf-16-le", "utf-16-be", "utf-16"]))
    return base64.b64encode(b"xyz"[:s.rng.randint(0, 3)] + data +
                            b"zyx"[:s.rng.randint(0, 3)]).decode()


def listed(s, make):
    return [make(s) for _ in range(s.one([0, 1, 2, 3, 12]))]


def named(s):
    pairs = Pairs([("name", text_value(s))] if s.chance(0.8) else [])
    if s.chance(0.2):
        pairs.append(("name", text_value(s)))
    return pairs


FIELDS = {
    "cmd": text_value, "user": text_value, "message": text_value, "level": text_value,
    "code": text_value, "New Value": text_value,
    "a": lambda s: Pairs([("b", text_value(s))]) if s.chance(0.7) else
    [Pairs([("b", text_value(s))]), Pairs([("b", listed(s, text_value))])],
    "list": lambda s: listed(s, text_value),
    "objs": lambda s: listed(s, named),
    "NewValue": text_value,
    "grid": lambda s: [listed(s, text_value) for _ in range(s.one([0, 2, 12]))],
    "deep": lambda s: Pairs([("x", Pairs([("y", text_value(s))]))]),
    "n": lambda s: Number(s.one(NUMBERS)) if s.chance(0.7) else s.one(NUMBERS + WORDS),
    "ip": lambda s: s.one(ADDRESSES),
    "t": lambda s: s.one(STAMPS),
    "b64": encoded,
}


def random_event(s):
    pairs = [(name, make(s)) for name, make in FIELDS.items() if s.chance(0.55)]
    if s.chance(0.1) and pairs:
        pairs.append((s.one(pairs)[0], text_value(s)))
    s.rng.shuffle(pairs)
    return Pairs(pairs)


def json_text(s, value):
    if isinstance(value, Pairs):
        return "{" + ",".join(json.dumps(k) + ":" + json_text(s, v) for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(json_text(s, v) for v in value) + "]"
    if isinstance(value, Number):
        return str(value)
    text = json.dumps(value, ensure_ascii=s.chance(0.3))
    if isinstance(value, str) and s.chance(0.1):
        text = '"' + "".join("\\u%04x" % ord(c) for c in value) + '"'
    return text


# -- rules ---------------------------------------------------------------------------------------

def sigma_text(s):
    """A value: a word as it is, or with wildcards for some of it."""
    word = s.one(WORDS)
    if s.chance(0.5):
        for special in "\\*?":
            word = word.replace(special, "\\" + special)
    if s.chance(0.25) and word:
        i = s.rng.randrange(len(word) + 1)
        word = word[:i] + s.one(["*", "?"]) + word[i + s.rng.randint(0, 2):]
    return word


def maybe_list(s, make, modifiers, most=3):
    if s.chance(0.5):
        return make(s)
    values = [make(s) for _ in range(s.rng.randint(2, most))]
    if s.chance(0.3):
        modifiers.append("all")
    return values


def text_item(s):
    modifiers = []
    if s.chance(0.6):
        modifiers.append(s.one(["contains", "contains", "startswith", "endswith"]))
    if s.chance(0.15):
        modifiers.append("cased")
    if s.chance(0.15):
        modifiers.insert(0, "windash")
    if s.chance(0.05):
        modifiers.insert(0, "expand")
    make = sigma_text if s.chance(0.8) else lambda s: s.one(
        [Number(s.one(NUMBERS)), True, False, s.one(["C\\*", "a\\b", "50\\%", "-f", "/f"])])
    return s.one(TEXT_FIELDS), modifiers, maybe_list(s, make, modifiers)


def odd_item(s):
    return s.one(TEXT_FIELDS + ["n"]), [], s.one([None, True, False, "", Number("4"), "*", [None]])


def exists_item(s):
    return s.one(TEXT_FIELDS + list(FIELDS) + ["none"]), ["exists"], s.chance(0.6)


def regex_item(s):
    modifiers = ["re"] + [f for f in "ims" if s.chance(0.25)]
    values = maybe_list(s, lambda s: s.one(PATTERNS), modifiers)
    if "all" not in modifiers and s.chance(0.3):
        modifiers.append(s.one(["startswith", "endswith", "contains"]))
    return s.one(TEXT_FIELDS), modifiers, values


def number_item(s):
    modifiers = [s.one(["lt", "lte", "gt", "gte"])] if s.chance(0.7) else []
    return "n", modifiers, maybe_list(s, lambda s: Number(s.one(NUMBERS)), modifiers, 2)


def network_item(s):
    modifiers = ["cidr"]
    return "ip", modifiers, maybe_list(s, lambda s: s.one(NETWORKS), modifiers)


def fieldref_item(s):
    modifiers = ["fieldref"] + s.one([[], [], ["startswith"], ["endswith"], ["contains"]])
    if s.chance(0.2):
        modifiers.append("cased")
    return s.one(TEXT_FIELDS), modifiers, s.one(TEXT_FIELDS)


def encoded_item(s):
    modifiers = s.one([[], ["wide"], ["utf16le"], ["utf16be"], ["utf16"]])
    modifiers = modifiers + [s.one(["base64", "base64offset", "base64offset"])]
    if s.chance(0.8):
        modifiers.append("contains")
    if s.chance(0.2):
        modifiers.append("cased")
    values = maybe_list(s, lambda s: s.one(WORDS[:8]), modifiers)
    return "b64", modifiers, values


def part_item(s):
    modifiers = [s.one(PARTS)] + s.one([[], ["lt"], ["gte"], ["lte"], ["gt"]])
    number = {"year": ["2026", "2024"], "minute": ["24", "0", "59"], "hour": ["7", "0", "12"],
              "day": ["22", "1", "31"], "week": ["47", "53"], "month": ["11", "2"]}[modifiers[0]]
    return "t", modifiers, maybe_list(s, lambda s: Number(s.one(number)), modifiers, 2)


ITEMS = [text_item] * 8 + [odd_item, exists_item, regex_item, regex_item, number_item, network_item,
                           fieldref_item, encoded_item, encoded_item, part_item]


def random_item(s):
    field, modifiers, values = s.one(ITEMS)(s)
    if s.chance(0.12) and modifiers != ["exists"]:
        modifiers = modifiers + ["neq"]
    if field == "NewValue" and s.chance(0.3):
        field = "New Value"
    return "|".join([field] + modifiers), values


def random_map(s):
    search = dict(random_item(s) for _ in range(s.one([1, 1, 1, 2, 3])))
    if s.chance(0.05):
        search["|all"] = [s.one(WORDS[:9]), s.one(WORDS[:9])]
    if s.chance(0.05):
        search["|re"] = s.one(PATTERNS)
    return search


def random_search(s):
    kind = s.rng.random()
    if kind < 0.65:
        return random_map(s)
    if kind < 0.8:
        return [random_map(s) for _ in range(s.rng.randint(1, 3))]
    keyword = lambda s: sigma_text(s) or "lock"
    if kind < 0.85:
        return [random_map(s), keyword(s), [keyword(s), Number("4")]]
    return keyword(s) if kind < 0.9 else [keyword(s) for _ in range(s.rng.randint(1, 3))]


NAMES = ["sel_1", "sel_2", "filter", "filter-main", "_hidden", "a", "selection", "not_this"]


def random_condition(s, names, depth=0):
    kind = s.rng.random()
    if kind < 0.45 or depth > 3:
        return s.one(names)
    if kind < 0.6:
        patterns = [p for p in ("them", "sel_*", "*_*", "_*", "*e*", "filter*", "*")
                    if p == "them" and any(n[0] != "_" for n in names) or p != "them" and
                    any(re.fullmatch(p.replace("*", ".*"), n) and (p[0] == "_" or n[0] != "_")
                        for n in names)]
        if patterns:
            return s.one(["1", "any", "all"]) + " of " + s.one(patterns)
    if kind < 0.72:
        return "not " + random_condition(s, names, depth + 1)
    parts = [random_condition(s, names, depth + 1) for _ in range(s.rng.randint(2, 3))]
    text = s.one([" and ", " or ", "  or "]).join(parts)
    return "(" + text + ")" if s.chance(0.6) else text


def random_rule(s):
    names = s.rng.sample(NAMES, s.rng.randint(1, 4))
    condition = random_condition(s, names)
    if s.chance(0.08):
        condition = [condition, random_condition(s, names)]
    return {"searches": {n: random_search(s) for n in names}, "condition": condition}


# -- YAML ----------------------------------------------------------------------------------------

def yaml_scalar(s, value):
    if value is None:
        return s.one(["null", "~", "null"])
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return str(value)
    kind = s.rng.random()
    if kind < 0.3 and re.fullmatch(r"[A-Za-z][A-Za-z.]* ?[A-Za-z.]*[a-z]", value) and \
            value.lower() not in ("true", "false", "null", "yes", "no", "on", "off"):
        return value
    if kind < 0.5 or "\n" in value or "\t" in value:
        return json.dumps(value, ensure_ascii=s.chance(0.5))
    return "'" + value.replace("'", "''") + "'"


def yaml_flow(s, value):
    if isinstance(value, dict):
        return "{" + ", ".join("'%s': %s" % (k, yaml_flow(s, v)) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(yaml_flow(s, v) for v in value) + "]"
    return yaml_scalar(s, value)


def yaml_block(s, value, indent):
    """What stands behind the colon or dash, its line feed included."""
    if s.chance(0.4) or not isinstance(value, (dict, list)):
        return " " + yaml_flow(s, value) + "\n"
    pad = "\n" + " " * indent
    if isinstance(value, dict):
        return "".join(pad + "'%s':%s" % (k, yaml_block(s, v, indent + 4).rstrip("\n"))
                       for k, v in value.items()) + "\n"
    return "".join(pad + "-%s" % yaml_block(s, v, indent + 4).rstrip("\n") for v in value) + "\n"


def yaml_rule(s, name, rule):
    text = "title: %s\nname: %s\nlogsource:\n  product: test\ndetection:\n" % (name, name)
    searches = ["  %s:%s" % (n, yaml_block(s, v, 6)) for n, v in rule["searches"].items()]
    condition = "  condition:%s" % yaml_block(s, rule["condition"], 6)
    if s.chance(0.2):
        searches.insert(0, condition)
    else:
        searches.append(condition)
    return text + "".join(searches)
