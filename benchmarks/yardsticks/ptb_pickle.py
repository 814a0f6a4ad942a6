"""python-telegram-bot with PicklePersistence, its usual way not to forget at a restart."""

import os

from telegram.ext import PicklePersistence

from benchmarks.yardsticks import ptb_bot

if __name__ == "__main__":
    ptb_bot.main(
        PicklePersistence(os.environ["PICKLE_FILE"], update_interval=float(os.environ.get("PICKLE_EVERY", 60)))
    )
