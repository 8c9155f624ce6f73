"""``python -m chatbot``, and the command ``chatbot``."""

import gc

gc.disable()  # nothing that an import makes is garbage, and to look for it is a fifth of the start

from chatbot.cli import main  # noqa: E402  it is switched off for this

gc.enable()

if __name__ == "__main__":
    main()
