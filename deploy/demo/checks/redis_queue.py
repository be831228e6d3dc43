"""The queue where there is a Redis: BullMQ's keys, counted by redis-cli while nobody adds or takes a job."""

import datetime as dt
import subprocess

from checks import CannotCheck

SHARED, JITTER = dt.timedelta(seconds=1), dt.timedelta(milliseconds=50)
OUTGOING, DEAD = "whatsapp-outgoing", "whatsapp-dead"
KEYS = {"waiting": ("LLEN", "wait", "paused"), "active": ("LLEN", "active"), "prioritized": ("ZCARD", "prioritized"),
        "delayed": ("ZCARD", "delayed"), "waiting_children": ("ZCARD", "waiting-children"),
        "completed": ("ZCARD", "completed"), "failed": ("ZCARD", "failed")}


class Redis:
    """The password is in REDISCLI_AUTH."""

    def __init__(self, endpoint, prefix="bull"):
        self.host, self.port = endpoint.rsplit(":", 1)
        self.prefix = prefix

    def ask(self, command, key, *arguments):
        words = ["redis-cli", "-h", self.host, "-p", self.port, command, f"{self.prefix}:{key}", *map(str, arguments)]
        result = subprocess.run(words, capture_output=True, text=True, timeout=10)
        if result.returncode != 0 or result.stdout.startswith(("ERR", "NOAUTH", "WRONG", "NOPERM")):
            raise CannotCheck(f"redis-cli {command}: {(result.stderr or result.stdout).strip()}")
        return result.stdout.strip()

    def number(self, command, key, *arguments):
        return int(self.ask(command, key, *arguments) or 0)

    def jobs(self, queue):
        return {state: sum(self.number(command, f"{queue}:{key}") for key in keys)
                for state, (command, *keys) in KEYS.items()}

    def due(self, queue, as_of):
        """Delayed jobs whose time has come: the score is milliseconds · 4096 and a number below that."""
        last = int(as_of.timestamp() * 1000) * 4096 + 4095
        return self.number("ZCOUNT", f"{queue}:delayed", "-inf", last)

    def depth(self, queue, as_of):
        jobs = self.jobs(queue)
        return jobs["waiting"] + jobs["prioritized"] + self.due(queue, as_of)

    def ended(self, queue, what):
        """As the worker's metrics count; where none works, as many as are kept."""
        return int(self.ask("HGET", f"{queue}:metrics:{what}", "count") or self.number("ZCARD", f"{queue}:{what}"))

    def ended_between(self, queue, what, start, end):
        return self.number("ZCOUNT", f"{queue}:{what}", int(start.timestamp() * 1000), f"({int(end.timestamp() * 1000)}")

    def waiting_since(self, queue, as_of):
        """Since when the job waits that waits longest of those that are next: it was added, its delay was over, or its last
        attempt began. Behind the first of the prioritised ones a less urgent one may wait longer still, where no command
        finds it that does not grow with the queue."""
        last = int(as_of.timestamp() * 1000) * 4096 + 4095
        ids = [*self.ask("LRANGE", f"{queue}:wait", -1, -1).split(), *self.ask("LRANGE", f"{queue}:paused", -1, -1).split(),
               *self.ask("ZRANGE", f"{queue}:prioritized", 0, 0).split(),
               *self.ask("ZRANGEBYSCORE", f"{queue}:delayed", "-inf", last, "LIMIT", 0, 1).split()]
        since = []
        for job in ids:
            added, delay, attempted = (
                int(self.ask("HGET", f"{queue}:{job}", field) or 0) for field in ("timestamp", "delay", "processedOn"))
            since.append(max(added + delay, attempted))
        return min(since) / 1000 if since else None


class RedisQueue:
    """Compares queues with what redis-cli says. Samples are shared for a second, so a delayed job may not be due yet."""

    def __init__(self, redis):
        self.redis = redis

    def depths(self, queues, as_of):
        return [sum(self.redis.depth(queue, instant) for queue in queues) for instant in (as_of - SHARED, as_of + JITTER)]

    def compare_document(self, table, document, _, as_of):
        table.between("queueMetrics.depth", document.get("depth"), *self.depths((OUTGOING, DEAD), as_of))
        rates = [self.redis.ended_between(OUTGOING, "completed", *minute_before(instant))
                 for instant in (as_of - SHARED, as_of)]
        table.between("queueMetrics.processingRate", document.get("processingRate"), min(rates), max(rates))

    def compare_metrics(self, table, scrape, increase, _, as_of):
        wanted = set()
        for queue in (OUTGOING, DEAD):
            label = ("queue", queue)
            for state, count in self.redis.jobs(queue).items():
                scrape.compare(table, "crm_queue_jobs", (label, ("state", state)), count)
                wanted.add(("crm_queue_jobs", (label, ("state", state))))
            paused = self.redis.ask("HGET", f"{queue}:meta", "paused")
            scrape.compare(table, "crm_queue_paused", (label,), 1 if paused else 0)
            for what in ("completed", "failed"):
                if increase:
                    increase.compare(table, f"crm_queue_{what}_total", (label,), self.redis.ended(queue, what))
        scrape.compare_extra(table, wanted)
        since = self.redis.waiting_since(OUTGOING, as_of)
        age = None if since is None else as_of.timestamp() - since
        scrape.compare(table, "crm_queue_oldest_waiting_seconds", (("queue", OUTGOING),), age, SHARED.total_seconds())
        scrape.compare(table, "crm_queue_oldest_waiting_seconds", (("queue", DEAD),), None)  # nobody takes from it


def minute_before(instant):
    end = instant.replace(second=0, microsecond=0)
    return end - dt.timedelta(minutes=1), end
