"""Store sites, their keys, and the switch that closes the service.

A change and its entry in the audit log are written together or not at all. A key itself is returned only when it is
made. Knows nothing of HTTP or how often it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, and_, delete, insert, select, update

from bot.errors import SiteUnknown
from bot.sites.keys import OVERLAP, SiteKey, digest_of, new_key
from bot.sites.logo import Logo
from bot.sites.site import Site
from bot.storage import audit
from bot.storage.connections import Database
from bot.storage.tables import PartnerKey, PartnerLogo, PartnerSite, Switch

_LISTS = frozenset({"origins", "tags", "languages"})
_CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment: sites by id, keys by their hash, and whether the service is closed for everybody."""

    sites: Mapping[str, Site]
    keys: Mapping[str, SiteKey]
    closed: bool


class SiteStore:
    """The sites of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def snapshot(self) -> Snapshot:
        """Return everything that requests ask about, with sites ordered by name.

        :raises MemoryUnavailable: if the database cannot be used.
        """
        with self.database.statement() as connection:
            sites = [_site(row) for row in connection.execute(select(PartnerSite)).mappings()]
            keys = [_key(row) for row in connection.execute(select(PartnerKey)).mappings()]
            closed = connection.execute(select(Switch.name).where(Switch.name == _CLOSED)).first()
        ordered = sorted(sites, key=lambda site: (site.name.casefold(), site.id))
        return Snapshot({site.id: site for site in ordered}, {key.digest: key for key in keys}, closed is not None)

    def add(self, site: Site, *, by: str) -> str:
        """Store a new site and return its key, which cannot be shown again.

        :param site: checked, with a new id.
        :raises MemoryUnavailable: if it could not be stored.
        """
        key = new_key()
        with self.database.transaction() as connection:
            connection.execute(insert(PartnerSite), _row(site))
            _keep_key(key, site.id, datetime.now(UTC), connection)
            audit.write(connection, by, "site.add", object=site.id, detail=site.name)
        return key

    def find(self, site_id: str) -> Site:
        """Return a site.

        :raises SiteUnknown: when there is none with that id.
        :raises MemoryUnavailable: if the database cannot be used.
        """
        with self.database.statement() as connection:
            return _found(site_id, connection)

    def save(self, site: Site, *, by: str) -> None:
        """Replace a stored site.

        :raises SiteUnknown: when there is none with its id.
        :raises MemoryUnavailable: if the database cannot be used.
        """
        with self.database.transaction() as connection:
            before = _row(_found(site.id, connection))
            changed = [name for name, value in _row(site).items() if value != before[name]]
            connection.execute(update(PartnerSite).where(PartnerSite.id == site.id).values(_row(site)))
            audit.write(connection, by, "site.change", object=site.id, detail=", ".join(changed))

    def set_logo(self, site_id: str, logo: Logo | None, *, by: str) -> Site:
        """Replace or remove a site's logo.

        :param logo: checked; ``None`` removes the present one.
        :raises SiteUnknown: when there is no such site.
        :raises MemoryUnavailable: if the database cannot be used; then nothing changed.
        """
        with self.database.transaction() as connection:
            site = replace(_found(site_id, connection), logo=logo.digest if logo else None)
            connection.execute(update(PartnerSite).where(PartnerSite.id == site_id).values(logo=site.logo))
            connection.execute(delete(PartnerLogo).where(PartnerLogo.site_id == site_id))
            if logo is not None:
                kept = {"site_id": site_id, "digest": logo.digest, "content": logo.content}
                connection.execute(insert(PartnerLogo), kept)
            audit.write(connection, by, "site.change", object=site_id, detail="logo")
        return site

    def logo(self, digest: str) -> bytes | None:
        """Return a logo by its digest, or ``None`` when no site has it.

        :raises MemoryUnavailable: if the database cannot be used.
        """
        query = select(PartnerLogo.content).where(PartnerLogo.digest == digest).limit(1)
        with self.database.statement() as connection:
            content = connection.execute(query).scalar()
        return None if content is None else bytes(content)

    def set_enabled(self, site_id: str, enabled: bool, *, by: str) -> Site:
        """Switch one site on or off.

        :raises SiteUnknown: when there is none with that id.
        :raises MemoryUnavailable: if the database cannot be used.
        """
        with self.database.transaction() as connection:
            site = replace(_found(site_id, connection), enabled=enabled)
            connection.execute(update(PartnerSite).where(PartnerSite.id == site_id).values(enabled=enabled))
            audit.write(connection, by, "site.enable" if enabled else "site.disable", object=site_id)
        return site

    def rotate(self, site_id: str, *, by: str, at_once: bool = False) -> str:
        """Give a site a new key and return it; it cannot be shown again.

        :param at_once: earlier keys end now instead of in 24 hours.
        :raises SiteUnknown: when there is no such site.
        :raises MemoryUnavailable: if the database cannot be used; then nothing changed.
        """
        key, now = new_key(), datetime.now(UTC)
        with self.database.transaction() as connection:
            _found(site_id, connection)
            of_site = PartnerKey.site_id == site_id
            # All times in the database have one form, so that they can be compared there.
            gone = of_site if at_once else and_(of_site, PartnerKey.expires_at <= now)
            connection.execute(delete(PartnerKey).where(gone))
            connection.execute(
                update(PartnerKey).where(of_site, PartnerKey.expires_at.is_(None)).values(expires_at=now + OVERLAP)
            )
            _keep_key(key, site_id, now, connection)
            audit.write(connection, by, "site.rotate_at_once" if at_once else "site.rotate", object=site_id)
        return key

    def keys_of(self, site_id: str) -> list[SiteKey]:
        """Return what is known of a site's keys, newest first.

        :raises MemoryUnavailable: if the database cannot be used.
        """
        query = select(PartnerKey).where(PartnerKey.site_id == site_id).order_by(PartnerKey.made_at.desc())
        with self.database.statement() as connection:
            return [_key(row) for row in connection.execute(query).mappings()]

    def mark_used(self, digest: str, day: date) -> None:
        """Record the day on which a key was last used.

        :raises MemoryUnavailable: if the database cannot be used.
        """
        with self.database.statement() as connection:
            connection.execute(update(PartnerKey).where(PartnerKey.digest == digest).values(last_used_on=day))

    def set_closed(self, closed: bool, *, by: str, reason: str = "") -> None:
        """Close the service for everybody, or open it again.

        :raises MemoryUnavailable: if the database cannot be used; then nothing changed.
        """
        with self.database.transaction() as connection:
            connection.execute(delete(Switch).where(Switch.name == _CLOSED))
            if closed:
                connection.execute(insert(Switch), {"name": _CLOSED, "set_at": datetime.now(UTC)})
            audit.write(connection, by, "chat.close" if closed else "chat.open", detail=reason)


def _found(site_id: str, connection: Connection) -> Site:
    row = connection.execute(select(PartnerSite).where(PartnerSite.id == site_id)).mappings().first()
    if row is None:
        raise SiteUnknown(site_id)
    return _site(row)


def _keep_key(key: str, site_id: str, made_at: datetime, connection: Connection) -> None:
    connection.execute(insert(PartnerKey), {"digest": digest_of(key), "site_id": site_id, "made_at": made_at})


def _row(site: Site) -> dict[str, Any]:
    values = {field.name: getattr(site, field.name) for field in fields(Site)}
    return values | {name: msgspec.json.encode(values[name]).decode() for name in _LISTS}


def _site(row: RowMapping) -> Site:
    lists = {name: msgspec.json.decode(row[name], type=tuple[str, ...]) for name in _LISTS}
    return Site(**{**row, **lists})


def _key(row: RowMapping) -> SiteKey:
    return SiteKey(**row)
