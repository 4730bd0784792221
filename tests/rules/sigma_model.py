# SPDX-License-Identifier: Apache-2.0
"""Sigma, slowly: whether an event meets a rule, from the words of docs/rules.md and nothing of
limn's. Each value is tried by recursion, conditions are handed to Python's own `and`, `or`, `not`.

A rule is {"searches": {name: search}, "condition": text or list}; a search is what stands in YAML
(dict, list, str, bool, None, and Number for a plain number). An event is a list of (key, value)
pairs, so that a key may stand twice; values are str, bool, None, Number, lists, and such lists of
pairs in Pairs."""
import base64
import collections
import datetime
import ipaddress
import itertools
import re


class Number(str):
    """A number as it is written."""


class Pairs(list):
    """An object: (key, value) pairs."""


STAR, ONE, DASH = "star", "one", "dash"
DASHES = ["-", "/", "\u2013", "\u2014", "\u2015"]
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


# -- values --------------------------------------------------------------------------------------

def tokens_of(text):
    """Characters and wildcards. A backslash escapes *, ? and itself."""
    tokens, i = [], 0
    while i < len(text):
        if text[i] == "\\" and text[i + 1:i + 2] in ("*", "?", "\\"):
            tokens.append(text[i + 1])
            i += 2
            continue
        tokens.append({"*": STAR, "?": ONE}.get(text[i], text[i]))
        i += 1
    return tokens


def fold(c, cased):
    return c if cased or not "A" <= c <= "Z" else c.lower()


def fits(tokens, text, cased):
    """All tokens against all characters: the set of lengths that the first k tokens can take."""
    ends = {0}
    for token in tokens:
        if token == STAR:
            ends = set(range(min(ends), len(text) + 1)) if ends else ends
        else:
            ends = {i + 1 for i in ends if i < len(text) and
                    (token == ONE or (token == DASH and text[i] in DASHES) or
                     (len(token) == 1 and fold(token, cased) == fold(text[i], cased)))}
    return len(text) in ends


def number_of(text):
    return float(text) if NUMBER.fullmatch(text) and len(text) < 64 else None


