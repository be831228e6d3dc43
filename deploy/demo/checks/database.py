"""The CRM's PostgreSQL, as its owner, by psql."""

import json
import os
import pathlib
import subprocess

from checks import CannotCheck
from checks.clock import midnight, same_time_yesterday

HERE = pathlib.Path(__file__).resolve().parent.parent
NOBODY = "00000000-0000-0000-0000-000000000000"
# A statement that runs once takes longer to be compiled than to be run.
SETTINGS = "-c jit=off -c work_mem=64MB"


def psql(database, *arguments, **variables):
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
    for name, value in variables.items():
        command += ["-v", f"{name}={value}"]
    environment = os.environ | {"PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {SETTINGS}"}
    result = subprocess.run(command + list(arguments), env=environment, capture_output=True, text=True, timeout=600)
    if result.returncode != 0:
        raise CannotCheck(f"psql failed: {result.stderr.strip()}")
    return result.stdout.strip()


def expected(options, file, caller, as_of, **variables):
    """The JSON that deploy/demo/FILE counts; of the variables, instants are written as such."""
    instants = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in variables.items()}
    return json.loads(psql(options.database, "-f", str(HERE / file), role=caller.role, subject=caller.subject,
                           as_of=as_of.isoformat(), **instants))


def expected_kpi(options, caller, as_of):
    before = same_time_yesterday(options.zone, as_of)
    return expected(options, "expected_kpi.sql", caller, as_of, midnight=midnight(options.zone, as_of), before=before,
                    before_midnight=midnight(options.zone, as_of, 1))
