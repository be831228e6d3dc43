"""A private PostgreSQL."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from measure import CannotMeasure


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Cluster:
    """A server of user postgres on a free port of the loopback; stopped by its pid."""

    def __init__(self, prefix, settings=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
        self.log = self.folder.with_suffix(".log")
        self.binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.port = free_ports(1)[0]
        self.url = self.url_of("postgres")
        data = str(self.folder / "data")
        subprocess.run([self.binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                        "--locale=C", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/tmp", **self.user)
        options = ["listen_addresses=127.0.0.1", "timezone=Asia/Tokyo", f"unix_socket_directories={self.folder}", *settings]
        self.server = subprocess.Popen(
            [self.binaries / "postgres", "-D", data, "-p", str(self.port)] + [w for o in options for w in ("-c", o)],
            stdout=open(self.log, "w"), stderr=subprocess.STDOUT, cwd="/tmp", **self.user)
        while subprocess.run([self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if self.server.poll() is not None:
                raise SystemExit("PostgreSQL did not start: " + self.log.read_text())
            time.sleep(0.1)

    def url_of(self, database, user="postgres"):
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def psql(self, *arguments, script=None, url=None):
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url or self.url, *arguments]
        result = subprocess.run(command, input=script, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if result.returncode != 0:
            raise CannotMeasure(result.stderr.strip()[-500:])
        return result.stdout.strip()

    def set(self, name, value):
        """A setting that may be changed while the server runs, and is not one of those it was started with."""
        self.psql("-c", f"ALTER SYSTEM SET {name} = {value}", "-c", "SELECT pg_reload_conf()")

    def stop(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait(60)
        shutil.rmtree(self.folder)
        self.log.unlink()
