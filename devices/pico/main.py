# Hearth on a Raspberry Pi Pico W: reads config.json, measures, and keeps the house informed.
import asyncio
import sys

from hal.board import Board
from hearth.config import read_config
from hearth.device import Device


def main():
    config = read_config("config.json")
    board = Board(config)
    try:
        asyncio.run(Device(config, board).run())
    except KeyboardInterrupt:
        raise
    except Exception as error:  # whatever it is: say it, then boot again
        sys.print_exception(error)
        board.restart()


main()
