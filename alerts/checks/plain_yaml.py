"""Reads the YAML that rules and their tests are written in, without a library: maps, lists, scalars, blocks.

promtool reads the same files as YAML in full. Where this reader does not know a form, it says so and guesses nothing.
"""

import re


class NotPlain(Exception):
    def __init__(self, line, what):
        super().__init__(f"line {line}: {what}")


KEY = re.compile(r"([A-Za-z_][\w-]*):(?: (.*))?$")


def read(text):
    lines = [(number, len(line) - len(line.lstrip()), line.strip())
             for number, line in enumerate(text.splitlines(), 1)]
    value, at = _node(lines, _next(lines, 0), 0)
    at = _next(lines, at)
    if at < len(lines):
        raise NotPlain(lines[at][0], "does not belong to what stands above it")
    return value


def _next(lines, at):
    while at < len(lines) and (not lines[at][2] or lines[at][2].startswith("#")):
        at += 1
    return at


def _node(lines, at, least):
    if at >= len(lines) or lines[at][1] < least:
        return None, at
    indent = lines[at][1]
    return _list(lines, at, indent) if lines[at][2].startswith("- ") else _map(lines, at, indent)


def _list(lines, at, indent):
    items = []
    while at < len(lines) and lines[at][1] == indent and lines[at][2].startswith("- "):
        number, _, text = lines[at]
        rest = text[2:].lstrip()
        if KEY.match(rest):  # a map that begins on the dash's own line
            lines[at] = (number, indent + len(text) - len(rest), rest)
            value, at = _map(lines, at, lines[at][1])
        else:
            value, at = _scalar(rest, number), at + 1
        items.append(value)
        at = _next(lines, at)
    return items, at


def _map(lines, at, indent):
    pairs = {}
    while at < len(lines) and lines[at][1] == indent:
        number, _, text = lines[at]
        found = KEY.match(text)
        if not found:
            raise NotPlain(number, f"is neither a key nor an item: {text}")
        key, rest = found.groups()
        if key in pairs:
            raise NotPlain(number, f"{key} is given twice")
        if rest in ("|", ">-"):
            pairs[key], at = _block(lines, at + 1, indent, rest)
        elif rest:
            pairs[key], at = _scalar(rest, number), at + 1
        else:
            below = _next(lines, at + 1)
            deeper = indent if below < len(lines) and lines[below][2].startswith("- ") else indent + 1
            pairs[key], at = _node(lines, below, deeper)
        at = _next(lines, at)
    return pairs, at


def _block(lines, at, indent, style):
    body = []
    while at < len(lines) and (not lines[at][2] or lines[at][1] > indent):
        body.append(lines[at][2])
        at += 1
    return ("\n" if style == "|" else " ").join(body).strip(), at


def _scalar(text, number):
    if text == "[]":
        return []
    if text.startswith("[") and text.endswith("]"):
        return [_scalar(item.strip(), number) for item in text[1:-1].split(",")]
    if text.startswith("'"):
        if not re.fullmatch(r"'(?:[^']|'')*'", text):
            raise NotPlain(number, f"this quoting is not known here: {text}")
        return text[1:-1].replace("''", "'")
    if re.match(r"[\"&*!{|>%@`]", text):
        raise NotPlain(number, f"this form is not known here: {text}")
    return re.sub(r" +#.*$", "", text)
