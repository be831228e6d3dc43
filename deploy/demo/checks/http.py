"""Asking the daemon."""

import json
import re
import urllib.error
import urllib.request

from checks import CannotCheck


class Answer:
    def __init__(self, code, headers, body):
        self.code, self.headers, self.body = code, headers, body

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def next_path(self):
        """Where the header Link says that the next page is; None on the last one."""
        match = re.fullmatch(r'<([^>]+)>; rel="next"', self.headers.get("Link") or "")
        return match[1] if match else None


def fetch(url, headers=None, method="GET"):
    request = urllib.request.Request(url, headers=headers or {}, method=method, data=b"" if method == "POST" else None)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return Answer(reply.status, reply.headers, reply.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode())
    except OSError as error:
        raise CannotCheck(f"{method} {url}: {error}") from error


class Section:
    """One section of the API, asked as one caller."""

    def __init__(self, options, name, caller):
        self.path = f"/api/dashboard/{name}"
        self.api, self.caller = options.api, caller

    def ask(self, query="", path=None):
        headers = {"X-CRM-Role": self.caller.role, "X-CRM-Subject": self.caller.subject}
        return fetch(self.api + (path or self.path + ("?" + query if query else "")), headers)

    def pages(self, query, most=1000):
        """Every page's answer, from the first one on, as Link leads."""
        answer = self.ask(query)
        while True:
            yield answer
            path = answer.next_path()
            if answer.code != 200 or path is None:
                return
            most -= 1
            if most == 0:
                raise CannotCheck(f"{self.path}: Link leads on after 1000 pages")
            answer = self.ask(path=path)


def answered(table, answer):
    """The document of an answer that is one, and a row that says so."""
    document, as_of = answer.json(), answer.headers.get("X-CRM-As-Of")
    good = answer.code == 200 and isinstance(document, dict) and bool(as_of)
    table.add("status", answer.code if good else f"{answer.code} {answer.body[:50]}", 200, good)
    return document if good else None
