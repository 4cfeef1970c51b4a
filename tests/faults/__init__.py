"""A fault bench: the real service as a process, among newspapers, a Telegram and a house that misbehave by a plan.

`python -m tests.faults --seed 7 --minutes 1` plays a plan and prints what became of every alert; the plan is a pure
function of the seed, so that a red run can be played again. docs/operations.md has a section on it.
"""
