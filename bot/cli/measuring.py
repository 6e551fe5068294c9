"""Run the command that measures retrieval and answers: evaluate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import FOLDER, ProgressBars, index_option, reporting_errors, settings_for

if TYPE_CHECKING:
    from bot.measuring.evaluation import ScoreRow


@click.command()
@click.option("--data", type=FOLDER, required=True, help="Folder laid out as BEIR does.")
@click.option("--split", default=None, help="Name of a file in its qrels/; the only one by default.")
@click.option("--by", default=None, help="Field of queries.jsonl to break the scores down by.")
@click.option("--baselines", is_flag=True, help="Also measure dense and BM25 retrieval alone.")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@reporting_errors
def evaluate(data: Path, split: str | None, by: str | None, baselines: bool, index: Path | None, as_json: bool) -> None:
    """Measure nDCG@10, MRR@10, recall@100 and hit@1, and the answers where answers.jsonl says what is right."""
    from bot import wiring
    from bot.measuring import evaluation
    from bot.measuring.gold import read_gold

    gold = read_gold(data, split, by=by)
    answerer, _ = wiring.open_answerer(wiring.store_of(settings_for(index)))
    with ProgressBars() as bars:
        rows = list(
            evaluation.evaluate(
                answerer,
                gold,
                baselines=baselines,
                progress=lambda done: bars.show("Ranking", done, len(gold.questions)),
            )
        )
    answers = evaluation.evaluate_answers(answerer, gold) if gold.answers else None
    if as_json:
        click.echo(json.dumps({"rankings": [asdict(row) for row in rows], "answers": answers and asdict(answers)}))
        return
    click.echo(score_table(rows))
    if answers is not None:
        click.echo(
            f"\nAnswers: {answers.right:.3f} right and {answers.wrong:.3f} wrong of {answers.answerable} answerable, "
            f"{answers.answered_unanswerable:.3f} answered of {answers.unanswerable} others"
        )


def score_table(rows: Sequence[ScoreRow]) -> str:
    """Return scores as a Markdown table."""
    lines = ["| set | questions | system | nDCG@10 | MRR@10 | recall@100 | hit@1 |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        name = f"{row.data} {row.group}".strip()
        found = row.scores
        values = " | ".join(
            f"{v:.4f}" for v in (found.ndcg_at_10, found.mrr_at_10, found.recall_at_100, found.hit_at_1)
        )
        lines.append(f"| {name} | {found.questions} | {row.system} | {values} |")
    return "\n".join(lines)
