"""Define the errors that more than one package knows; all others stand beside the code that raises them.

    BotError
    ├── CorpusError            a file of the corpus cannot be read as it is (path, line)
    ├── CorpusErrors           several of them, so that an editor sees all at once
    ├── FeedError              a feed, or a file that it names, is not what it should be (place)
    ├── FetchError             a link cannot be fetched, or may not be (url)
    ├── SyncBusy               another sync is writing to the same corpus
    ├── IndexUnavailable       there is no Build, or none that can be trusted
    ├── IndexMismatch          a Build is not what its manifest says (what, expected, found)
    ├── BucketUnavailable      the place where machines share Builds does not answer, or denies access (address)
    ├── EngineUnavailable      the engine that holds the vectors of Builds does not answer (what it said)
    ├── IngestBusy             another ingest is writing to the same folder
    ├── ClusterUnavailable     the cluster that embeds does not answer, or makes other vectors (address)
    ├── EncoderUnavailable     the model cannot be found or is not the one expected
    ├── MemoryUnavailable      a turn cannot be stored now (what the database said)
    │   └── NotStorable        the database answers, but cannot store or look up such a value
    ├── QuestionRejected       a question that cannot be accepted (reason, what to do)
    ├── SettingsError          a setting is unknown or has a bad value (name)
    ├── SiteInvalid            a site cannot be saved as it is (field)
    ├── SiteUnknown            no site has that id
    └── StaffError             an account of the console cannot be made or changed (name)

Each carries its facts as attributes and writes its own message: what was found, what was expected, what to do.
They know nothing of HTTP or exit codes, and no message ever contains the text of a question.
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """The root of all errors."""


class CorpusError(BotError):
    """A file of the corpus cannot be read as it is."""

    def __init__(self, path: str, line: int | None, found: str, remedy: str) -> None:
        self.path, self.line, self.found, self.remedy = path, line, found, remedy
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {found}. {remedy}")


class CorpusErrors(BotError):
    """Several files of the corpus cannot be read; nothing was indexed."""

    def __init__(self, errors: Sequence[CorpusError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class FeedError(BotError):
    """A feed, one of its entries or a file that it names is not what it should be; ``place`` says which."""

    def __init__(self, place: str, found: str, remedy: str) -> None:
        self.place, self.found, self.remedy = place, found, remedy
        super().__init__(f"{place}: {found}. {remedy}")


class FetchError(BotError):
    """A link cannot be fetched, or leads to an address that may not be fetched from."""

    def __init__(self, url: str, found: str, remedy: str) -> None:
        self.url, self.found, self.remedy = url, found, remedy
        super().__init__(f"{url}: {found}. {remedy}")


class SyncBusy(BotError):
    """Another sync is writing to the same corpus."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        super().__init__(f"Another sync is writing to {directory}. Wait for it to end, then run this one again.")


class IndexUnavailable(BotError):
    """There is no Build that can be served."""

    def __init__(self, directory: str, found: str) -> None:
        self.directory, self.found = directory, found
        super().__init__(f"No usable Build in {directory}: {found}. Run `python -m bot ingest` to make one.")


class IndexMismatch(BotError):
    """A Build is not what its manifest says."""

    def __init__(self, build: str, what: str, expected: object, found: object) -> None:
        self.build, self.what, self.expected, self.found = build, what, expected, found
        super().__init__(
            f"Build {build}: {what} should be {expected} but is {found}. "
            "The Build is damaged or from another version; run `python -m bot ingest` to make a new one."
        )


class BucketUnavailable(BotError):
    """The place where machines share Builds does not answer, or denies access."""

    def __init__(self, address: str, found: str) -> None:
        self.address, self.found = address, found
        super().__init__(
            f"The Builds at {address} cannot be used: {found}. Check BOT_BUILDS, and that its place answers and lets "
            "this machine in."
        )


class EngineUnavailable(BotError):
    """The engine that holds the vectors of Builds does not answer, or not as it should."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"The engine of BOT_ENGINE cannot be used: {found}. Check that it answers, has pgvector 0.8 or newer, and "
            "holds the current Build: `python -m bot builds publish`."
        )


class IngestBusy(BotError):
    """Another ingest is writing to the same folder."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        super().__init__(f"Another ingest is writing to {directory}. Wait for it to end, then run this one again.")


class ClusterUnavailable(BotError):
    """The cluster that should embed cannot: it does not answer, or a worker would make other vectors."""

    def __init__(self, address: str, found: str, remedy: str) -> None:
        self.address, self.found, self.remedy = address, found, remedy
        super().__init__(f"The cluster at {address}: {found}. {remedy}")


class EncoderUnavailable(BotError):
    """The embedding model cannot be found, or is not the one expected."""

    def __init__(self, model: str, found: str, remedy: str) -> None:
        self.model, self.found, self.remedy = model, found, remedy
        super().__init__(f"Embedding model {model}: {found}. {remedy}")


class MemoryUnavailable(BotError):
    """A turn cannot be stored, looked up or removed now."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"The memory of turns does not work: {found}. "
            "Check that the database is there and run `python -m bot migrate` to bring its tables up to date."
        )


class NotStorable(MemoryUnavailable):
    """The database answers, but cannot store or look up a value of that form."""


class QuestionRejected(BotError):
    """A question cannot be accepted; ``reason`` is a stable code, ``remedy`` what the sender can do."""

    def __init__(self, reason: str, found: str, remedy: str) -> None:
        self.reason, self.found, self.remedy = reason, found, remedy
        super().__init__(f"{found}. {remedy}")


class StaffError(BotError):
    """An account of the console cannot be made or changed as asked."""

    def __init__(self, name: str, found: str, remedy: str) -> None:
        self.name, self.found, self.remedy = name, found, remedy
        super().__init__(f"{name}: {found}. {remedy}")


class SettingsError(BotError):
    """A setting is unknown or has a value that cannot be used."""

    def __init__(self, name: str, found: str, expected: str) -> None:
        self.name, self.found, self.expected = name, found, expected
        super().__init__(f"{name}: found {found}, expected {expected}. See `docs/settings.md`.")


class SiteInvalid(BotError):
    """A site cannot be saved as it is; ``field`` names the first fault, ``others`` lists the rest."""

    def __init__(
        self, field: str, found: str, expected: str, remedy: str, *, others: Sequence[SiteInvalid] = ()
    ) -> None:
        self.field, self.found, self.expected, self.remedy = field, found, expected, remedy
        self.others = tuple(others)
        first = f"{field}: found {found}, expected {expected}. {remedy}"
        super().__init__("\n".join([first, *map(str, others)]))


class SiteUnknown(BotError):
    """No site has that id."""

    def __init__(self, site_id: str) -> None:
        self.site_id = site_id
        super().__init__(f"No site has the id {site_id}. `python -m bot site list` shows those that there are.")
