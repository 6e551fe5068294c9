"""Sites in a real database, for the tests of several rooms."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sites.checking import checked
from bot.sites.live import LiveSites
from bot.sites.site import Site, new_site_id
from bot.sites.store import SiteStore
from tests.databases import with_tables


@dataclass(frozen=True)
class Partner:
    """A site that was added, and its key."""

    site: Site
    key: str

    @property
    def id(self) -> str:
        return self.site.id


def a_store(database_url: str) -> SiteStore:
    """A store whose tables are up to date."""
    return SiteStore(with_tables(database_url))


def a_site(name: str = "Partner Hospital", **fields: object) -> Site:
    return Site(id=new_site_id(), name=name, **fields)  # type: ignore[arg-type]


def add_partner(store: SiteStore, **fields: object) -> Partner:
    """A site as an operator adds it."""
    site = checked(a_site(**fields))  # type: ignore[arg-type]
    return Partner(site, store.add(site, by="tests"))


def live(store: SiteStore, **settings: object) -> LiveSites:
    """Sites that are read again for each request."""
    return LiveSites(store, reread_after_s=0, **settings)  # type: ignore[arg-type]
