"""The composition root: the only place that knows everyone. Used by app, worker and commands.

`process` makes each part when it is first asked for, `providers` the adapters, `backoffices` what reaches into shops,
`staff` who works in a worker, `readers` names what reads each shop platform.
"""

from sidecar.wiring.process import Recado, utc_now
from sidecar.wiring.readers import READERS
from sidecar.wiring.staff import new_worker

__all__ = ["READERS", "Recado", "new_worker", "utc_now"]
