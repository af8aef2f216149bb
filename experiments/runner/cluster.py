"""Runs on a Dask cluster: one started here, one that already runs elsewhere, or one that a batch system provides.

Workers that die are replaced or missed: Dask runs their chunks again elsewhere. A chunk that goes on killing its worker
is run again one task at a time, so that only a task that kills alone is recorded as failed.
"""

import contextlib
import pickle
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from experiments.design.plan import Finished, RunResult, Task
from experiments.design.reading import read_form
from experiments.design.studyfile import Section, is_path
from experiments.errors import Interrupted, WrongInput
from experiments.runner.agenda import Agenda
from experiments.runner.executors import Chunker, dispatch, run_chunk
from experiments.runner.progress import Stop
from experiments.runner.worker import Simulation
from experiments.store.shards import RunSink
from model import needs

PATIENCE = "10s"  # how long a scheduler is sought
WINDOW = 2  # chunks given out for each worker, so that none is idle while this process decides what is next

ONE_AT_A_TIME = threading.Lock()
"""A worker may have several threads; the scenarios it keeps ready, and the clock of a run, belong to one run."""


class DaskCluster:
    """Runs tasks on Dask workers, however many there are at the moment.

    Args:
        jobs: Processes of the cluster that is started here.
        scheduler: Address of one that already runs, as "tcp://host:8786"; None starts one.
        cluster: Name or path of a file that says how a batch system starts workers.

    Raises:
        MissingExtra: If Dask is not installed.
    """

    died: type[Exception]

    def __init__(self, jobs: int, scheduler: str | None = None, cluster: str | None = None) -> None:
        needs("cluster", "--executor dask", "dask", "distributed")
        self._jobs, self._scheduler = jobs, scheduler
        self._batch = read_cluster(cluster) if cluster is not None else None

    def execute(self, work: Simulation, sink: RunSink | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`.

        Raises:
            WrongInput: If the scheduler cannot be reached, has no worker, or its workers run other code.
            Interrupted: If the scheduler is lost on the way.
        """
        from distributed.client import FutureCancelledError, FuturesCancelledError
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker

        work.prepare()  # compiled here once, before workers on this machine start
        # sent along with every chunk: kept in the memory of workers, it would be lost with the last that has it
        self.died, self._work = KilledWorker, (pickle.dumps(work), sink)
        with self._connected() as self._client:
            self._refuse_other_code()
            try:
                yield from dispatch(self, Chunker(agenda, max(1, self._workers())), stop)
            except (CommClosedError, FutureCancelledError, FuturesCancelledError) as error:
                raise Interrupted(
                    f"The Dask scheduler was lost ({_reason(error)}). All finished runs are kept. Repeat the command."
                ) from error

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        import dask
        from distributed import Client, LocalCluster

        quiet = {"distributed.logging.distributed": "error", "distributed.comm.timeouts.connect": PATIENCE,
                 "distributed.scheduler.allowed-failures": 1}  # fmt: skip
        with dask.config.set(quiet), contextlib.ExitStack() as stack:
            if self._batch is not None:
                jobs = stack.enter_context(job_cluster(self._batch))
                jobs.scale(self._batch.workers)
                client = stack.enter_context(Client(jobs))
                client.wait_for_workers(1)
            elif self._scheduler is None:
                here = LocalCluster(n_workers=self._jobs, threads_per_worker=1, processes=True, silence_logs="ERROR",
                                    dashboard_address="127.0.0.1:0")  # fmt: skip
                client = stack.enter_context(Client(stack.enter_context(here)))
            else:
                try:
                    client = stack.enter_context(Client(self._scheduler, timeout=PATIENCE))
                except (TimeoutError, OSError, ValueError) as error:
                    raise WrongInput([
                        f"--scheduler {self._scheduler}: no scheduler answers ({_reason(error)}). Give the address of "
                        "a running Dask scheduler, such as tcp://host:8786."
                    ]) from error  # fmt: skip
            yield client

    def _workers(self) -> int:
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def _refuse_other_code(self) -> None:
        """Refuse workers whose model is not this one: their results would get wrong keys."""
        if self._workers() == 0:
            raise WrongInput(["--scheduler: expected workers, got none. Start one: dask worker ADDRESS --nthreads 1."])
        try:
            found = self._client.run(_fingerprint)
        except Exception as error:  # whatever a worker without our packages raises
            raise WrongInput([f"--scheduler: its workers cannot import whistle ({_reason(error)}). Install the same "
                              "version of it there."]) from error  # fmt: skip
        strange = sorted(address for address, theirs in found.items() if theirs != _fingerprint())
        if strange:
            raise WrongInput([f"--scheduler: expected this code, numba and numpy on all workers, got others on "
                              f"{', '.join(strange)}. Install the same versions there."])  # fmt: skip

    def room(self) -> int:
        return WINDOW * max(1, self._workers())

    def submit(self, chunk: list[Task]) -> Any:
        return self._client.submit(_run_chunk, *self._work, chunk, pure=False)

    def wait(self, futures: list[Any]) -> list[Any]:
        """Wait at most a second, to hear of a stop and of workers that joined."""
        from distributed import wait

        with contextlib.suppress(TimeoutError):
            wait(futures, timeout=1.0, return_when="FIRST_COMPLETED")
        return [future for future in futures if future.done()]

    def abandon(self, futures: list[Any]) -> bool:
        self._client.cancel(futures, force=True)
        return True


def _reason(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _fingerprint() -> str:
    from model import fingerprint

    return fingerprint()


_KEPT: dict[bytes, Simulation] = {}
"""The study that this worker serves now, so that it is made ready once and not for every chunk."""


def _run_chunk(packed: bytes, sink: RunSink | None, chunk: Sequence[Task]) -> list[Finished]:
    with ONE_AT_A_TIME:
        if packed not in _KEPT:
            _KEPT.clear()
            _KEPT[packed] = pickle.loads(packed)
        work = _KEPT[packed]

    def alone(task: Task) -> RunResult:
        with ONE_AT_A_TIME:
            return work(task)

    return run_chunk(alone, sink, chunk)


class ClusterFile(Section):
    """Workers as jobs of a batch system."""

    kind: Literal["slurm", "pbs", "sge", "lsf"]
    workers: int = Field(ge=1, le=100_000)
    options: dict[str, Any] = Field({}, description="Of the cluster class of dask-jobqueue.")


def read_cluster(name_or_path: str) -> ClusterFile:
    """Read the file of a cluster: a shipped name, or a path with / or .yaml.

    Raises:
        WrongInput: For a file that cannot be read, or says something unknown.
    """
    from model import shipped_root

    path = Path(name_or_path) if is_path(name_or_path) else shipped_root() / "clusters" / f"{name_or_path}.yaml"
    try:
        return read_form(path, ClusterFile)
    except WrongInput as error:
        raise WrongInput([f"--cluster {problem}" for problem in error.problems]) from error


def job_cluster(batch: ClusterFile) -> Any:
    """Return a cluster of dask-jobqueue; no job is handed in before it is scaled.

    Raises:
        MissingExtra: If dask-jobqueue is not installed.
        WrongInput: If it refuses an option.
    """
    needs("cluster", "--cluster", "dask_jobqueue")
    import dask_jobqueue

    try:
        return getattr(dask_jobqueue, f"{batch.kind.upper()}Cluster")(**batch.options)
    except (TypeError, ValueError) as error:
        raise WrongInput([f"--cluster: {batch.kind}: {error}"]) from error
