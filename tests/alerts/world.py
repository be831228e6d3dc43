"""The servers that alerts are about, real ones on free ports of the loopback, and a receiver for what fires.

Everything is of the rules and routes that are delivered, but for time, which runs SPEED times as fast: lengths in rules
and routes are divided by it.
"""

import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "config/source/reference"
SPEED = 60
SLA_SECONDS = 5  # a conversation counts only if it began after counting did
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
COLLECTORS = ("kpi", "conversation-effectiveness", "whatsapp-performance")


class Failed(Exception):
    """The world does not do what it should; the message is for whoever runs the test."""


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def eventually(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failed(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)


def faster(length):
    """"30m" → "30s"; never less than a second, because Prometheus looks once a second."""
    seconds = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|s|m|h|d)", length)) / SPEED
    return f"{max(1, round(seconds))}s"


def faster_rules(text):
    text = re.sub(r"\[([0-9a-z]+)\]", lambda m: f"[{faster(m[1])}]", text)
    return re.sub(r"^(\s*(?:-\s*)?(?:for|keep_firing_for|interval):\s*)([0-9a-z]+)", lambda m: m[1] + faster(m[2]), text, flags=re.M)


def faster_routes(text):
    return re.sub(r"(group_wait|group_interval|repeat_interval):\s*([0-9a-z]+)", lambda m: f"{m[1]}: {faster(m[2])}", text)


