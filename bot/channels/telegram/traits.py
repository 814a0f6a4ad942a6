"""What Telegram is like for the use cases."""

from bot.channels.telegram.inbound import CHANNEL
from usecases.traits import Traits

NAME = CHANNEL
TRAITS = Traits()
