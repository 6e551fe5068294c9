"""What a feed has withdrawn is retired: kept in the corpus, and out of the index."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.errors import CorpusErrors
from tests.syncing.published import EPISODE, VTT, Desk, atom, entry, item, json_feed, rss

COMPLETE = "<fh:complete/>"


def article(title: str, day: int) -> str:
    return item(title, day=day, description=f"About {title}.")


def retired(desk: Desk, name: str) -> list[str]:
    text = desk.files()[name].decode()
    return re.findall(r"^retired: (\S+)$", text, flags=re.MULTILINE)


def test_an_entry_is_retired_when_older_ones_are_still_in_the_feed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.report(desk.publish(rss(article("C", 3), article("B", 2), article("A", 1))))
    assert desk.report(desk.publish(rss(article("C", 3), article("A", 1)))) == {
        "C": "unchanged",
        "A": "unchanged",
        "B": "retired",
    }
    assert retired(desk, "articles/b.md") == [datetime.now(UTC).date().isoformat()]
    assert set(desk.sources()) == {"a", "c"}
    assert [record.getMessage() for record in caplog.records] == ["Retired, and so left out: b"]


def test_an_entry_that_the_window_has_moved_past_is_not(desk: Desk) -> None:
    desk.report(desk.publish(rss(article("B", 2), article("A", 1))))
    assert desk.report(desk.publish(rss(article("C", 3), article("B", 2)))) == {"C": "added", "B": "unchanged"}
    assert set(desk.sources()) == {"a", "b", "c"}


def test_an_older_entry_that_was_changed_lately_proves_nothing(desk: Desk) -> None:
    changed = entry("A", day=1, parts="<summary>About A.</summary>").replace(
        "<updated>2026-10-01", "<updated>2026-10-09"
    )
    desk.report(desk.publish(atom(changed, entry("B", day=2, parts="<summary>About B.</summary>"))))
    assert desk.report(desk.publish(atom(changed))) == {"A": "unchanged"}


def test_a_complete_feed_has_withdrawn_whatever_it_does_not_have(desk: Desk) -> None:
    desk.report(desk.publish(rss(article("B", 2), article("A", 1), head=COMPLETE)))
    assert desk.report(desk.publish(rss(article("B", 2), head=COMPLETE))) == {"B": "unchanged", "A": "retired"}


def test_a_tombstone_withdraws_an_entry(desk: Desk) -> None:
    one = entry("A", parts="<summary>About A.</summary>")
    desk.report(desk.publish(atom(one)))
    gone = '<at:deleted-entry ref="A" when="2026-11-01T00:00:00Z"/>'
    assert desk.report(desk.publish(atom(gone))) == {"A": "retired"}


def test_a_feed_that_is_cut_short_withdraws_nothing(desk: Desk) -> None:
    desk.report(desk.publish(rss(article("B", 2), article("A", 1))))
    ran = desk.sync(desk.publish(rss(article("A", 1)).replace("</channel></rss>", "<item><title>B</ti")))
    assert ran.exit_code == 0
    assert "nothing counts as withdrawn" in ran.stderr
    assert set(desk.sources()) >= {"a", "b"}


def test_an_entry_that_cannot_be_read_any_more_does_not_count_as_withdrawn(desk: Desk) -> None:
    one, two = ({"id": name, "title": name, "content_text": name, "date_published": f"2026-10-0{n}T10:00:00Z"}
                for n, name in enumerate("ab", start=1))  # fmt: skip
    desk.report(desk.publish(json_feed(one, two)))
    assert desk.sync(desk.publish(json_feed(one, two | {"content_text": 5}))).exit_code == 1
    assert set(desk.sources()) == {"a", "b"}


def test_an_entry_that_has_another_id_now_keeps_its_source(desk: Desk) -> None:
    links = {"link": "https://talks.example/ships", "description": "About ships."}
    desk.report(desk.publish(rss(item("Ships", guid="old", **links), article("A", 1), head=COMPLETE)))
    feed = desk.publish(rss(item("Ships", guid="new", **links), article("A", 1), head=COMPLETE))
    assert desk.report(feed) == {"Ships": "unchanged", "A": "unchanged"}
    assert set(desk.sources()) == {"a", "ships"}


def test_an_interview_is_retired_with_its_transcript_and_comes_back_with_the_entry(desk: Desk) -> None:
    old = article("Old", 1)
    new = EPISODE.replace("01 Oct", "05 Oct")
    desk.report(desk.publish(rss(new, old), talk_vtt=VTT))
    before = desk.files()
    desk.report(desk.publish(rss(old)))
    assert set(desk.sources()) == {"old"}
    after = desk.files()
    assert [name for name in before if not name.startswith(".") and before[name] != after[name]] == [
        "interviews/ada-lowe-on-harbours/interview.md"
    ]
    assert desk.report(desk.publish(rss(new, old))) == {"Ada Lowe on harbours": "updated", "Old": "unchanged"}
    assert set(desk.sources()) == {"ada-lowe-on-harbours", "old"}


def test_a_source_that_was_edited_by_hand_is_retired_with_its_edits(desk: Desk) -> None:
    desk.report(desk.publish(rss(article("B", 2), article("A", 1))))
    path = desk.corpus / "articles" / "b.md"
    path.write_text(path.read_text().replace("title: B", "title: Bee"))
    desk.report(desk.publish(rss(article("A", 1))))
    assert "title: Bee\n" in path.read_text()
    assert retired(desk, "articles/b.md") != []


def test_what_is_retired_once_is_not_retired_again(desk: Desk) -> None:
    desk.report(desk.publish(rss(article("B", 2), article("A", 1))))
    desk.report(desk.publish(rss(article("A", 1))))
    before = desk.files()
    assert desk.report(desk.publish(rss(article("A", 1)))) == {"A": "unchanged"}
    assert desk.files() == before


@pytest.mark.parametrize(("value", "found"), [("soon", "not a date"), ("2026-02-30", "not a date"), ("true", "text")])
def test_a_wrong_day_of_retiring_is_a_complaint_with_its_line(desk: Desk, value: str, found: str) -> None:
    path = desk.explainer()
    path.write_text(path.read_text().replace("tags:", f"retired: {value}\ntags:"))
    with pytest.raises(CorpusErrors, match=found) as caught:
        desk.sources()
    assert caught.value.errors[0].line == 7


def test_a_retired_source_keeps_its_id(desk: Desk) -> None:
    path = desk.explainer()
    path.write_text(path.read_text().replace("tags:", "retired: 2026-11-01\ntags:"))
    (desk.corpus / "harbours.txt").write_text("Harbours\n\nThey are for boats.")
    with pytest.raises(CorpusErrors, match="is also that of"):
        desk.sources()
