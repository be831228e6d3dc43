"""The daemon under measurement: started over a CRM, asked, stopped by its pid."""

import dataclasses
import http.client
import json
import pathlib
import re
import signal
import subprocess
import time

from measure import CannotMeasure
from measure.cluster import free_ports

READER, WRITER = "crm_metrics_read", "crm_metrics_write"
SECTIONS = ("kpi", "conversation-effectiveness", "whatsapp-performance", "customer-load", "agent-productivity",
            "automation-impact", "business-impact")


@dataclasses.dataclass
class Reply:
    status: int
    ms: float
    document: dict
    as_of: str


MOST_IDLE = 20  # seconds; the daemon closes connections that are idle for longer than it is configured to wait


def can(build, command):
    """Does this build know the command?"""
    text = subprocess.run([build / "bin/crm-metricsd", "help"], check=True, text=True, stdout=subprocess.PIPE).stdout
    return re.search(rf"^  {command}\b", text, re.M) is not None


def configuration(build, crm, every, with_history):
    api, admin = free_ports(2)
    history = f'  write_url: "{crm.cluster.url_of(crm.name, WRITER)}"\n' if with_history else ""
    return api, admin, f"""timezone: {crm.zone}
log: {{format: text}}
database:
  url: "{crm.cluster.url_of(crm.name, READER)}"
{history}admin: {{listen: "127.0.0.1:{admin}"}}
api: {{listen: "127.0.0.1:{api}", auth: none}}
plugins: {{directory: "{build}/plugins"}}
collectors:
{"".join(f"  {section}: {{every: {every}}}{chr(10)}" for section in SECTIONS)}"""


class Daemon:
    def __init__(self, build, crm, folder, every="1h", with_history=True):
        self.build, self.crm = build, crm
        self.log = pathlib.Path(folder) / f"daemon-{crm.name}.log"
        self.api, self.admin, text = configuration(build, crm, every, with_history)
        self.file = pathlib.Path(folder) / f"{crm.name}.yaml"
        self.file.write_text(text)
        self.process = subprocess.Popen([build / "bin/crm-metricsd", "serve", "--config", self.file],
                                        stdout=open(self.log, "a"), stderr=subprocess.STDOUT)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=60)
        self.asked = time.monotonic()
        self.wait_for(self.ready, 120, "was not ready")

    def wait_for(self, condition, seconds, otherwise):
        deadline = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                raise CannotMeasure(f"crm-metricsd ended by itself: {self.last_word()}")
            if time.monotonic() > deadline:
                raise CannotMeasure(f"crm-metricsd {otherwise} within {seconds} s; its last word: {self.last_word()}")
            time.sleep(0.1)

    def last_word(self):
        lines = self.log.read_text().splitlines()
        return lines[-1] if lines else "none"

    def admin_get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=10)
        try:
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        finally:
            connection.close()

    def ready(self):
        try:
            return self.admin_get("/-/ready")[0] == 200
        except OSError:
            return False

    def metric(self, name):
        """The sum over a family's series."""
        text = self.admin_get("/metrics")[1]
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))

    def ask(self, path, role, subject):
        headers = {"X-CRM-Role": role, "X-CRM-Subject": subject}
        if time.monotonic() - self.asked > MOST_IDLE:
            self.connection.close()  # while a reference ran; the next request opens it again
            self.connection.connect()
        self.asked = time.monotonic()
        started = time.perf_counter()
        self.connection.request("GET", path, headers=headers)
        reply = self.connection.getresponse()
        body = reply.read()
        ms = 1000 * (time.perf_counter() - started)
        document = json.loads(body) if reply.status == 200 else {}
        return Reply(reply.status, ms, document, reply.getheader("X-CRM-As-Of"))

    def resident_mib(self):
        pages = int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * 4096 / 2**20

    def stop(self):
        self.connection.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
