"""promtool and amtool: silent when they have nothing to say."""

import os
import re
import shutil
import subprocess

NOISE = ("Checking", "Unit Testing", "SUCCESS", "Warning: --config.file")


def run(faults, name, command, where):
    """One fault for each line in which the tool says that something is wrong. True if there is none."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, timeout=55)
    if done.returncode == 0:
        return True
    said = [line.strip().removeprefix("FAILED:").strip() for line in (done.stdout + done.stderr).splitlines()]
    said = [line for line in said if line and not line.startswith(NOISE)]
    faults.extend(f"{name}: {line}" for line in said or [f"{command[0]} ends with {done.returncode}"])
    return False


def check_rules(faults, root, files):
    names = [str(file.relative_to(root)) for file in files]
    run(faults, "alerts/rules", ["promtool", "check", "rules", "--lint=all", "--lint-fatal", *names], root)


def test_rules(faults, root, files):
    """All at once, as many as there are processors: each is a program that computes for some seconds."""
    waiting, running = [str(file.relative_to(root)) for file in files], []
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            name = waiting.pop(0)
            running.append((name, subprocess.Popen(["promtool", "test", "rules", name], cwd=root, text=True,
                                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)))
        name, process = running.pop(0)
        text = process.communicate()[0]
        if process.returncode != 0:  # what was expected and what came, in one line a failure
            failures = [" ".join(part.split()) for part in re.split(r"FAILED:|\n\s*\n", text)]
            faults.extend(f"{name}: {failure}" for failure in failures
                          if failure and not failure.startswith(("Unit Testing", "SUCCESS")))


def check_queries(faults, root, queries, folder):
    """Of runbooks: promtool reads rules, so each page is made a group and each query a rule."""
    groups = ["groups:"]
    for page, found in queries.items():
        groups += [f"  - name: {page.stem}", "    rules:"]
        for number, query in enumerate(found, 1):
            groups += [f"      - record: query:{number}", "        expr: |", f"          {query}"]
    file = folder / "queries.yaml"
    file.write_text("\n".join(groups) + "\n", encoding="utf-8")
    run(faults, "alerts/runbooks", ["promtool", "check", "rules", file.name], folder)


def check_configurations(faults, root):
    folder = root / "deploy/prometheus"
    run(faults, "deploy/prometheus/prometheus.yml", ["promtool", "check", "config", "prometheus.yml"], folder)
    if not shutil.which("amtool"):
        return "not checked, because amtool is not installed (package prometheus-alertmanager)"
    name = "deploy/prometheus/alertmanager.yml"
    if not run(faults, name, ["amtool", "check-config", "alertmanager.yml"], folder):
        return "wrong"
    for severity, receiver in (("critical", "page"), ("warning", "team")):
        run(faults, f"{name}: {severity}", ["amtool", "config", "routes", "test", "--config.file=alertmanager.yml",
                                            f"--verify.receivers={receiver}", f"severity={severity}"], folder)
    return "checked"
