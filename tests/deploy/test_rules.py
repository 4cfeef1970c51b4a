"""What rings an operator asks for metrics that a running service shows, says where to read on, and was tried."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import Scraped
from tests.deploy.expressions import matchers_in, metrics_in
from tests.test_docs import anchors

REPO = Path(__file__).parents[2]
FOLDER = REPO / "deploy" / "prometheus"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
INSTALL = "promtool is not installed; it takes: apt-get install --no-install-recommends prometheus"


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in the folder of the rules; where it is missing, that is red in CI and a skip elsewhere."""
    if shutil.which("promtool") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    command = ["promtool", *arguments]
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=120, check=False)


def names(rule: dict[str, Any]) -> str:
    return str(rule["alert"])


# ---------------------------------------------------------------- the language of expressions


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('up{job="monitor"} == 0', {"up"}),
        ("time() - rows_read > 60", {"rows_read"}),
        ("sum without (outcome) (increase(polls_total[10m])) == 0", {"polls_total"}),
        ('100 * failing{a="b"} / (feeds > 0) > 0.5', {"failing", "feeds"}),
        ("histogram_quantile(0.5, sum by (le) (rate(x_bucket[$__rate_interval])))", {"x_bucket"}),
        ("bytes > 800e6 and on (job) other offset 5m", {"bytes", "other"}),
    ],
)
def test_the_metrics_of_an_expression_are_found(expression: str, wanted: set[str]) -> None:
    assert metrics_in(expression) == wanted


def test_the_labels_of_an_expression_are_found() -> None:
    found = list(matchers_in('sum(x{a="1", b=~"c|d"}) / y{e!="f"}'))
    assert found == [("x", "a", "=", "1"), ("x", "b", "=~", "c|d"), ("y", "e", "!=", "f")]


# ---------------------------------------------------------------- the rules


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_a_rule_asks_for_metrics_that_a_running_service_shows(rule: dict[str, Any], scraped: Scraped) -> None:
    wanted = metrics_in(rule["expr"])
    assert wanted
    assert wanted - scraped.names == set()
    for metric, label, _, value in matchers_in(rule["expr"]):
        if label == "job":
            assert value == "monitor"
            continue
        known = scraped.labels[metric][label]
        assert set(value.split("|")) - known == set(), f"{metric} is never shown with {label}={value}"


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_a_rule_says_how_bad_it_is_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"]
    page, _, part = rule["annotations"]["runbook"].partition("#")
    assert part in anchors(REPO / page)


def test_every_rule_has_a_case_that_rings_it() -> None:
    cases = (FOLDER / "rules.test.yml").read_text("utf-8")
    tried = set(re.findall(r"alertname=\"(\w+)\"", cases)) | set(
        re.findall(r"alertname: (\w+)\n\s+eval_time: \w+\n\s+exp_alerts:\n", cases)
    )
    assert {names(rule) for rule in RULES} - tried == set()


def test_a_full_house_of_trouble_is_told_apart() -> None:
    """No two rules are the same, so that each says something of its own."""
    assert len({names(rule) for rule in RULES}) == len({rule["expr"] for rule in RULES}) == len(RULES)


def test_prometheus_can_read_the_rules() -> None:
    ended = promtool("check", "rules", "rules.yml")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{len(RULES)} rules found" in ended.stdout


@pytest.mark.parametrize("config", ["prometheus.yml", "scale.yml"])
def test_prometheus_can_read_its_config(config: str) -> None:
    ended = promtool("check", "config", config)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_rule_rings_when_it_should_and_not_otherwise() -> None:
    ended = promtool("test", "rules", "rules.test.yml")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "SUCCESS" in ended.stdout


def test_a_rule_that_never_rings_is_noticed(tmp_path: Path) -> None:
    """The cases can fail: with another threshold they do."""
    for name in ("rules.yml", "rules.test.yml"):
        shutil.copy(FOLDER / name, tmp_path)
    rules = tmp_path / "rules.yml"
    rules.write_text(
        rules.read_text("utf-8").replace("(monitor_alerts_late_seconds) > 600", "(monitor_alerts_late_seconds) > 1e9")
    )
    ended = promtool("test", "rules", str(tmp_path / "rules.test.yml"))
    assert ended.returncode != 0
    assert "MonitorAlertsLate" in ended.stdout + ended.stderr


def test_the_example_scrapes_the_service_by_the_name_that_the_rules_ask_for() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    (job,) = config["scrape_configs"]
    assert job["job_name"] == "monitor"
    assert job["static_configs"] == [{"targets": ["127.0.0.1:9464"]}]
    assert config["rule_files"] == ["rules.yml"]
