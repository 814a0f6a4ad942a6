"""What an error of the Cloud API means for a message: one table for answers to a send and for later reports."""

from __future__ import annotations

from bot.channels.whatsapp.client import GraphError, NotSent, Refused
from usecases.copies import WORD_COMES
from usecases.ports import Failure, SendFailed

WORD_COMES_S = WORD_COMES.total_seconds()  # with our own id, also for a send whose answer was lost
PAUSE_S = 5.0
SPAM_PAUSE_S = 900.0

OUTSIDE_WINDOW = 131047
UNREACHABLE = 131026
PAIR = 131056
SPAM = 131048
NEEDS_PHONE = 131062
PARAMETER = (100, 131008, 131009)

TABLE: dict[Failure, frozenset[int]] = {
    Failure.OUTSIDE_WINDOW: frozenset({OUTSIDE_WINDOW, 470}),
    # cannot be reached · is ourselves · lives where nothing may be sent to · is no tester of a test number
    Failure.GONE: frozenset({UNREACHABLE, 131021, 130497, 131030, NEEDS_PHONE}),
    Failure.NOT_SENT: frozenset(
        {4, 80007, 130429, PAIR, SPAM, 131057}  # limits, and an account under maintenance
        | {1, 2, 131000, 131016, 133004, 133016}  # trouble of theirs that passes
    ),
    Failure.TEMPLATE: frozenset({132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069}),
    # enough of them for this person · who wants none · who is part of an experiment
    Failure.UNWANTED: frozenset({131049, 131050, 130472}),
    # token · permission · account locked, unpaid or not registered · number deleted · name not approved
    Failure.BROKEN: frozenset({0, 3, 10, 33, 190, 368, 131005, 131031, 131037, 131042, 131045, 133010})
    | frozenset(range(200, 300)),
}
FAILURES: dict[int, Failure] = {code: failure for failure, codes in TABLE.items() for code in codes}

# Seconds to rest, and whether the whole number rests or this person only.
PAUSES: dict[int, tuple[float, bool]] = {
    4: (60.0, True),
    80007: (60.0, True),
    130429: (PAUSE_S, True),
    PAIR: (12.0, False),
    SPAM: (SPAM_PAUSE_S, True),
    131057: (300.0, True),
}


def meaning(code: int) -> Failure:
    """The outcome an error code stands for; one we do not know is permanent for this message."""
    return FAILURES.get(code, Failure.REFUSED)


def explain(error: GraphError) -> SendFailed:
    """The outcome of a send that ended in this error."""
    if isinstance(error, NotSent):
        return SendFailed(Failure.NOT_SENT, str(error))
    if not isinstance(error, Refused):
        return SendFailed(Failure.AMBIGUOUS, str(error), retry_after_s=WORD_COMES_S)
    code, status = error.code, error.status
    if status == 429 and code not in PAUSES:
        return SendFailed(Failure.NOT_SENT, "429", retry_after_s=error.wait_s or PAUSE_S, whole_bot=True)
    if (not code and status >= 500) or status in (502, 504):  # a proxy's word, which may hide a success
        return SendFailed(Failure.AMBIGUOUS, f"HTTP {status}", retry_after_s=WORD_COMES_S)
    if not code and status not in (401, 403):
        return SendFailed(Failure.NOT_SENT if status in (408, 425) else Failure.REFUSED, f"HTTP {status}")
    if code in PAUSES:
        seconds, everybody = PAUSES[code]
        return SendFailed(
            Failure.NOT_SENT, f"code {code}", retry_after_s=max(error.wait_s, seconds), whole_bot=everybody
        )
    failure = meaning(code)
    if failure is Failure.REFUSED and status >= 500:
        failure = Failure.NOT_SENT
    return SendFailed(failure, f"{status} code {code}" if status >= 500 else f"code {code}")
