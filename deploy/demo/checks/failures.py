"""Why messages fail: WhatsApp's codes, whose fault they are, and what people read."""

import re

# Those that the simulator writes. "Marketing cap and opt-out are no fault of the system and are counted apart."
FAULTS = {"131026": "recipient", "131047": "recipient", "470": "recipient",
          "131049": "none", "131050": "none", "130472": "none", "none": "unknown"}


def code_and_text(reason):
    """WhatsApp's code is the number that the reason begins with, perhaps after "(#"; a phone number is none."""
    line = " ".join(reason.split())
    match = re.match(r"\(?#?(\d{1,6})(?!\d)[ ):]*", line)
    return (match[1], line[match.end():]) if match else (None, line)


def masked(text):
    """Every phone number as its last four digits."""
    return re.sub(r"[+(]*\d(?:[-+(). ]{0,2}\d){6,}", lambda number: "…" + re.sub(r"\D", "", number[0])[-4:], text)


def error(reason, caller):
    code, text = code_and_text(reason)
    if not caller.sees_numbers:
        text = masked(text)
    return ": ".join(part for part in (code, text) if part)


def by_label(failures):
    """How many of each (code, fault)."""
    counts = {}
    for failure in failures:
        code = code_and_text(failure["reason"] or "")[0] or "none"
        key = (("code", code), ("fault", FAULTS.get(code, "not in FAULTS")))
        counts[key] = counts.get(key, 0) + failure["count"]
    return counts
