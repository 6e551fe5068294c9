"""Reply to a repeated question with its cached answer; danger has been checked by then."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Tools


def recall(context: Context, tools: Tools) -> Context:
    """Set ``key``, and reply to a question that stands alone and was answered recently."""
    if tools.repeated is None or context.history or context.language is not None:
        return context
    if context.seen.danger is not None or context.seen.is_near:
        return context
    key = tools.repeated.key(context.message, tags=tools.answerer.tags, country=context.country)
    # Taken before anything is looked up, so that a change of approved answers meanwhile makes this answer stale.
    approved = tools.answerer.approved_now()
    context = replace(context, key=key, approved=approved)
    found = tools.repeated.recall(key, approved)
    if found is None:
        return context
    context.recorder.recalled(found.trace, _looked_up(context.asked))
    replied = context.with_answer(found.answer).reply
    return replace(context, replied=replace(replied, is_repeated=True))


def keep(context: Context, tools: Tools) -> None:
    """Cache a reply before anything is added to it."""
    if tools.repeated is None or context.key is None or context.found is None or context.parts:
        return
    trace = context.recorder.kept() if context.reply.reading is None else None
    if trace is not None and [look.text for look in trace.looked] == [_looked_up(context.asked)]:
        tools.repeated.keep(context.key, context.approved, context.reply.answer, trace)


def _looked_up(asked: str) -> str:
    return " ".join(asked.split())
