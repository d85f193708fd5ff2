"""JupyterLab for this book: ``jupyter lab --config=book/_tools/lab_config.py``.

Edited library code is used at once, because every kernel starts with IPython's autoreload on. No
request leaves the machine: no news, no look for updates, no catalog of extensions.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "_ext"))
from quiet_kernels import use_profile

build = Path(__file__).parents[2] / "_build"

use_profile(
    build / "ipython",
    'c.InteractiveShellApp.extensions = ["autoreload"]',
    'c.InteractiveShellApp.exec_lines = ["%autoreload 2"]',
)

settings = build / "lab_settings"
settings.mkdir(parents=True, exist_ok=True)
quiet = {"fetchNews": "false", "checkForUpdates": False}
(settings / "overrides.json").write_text(
    json.dumps({"@jupyterlab/apputils-extension:notification": quiet})
)

c = get_config()  # noqa: F821  (Jupyter defines it)
c.LabApp.app_settings_dir = str(settings)
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LabApp.default_url = "/lab/tree/chapters"

if hasattr(os, "geteuid") and os.geteuid() == 0:  # Windows has no such number
    c.ServerApp.allow_root = True
    print(
        "JupyterLab runs as root: who reaches its port with its token runs code as root. "
        "It listens on localhost only.",
        file=sys.stderr,
    )
