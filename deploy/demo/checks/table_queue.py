"""The queue where there is no Redis: the CRM's own table of messages, counted by SQL."""

QUEUE = "messages"
STATES = ("waiting", "prioritized", "delayed", "waiting_children", "active", "completed", "failed")


def compare_document(table, document, own, _as_of):
    table.same("queueMetrics.depth", document.get("depth"), own["waiting"])
    table.same("queueMetrics.processingRate", document.get("processingRate"), own["rate"])


def compare_metrics(table, scrape, increase, own, _as_of):
    queue = ("queue", QUEUE)
    scrape.compare(table, "crm_queue_jobs", (queue, ("state", "waiting")), own["waiting"])
    scrape.compare(table, "crm_queue_oldest_waiting_seconds", (queue,), own["oldest"], 0.001)
    scrape.compare(table, "crm_queue_paused", (queue,), 0)
    if increase:
        # What was sent when the daemon looked, and failed after that, is in both.
        most = own["completed"] + own["failed"]
        increase.compare(table, "crm_queue_completed_total", (queue,), own["completed"], most)
        increase.compare(table, "crm_queue_failed_total", (queue,), own["failed"])
    scrape.compare_extra(table, {("crm_queue_jobs", (queue, ("state", state))) for state in STATES})
