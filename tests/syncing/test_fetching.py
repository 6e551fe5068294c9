"""Feeds are fetched politely, and only from where it is safe."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterator

import pytest

from bot.syncing.addresses import is_public
from tests.syncing.published import EPISODE, SAID, VTT, Desk, Server, item, json_feed, rss, said_in, transcript

FEED = json_feed({"id": "a", "title": "Harbours", "content_text": "Boats rest here."})


def resolving_to(*addresses: str) -> object:
    """A resolver for which every name has these addresses."""
    family = {4: socket.AF_INET, 6: socket.AF_INET6}

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        return [
            (family[6 if ":" in one else 4], socket.SOCK_STREAM, 6, "", (one, port, *((0, 0) if ":" in one else ())))
            for one in addresses
        ]

    return resolve


def test_a_feed_and_its_transcript_are_fetched(desk: Desk, server: Server) -> None:
    server.serve("/feed.xml", rss(EPISODE), Content_Type="application/rss+xml")
    server.serve("/talk.vtt", VTT)
    assert desk.report(f"{server.url}/feed.xml", *server.trust) == {"Ada Lowe on harbours": "added"}
    assert said_in(desk.sources()["ada-lowe-on-harbours"]) == SAID
    assert {headers["user-agent"].split("/")[0] for _, headers in server.asked} == {"conversational-explainer"}


def test_the_second_time_only_what_is_new_is_asked_for(desk: Desk, server: Server) -> None:
    def reply(headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        seen = (headers.get("if-none-match"), headers.get("if-modified-since"))
        if seen == ('"one"', "Thu, 01 Oct 2026 10:00:00 GMT"):
            return 304, {}, b""
        return 200, {"ETag": '"one"', "Last-Modified": "Thu, 01 Oct 2026 10:00:00 GMT"}, FEED.encode()

    server.replies["/feed"] = reply
    assert desk.report(f"{server.url}/feed", *server.trust) == {"Harbours": "added"}
    before = desk.files()
    ran = desk.sync(f"{server.url}/feed", *server.trust)
    assert (ran.exit_code, ran.stderr) == (0, "The feed has not changed since the last sync.\n")
    assert desk.files() == before
    assert desk.report(f"{server.url}/feed", "--all", *server.trust) == {"Harbours": "unchanged"}


def test_what_failed_is_tried_again_though_the_feed_has_not_changed(desk: Desk, server: Server) -> None:
    server.serve("/feed", rss(EPISODE), ETag='"one"')
    assert desk.sync(f"{server.url}/feed", *server.trust).exit_code == 1
    server.serve("/talk.vtt", VTT)
    assert desk.report(f"{server.url}/feed", *server.trust) == {"Ada Lowe on harbours": "added"}


def test_a_transcript_is_not_fetched_again_for_an_entry_that_is_the_same(desk: Desk, server: Server) -> None:
    server.serve("/feed", rss(EPISODE))
    server.serve("/talk.vtt", VTT)
    desk.report(f"{server.url}/feed", *server.trust)
    desk.report(f"{server.url}/feed", *server.trust)
    assert [path for path, _ in server.asked].count("/talk.vtt") == 1


def test_a_compressed_feed_is_read(desk: Desk, server: Server) -> None:
    server.serve("/feed", gzip.compress(FEED.encode()), Content_Encoding="gzip")
    assert desk.report(f"{server.url}/feed", *server.trust) == {"Harbours": "added"}


def test_three_redirects_are_followed_and_a_fourth_is_not(desk: Desk, server: Server) -> None:
    for number in range(4):
        server.redirect(f"/{number}", f"/{number + 1}")
    server.serve("/4", FEED)
    assert desk.report(f"{server.url}/1", *server.trust) == {"Harbours": "added"}
    ran = desk.sync(f"{server.url}/0", *server.trust)
    assert ran.exit_code == 1
    assert "redirected more than 3 times" in ran.stderr


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/", "http://127.0.0.1:1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/x"]
)
def test_a_redirect_to_a_private_address_is_refused(desk: Desk, server: Server, to: str) -> None:
    server.redirect("/feed", to)
    ran = desk.sync(f"{server.url}/feed", *server.trust)
    assert ran.exit_code == 1
    assert "not on the open internet" in ran.stderr or "port 1 is not" in ran.stderr


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://talks.example/feed", "gopher://talks.example/"])
def test_a_redirect_to_another_scheme_is_refused(desk: Desk, server: Server, to: str) -> None:
    server.redirect("/feed", to)
    assert desk.sync(f"{server.url}/feed", *server.trust).exit_code == 1
    assert "passwd" not in str(desk.files())


def test_a_server_on_this_machine_is_refused_unless_it_is_trusted(desk: Desk, server: Server) -> None:
    server.serve("/feed", FEED)
    assert "is not one of the web's" in desk.sync(f"{server.url}/feed").stderr
    assert server.asked == []


def test_a_transcript_at_a_private_address_is_refused_and_the_entry_is_named(desk: Desk) -> None:
    inside = transcript("http://10.0.0.1/talk.vtt", "text/vtt")
    ran = desk.sync(desk.publish(rss(item("Harbours", parts=inside))))
    assert ran.exit_code == 1
    assert "failed: Harbours - http://10.0.0.1/talk.vtt: 10.0.0.1 has the address" in ran.stdout


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.215.14", "10.0.0.1"), ("::ffff:127.0.0.1",)])
def test_a_name_with_a_private_address_among_its_own_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to(*addresses))
    ran = desk.sync("https://talks.example/feed")
    assert ran.exit_code == 1
    assert "talks.example has the address" in ran.stderr


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve("/feed", FEED)
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def rebinding(host: str, port: int, *more: object, **named: object) -> object:
        asked.append(host)
        # The second time that the name is asked for it would lead elsewhere.
        address = "127.0.0.1" if asked.count("talks.example") <= 1 else "192.0.2.1"
        return resolve(address if host == "talks.example" else host, port, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    trust = ("--trust", f"talks.example:{server.port}")
    assert desk.report(f"http://talks.example:{server.port}/feed", *trust) == {"Harbours": "added"}
    assert asked.count("talks.example") == 1
    assert server.asked[0][1]["host"] == f"talks.example:{server.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "no address",
        "192.0.0.192", "192.0.0.9", "192.88.99.1", "198.18.0.1", "203.0.113.5", "192.175.48.1", "fec0::1", "feff::1",
        "100::1", "2001::1", "2001:1::1", "3fff::1", "5f00::1", "4000::1", "::ffff:192.0.0.192", "::7f00:1",
        "64:ff9b:1::a00:1", "64:ff9b::c000:c0", "2002:c000:c0::1", "::ffff:0:127.0.0.1", "fe80::1%eth0", "0177.0.0.1",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("size", [10_000_000, 10_000_001])
def test_a_feed_of_ten_megabytes_is_read_and_a_byte_more_is_not(desk: Desk, server: Server, size: int) -> None:
    server.serve("/feed", FEED + " " * (size - len(FEED)))
    ran = desk.sync(f"{server.url}/feed", *server.trust)
    assert ran.exit_code == (0 if size == 10_000_000 else 1)
    assert ("larger than 10 MB" in ran.stderr) == (size > 10_000_000)


def test_a_bomb_of_compressed_zeroes_is_not_unpacked_whole(desk: Desk, server: Server) -> None:
    server.serve("/feed", gzip.compress(bytes(100_000_000)), Content_Encoding="gzip")
    assert "larger than 10 MB" in desk.sync(f"{server.url}/feed", *server.trust).stderr


@pytest.mark.parametrize("slow", ["answer", "body"])
def test_a_server_that_takes_too_long_is_given_up(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr("bot.syncing.fetch.MAX_SECONDS", 0.3)

    def dripping() -> Iterator[bytes]:
        for _ in range(40):
            time.sleep(0.02)
            yield b" "

    def reply(_: dict[str, str]) -> tuple[int, dict[str, str], bytes | Iterator[bytes]]:
        if slow == "answer":
            time.sleep(0.6)
        return 200, {}, dripping()

    server.replies["/feed"] = reply
    ran = desk.sync(f"{server.url}/feed", *server.trust)
    assert ran.exit_code == 1
    assert "took longer than 0.3 seconds" in ran.stderr


@pytest.mark.parametrize("status", [404, 410, 500])
def test_an_error_of_the_server_is_told(desk: Desk, server: Server, status: int) -> None:
    server.replies["/feed"] = lambda _: (status, {}, b"")
    ran = desk.sync(f"{server.url}/feed", *server.trust)
    assert ran.exit_code == 1
    assert f"the server answers {status}" in ran.stderr


def test_a_password_in_a_link_is_in_no_file_and_no_message(desk: Desk, server: Server) -> None:
    server.serve("/feed", FEED)
    ran = desk.sync(f"http://me:hush@127.0.0.1:{server.port}/feed", "--json", *server.trust)
    assert json.loads(ran.stdout)["feed"] == f"{server.url}/feed"
    assert "authorization" in server.asked[0][1]
    assert "hush" not in ran.output + str(desk.files())


@pytest.mark.parametrize("value", ["talks.example", "talks.example:", ":80", "talks.example:eighty"])
def test_a_trusted_host_without_a_port_is_wrong_usage(desk: Desk, value: str) -> None:
    assert desk.sync("feed", "--trust", value).exit_code == 2
