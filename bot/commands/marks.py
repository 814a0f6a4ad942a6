"""Marks of an exam as a table for people."""

from collections.abc import Iterable, Iterator, Mapping

from routing.measure import CategoryMarks, Confusion, DangerMarks, IntentMarks, Marks, PlaceMarks


def written(marks: Marks, rows: int, not_measured: Mapping[str, int]) -> str:
    """All parts the exam asks about, one figure per line."""
    lines = [f"{rows} rows, {rows - sum(not_measured.values())} measured"]
    lines += [f"  not measured: {n:5}  {reason}" for reason, n in sorted(not_measured.items(), key=lambda x: -x[1])]
    if marks.category:
        lines += _category(marks.category)
    if marks.intent:
        lines += _intent(marks.intent)
    if marks.danger:
        lines += _danger(marks.danger)
    if marks.place:
        lines += _place(marks.place)
    return "\n".join(lines) + "\n"


def _share(value: float | None) -> str:
    return "    -" if value is None else f"{value:.3f}"


def _line(name: str, value: float | None, more: str = "") -> str:
    return f"  {name:<28}{_share(value)}  {more}".rstrip()


def _category(marks: CategoryMarks) -> Iterator[str]:
    yield f"\nCategory, {marks.n} texts"
    yield _line("right at the first guess", marks.top1)
    yield _line("right among three", marks.top3)
    yield _line("right office at first", marks.agency_top1)
    yield _line("macro recall", marks.macro_recall, f"mean over {len(marks.by_category)} categories")
    yield _line("sure: coverage", marks.sure.coverage)
    yield _line("sure: precision", marks.sure.precision)
    for decision, share in marks.decisions.items():
        yield _line(f"decision {decision}", share)
    for title, groups in (("category", marks.by_category), ("style", marks.by_style)):
        if groups:
            yield f"  by {title:<15}    n  first  three"
        for name, hits in sorted(groups.items(), key=lambda item: (item[1].top1, item[0])):
            yield f"    {name:<15}{hits.n:5}  {hits.top1:.3f}  {hits.top3:.3f}"
    yield from _confusions(marks.confusions)


def _confusions(confusions: Iterable[Confusion]) -> Iterator[str]:
    for i, pair in enumerate(confusions):
        if i == 0:
            yield "  largest confusions (right > said)"
        yield f"    {pair.n:4}  {pair.right} > {pair.said or '(nothing)'}"


def _intent(marks: IntentMarks) -> Iterator[str]:
    yield f"\nIntent, {marks.n} texts"
    yield _line("accuracy", marks.accuracy)
    for intent, recall in marks.recall.items():
        yield _line(f"recall {intent}", recall)
    yield from _confusions(marks.confusions)


def _danger(marks: DangerMarks) -> Iterator[str]:
    yield f"\nDanger, {marks.n} texts, {marks.in_danger} with somebody in danger"
    yield _line("recall", marks.recall)
    yield _line("precision", marks.precision)
    yield _line("right kind when heard", marks.kind_right)
    if marks.hard_negatives:
        yield _line("silent when it must be", marks.hard_negatives_silent, f"{marks.hard_negatives} that sound like it")
    for kind, recall in marks.recall_by_kind.items():
        yield _line(f"recall {kind}", recall)


def _place(marks: PlaceMarks) -> Iterator[str]:
    yield f"\nPlace, {marks.n} texts"
    yield _line("right", marks.right)
    yield _line("honestly asked", marks.asked)
    yield _line("right or honestly asked", marks.right_or_asked)
    yield _line("asked with wrong ones only", marks.misled)
    yield _line("silently wrong", marks.silently_wrong)
