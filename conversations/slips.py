"""Words that differ by a slip of the finger."""

from __future__ import annotations


def near(one: str, other: str) -> bool:
    """Whether two words differ by a slip of the finger: one letter from 5 letters on, two from 10 on."""
    longest = max(len(one), len(other))
    allowed = 0 if longest < 5 else 1 if longest < 10 else 2
    if not allowed or abs(len(one) - len(other)) > allowed:
        return False
    return _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swapped neighbours between two short words."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one):
        row = [i + 1]
        for j, b in enumerate(other):
            cost = min(last[j] + (a != b), last[j + 1] + 1, row[j] + 1)
            if i and j and a == other[j - 1] and one[i - 1] == b:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
