"""Build the real objects from settings and join them, the only place that does: ingest a corpus, or make the app."""

from bot.wiring.builds import ingest, open_answerer, open_dialogue, store_of, tags_in_build
from bot.wiring.consoles import open_desk
from bot.wiring.databases import open_database, open_databases
from bot.wiring.engines import open_engine, publish_current
from bot.wiring.learning import fit_packaged_reader
from bot.wiring.serving import app_from_environment, build_app, open_memory, open_sites
from bot.wiring.travelling import builds_there, pull_build, push_build

__all__ = [
    "app_from_environment",
    "build_app",
    "builds_there",
    "fit_packaged_reader",
    "ingest",
    "open_answerer",
    "open_database",
    "open_databases",
    "open_desk",
    "open_dialogue",
    "open_engine",
    "open_memory",
    "open_sites",
    "publish_current",
    "pull_build",
    "push_build",
    "store_of",
    "tags_in_build",
]
