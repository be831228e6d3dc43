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


def customer_load(document, own):
    return {
        "chats": (sum(row["count"] for row in document["incomingChatsPerHour"]), sum(row["count"] for row in own["chats"])),
        "cells": (sum(row["count"] for row in document["heatmap"]), sum(row["count"] for row in own["heatmap"])),
        "new": (document["newVsReturning"]["new"], own["customers"]["new"]),
        "returning": (document["newVsReturning"]["returning"], own["customers"]["all"] - own["customers"]["new"]),
    }


def agent_productivity(document, own):
    return {
        "agents": (len(document["agentMetrics"]), len(own["agents"])),
        "chats": (sum(row["chatsHandled"] for row in document["agentMetrics"]), sum(row["handled"] for row in own["agents"])),
        "online": (sum(row["activeTime"] for row in document["agentMetrics"]), sum(row["online"] for row in own["agents"])),
        **{band: (document["workloadDistribution"][band], own["workload"][band])
           for band in ("balanced", "overloaded", "underutilized")},
    }


def automation_impact(document, own):
    return {
        "chatbot": (document["chatbotVsHuman"]["chatbot"], own["conversations"]["chatbot"]),
        "human": (document["chatbotVsHuman"]["human"], own["conversations"]["human"]),
        "dropped": (document["dropOffRate"]["dropped"], own["conversations"]["dropped"]),
        "intents": (sum(row["count"] for row in document["topIntents"]),
                    sum(row["count"] for row in own["intents"][:len(document["topIntents"])])),
    }


def business_impact(document, own):
    return {
        "leads": (document["leadsGenerated"]["total"], own["leads"]["now"]),
        "tickets": (document["ticketsResolved"]["month"], own["tickets"]["month"]),
        "campaigns": (len(document["campaignConversion"]), len(own["campaigns"])),
        "sent": (sum(row["sent"] for row in document["campaignConversion"]), sum(row["sent"] for row in own["campaigns"])),
        "repeat rate": (document["repeatCustomerRate"]["rate"],
                        repeated(own["customers"].get("now", {"all": 0, "repeated": 0}))),
    }


def repeated(customers):
    return 100 * customers["repeated"] / customers["all"] if customers["all"] else 0


def mean(total, count):
    return (total or 0) / count if count else 0


def percentage(part, whole):
    return 100 * part / whole if whole else 100


def differences(section, document, own):
    """Rounded numbers may differ by one; a few rows by the horizon, which straight SQL does not know."""
    pairs = globals()[section.replace("-", "_")](document, own)
    return [f"{name} {ours} against {straight}" for name, (ours, straight) in pairs.items()
            if abs(ours - straight) > 1 + abs(straight) / 1000]
