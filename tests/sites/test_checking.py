"""What an operator types is saved in one form, or refused with what was found, expected and to be done."""

from __future__ import annotations

import pytest

from bot.errors import SiteInvalid
from bot.sites.checking import checked
from bot.sites.site import new_site_id
from tests.sites.partners import a_site


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://partner.example", "https://partner.example"),
        ("HTTPS://Partner.Example/", "https://partner.example"),
        ("https://partner.example:443", "https://partner.example"),
        ("https://partner.example:8443", "https://partner.example:8443"),
        ("https://*.partner.example", "https://*.partner.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        (" https://partner.example\n", "https://partner.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(typed: str, kept: str) -> None:
    assert checked(a_site(origins=(typed,))).origins == (kept,)


@pytest.mark.parametrize(
    "typed",
    [
        "", "*", "https://*", "https://*.com", "https://*.co.uk", "https://*.github.io", "https://*.*.partner.example",
        "https://www.*.example", "http://partner.example", "https://partner.example/page", "https://partner.example?x",
        "https://partner.example#x", "https://user@partner.example", "https://partner.example:99999", "partner.example",
        "//partner.example", "javascript:alert(1)", "data:text/html,x", "https://a.example https://b.example",
        "https://a.example;script-src *", "https://a.example,https://b.example", "'none'", "https://bücher.example",
        "https://-a.example", "https://[::1]", "null", "http://localhost.evil.example",
    ],
)  # fmt: skip
def test_what_is_no_origin_or_would_let_everybody_in_is_refused(typed: str) -> None:
    with pytest.raises(SiteInvalid) as refused:
        checked(a_site(origins=(typed,)))
    assert refused.value.field == "origins"
    assert refused.value.remedy in str(refused.value)


def test_an_origin_that_is_typed_twice_is_kept_once() -> None:
    assert len(checked(a_site(origins=("https://a.example", "https://A.example/"))).origins) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", " \n"), ("name", "x" * 81), ("name", "a\x1bb"), ("country", "ZZ"), ("country", ""),
        ("greeting", "x" * 301), ("tags", ("",)), ("tags", ("x" * 61,)), ("tags", tuple(str(n) for n in range(51))),
        ("languages", ("english",)), ("languages", ("xx",)),
        ("languages", ()), ("accent_light", "red"), ("accent_light", "#fff"),
        ("contact_url", "javascript:alert(1)"), ("contact_url", "http://partner.example"), ("contact_url", "https://"),
        ("contact_url", "https://a.example/ x"), ("client_per_minute", -1), ("site_per_minute", 1_000_001),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_refused_and_named(field: str, value: object) -> None:
    fields = {"name": "Partner", field: value}
    with pytest.raises(SiteInvalid) as refused:
        checked(a_site(**fields))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert "found" in str(refused.value)
    assert "expected" in str(refused.value)


def test_a_country_is_taken_in_any_case() -> None:
    assert checked(a_site(country="gb")).country == "GB"
    assert checked(a_site(country="OTHER")).country == "other"


def test_an_accent_that_can_just_be_read_is_kept_and_one_that_cannot_is_refused_with_both_ratios() -> None:
    assert checked(a_site(accent_light="#A35700", accent_dark="#7f91a4")).accent_light == "#a35700"
    with pytest.raises(SiteInvalid, match=r"2\.04 to sunken parts .* expected 4\.5 .* is #a35700"):
        checked(a_site(accent_light="#ff8800"))
    with pytest.raises(SiteInvalid, match="accent_dark"):
        checked(a_site(accent_dark="#123456"))


def test_the_colour_that_is_proposed_can_be_saved() -> None:
    for colour in ("#ffff00", "#00ff00", "#ffffff", "#888888", "#ff8800"):
        with pytest.raises(SiteInvalid) as refused:
            checked(a_site(accent_light=colour))
        proposed = refused.value.remedy.rstrip(".").split()[-1]
        assert checked(a_site(accent_light=proposed)).accent_light == proposed


def test_ids_are_never_the_same_and_say_what_they_are() -> None:
    made = {new_site_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(one.startswith("site_") and len(one) == 21 for one in made)
