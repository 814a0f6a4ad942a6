"""Who is turned away at a webhook leaves a trace, and floods no log."""

import pytest

from bot.channels.refused import Turned


def test_the_first_is_told_at_once_and_then_their_number_once_a_minute(caplog: pytest.LogCaptureFixture):
    now = [5.0]
    turned = Turned("/hook", "Compare the secrets.", lambda: now[0])
    turned.away("wrong secret")
    for _ in range(40):
        now[0] += 1
        turned.away("no secret")
    now[0] += 30
    turned.away("wrong secret")
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("WARNING", "/hook turned deliveries away: 1x wrong secret. Compare the secrets."),
        ("WARNING", "/hook turned deliveries away: 40x no secret, 1x wrong secret. Compare the secrets."),
    ]
