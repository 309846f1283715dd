"""`portseal policy check`: is a policy file right, and what does it say?"""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import output
from api.cli.ending import Ending

File = Annotated[Path, typer.Argument(help="The policy file (TOML).", exists=True, dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="The rules by which an inspection is recommended.", no_args_is_help=True)
    group.command("check")(check)
    group.command("show")(show)
    app.add_typer(group, name="policy")


def check(file: File, language: Annotated[str, typer.Option("--language", help="zh or en.")] = "en") -> None:
    """Name everything that is wrong with a policy file, or print its rules. Ends with 1 if it is wrong."""
    from verifier.decision.policy_reading import PolicyInvalid, read_policy

    try:
        policy = read_policy(file.read_bytes(), file.name)
    except PolicyInvalid as error:
        for problem in error.problems:
            output.err.print(f"{file.name}: {problem.detail}", style="red", markup=False, soft_wrap=True)
        output.note(error.mend)
        raise Ending(1) from None
    chosen = "zh" if language.startswith("zh") else "en"
    output.fields([("policy", f"{policy.name} {policy.version}"), ("sha256", policy.sha256.hex())])
    for place, rule in enumerate(policy.rules, 1):
        sample = f" {rule.percent} %, {rule.drawn}" if rule.percent else ""
        output.line(f"{place}. {rule.name}: {rule.inspection}{sample}. {rule.why[chosen]}", style="bold")
        for condition in rule.conditions:
            output.line(f"   - {condition.sentence()[chosen]}")


def show() -> None:
    """Print Portseal's own policy file: a place to begin."""
    from verifier.decision import policy_reading

    path = Path(policy_reading.__file__).parent / "portseal.toml"
    output.out.out(path.read_text(encoding="utf-8"), end="", highlight=False)
