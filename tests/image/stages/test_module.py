import json
from pathlib import Path

import pytest

from imagebuilder import base
from imagebuilder.errors import BuildError
from imagebuilder.stages import module
from tests.image.workshop import plan, work

REPO = Path(__file__).parents[3]


def test_only_a_kernel_that_cannot_ask_for_a_trial_gets_our_module(tmp_path: Path) -> None:
    ours, plain = (base.load(REPO / f"image/bases/{name}.yaml") for name in ("raspios", "debian"))
    assert plain.module
    assert module.options(plan(tmp_path, base=plain)).source == plain.module.source
    assert module.inputs(plan(REPO, base=plain))[0].joinpath("Kbuild").is_file()
    assert module.options(plan(tmp_path, base=ours)).source == ""
    assert module.inputs(plan(tmp_path, base=ours)) == ()


def test_a_base_without_a_module_of_its_own_compiles_nothing(tmp_path: Path) -> None:
    site = work(tmp_path)
    module.run(site, module.Options(source=""))
    assert list((site.result / "modules").iterdir()) == []


@pytest.mark.parametrize("names", [[], ["6.12.1-arm64", "6.12.2-arm64"]])
def test_headers_of_other_than_one_kernel_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in ["6.12.1-common", *names]:
        (tmp_path / f"usr/src/linux-headers-{name}").mkdir(parents=True)
    with pytest.raises(BuildError, match=f"headers of {len(names)} kernels"):
        module.kernel_headers(tmp_path)


def test_the_headers_of_the_one_kernel_are_found(tmp_path: Path) -> None:
    for name in ("6.12.1-common", "6.12.1-arm64"):
        (tmp_path / f"usr/src/linux-headers-{name}").mkdir(parents=True)
    assert module.kernel_headers(tmp_path).name == "linux-headers-6.12.1-arm64"


def test_a_damaged_package_is_not_compiled_with(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    package = {"name": "make", "version": "1", "architecture": "arm64", "archive": "debian"}
    file = {"path": "make.deb", "sha256": "a" * 64, "size": 1}
    (tmp_path / "lock/workshop.json").write_text(json.dumps([{**package, **file}]))
    site = work(tmp_path, lock=tmp_path / "lock")
    target = site.pool.path("a" * 64)
    target.parent.mkdir(parents=True)
    target.write_text("other bytes")
    with pytest.raises(BuildError, match="make has sha256"):
        module.run(site, module.Options(source="somewhere"))
    assert not target.exists()
