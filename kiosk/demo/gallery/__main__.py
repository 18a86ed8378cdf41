# SPDX-License-Identifier: Apache-2.0
"""Every screen as a picture, with sample states: to look at beside the design, and for the documents.

`python -m kiosk.demo.gallery OUTDIR [--landscape] [--elder] [--high] [--english] [--shell]`
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.config import Orientation
    from kiosk.theme.tokens import Contrast
from kiosk.demo.gallery.frame import shell_states
from kiosk.demo.gallery.render import all_states, render_gallery
from kiosk.demo.gallery.samples import offscreen_platform


def main(arguments: list[str]) -> int:
    """The command line of this module."""
    flags = [word for word in arguments if word.startswith("--")]
    rest = [word for word in arguments if not word.startswith("--")]
    if not rest:
        print(__doc__)
        return 2
    orientation: Orientation = "landscape" if "--landscape" in flags else "portrait"
    language = "en" if "--english" in flags else "zh"
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("QT_QPA_PLATFORM", offscreen_platform(Path(folder), orientation))
        contrast: Contrast = "high" if "--high" in flags else "normal"
        states = shell_states if "--shell" in flags else all_states
        files = render_gallery(Path(rest[0]), orientation, "--elder" in flags, language, contrast, states=states)
    print(f"{len(files)} pictures in {rest[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
