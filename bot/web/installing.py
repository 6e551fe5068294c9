"""Check the lines that a partner pasted for the chat, the page's address and its policy, and say what is wrong.

Findings are named by the keys of their words. Nothing is fetched, so that nobody can make this service call an address.
Knows nothing of how findings are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urlsplit

from bot.errors import SiteInvalid
from bot.sites.origins import origin_of
from bot.sites.site import Site
from bot.web.framing import allows
from bot.web.loaders import integrity_of, newest_version, versions

Weight = Literal["wrong", "note"]
_LOADER = re.compile(r"/widget(?:/([0-9.]+))?\.js")
# What the loader writes on the page's console, with the address of the page that explains it.
CONSOLE = {
    "unnamed": "no chat (data-site)",
    "unknown_site": "no chat (site)",
    "origin": "no chat (origin)",
    "policy_frame": "no chat (frame-src)",
    "scheme": "no chat (scheme)",
}
_WEB_SCHEMES = frozenset({"http", "https", ""})


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a partner gave: part of the page's source, the page's address, and its Content-Security-Policy if any."""

    source: str
    address: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class InstallFinding:
    """One thing that is wrong or worth a note: ``found`` is what is there, ``console`` what the console says."""

    code: str
    weight: Weight = "wrong"
    found: str = ""
    console: str | None = None


class _Tags(HTMLParser):
    """The loader scripts, chat elements and policies in a piece of source."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str]] = []
        self.elements: list[dict[str, str]] = []
        self.policies: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the tag if it belongs to the chat."""
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and _LOADER.search(_path_of(given.get("src", ""))):
            self.scripts.append(given)
        if tag == "explainer-chat":
            self.elements.append(given)
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))


def findings_of(pasted: Pasted, *, origin: str, find: Callable[[str], Site | None]) -> list[InstallFinding]:
    """List what is wrong with an installation, the first thing to fix first; empty where all is well.

    :param origin: of this service, as the line must name it
    """
    tags = _Tags(pasted.source)
    if not tags.scripts:
        return [InstallFinding("no_line")]
    found = [*_of_line(tags.scripts[0], origin), *_of_count(tags)]
    site_id = next((one for one in _named(tags) if one), "")
    site = find(site_id) if site_id else None
    if not site_id:
        found.append(InstallFinding("unnamed", console=CONSOLE["unnamed"]))
    elif site is None:
        found.append(InstallFinding("unknown_site", found=site_id, console=CONSOLE["unknown_site"]))
    else:
        found += _of_site(site, pasted.address)
    policies = [*tags.policies, *([pasted.policy] if pasted.policy.strip() else [])]
    return [*found, *(one for policy in policies for one in _of_policy(policy, origin))]


def _path_of(address: str) -> str:
    """Return the path of an address, empty for what is not an address."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _named(tags: _Tags) -> Iterator[str]:
    yield from (script.get("data-site", "") for script in tags.scripts)
    yield from (element.get("site", "") for element in tags.elements)


def _of_line(script: dict[str, str], origin: str) -> Iterator[InstallFinding]:
    source = script["src"]
    parts = urlsplit(source)
    if f"{parts.scheme or urlsplit(origin).scheme}://{parts.netloc}" != origin:
        yield InstallFinding("other_host", found=source)
    match = _LOADER.search(parts.path)
    version = match[1] if match else None
    if version and version not in versions():
        yield InstallFinding("unknown_version", found=version)
    elif version and version != newest_version():
        yield InstallFinding("old_version", "note", version)
    if script.get("integrity"):
        yield from _of_hash(script, version)
    if script.get("type", "").lower() == "module":
        yield InstallFinding("module")


def _of_hash(script: dict[str, str], version: str | None) -> Iterator[InstallFinding]:
    if version is None:
        yield InstallFinding("unpinned_integrity", found=script["src"])
        return
    if version in versions() and script["integrity"] != integrity_of(version):
        yield InstallFinding("wrong_integrity", found=script["integrity"])
    if "crossorigin" not in script:
        yield InstallFinding("no_crossorigin")


def _of_count(tags: _Tags) -> Iterator[InstallFinding]:
    if len(tags.scripts) > 1:
        yield InstallFinding("twice", "note", str(len(tags.scripts)))


def _of_site(site: Site, address: str) -> Iterator[InstallFinding]:
    if not site.enabled:
        yield InstallFinding("disabled", found=site.name)
    if not address.strip():
        yield InstallFinding("no_address", "note")
        return
    try:
        parts = urlsplit(address.strip())
        if parts.scheme not in _WEB_SCHEMES:
            yield InstallFinding("scheme", found=address.strip(), console=CONSOLE["scheme"])
            return
        origin = origin_of(f"{parts.scheme}://{parts.netloc}")
    except (SiteInvalid, ValueError):
        yield InstallFinding("bad_address", found=address.strip())
        return
    if not site.is_default and not any(allows(listed, origin) for listed in site.origins):
        yield InstallFinding("origin", found=origin, console=CONSOLE["origin"])


def _of_policy(policy: str, origin: str) -> Iterator[InstallFinding]:
    directives = {
        words[0].lower(): words[1:] for words in (part.split() for part in policy.split(";")) if words and words[0]
    }
    for code, names in (("policy_script", ("script-src-elem", "script-src", "default-src")),
                        ("policy_frame", ("frame-src", "child-src", "default-src"))):  # fmt: skip
        allowed = next((directives[name] for name in names if name in directives), None)
        if allowed is not None and not any(_admits(entry, origin) for entry in allowed):
            yield InstallFinding(code, found=" ".join(allowed) or "'none'", console=CONSOLE.get(code))


def _admits(entry: str, origin: str) -> bool:
    """Whether browsers let this entry of a source list load ``origin``; nonces and hashes are taken as a yes."""
    scheme = origin.partition("://")[0]
    if entry in {"*", f"{scheme}:", "'strict-dynamic'"} or entry.startswith(("'nonce-", "'sha")):
        return True
    wanted = entry if "://" in entry else f"{scheme}://{entry}"
    return wanted.rstrip("/") == origin or allows(wanted.rstrip("/"), origin)
