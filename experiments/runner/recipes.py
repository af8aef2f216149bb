"""Clusters that a batch system provides, from a small file: workers as its jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiments.errors import WrongInput

__all__ = ["ClusterFile", "job_cluster", "read_cluster"]


class ClusterFile(BaseModel):
    """Workers as jobs of a batch system."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["slurm", "pbs", "sge", "lsf"]
    workers: int = Field(ge=1, le=100_000)
    options: dict[str, Any] = Field({}, description="Of the cluster class of dask-jobqueue.")


CLASSES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster", "lsf": "LSFCluster"}
"""Of dask-jobqueue, by kind."""


def read_cluster(name_or_path: str) -> ClusterFile:
    """Read the file of a cluster: a shipped name, or a path with / or .yaml.

    Raises
    ------
    WrongInput
        For a file that cannot be read, or says something unknown.
    """
    from experiments.design.studyfile import is_path
    from model import ConfigError, read_yaml, shipped_root

    path = Path(name_or_path) if is_path(name_or_path) else shipped_root() / "clusters" / f"{name_or_path}.yaml"
    try:
        sheet = read_yaml(path)
    except ConfigError as error:
        raise WrongInput([f"--cluster {problem}" for problem in error.problems]) from error
    try:
        return ClusterFile(**sheet.values)
    except ValidationError as error:
        raise WrongInput(
            [f"{sheet.place(detail['loc'])}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}."
             for detail in error.errors()]
        ) from error  # fmt: skip


def job_cluster(asked: ClusterFile) -> Any:
    """Return a cluster of dask-jobqueue; no job is handed in before it is scaled.

    Raises
    ------
    WrongInput
        If dask-jobqueue is missing, or refuses an option.
    """
    try:
        import dask_jobqueue
    except ImportError as error:
        raise WrongInput(
            ["--cluster: needs dask-jobqueue. Install it with: pip install 'whistle-abm[cluster]'."]
        ) from error
    try:
        return getattr(dask_jobqueue, CLASSES[asked.kind])(**asked.options)
    except (TypeError, ValueError) as error:
        raise WrongInput([f"--cluster: {asked.kind}: {error}"]) from error
