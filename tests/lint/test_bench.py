"""The benchmarks add up rightly, and refuse to report what they did not see."""

import sys

import pytest

from tests.bench import cost
from tests.bench.figures import NotMeasurable, Ratio, percentile
from tests.bench.memory import by_unit

UNITS = ("comptoir-till", "comptoir-till", "mosquitto", "comptoir-kiosk", "ssh")
SIZES = (50000, 1000, 4000, 300000, 9000)
SAID = "".join(
    [f"/proc/{n}/smaps_rollup:Pss:    {kb} kB\n" for n, kb in enumerate(SIZES)]
    + [f"/proc/{n}/cgroup:0::/system.slice/{unit}.service\n" for n, unit in enumerate(UNITS)]
    + ["/proc/7/cgroup:0::/\n"]
)


def test_a_ratio_is_printed_with_its_parts() -> None:
    printed = str(Ratio("p50", 8.0, 2.0, "ms", 4))
    assert "8 ms ÷ 2 ms" in printed
    assert "4.00" in printed


@pytest.mark.parametrize(("percent", "expected"), [(50, 5), (99, 10), (100, 10), (1, 1)])
def test_a_percentile_is_one_of_the_samples(percent: float, expected: float) -> None:
    assert percentile([3, 1, 2, 5, 4, 7, 6, 9, 8, 10], percent) == expected


def test_memory_counts_our_units_but_not_the_browser() -> None:
    assert by_unit(SAID) == {
        "comptoir-till.service": pytest.approx(52.224),
        "mosquitto.service": pytest.approx(4.096),
    }


def test_memory_without_a_till_is_no_measurement() -> None:
    with pytest.raises(NotMeasurable):
        by_unit("/proc/2/smaps_rollup:Pss: 4000 kB\n/proc/2/cgroup:0::/a/mosquitto.service\n")


def test_the_cost_of_a_command_includes_its_children() -> None:
    burn = "sum(i * i for i in range(3_000_000))"
    family = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{burn}'])"
    assert cost.of([sys.executable, "-c", family]).cpu_s > cost.of([sys.executable, "-c", ""]).cpu_s


def test_a_failed_command_is_no_measurement() -> None:
    with pytest.raises(NotMeasurable, match="ended with 1"):
        cost.of(["false"])
