"""The tables people read, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

HEAD = (
    "bot", "state", "steps/s", "×", "CPU/step ms", "÷", "CPU/report ms", "÷", "p50 / p95 / p99 ms at 60/s",
    "p50 ÷", "p99 ÷", "steps/s, 50 ms API", "×", "start ms", "÷", "MB at rest",
)  # fmt: skip


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def comparison(summary: dict[str, dict[str, float]], states: dict[str, str], yardstick: str) -> str:
    """One row per contestant; × and ÷ are its medians over the yardstick's, the database's CPU included."""
    base = summary.get(yardstick, {})

    def row(name: str, f: dict[str, float]) -> list[str]:
        def with_ratio(key: str, digits: int) -> list[str]:
            ratio = f"{f[key] / base[key]:.2f}" if base.get(key) else "-"
            return [f"{f[key]:.{digits}f}", ratio]

        latencies = f"{f['p50_ms']:.1f} / {f['p95_ms']:.1f} / {f['p99_ms']:.1f}"
        return [
            name, states[name], *with_ratio("steps_per_s", 0), *with_ratio("cpu_ms", 2),
            *with_ratio("cpu_per_report_ms", 1), latencies, with_ratio("p50_ms", 1)[1], with_ratio("p99_ms", 1)[1],
            *with_ratio("slow_steps_per_s", 0), *with_ratio("start_ms", 0), f"{f['rest_mb']:.0f}",
        ]  # fmt: skip

    return table(HEAD, [row(name, f) for name, f in summary.items()])
