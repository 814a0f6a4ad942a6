"""Every figure one after the other: python -m benchmarks [--quick]. Each part is also a command of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One measurement: what it shows, its module, and its arguments in full and in a hurry."""

    title: str
    module: str
    full: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()


PARTS = (
    Part("Guided steps, side by side", "benchmarks.steps", ("--rounds", "5"), ("--rounds", "1", "--seconds", "3")),
    Part("The least a durable step costs on PostgreSQL", "benchmarks.floor", (), ("--rounds", "1", "--seconds", "2")),
    Part("Start after a kill with 10,000 unsent messages", "benchmarks.start", (), ("--rounds", "1")),
    Part("Big tables on SQLite", "benchmarks.rows", (), ("--rows", "50000")),
    Part("Big tables on PostgreSQL", "benchmarks.rows", ("--postgres",), ("--postgres", "--rows", "50000")),
    Part("Understanding", "benchmarks.understanding"),
    Part("Danger in sentences that were not learned", "benchmarks.danger", (), ("--shares", "1.0")),
    Part("Kills on SQLite", "tests.bench.crash_driver", ("--rounds", "100"), ("--rounds", "5")),
    Part(
        "Kills on PostgreSQL", "tests.bench.crash_driver",
        ("--database", "postgresql", "--rounds", "100"), ("--database", "postgresql", "--rounds", "3"),
    ),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed, accuracy and loss: every figure one after the other.")
    parser.add_argument("--quick", action="store_true", help="a few minutes instead of half an hour")
    asked = parser.parse_args()
    failed = []
    for part in PARTS:
        arguments = part.quick if asked.quick else part.full
        print(f"\n## {part.title}\npython -m {' '.join((part.module, *arguments))}\n", flush=True)
        if subprocess.run([sys.executable, "-m", part.module, *arguments]).returncode:
            failed.append(part.title)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll parts ran.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
