"""Whether an answer of the daemon and the straight SQL of tests/bench/reference count the same: a few numbers of each."""


def kpi(document, own):
    return {
        "activeConversations": (document["activeConversations"]["value"], own["active"]),
        "avgResponseTime": (document["avgResponseTime"]["value"], mean(own["response_seconds"], own["answered"])),
        "whatsappDeliveryRate": (document["whatsappDeliveryRate"]["value"], percentage(own["delivered"], own["sent"])),
        "openTickets": (document["openTickets"]["value"], own["tickets"]),
        "messagesToday": (document["messagesToday"]["value"], own["messages"]),
    }


def conversation_effectiveness(document, own):
    created = sum(document["resolvedVsOpen"][state] for state in ("resolved", "open"))
    sla = document["slaCompliance"]
    return {
        "conversations": (created, own["created"] or 0),
        "resolved": (document["resolvedVsOpen"]["resolved"], own["resolved"] or 0),
        "most of an agent": (max((row["count"] for row in document["conversationsPerAgent"]), default=0), own["most"] or 0),
        "buckets": (len(document["avgResponseTimeOverTime"]), own["buckets"]),
        "compliant": (sla["compliant"], own["compliant"]),
        "nonCompliant": (sla["nonCompliant"], own["breached"]),
    }


def whatsapp_performance(document, own):
    funnel, broadcasts = document["messageFunnel"], document["broadcastSuccessRate"]
    return {
        **{fate: (funnel[fate], own[fate]) for fate in ("sent", "delivered", "read", "failed")},
        "recipients": (broadcasts["total"], own["recipients"]),
        "page": (len(document["failedMessages"]), own["page"]),
        "sessions": (len(document["activeSessions"]), own["sessions"]),
    }


def mean(total, count):
    return (total or 0) / count if count else 0


def percentage(part, whole):
    return 100 * part / whole if whole else 100


def differences(section, document, own):
    """Rounded numbers may differ by one; a few rows by the horizon, which straight SQL does not know."""
    pairs = globals()[section.replace("-", "_")](document, own)
    return [f"{name} {ours} against {straight}" for name, (ours, straight) in pairs.items()
            if abs(ours - straight) > 1 + abs(straight) / 1000]
