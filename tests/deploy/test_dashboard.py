"""The dashboard shows numbers that a running service has, and every number of ours stands on it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.conftest import Scraped
from tests.deploy.expressions import matchers_in, metrics_in

FILE = Path(__file__).parents[2] / "deploy" / "grafana" / "dashboard.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel["targets"]]
ASIDE = [note["expr"] for note in DASHBOARD["annotations"]["list"]]


@pytest.mark.parametrize("expression", [*EXPRESSIONS, *ASIDE])
def test_a_panel_asks_for_metrics_that_a_running_service_shows(expression: str, scraped: Scraped) -> None:
    wanted = metrics_in(expression)
    assert wanted
    assert wanted - scraped.names == set()
    for metric, label, _, value in matchers_in(expression):
        if "$" in value:
            assert label in ("job", "instance")
        else:
            assert set(value.split("|")) - scraped.labels[metric][label] == set()


def test_every_number_of_ours_stands_on_the_dashboard(scraped: Scraped) -> None:
    shown = {name for expression in EXPRESSIONS for name in metrics_in(expression)}
    ours = {re.sub(r"_(bucket|count|sum)$", "", name) for name in scraped.names if name.startswith("monitor_")}
    ours = {name for name in ours if not name.endswith("_created")}
    missing = ours - {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown}
    assert missing == {"monitor_build_info"}, "which tells the dashboard its instances"
    assert "monitor_build_info" in json.dumps(DASHBOARD["templating"])


def test_grafana_can_lay_it_out() -> None:
    assert DASHBOARD["uid"]
    assert DASHBOARD["schemaVersion"] >= 36
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells


def test_it_belongs_to_no_particular_grafana() -> None:
    """No id of a data source, of a folder or of an organisation: it can be imported anywhere."""
    sources = re.findall(r'"uid": "([^"]*)"', FILE.read_text("utf-8"))
    assert set(sources) == {"${datasource}", DASHBOARD["uid"]}
    assert "id" not in DASHBOARD


def test_every_panel_says_what_it_shows() -> None:
    assert [panel["title"] for panel in PANELS if not panel["description"].strip()] == []
