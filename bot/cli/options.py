"""Share options, progress bars, and the table of errors to exit codes between the commands."""

from __future__ import annotations

import functools
import os
import pwd
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.errors import BotError, QuestionRejected, SettingsError, SiteInvalid
from bot.settings import Settings, read_environment
from bot.storage.audit import command_line

Command = TypeVar("Command", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path, file_okay=False)
PATH = click.Path(path_type=Path)


def index_option(command: Command) -> Command:
    """Add the option that names the folder of Builds."""
    help_text = "Folder where Builds live; the setting BOT_INDEX by default."
    return click.option("--index", "index", type=FOLDER, default=None, help=help_text)(command)


def reporting_errors(command: Command) -> Command:
    """Turn errors into exit codes: bad settings, questions or sites are wrong usage (2), all others failures (1)."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SiteInvalid as error:
            raise click.UsageError(_with_options(str(error))) from error
        except (SettingsError, QuestionRejected) as error:
            raise click.UsageError(str(error)) from error
        except BotError as error:
            raise click.ClickException(str(error)) from error

    return guarded  # type: ignore[return-value]


def _with_options(said: str) -> str:
    """Return an error about fields in terms of the options that were typed."""
    once = {"origins": "origin", "tags": "tag", "languages": "language"}
    lines = [line.partition(":") for line in said.splitlines()]
    return "\n".join(f"--{once.get(field, field).replace('_', '-')}:{rest}" for field, _, rest in lines)


def who_types() -> str:
    """Return the name in the audit log for this command: the user that the operating system runs it as.

    Not read from the environment, where anybody may write any name.
    """
    try:
        return command_line(pwd.getpwuid(os.getuid()).pw_name)
    except KeyError:
        # In a container a user often has only a number.
        return command_line(f"user {os.getuid()}")


def settings_for(index: Path | None) -> Settings:
    """Return the environment's settings, with another folder of Builds if one was named."""
    settings = read_environment()
    return settings if index is None else replace(settings, index=index)


class ProgressBars:
    """One tqdm bar for each step, on stderr; silent if stderr is not a terminal."""

    def __init__(self) -> None:
        self._bars: dict[str, Any] = {}

    def __enter__(self) -> ProgressBars:
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self._bars.values():
            bar.close()

    def show(self, step: str, done: int, total: int) -> None:
        from tqdm import tqdm

        bar = self._bars.get(step)
        if bar is None:
            bar = self._bars[step] = tqdm(total=total, desc=step, unit="", file=sys.stderr, disable=None)
        bar.update(done - bar.n)
