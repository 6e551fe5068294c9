"""Name the codes of the console in one table: reasons, priorities, outcomes; statuses name themselves.

A code without a name is shown with spaces, so that nothing is ever hidden.
"""

from __future__ import annotations

from bot.statuses import label_of
from bot.web.staff.blueprint import staff

LABELS: dict[str, dict[str, str]] = {
    "reason": {
        "crisis": "thoughts of self-harm",
        "emergency": "an emergency",
        "handoff": "asked for a person",
        "thumbs_down": "did not help",
        "unanswered": "no answer",
        "low_confidence": "an unsure answer",
    },
    "status": {"open": "Open", "pending": "Pending", "snoozed": "Snoozed", "resolved": "Resolved", "any": "Any status"},
    "danger": {
        "emergency": "an emergency",
        "crisis": "thoughts of self-harm",
        "personal": "a decision about one person",
        "personal_medical": "a decision about one person",
    },
    "mail": {
        "mailed": "mailed",
        "soon": "about to be mailed",
        "retrying": "e-mail failed, tried again",
        "failed": "e-mail failed for good",
        "without": "no e-mail address",
    },
    "doubt": {
        "personal": "Tells who somebody is",
        "dose": "Tells one person what to take or change",
        "danger": "Sounds like an emergency",
        "gap": "A word is still missing",
    },
    "curated": {
        "draft": "Needs approval",
        "approved": "Live now",
        "edited": "Live now, edited since",
        "retired": "Retired",
    },
    "event": {
        "status": "status",
        "assignee": "assignee",
        "priority": "priority",
        "label": "label",
        "reply": "reply",
        "because": "put away unread, because",
        "undo": "took back a change",
        "split": "split",
        "merge": "merged",
        "burst": "burst",
    },
}


@staff.app_template_filter("called")
def called(code: str, kind: str) -> str:
    """Return what a code of a kind is called."""
    if kind == "answer":
        return label_of(code)
    return LABELS[kind].get(code) or code.replace("_", " ")


@staff.app_template_filter("sure")
def how_sure(confidence: float) -> str:
    """Return how sure an answer was, in words: half of those at 0.5 answer what was asked."""
    strength = "Strong" if confidence >= _STRONG else "Fair" if confidence >= _FAIR else "Weak"
    return f"{strength} match"


_STRONG, _FAIR = 0.8, 0.6


def told_event(who: str, kind: str, text: str) -> str:
    """Return what somebody did to a ticket, as the rest of a sentence that begins with their name."""
    if kind == "assignee":
        return "took this" if text == who else "left it unassigned" if text == "nobody" else f"assigned it to {text}"
    if kind == "status":
        return {"resolved": "resolved this", "open": "opened it again", "pending": "set it to pending"}.get(text, text)
    if kind == "priority":
        return f"set the priority to {text}"
    if kind == "label":
        return f"{'added' if text.startswith('+') else 'removed'} the label {text[2:]}"
    if kind == "reply":
        return text if text.startswith("withdrawn") else f"replied {text}"
    return f"{called(kind, 'event')}{': ' if text else ''}{text}"


@staff.context_processor
def functions() -> dict[str, object]:
    """Return the functions that templates may call."""
    return {"told_event": told_event}