class Receiver:
    """What Alertmanager sends, and to which of its receivers, by the path of the webhook."""

    def __init__(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.lock:
                    for alert in body["alerts"]:
                        receiver.told.append((self.path.strip("/"), alert["status"], alert["labels"], alert["annotations"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.lock, self.told = threading.Lock(), []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, name, status, labels):
        """(receiver, labels, annotations) of each time that the alert with these labels was told so."""
        with self.lock:
            return [(receiver, found, annotations) for receiver, state, found, annotations in self.told
                    if found["alertname"] == name and state == status and labels.items() <= found.items()]


class World:
    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="crm-alerts.", dir="/tmp"))
        self.folder.chmod(0o755)
        self.processes, self.keep = {}, False
        self.quiet = False  # nothing usual goes on
        ports = free_ports(6)
        self.pg_port, self.redis_port, self.admin_port, self.api_port, self.prometheus_port, self.alertmanager_port = ports
        self.pg_bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.as_postgres = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.receiver = Receiver()

    # --- processes

    def start(self, name, *command, **how):
        log = open(self.folder / f"{name}.log", "a")
        self.processes[name] = subprocess.Popen([str(word) for word in command], stdout=log, stderr=subprocess.STDOUT,
                                                cwd="/", **how)

    def stop(self, name, with_signal=signal.SIGTERM):
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.send_signal(signal.SIGCONT)
        process.send_signal(with_signal)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def log_of(self, name):
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def close(self):
        for name in ("prometheus", "alertmanager", "daemon", "redis"):
            self.stop(name)
        self.stop("postgres", signal.SIGQUIT)
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- servers

    def start_postgres(self):
        self.start("postgres", self.pg_bin / "postgres", "-D", self.folder / "pg", "-p", self.pg_port, "-c",
                   "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", **self.as_postgres)
        ready = [self.pg_bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.pg_port)]
        eventually(lambda: subprocess.run(ready).returncode == 0, 60, "PostgreSQL answers")

    def make_crm(self):
        data = self.folder / "pg"
        data.mkdir()
        if self.as_postgres:
            shutil.chown(data, "postgres", "postgres")
        subprocess.run([self.pg_bin / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **self.as_postgres)
        self.start_postgres()
        for file in ("tables.sql", "indexes.sql", "views.sql"):
            self.psql("-f", REFERENCE / file)
        self.psql("-f", ROOT / "deploy/roles.sql")
        self.sql("ALTER ROLE crm_metrics_read LOGIN; ALTER ROLE crm_metrics_write LOGIN")
        self.configure()
        for words in ((), (f"--source={REFERENCE}", "--yes")):
            subprocess.run([self.build / "bin/crm-metricsd", "migrate", "--config", self.config, "--admin-url",
                            self.url("postgres"), *words], check=True, stdout=subprocess.DEVNULL)

    def url(self, user):
        return f"postgresql://{user}@127.0.0.1:{self.pg_port}/postgres"

    def psql(self, *arguments):
        result = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url("postgres"), *map(str, arguments)],
                                text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if result.returncode != 0:
            raise Failed(result.stderr.strip()[-500:])
        return result.stdout.strip()

    def sql(self, text):
        return self.psql("-c", text)

    def start_redis(self):
        self.start("redis", "redis-server", "--port", self.redis_port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                   "--dir", self.folder)
        eventually(lambda: self.redis("PING") == "PONG", 30, "Redis answers")

    def redis(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.redis_port), *map(str, words)], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout.strip()

    @property
    def config(self):
        return self.folder / "crm-metricsd.yaml"

    def configure(self, more=""):
        every = "".join(f"  {name}: {{every: 1s, timeout: 3s, stale_after: 1h}}\n" for name in COLLECTORS)
        self.config.write_text(f"""timezone: UTC
log: {{format: text}}
database: {{url: "{self.url('crm_metrics_read')}", write_url: "{self.url('crm_metrics_write')}", connect_timeout: 1s}}
sla: {{first_response_seconds: {SLA_SECONDS}}}
redis: {{url: "redis://127.0.0.1:{self.redis_port}", timeout: 500ms}}
queue: {{names: [outgoing]}}
admin: {{listen: "127.0.0.1:{self.admin_port}"}}
api: {{listen: "127.0.0.1:{self.api_port}", timeout: 6s}}
plugins: {{directory: "{self.build}/plugins", load: [{', '.join(COLLECTORS)}]}}
collectors:
{every}{more}""")

    def start_daemon(self):
        self.start("daemon", self.build / "bin/crm-metricsd", "serve", "--config", self.config)
        eventually(lambda: self.get(self.admin_port, "/-/ready") == 200, 60, "crm-metricsd is ready")

    def start_monitoring(self, rules, alertmanager):
        (self.folder / "rules").mkdir()
        for file in sorted(pathlib.Path(rules).glob("*.yaml")):
            (self.folder / "rules" / file.name).write_text(faster_rules(file.read_text()))
        routes = faster_routes(pathlib.Path(alertmanager).read_text())
        routes = re.sub(r"url: *[\"']?http://[^/\"'\s]+(/[^\"'\s]*)?[\"']?", "url: REPLACED", routes)
        for name in re.findall(r"^ *- name: *(\S+)", routes, re.M):
            head, found, tail = routes.partition(f"- name: {name}")
            routes = head + found + tail.replace("url: REPLACED", f"url: http://127.0.0.1:{self.receiver.port}/{name}", 1)
        (self.folder / "alertmanager.yml").write_text(routes)
        (self.folder / "prometheus.yml").write_text(f"""global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: ["{self.folder}/rules/*.yaml"]
alerting:
  alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{self.alertmanager_port}"]}}]}}]
scrape_configs:
  - job_name: crm-metricsd
    static_configs: [{{targets: ["127.0.0.1:{self.admin_port}"]}}]
""")
        self.start("alertmanager", "prometheus-alertmanager", f"--config.file={self.folder}/alertmanager.yml",
                   f"--storage.path={self.folder}/alertmanager", f"--web.listen-address=127.0.0.1:{self.alertmanager_port}",
                   "--cluster.listen-address=")
        self.start("prometheus", "prometheus", f"--config.file={self.folder}/prometheus.yml",
                   f"--storage.tsdb.path={self.folder}/prometheus", f"--web.listen-address=127.0.0.1:{self.prometheus_port}",
                   "--rules.alert.resend-delay=1s")
        eventually(lambda: self.get(self.alertmanager_port, "/-/ready") == 200, 30, "Alertmanager is ready")
        eventually(lambda: self.get(self.prometheus_port, "/-/ready") == 200, 30, "Prometheus is ready")

    # --- asking

    def get(self, port, path, timeout=15, headers=None):
        """The status of an answer, or 0."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        try:
            connection.request("GET", path, headers=headers or {})
            reply = connection.getresponse()
            reply.read()
            return reply.status
        except OSError:
            return 0
        finally:
            connection.close()

    def ask_api(self, role="owner"):
        """An agent is somebody new each time, of whom no older answer is kept."""
        return self.get(self.api_port, "/api/dashboard/kpi", headers={"X-CRM-Role": role, "X-CRM-Subject": str(uuid.uuid4())})

    def firing(self):
        """Names of what fires now, as Prometheus says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.prometheus_port, timeout=15)
        try:
            connection.request("GET", "/api/v1/alerts")
            alerts = json.loads(connection.getresponse().read())["data"]["alerts"]
        finally:
            connection.close()
        return sorted({alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"})
