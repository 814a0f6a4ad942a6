"""python-telegram-bot, everything in memory: what most tutorials end with."""

from benchmarks.yardsticks import ptb_bot

if __name__ == "__main__":
    ptb_bot.main()