def scalar_text(value):
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def address_of(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def in_network(text, network):
    address, network = address_of(text), ipaddress.ip_network(network, strict=False)
    if address is None:
        return False
    if network.version == 6 and network.network_address.ipv4_mapped and network.prefixlen >= 96:
        network = ipaddress.ip_network(
            (network.network_address.ipv4_mapped, network.prefixlen - 96), strict=False)
    forms = [address]
    if address.version == 6 and address.ipv4_mapped:
        forms.append(address.ipv4_mapped)
    return any(form.version == network.version and form in network for form in forms)


STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def part_of(text, part):
    m = STAMP.fullmatch(text)
    if not m:
        return None
    year, month, day, hour, minute = (int(m.group(i)) for i in range(1, 6))
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return float({"year": year, "month": month, "day": day, "hour": hour, "minute": minute,
                  "week": date.isocalendar()[1]}[part])


# -- fields --------------------------------------------------------------------------------------

def leaves(value, path=()):
    """(path, value) of all that is no container; an index is an int. Empty ones are {} and []."""
    if isinstance(value, Pairs):
        if not value and path:
            yield path, "{}"
        for key, inner in value:
            yield from leaves(inner, path + (key,))
    elif isinstance(value, list):
        if not value:
            yield path, "[]"
        for i, inner in enumerate(value):
            yield from leaves(inner, path + (i,))
    else:
        yield path, value


def names_of(path):
    """All names by which a rule may call the leaf: with and without each index, without blanks."""
    choices = [[(str(step),), ()] if isinstance(step, int) else [(step.replace(" ", ""),)]
               for step in path]
    return {".".join(itertools.chain.from_iterable(chosen))
            for chosen in itertools.product(*choices)}


def values_of(event, name):
    return [value for path, value in leaves(event) if name.replace(" ", "") in names_of(path)]


# -- items ---------------------------------------------------------------------------------------

def utf16(tokens, codec, mark):
    """Each character's bytes as characters of their own; wildcards stay."""
    out = [chr(b) for b in b"\xff\xfe"] if mark else []
    for token in tokens:
        out += [token] if len(token) > 1 else [chr(b) for b in token.encode(codec)]
    return out


def raw_bytes(tokens, wide):
    text = "".join(tokens)
    return text.encode("latin-1" if wide else "utf-8")


def windash(tokens):
    def word(i):
        return 0 <= i < len(tokens) and re.fullmatch(r"[A-Za-z0-9_]", tokens[i])
    return [DASH if t in ("-", "/") and not word(i - 1) and word(i + 1) else t
            for i, t in enumerate(tokens)]


def alternatives(text, modifiers):
    """What the value becomes under the modifiers that change it, left to right: lists of tokens."""
    forms, wide = [tokens_of(text)], False
    for m in modifiers:
        if m == "windash":
            forms = [windash(f) for f in forms]
        elif m in ("wide", "utf16le", "utf16be", "utf16"):
            codec = "utf-16-be" if m == "utf16be" else "utf-16-le"
            forms, wide = [utf16(f, codec, m == "utf16") for f in forms], True
        elif m == "base64":
            forms = [list(base64.b64encode(raw_bytes(f, wide)).decode()) for f in forms]
        elif m == "base64offset":
            out = []
            for f in forms:
                data = raw_bytes(f, wide)
                for i in range(3):
                    code = base64.b64encode(b" " * i + data).decode()
                    end = (None, -3, -2)[(len(data) + i) % 3]
                    out.append(list(code[(0, 2, 3)[i]:end]))
            forms = out
        elif m == "expand":
            forms = [list_without_escapes(f) for f in forms]
        elif m in ("startswith", "endswith", "contains"):
            forms = [([STAR] if m != "startswith" else []) + f +
                     ([STAR] if m != "endswith" else []) for f in forms]
    return forms


def list_without_escapes(tokens):
    return [t for i, t in enumerate(tokens) if not (t == "\\" and tokens[i + 1:i + 2] == ["%"])]


PARTS = ("minute", "hour", "day", "week", "month", "year")
ORDERS = {"lt": lambda a, b: a < b, "lte": lambda a, b: a <= b, "gt": lambda a, b: a > b,
          "gte": lambda a, b: a >= b}


def value_meets(value, operand, modifiers, event):
    """One value of the event against one of the rule. None never meets."""
    if value is None:
        return False
    text, wanted = scalar_text(value), scalar_text(operand)
    part = next((m for m in modifiers if m in PARTS), None)
    order = next((m for m in modifiers if m in ORDERS), None)
    if part or order:
        number = part_of(text, part) if part else number_of(text)
        return number is not None and \
            ORDERS.get(order, lambda a, b: a == b)(number, float(wanted))
    if "cidr" in modifiers:
        return in_network(text, wanted)
    if "re" in modifiers:
        flags = sum({"i": re.I, "m": re.M, "s": re.S}.get(m, 0) for m in modifiers)
        pattern = {"startswith": r"\A(?:%s)", "endswith": r"(?:%s)\Z"}.get(modifiers[-1], "%s")
        if modifiers[-1] in ("all", "neq") and len(modifiers) > 2:
            pattern = {"startswith": r"\A(?:%s)", "endswith": r"(?:%s)\Z"}.get(modifiers[-2], "%s")
        return re.search(pattern % wanted, text, flags) is not None
    cased = "cased" in modifiers
    if "fieldref" in modifiers:
        ends = [m for m in modifiers if m in ("startswith", "endswith", "contains")]
        a = "".join(fold(c, cased) for c in text)
        for other in values_of(event, wanted):
            if other is None:
                continue
            b = "".join(fold(c, cased) for c in scalar_text(other))
            if {"startswith": a.startswith(b), "endswith": a.endswith(b), "contains": b in a}.get(
                    ends[-1] if ends else None, a == b):
                return True
        return False
    if any(fits(form, text, cased) for form in alternatives(wanted, modifiers)):
        return True
    opened = {"startswith", "endswith", "contains", "base64", "base64offset", "wide", "utf16",
              "utf16le", "utf16be"}
    return isinstance(operand, Number) and not opened & set(modifiers) and \
        number_of(text) is not None and number_of(text) == float(wanted)


def keyword_meets(operand, modifiers, event, record):
    """Anywhere in the record's text or in any of its values."""
    texts = [record] + [scalar_text(v) for _, v in leaves(event) if v is not None]
    if "re" in modifiers:
        return any(value_meets(t, operand, modifiers, event) for t in texts)
    forms = alternatives(scalar_text(operand), modifiers)
    return any(fits([STAR] + f + [STAR], t, "cased" in modifiers) for f in forms for t in texts)


# (what an item says, how it was answered) -> how often: the differential test asks for both
# answers of each.
ANSWERS = collections.Counter()


def item_meets(key, values, event, record):
    name, *modifiers = key.split("|")
    met = item_answer(name, modifiers, values, event, record)
    kinds = {Number: "number", bool: "truth", type(None): "null", str: "text"}
    said = {kinds[type(v)] for v in (values if isinstance(values, list) else [values])}
    for what in {*modifiers, *said, "a field" if name else "keyword"}:
        ANSWERS[what, met] += 1
    return met


def item_answer(name, modifiers, values, event, record):
    operands = values if isinstance(values, list) else [values]
    found = values_of(event, name) if name else None
    if "exists" in modifiers:
        return (len(found) > 0) == operands[0]
    answers = []
    for operand in operands:
        if not name:
            answers.append(keyword_meets(operand, modifiers, event, record))
        elif operand is None:
            answers.append(not found or None in found)
        else:
            answers.append(any(value_meets(v, operand, modifiers, event) for v in found))
    met = all(answers) if "all" in modifiers else any(answers)
    return not met if "neq" in modifiers else met


# -- searches and conditions ---------------------------------------------------------------------

def search_meets(search, event, record):
    if isinstance(search, dict):
        return all(item_meets(k, v, event, record) for k, v in search.items())
    if isinstance(search, list) and any(isinstance(s, (dict, list)) for s in search):
        return any(search_meets(s, event, record) for s in search)
    return item_meets("", search, event, record)


def selected(pattern, names):
    if pattern == "them":
        return [n for n in names if not n.startswith("_")]
    shape = re.compile(".*".join(re.escape(p) for p in pattern.split("*")))
    return [n for n in names if shape.fullmatch(n) and
            (pattern.startswith("_") or not n.startswith("_"))]


def condition_meets(condition, holds):
    words = re.findall(r"[()]|[A-Za-z0-9_*-]+", condition)
    out, i = [], 0
    while i < len(words):
        if words[i + 1:i + 2] == ["of"] and words[i] in ("1", "any", "all"):
            each = [holds[n] for n in selected(words[i + 2], holds)]
            out.append(str(all(each) if words[i] == "all" else any(each)))
            i += 3
            continue
        out.append(words[i] if words[i] in ("and", "or", "not", "(", ")") else
                   str(holds[words[i]]))
        i += 1
    return eval(" ".join(out), {"__builtins__": {}})  # True, False, and, or, not, ( and )


def meets(rule, event, record):
    holds = {name: search_meets(search, event, record)
             for name, search in rule["searches"].items()}
    conditions = rule["condition"]
    return any(condition_meets(c, holds)
               for c in (conditions if isinstance(conditions, list) else [conditions]))
