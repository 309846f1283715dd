"""Commands of one noun: `portseal operators cn.customs CODE` asks, `portseal operators suspend CODE` writes."""

from typing import Any

import typer
from typer.core import TyperGroup

SHOW = "show"


class AskingGroup(TyperGroup):
    """Takes what does not begin with one of its commands as a question: for `show`, which need not be written."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `show` where no command stands."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


def asking_group(app: typer.Typer, name: str, about: str) -> typer.Typer:
    """Add a group to `app` and return it."""
    group = typer.Typer(cls=AskingGroup, help=about)
    app.add_typer(group, name=name)
    return group
