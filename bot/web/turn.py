"""One turn: a question that was read, its Answer, and the names it gets. The API and the pages both take turns here.

Comes in: a clean question. Goes out: the Answer as it is sent. It must not know how it is shown.
"""

from __future__ import annotations

from flask import g

from bot.web import wire
from bot.web.identifiers import new_identifier
from bot.web.service import current_service


def take_turn(question: str, conversation_id: str | None) -> wire.Answer:
    """The Answer to a question, in its conversation or a new one.

    :param question: from ``clean_question``
    :param conversation_id: from an earlier Answer, ``None`` to begin
    :returns: the Answer with fresh turn id and feedback token
    :raises QuestionRejected: if the answerer does not take the question
    :raises IndexUnavailable: if there is no Build to answer from
    """
    service = current_service()
    g.turn_id = new_identifier()
    answer = service.answerer.answer(question)
    service.metrics.count_answer(answer.status)
    return wire.answer_on_wire(
        answer,
        conversation_id=conversation_id or new_identifier(),
        turn_id=g.turn_id,
        feedback_token=new_identifier(),
        base_url=service.base_url,
    )
