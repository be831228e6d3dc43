"""The simulator's live traffic over a CRM, for a while."""

import contextlib
import signal
import subprocess

AT_MOST = 120  # messages a second of one simulator: its statements are one after the other, and each waits its turn


@contextlib.contextmanager
def traffic(bench, crm, rate):
    """`rate` messages a second, with their deliveries, conversations and resolutions. Yields a count of those written so far."""
    count = max(1, round(-(-rate // AT_MOST)))
    written = lambda: crm.number("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'messages' AND schemaname = 'public'")
    simulators = [subprocess.Popen([bench.build / "bin/crm-simulator", "--url", crm.url, "--live", str(rate / count), "--seed",
                                    str(seed)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                  for seed in range(1, count + 1)]
    try:
        yield written
    finally:
        for simulator in simulators:
            simulator.send_signal(signal.SIGTERM)
        for simulator in simulators:
            simulator.wait(30)
