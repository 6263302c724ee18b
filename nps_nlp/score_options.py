"""The command line's options about the score and its drivers: columns beside it, break points, benchmarks, errors."""

from __future__ import annotations

import argparse

BESIDE = ("weight", "touchpoint", "wave", "key")
ABOUT_SCORE = ("break_points", "metric", "benchmarks", "industry", "crm", "crm_key", "invitations", "waves", "errors")


def add_columns_beside(command: argparse.ArgumentParser) -> None:
    """Add the options that name what stands beside the score."""
    command.add_argument("--weight", metavar="COL", help="column of survey weights (none: use none)")
    command.add_argument(
        "--touchpoint", metavar="COL", help="column of what the score is about, such as post-purchase (none: no column)"
    )
    command.add_argument("--wave", metavar="COL", help="column of the wave of a panel (none: no column)")
    command.add_argument("--key", metavar="COL", help="column to join other tables on (default: the respondent's id)")


def add_score_options(report: argparse.ArgumentParser) -> None:
    """Add the options of a report that concern the score, and the errors of its drivers."""
    group = report.add_argument_group("about the score")
    add_break_points(group)
    group.add_argument(
        "--metric", choices=("NPS", "eNPS"), help="what the score is called (default: what the question asks)"
    )
    group.add_argument(
        "--benchmarks",
        metavar="FILE|NAME",
        help="scores to compare with: a CSV (name, industry, score, year, source), or ntt_com_online_2022",
    )
    group.add_argument("--crm", metavar="FILE", help="customers with revenue, renewal, sales, referrals; one row each")
    group.add_argument("--invitations", metavar="FILE", help="who was invited, one row each, with their segments")
    group.add_argument("--crm-key", metavar="COL", help="the key in these files, where it has another name there")
    group.add_argument(
        "--waves",
        choices=("file", "month", "quarter", "year"),
        help="follow respondents between files or stretches of time",
    )
    group.add_argument("--industry", metavar="NAME", help="the own industry, by its name among the benchmarks")
    report.add_argument(
        "--errors",
        metavar="FILE",
        help="what 'nps-nlp evaluate LABELLED.jsonl --json' printed: drivers are also shown without the model's errors",
    )


def add_break_points(command: argparse._ActionsContainer) -> None:
    """Add the option of other break points."""
    command.add_argument(
        "--break-points",
        metavar="D,P",
        type=_break_points,
        help="highest score of a detractor and lowest of a promoter (default: 6,9)",
    )


def _break_points(text: str) -> tuple[int, int]:
    parts = text.replace("、", ",").split(",")
    if len(parts) == 2 and all(p.strip().isdecimal() for p in parts) and int(parts[0]) < int(parts[1]) <= 10:
        return int(parts[0]), int(parts[1])
    raise argparse.ArgumentTypeError(
        f"{text!r}: expected the highest score of a detractor and the lowest of a promoter, such as 6,9"
    )
