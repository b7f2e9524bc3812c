"""One executor for each kind of step, behind the contract of ``runbook.execution``."""
