"""What breaks, which alerts must fire for it, and how it is mended: one thing at a time."""

import contextlib
import dataclasses
import signal
import threading
import time

AGENT = "00000000-0000-4000-8000-00000000000a"


@dataclasses.dataclass(frozen=True)
class Expected:
    alert: str
    receiver: str        # page: critical, team: warning
    labels: tuple = ()   # ((name, value), …)


class Repeated:
    """Does something every so often in a thread of its own, until it is left."""

    last_failure = None  # of any of them: told where an alert does not come

    def __init__(self, seconds, work):
        self.stop = threading.Event()

        def loop():
            while not self.stop.wait(seconds):
                try:
                    work()
                except Exception as failure:
                    Repeated.last_failure = failure
        self.thread = threading.Thread(target=loop, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def conversation(age, answered_after, status="delivered"):
    """A conversation that began `age` seconds ago and was answered by the agent so many seconds later."""
    return f"""
      WITH made AS (INSERT INTO conversations (assigned_agent_id, created_at)
        VALUES ('{AGENT}', now() AT TIME ZONE 'UTC' - interval '{age} s') RETURNING id, created_at)
      INSERT INTO messages (conversation_id, direction, sender_type, sender_id, delivery_status, created_at)
      SELECT id, 'inbound', 'customer', NULL::uuid, 'delivered', created_at FROM made UNION ALL
      SELECT id, 'outbound', 'agent', '{AGENT}', '{status}', created_at + interval '{answered_after} s' FROM made"""


def sent(count, status, reason="NULL", age="0 s"):
    return f"""INSERT INTO messages (direction, sender_type, delivery_status, failed_reason, created_at)
      SELECT 'outbound', 'agent', '{status}', {reason}, now() AT TIME ZONE 'UTC' - interval '{age}' FROM generate_series(1, {count})"""


def usual(world):
    """A team that answers within the target, and messages that arrive."""
    return Repeated(0.5, lambda: world.quiet or world.sql(f"{conversation(4, 3)}; {sent(2, 'delivered')}"))


@contextlib.contextmanager
def slow_replies(world):
    with Repeated(0.3, lambda: world.sql(";".join([conversation(16, 15)] * 5))):
        yield


@contextlib.contextmanager
def failed_deliveries(world):
    reason = "'131026: Message undeliverable'"
    with Repeated(0.3, lambda: world.sql(sent(10, "failed", reason))):
        yield


@contextlib.contextmanager
def stopped_deliveries(world):
    """The gateway takes messages, nothing arrives: what was delivered last is older than what waits."""
    world.quiet = True
    world.sql(f"UPDATE messages SET created_at = created_at - interval '2 hours'; {sent(30, 'sent', age='20 minutes')}")
    try:
        yield
    finally:
        world.quiet = False
        world.sql(sent(1, "delivered"))


@contextlib.contextmanager
def session_down(world):
    world.sql("UPDATE whatsapp_sessions SET status = 'disconnected' WHERE session_id = 'support'")
    try:
        yield
    finally:
        world.sql("UPDATE whatsapp_sessions SET status = 'connected'")


@contextlib.contextmanager
def all_sessions_down(world):
    world.sql("UPDATE whatsapp_sessions SET status = 'disconnected'")
    try:
        yield
    finally:
        world.sql("UPDATE whatsapp_sessions SET status = 'connected'")


@contextlib.contextmanager
def queue_stopped(world):
    """Nobody takes jobs any more; the oldest has been waiting for ten minutes."""
    old = int((time.time() - 600) * 1000)
    world.redis("HSET", "bull:outgoing:1", "timestamp", old, "opts", "{}", "data", "{}")
    world.redis("RPUSH", "bull:outgoing:wait", 1)
    try:
        yield
    finally:
        world.redis("FLUSHALL")


@contextlib.contextmanager
def queue_growing(world):
    """Jobs come faster than they are done, all of them young."""
    more = iter(range(2, 10**9))

    def add():
        now, job = int(time.time() * 1000), next(more)
        world.redis("HSET", f"bull:outgoing:{job}", "timestamp", now, "opts", "{}", "data", "{}")
        world.redis("LPUSH", "bull:outgoing:wait", *[job] * 20)
    try:
        with Repeated(0.3, add):
            yield
    finally:
        world.redis("FLUSHALL")


@contextlib.contextmanager
def queue_paused(world):
    world.redis("HSET", "bull:outgoing:meta", "paused", 1)
    try:
        yield
    finally:
        world.redis("FLUSHALL")


@contextlib.contextmanager
def redis_killed(world):
    world.stop("redis", signal.SIGKILL)
    try:
        yield
    finally:
        world.start_redis()


@contextlib.contextmanager
def database_killed(world):
    world.stop("postgres", signal.SIGQUIT)
    try:
        yield
    finally:
        world.start_postgres()


@contextlib.contextmanager
def slow_api(world):
    """A migration of the CRM's holds a table that every answer needs, for four seconds at a time."""
    hold = Repeated(0.2, lambda: world.sql("BEGIN; LOCK TABLE conversations; SELECT pg_sleep(4); COMMIT"))
    with hold, contextlib.ExitStack() as askers:
        for _ in range(4):
            askers.enter_context(Repeated(0.1, world.ask_api))
        yield


@contextlib.contextmanager
def collector_failing(world):
    world.sql("ALTER VIEW crm_source.tickets RENAME COLUMN priority TO importance")
    try:
        yield
    finally:
        world.sql("ALTER VIEW crm_source.tickets RENAME COLUMN importance TO priority")


@contextlib.contextmanager
def api_errors(world):
    """A change of the CRM's that nobody told: what agents ask for cannot be answered."""
    world.sql("ALTER VIEW crm_source.tickets RENAME COLUMN priority TO importance")
    try:
        with Repeated(0.02, lambda: world.ask_api("agent")), Repeated(0.02, lambda: world.ask_api("agent")):
            yield
    finally:
        world.sql("ALTER VIEW crm_source.tickets RENAME COLUMN importance TO priority")


@contextlib.contextmanager
def rollup_stopped(world):
    """Whoever hardened the database took a right too many."""
    world.sql("REVOKE ALL ON ALL TABLES IN SCHEMA crm_metrics FROM crm_metrics_write")
    try:
        yield
    finally:
        world.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm_metrics TO crm_metrics_write")


@contextlib.contextmanager
def bad_reload(world):
    world.configure("limits: {max_agnts: 60}\n")
    world.processes["daemon"].send_signal(signal.SIGHUP)
    try:
        yield
    finally:
        world.configure()
        world.processes["daemon"].send_signal(signal.SIGHUP)


@contextlib.contextmanager
def daemon_hangs(world):
    world.processes["daemon"].send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        world.processes["daemon"].send_signal(signal.SIGCONT)


SCENARIOS = (
    # CRMMessageFailuresSurging compares with the day before, which no world of minutes has: alerts/tests fire it.
    (failed_deliveries, [Expected("CRMDeliveryRateLow", "team")]),
    (stopped_deliveries, [Expected("CRMDeliveriesStopped", "page")]),
    (session_down, [Expected("CRMSessionDisconnected", "team")]),
    (all_sessions_down, [Expected("CRMAllSessionsDown", "page")]),
    (queue_stopped, [Expected("CRMQueueJobsOld", "page", (("queue", "outgoing"),))]),
    (queue_growing, [Expected("CRMQueueBacklogGrowing", "team", (("queue", "outgoing"),))]),
    (queue_paused, [Expected("CRMQueuePaused", "team")]),
    (redis_killed, [Expected("CRMRedisDown", "team")]),
    (database_killed, [Expected("CRMPostgresDown", "page")]),
    (api_errors, [Expected("CRMApiErrors", "page")]),
    (slow_api, [Expected("CRMApiSlow", "team")]),
    (collector_failing, [Expected("CRMCollectorFailing", "team", (("collector", "kpi"),))]),
    (rollup_stopped, [Expected("CRMRollupStopped", "team")]),
    (bad_reload, [Expected("CRMReloadFailed", "team")]),
    (daemon_hangs, [Expected("CRMDaemonDown", "page")]),
    (slow_replies, [Expected("CRMSlaErrorBudgetBurn", "page"), Expected("CRMResponseTimeCritical", "page")]),
)
