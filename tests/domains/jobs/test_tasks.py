"""Long tasks: they go on after their worker died, stop when they are called off, and a zombie writes nothing."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from sayso.domains.jobs import run_tasks
from sayso.domains.jobs.lease import claim
from sayso.domains.jobs.models import Task
from sayso.domains.jobs.run_tasks import Cancelled, LeaseLost, RunningTask, run_next_task
from sayso.domains.jobs.tasks import NoSuchTask, cancel_task, start_task, task_kind, task_of
from sayso.domains.workspaces.ids import number_of, public_id
from tests.domains.cast import FRIENDS, START, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


@task_kind("count_to")
def count_to(task: RunningTask, *, number: int) -> dict[str, Any]:
    for each in range(number):
        task.progress(each + 1, number)
    return {"counted": number}


@task_kind("give_up")
def give_up(task: RunningTask) -> dict[str, Any]:
    raise ValueError(f"nothing to count in {task.workspace}")


def started(kind: str, **arguments: Any) -> Task:
    return start_task(workspace=open_bluebell(FRIENDS), kind=kind, arguments=arguments, now=START)


def test_a_task_is_done_and_keeps_its_result() -> None:
    task = started("count_to", number=3)
    assert run_next_task(START)
    task.refresh_from_db()
    assert (task.state, task.done, task.total, task.result) == ("done", 3, 3, {"counted": 3})
    assert not run_next_task(START + timedelta(days=1))


def test_a_failure_is_kept_as_a_sentence() -> None:
    task = started("give_up")
    run_next_task(START)
    task.refresh_from_db()
    assert (task.state, task.problem) == ("failed", "ValueError: nothing to count in bluebell")


def test_a_task_whose_worker_died_is_taken_up_again_and_the_zombie_writes_nothing() -> None:
    task = started("count_to", number=2)
    (held,) = claim(Task.objects.all(), limit=1, now=START, seconds=60)
    zombie = RunningTask(held)
    assert not run_next_task(START + timedelta(seconds=59))
    assert run_next_task(START + timedelta(seconds=61))
    with pytest.raises(LeaseLost):
        zombie.progress(1, 99)
    task.refresh_from_db()
    assert (task.state, task.total) == ("done", 2)


def dies_over_it(now: datetime) -> None:
    """What is left of a worker that is killed while it runs the next task."""
    with pytest.raises(SystemExit):
        run_next_task(now)


@task_kind("kill")
def kill(task: RunningTask) -> dict[str, Any]:
    raise SystemExit(f"out of memory in {task.workspace}")


def test_a_task_that_no_worker_survives_is_given_up_and_the_next_one_runs() -> None:
    task = started("kill")
    next_one = start_task(
        workspace=task.workspace, kind="count_to", arguments={"number": 2}, now=START + timedelta(seconds=1)
    )
    for minutes in (0, 2, 4):
        dies_over_it(START + timedelta(minutes=minutes))
    while run_next_task(START + timedelta(minutes=6)):
        pass
    task.refresh_from_db()
    next_one.refresh_from_db()
    assert (task.state, next_one.state) == ("failed", "done")
    assert task.problem == "it was started 3 times, and its worker ended each time before it got any further"


@task_kind("count_on")
def count_on(task: RunningTask, *, ends_at: list[int]) -> dict[str, Any]:
    """Count to 9 from the beginning; each start takes the first of the places at which the worker is ended."""
    end = ends_at.pop(0) if ends_at else 0
    for each in range(1, 10):
        task.progress(each, 9)
        if each == end:
            raise SystemExit("the host is shut down")
    return {"counted": 9}


def what_becomes_of(monkeypatch: pytest.MonkeyPatch, ends_at: list[int]) -> Task:
    """A task whose worker is ended at some places, one for each start, a minute after the lease of the one before."""
    task = started("count_on", ends_at=[])
    monkeypatch.setattr(run_tasks, "work_of", lambda kind: lambda row, **_: count_on(row, ends_at=ends_at))
    for start in range(len(ends_at)):
        dies_over_it(START + timedelta(minutes=2 * start))
    assert run_next_task(START + timedelta(hours=1))
    task.refresh_from_db()
    return task


def test_a_task_that_gets_further_each_time_outlives_any_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    task = what_becomes_of(monkeypatch, [1, 2, 4, 3, 5, 8])
    assert (task.state, task.done, task.total, task.result) == ("done", 9, 9, {"counted": 9})


def test_a_task_whose_workers_end_before_it_gets_further_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    task = what_becomes_of(monkeypatch, [2, 5, 4, 5, 1])
    assert (task.state, task.done, task.starts) == ("failed", 5, 3)


def test_a_task_that_was_called_off_when_its_worker_died_is_not_started_again() -> None:
    task = started("kill")
    dies_over_it(START)
    assert cancel_task(workspace=task.workspace, number=task.id, now=START).state == "running"
    assert run_next_task(START + timedelta(minutes=2))
    task.refresh_from_db()
    assert (task.state, task.starts) == ("cancelled", 1)


def test_a_task_is_called_off_before_and_while_it_runs() -> None:
    task = started("count_to", number=2)
    assert cancel_task(workspace=task.workspace, number=task.id, now=START).state == "cancelled"
    assert not run_next_task(START)
    running = start_task(workspace=task.workspace, kind="count_to", arguments={"number": 2}, now=START)
    (held,) = claim(Task.objects.filter(finished_at=0), limit=1, now=START, seconds=60)
    held.keep(state="running")
    cancel_task(workspace=task.workspace, number=running.id, now=START)
    with pytest.raises(Cancelled):
        RunningTask(held).progress(1, 2)


def test_a_task_of_another_workspace_is_not_there() -> None:
    task = started("count_to", number=1)
    with pytest.raises(NoSuchTask):
        task_of(workspace=open_bluebell(FRIENDS, name="other"), number=task.id)


def test_public_ids_are_read_back_and_tell_kinds_apart() -> None:
    for number in (0, 65536, (1 << 63) - 1):
        assert number_of("rew", public_id("rew", number)) == number
    assert number_of("mem", public_id("rew", 5)) is None
    assert number_of("rew", "rew_" + "Z" * 13) is None
    assert number_of("rew", "rew_1") is None
    assert public_id("rew", 1) < public_id("rew", 40)


def test_a_database_that_is_away_for_a_moment_ends_no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    task, beats = started("count_to", number=1), threading.Semaphore(0)
    (row,) = claim(Task.objects.all(), limit=1, now=START, seconds=60)
    renew = Task.renew

    def renewed(held: Task, **until: Any) -> bool:
        beats.release()
        if row.total == 0:
            row.total = 1
            raise OperationalError("the server closed the connection unexpectedly")
        return renew(held, **until)

    monkeypatch.setattr(Task, "renew", renewed)
    monkeypatch.setattr(run_tasks, "HEARTBEAT_SECONDS", 0.01)
    with run_tasks._heartbeat(row):
        assert all(beats.acquire(timeout=10) for _ in range(3))
    task.refresh_from_db()
    assert task.leased_until is not None
    assert task.leased_until != row.leased_until
