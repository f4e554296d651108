"""For who starts gunicorn itself (`gunicorn -c deploy/gunicorn.conf.py`); `recado web` has the same options."""

import os

from sidecar import metrics

metrics.choose_folder(os.environ)
metrics.prepare_folder(os.environ)

from sidecar import logs  # noqa: E402 (the folder must be known before the counters are loaded)
from sidecar.server import gunicorn_options  # noqa: E402
from sidecar.settings import read_settings  # noqa: E402

_settings = read_settings()
logs.configure(_settings.log_level)

wsgi_app = "sidecar.server:application()"
globals().update(gunicorn_options(_settings))
