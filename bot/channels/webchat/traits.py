"""What the web chat is like for the use cases."""

from bot.channels.webchat.inbound import CHANNEL
from usecases.traits import Traits

NAME = CHANNEL
TRAITS = Traits(keeps=True)
