"""What WhatsApp is like for the use cases."""

from datetime import timedelta

from bot.channels.whatsapp.inbound import CHANNEL
from usecases.traits import Traits

NAME = CHANNEL
TRAITS = Traits(window=timedelta(hours=24), toasts=False, edits=False, groups=False, numbers=True, reports=True)
