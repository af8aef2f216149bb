"""Recipes for clusters: what they hand in is right, without a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.errors import WrongInput
from experiments.requests import where_of
from experiments.runner import Engine
from experiments.runner.cluster import ClusterFile, job_cluster, read_cluster
from model import shipped_root


def test_the_job_script_of_slurm_starts_one_worker_with_one_thread() -> None:
    asked = read_cluster("slurm")
    with job_cluster(asked) as cluster:
        script = cluster.job_script()
    assert asked.workers == 40
    for line in ("#!/usr/bin/env bash", "#SBATCH -p normal", "#SBATCH -t 04:00:00", "source .venv/bin/activate"):
        assert line in script
    assert "--nthreads 1" in script and "#SBATCH --mem=2G" in script


def test_other_batch_systems_have_their_own_scripts() -> None:
    options = {"cores": 1, "memory": "2GB", "queue": "work"}
    with job_cluster(ClusterFile(kind="pbs", workers=2, options=options)) as cluster:
        assert "#PBS -q work" in cluster.job_script()


def test_the_recipe_for_kubernetes_fits_together() -> None:
    text = (shipped_root() / "clusters" / "kubernetes.yaml").read_text("utf-8")
    parts = {(part["kind"], part["metadata"]["name"]): part for part in yaml.safe_load_all(text)}
    assert set(parts) == {("Service", "whistle-scheduler"), ("Deployment", "whistle-scheduler"),
                          ("Deployment", "whistle-worker"), ("Job", "whistle-study")}  # fmt: skip
    service = parts["Service", "whistle-scheduler"]["spec"]
    (port,) = service["ports"]
    address = f"tcp://whistle-scheduler:{port['port']}"
    scheduler = parts["Deployment", "whistle-scheduler"]["spec"]["template"]
    assert scheduler["metadata"]["labels"] == service["selector"]
    worker = parts["Deployment", "whistle-worker"]["spec"]["template"]["spec"]
    study = parts["Job", "whistle-study"]["spec"]["template"]["spec"]
    for pod in (worker, study):
        (container,) = pod["containers"]
        assert address in container["command"]
        assert container["volumeMounts"][0]["mountPath"] == "/results" and pod["volumes"]
    assert worker["containers"][0]["command"][-3:-1] == ["--nthreads", "1"]
    assert study["containers"][0]["command"][:3] == ["whistle", "study", "weight_sweep"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: cloud\nworkers: 3\n", "kind"),
        ("kind: slurm\n", "workers"),
        ("kind: slurm\nworkers: 0\n", "workers"),
        ("kind: slurm\nworkers: 2\nque: x\n", "que"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongInput, match=words):
        read_cluster(str(path))


# the half-made cluster that dask-jobqueue leaves behind complains when it is collected
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_options_that_the_batch_system_does_not_know_are_told() -> None:
    with pytest.raises(WrongInput, match="slurm"):
        job_cluster(ClusterFile(kind="slurm", workers=1, options={"cores": 1, "memory": "1GB", "colour": "red"}))


def test_two_places_at_once_are_wrong_input() -> None:
    with pytest.raises(WrongInput, match="--cluster or --scheduler, got both"):
        where_of(1, None, "tcp://a:1", "slurm")
    with pytest.raises(WrongInput, match="expected --executor dask"):
        where_of(1, Engine.LOCAL, None, "slurm")
