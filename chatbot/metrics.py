"""All figures that the process shows at /metrics, in one list. Labels are bounded: no ids, no text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

received = Counter("chatbot_received", "Messages stored", ["channel"], registry=REGISTRY)
delivery_receipts = Counter(
    "chatbot_delivery_receipts", "Platforms' words that messages of ours came on", ["channel"], registry=REGISTRY
)
duplicates = Counter("chatbot_duplicates", "Deliveries that were stored before", ["channel"], registry=REGISTRY)
id_conflicts = Counter("chatbot_id_conflicts", "Known ids that came with another body", ["channel"], registry=REGISTRY)
refused = Counter("chatbot_refused", "Requests that did not prove their sender", ["channel"], registry=REGISTRY)
quarantined = Counter("chatbot_quarantined", "Bodies and messages set aside", ["channel", "reason"], registry=REGISTRY)
unstored = Counter("chatbot_unstored", "Deliveries answered 503", ["channel"], registry=REGISTRY)
handled = Counter("chatbot_handled", "Messages handled", ["road", "outcome"], registry=REGISTRY)
faq_answers = Counter("chatbot_faq_answers", "Questions answered from the FAQ", registry=REGISTRY)
alerts = Counter("chatbot_alerts", "Emergencies raised", registry=REGISTRY)
tickets = Counter("chatbot_tickets", "Tickets opened", registry=REGISTRY)
sent = Counter("chatbot_sent", "Calls to platforms that succeeded", ["channel", "task"], registry=REGISTRY)
send_errors = Counter("chatbot_send_errors", "Calls that did not", ["channel", "kind"], registry=REGISTRY)
possibly_repeated = Counter(
    "chatbot_possibly_repeated", "Messages that may have arrived twice", ["channel"], registry=REGISTRY
)
strangers = Counter("chatbot_stranger_groups", "Groups that are not ours and were left", registry=REGISTRY)
media_fetched = Counter("chatbot_media", "Files by what became of them", ["channel", "state"], registry=REGISTRY)
faq_faults = Gauge("chatbot_faq_faults", "FAQ files that are broken now", registry=REGISTRY)
oldest_inbound = Gauge("chatbot_oldest_inbound_seconds", "Age of the oldest unhandled message", registry=REGISTRY)
oldest_outbound = Gauge("chatbot_oldest_outbound_seconds", "Age of the oldest unsent row", registry=REGISTRY)
channel_down = Gauge("chatbot_channel_down", "1 when a channel was stopped", ["channel"], registry=REGISTRY)
alarms = Gauge("chatbot_alarms", "Alarms that stand now", ["alarm"], registry=REGISTRY)
acknowledge = Histogram(
    "chatbot_acknowledge_seconds",
    "From request to answer",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
