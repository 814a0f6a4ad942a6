"""The table people read: each contestant's medians and the ratio to the yardstick."""

from __future__ import annotations

HEAD = (
    "| bot | state | steps/s | × | CPU/step ms (with DB) | ÷ | p50 / p95 / p99 ms at 60/s | p50 ÷ | p99 ÷ "
    "| steps/s, 50 ms API | × | start ms | ÷ | MB at rest |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def table(summary: dict[str, dict[str, float]], states: dict[str, str], yardstick: str) -> str:
    """Markdown, one row per contestant; ratios are left out when the yardstick did not run."""
    base = summary.get(yardstick)
    lines = [HEAD]
    for name, f in summary.items():

        def ratio(key: str, f: dict[str, float] = f) -> str:
            return f"{f[key] / base[key]:.2f}" if base and base[key] else "-"

        latencies = f"{f['p50_ms']:.1f} / {f['p95_ms']:.1f} / {f['p99_ms']:.1f}"
        lines.append(
            f"| {name} | {states[name]} | {f['steps_per_s']:.0f} | {ratio('steps_per_s')} | {f['cpu_ms']:.2f} "
            f"| {ratio('cpu_ms')} | {latencies} | {ratio('p50_ms')} | {ratio('p99_ms')} "
            f"| {f['slow_steps_per_s']:.0f} | {ratio('slow_steps_per_s')} | {f['start_ms']:.0f} "
            f"| {ratio('start_ms')} | {f['rest_mb']:.0f} |"
        )
    return "\n".join(lines)
