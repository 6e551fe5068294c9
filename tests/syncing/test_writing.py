"""Sources are written whole or not at all, and what editors have changed is theirs."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from tests.syncing.published import EPISODE, SAID, SRT, VTT, Desk, item, rss, said_in, transcript


class Killed(BaseException):
    """The end of the process, in a test."""


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die instead of its so-manieth change of a name; nothing runs after that, no cleaning either."""
    steps = 0

    def dying(change: object) -> object:
        def changed(*words: object, **named: object) -> object:
            nonlocal steps
            steps += 1
            if steps >= step:
                raise Killed
            return change(*words, **named)  # type: ignore[operator]

        return changed

    for name in ("rename", "replace", "unlink", "rmdir"):
        monkeypatch.setattr(os, name, dying(getattr(os, name)))


def kill_everywhere(desk: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Sync the feed to its end, after every attempt that can be killed on the way; how many there were."""
    for step in range(1, 100):
        with monkeypatch.context() as patch:
            die_at(step, patch)
            try:
                desk.sync(feed)
            except Killed:
                pass
            else:
                return step
        visible = [name for name in desk.files() if not any(part.startswith(".") for part in name.split("/"))]
        cards = {name for name in visible if name.endswith("interview.md")}
        words = {name for name in visible if "transcript" in name}
        assert {name.rpartition("/")[0] for name in cards} == {name.rpartition("/")[0] for name in words}
        if visible:
            desk.sources()
    raise AssertionError("It never came to its end.")


def test_a_sync_that_is_killed_anywhere_leaves_no_half_source_and_the_next_one_ends_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = desk.publish(rss(EPISODE, item("Ships", description="About ships.")), talk_vtt=VTT)
    assert kill_everywhere(desk, feed, monkeypatch) > 3
    assert set(desk.sources()) == {"ada-lowe-on-harbours", "ships"}
    changed = desk.publish(feed.read_text().replace("About ships", "Of ships").replace("talks about", "speaks of"))
    assert desk.report(changed) == {"Ada Lowe on harbours": "updated", "Ships": "updated"}
    assert {name for name in desk.files() if "/." in f"/{name}"} == {".sync.json"}


def test_a_change_that_is_killed_anywhere_can_be_read_and_is_ended_by_the_next_sync(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.report(desk.publish(rss(EPISODE), talk_vtt=VTT))
    changed = rss(EPISODE.replace("Ada Lowe talks about", "Words about"))
    feed = desk.publish(changed, talk_vtt=VTT.replace("walls", "piers"))
    assert kill_everywhere(desk, feed, monkeypatch) > 2
    source = desk.sources()["ada-lowe-on-harbours"]
    assert source.summary == "Words about harbours."
    assert "piers" in source.text
    assert desk.report(feed) == {"Ada Lowe on harbours": "unchanged"}


def test_without_its_state_a_sync_knows_its_own_sources_and_leaves_changed_ones_alone(desk: Desk) -> None:
    feed = desk.publish(rss(EPISODE), talk_vtt=VTT)
    desk.report(feed)
    (desk.corpus / ".sync.json").unlink()
    assert desk.report(feed) == {"Ada Lowe on harbours": "unchanged"}
    (desk.corpus / ".sync.json").unlink()
    changed = desk.publish(rss(EPISODE), talk_vtt=VTT.replace("walls", "piers"))
    assert desk.report(changed) == {"Ada Lowe on harbours": "left alone"}
    assert list(desk.sources()) == ["ada-lowe-on-harbours"]


def test_running_again_changes_nothing(desk: Desk) -> None:
    desk.explainer()
    feed = desk.publish(rss(EPISODE, item("Harbours", link="https://vimeo.com/7"), item("Empty")), talk_vtt=VTT)
    desk.report(feed)
    before = {path: path.stat().st_mtime_ns for path in desk.corpus.rglob("*") if path.is_file()}
    again = desk.report(feed)
    assert again == {
        "Ada Lowe on harbours": "unchanged",
        "Harbours": "unchanged",
        "Empty": "nothing to quote",
    }
    assert {path: path.stat().st_mtime_ns for path in desk.corpus.rglob("*") if path.is_file()} == before


def test_a_changed_entry_changes_its_own_files_alone(desk: Desk) -> None:
    ships = item("Ships", description="About ships.")
    desk.report(desk.publish(rss(EPISODE, ships), talk_vtt=VTT))
    before = desk.files()
    feed = desk.publish(rss(EPISODE, item("Ships", description="About large ships.")))
    assert desk.report(feed) == {"Ada Lowe on harbours": "unchanged", "Ships": "updated"}
    after = desk.files()
    assert {name for name in after if after[name] != before[name]} == {".sync.json", "articles/ships.md"}


def test_a_transcript_in_another_format_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.report(desk.publish(rss(EPISODE), talk_vtt=VTT))
    other = EPISODE.replace(transcript("talk.vtt", "text/vtt"), transcript("talk.srt", "application/x-subrip"))
    assert desk.report(desk.publish(rss(other), talk_srt=SRT)) == {"Ada Lowe on harbours": "updated"}
    assert said_in(desk.sources()["ada-lowe-on-harbours"]) == SAID
    assert "interviews/ada-lowe-on-harbours/transcript.vtt" not in desk.files()


def test_a_change_of_format_that_is_killed_anywhere_never_leaves_two_transcripts_or_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.report(desk.publish(rss(EPISODE), talk_vtt=VTT))
    (desk.corpus / "interviews" / "ada-lowe-on-harbours" / "photo.png").write_bytes(b"kept")
    other = EPISODE.replace(transcript("talk.vtt", "text/vtt"), transcript("talk.srt", "application/x-subrip"))
    assert kill_everywhere(desk, desk.publish(rss(other), talk_srt=SRT), monkeypatch) > 3
    assert {name for name in desk.files() if name.startswith("interviews")} == {
        f"interviews/ada-lowe-on-harbours/{name}" for name in ("interview.md", "photo.png", "transcript.srt")
    }


@pytest.mark.parametrize("name", ["interview.md", "transcript.vtt"])
def test_what_was_edited_by_hand_is_left_alone(desk: Desk, name: str) -> None:
    desk.report(desk.publish(rss(EPISODE), talk_vtt=VTT))
    path = desk.corpus / "interviews" / "ada-lowe-on-harbours" / name
    path.write_text(path.read_text().replace("Ada", "Dr. Ada"))
    before = desk.files()
    changed = rss(EPISODE.replace("talks about", "speaks of"))
    ran = desk.sync(desk.publish(changed, talk_vtt=VTT.replace("walls", "piers")), "--json")
    (outcome,) = json.loads(ran.stdout)["outcomes"]
    assert (outcome["action"], outcome["note"]) == ("left alone", "it was edited by hand")
    assert {name for name, raw in desk.files().items() if raw != before[name]} == {".sync.json"}


def test_what_was_removed_by_hand_does_not_come_back(desk: Desk) -> None:
    ships = item("Ships", description="About ships.")
    desk.report(desk.publish(rss(ships)))
    (desk.corpus / "articles" / "ships.md").unlink()
    assert desk.report(desk.publish(rss(ships))) == {"Ships": "left alone"}
    assert desk.report(desk.publish(rss(ships.replace("About", "Of")))) == {"Ships": "left alone"}


def test_a_page_that_is_in_the_corpus_already_is_not_added_again(desk: Desk) -> None:
    desk.explainer()
    one = item("News", link="https://foundation.example/learn/harbours", description="About harbours.")
    assert desk.report(desk.publish(rss(one))) == {"News": "left alone"}


def test_an_entry_that_could_not_be_read_once_written_is_not_written(desk: Desk) -> None:
    long = item("Long", description="<p>word</p>" * 45_000)
    ran = desk.sync(desk.publish(rss(long)))
    assert ran.exit_code == 1
    assert "what it would become cannot be read" in ran.stdout
    assert set(desk.files()) == {".sync.json"}


def test_a_corpus_that_cannot_be_read_is_not_written_to(desk: Desk) -> None:
    path = desk.explainer()
    path.write_text("---\ntitle: [\n---\n")
    ran = desk.sync(desk.publish(rss(EPISODE), talk_vtt=VTT))
    assert ran.exit_code == 1
    assert "harbours.md:3: the front matter is not YAML" in ran.stderr
    assert set(desk.files()) == {"explainers/harbours.md"}


def test_a_state_that_is_damaged_is_named(desk: Desk) -> None:
    desk.corpus.mkdir(exist_ok=True)
    (desk.corpus / ".sync.json").write_text("{")
    ran = desk.sync(desk.publish(rss(EPISODE), talk_vtt=VTT))
    assert ran.exit_code == 1
    assert ".sync.json: the state of the last sync cannot be read" in ran.stderr


def test_two_syncs_of_one_corpus_do_not_meet(desk: Desk) -> None:
    desk.corpus.mkdir(exist_ok=True)
    folder = os.open(desk.corpus, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    ran = desk.sync(desk.publish(rss()))
    os.close(folder)
    assert ran.exit_code == 1
    assert "Another sync is writing" in ran.stderr


def test_the_shipped_corpus_takes_an_episode_without_a_change_to_what_is_there(desk: Desk) -> None:
    shipped = Path(__file__).parents[2] / "corpus"
    for path in [*shipped.glob("explainers/*.md"), *shipped.glob("interviews/*/*")]:
        copy = desk.corpus / path.relative_to(shipped)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    before = desk.files()
    assert desk.report(desk.publish(rss(EPISODE), talk_vtt=VTT)) == {"Ada Lowe on harbours": "added"}
    assert {name: raw for name, raw in desk.files().items() if name in before} == before
    assert len(desk.sources()) > 70
