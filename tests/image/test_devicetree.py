import subprocess

import pytest

from imagebuilder import devicetree

SOURCE = """\
/dts-v1/;
/memreserve/ 0x1000 0x2000;
/ {
    model = "%s";
    aliases { chosen = "/soc/chosen"; };
    soc { chosen { odd = "a"; }; };
    %s
    last { bootargs = "not here"; };
};
"""
CHOSEN = 'chosen { bootargs = "quiet"; framebuffer { width = <640>; }; };'


def flattened(model: str = "board", chosen: str = CHOSEN) -> bytes:
    """Return a device tree as its own compiler makes it."""
    argv = ["dtc", "-q", "-I", "dts", "-O", "dtb", "-"]
    source = (SOURCE % (model, chosen)).encode()
    return subprocess.run(argv, input=source, check=True, capture_output=True).stdout


def source_of(blob: bytes) -> str:
    argv = ["dtc", "-q", "-I", "dtb", "-O", "dts", "-"]
    return subprocess.run(argv, input=blob, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("trial", [True, False])
def test_the_trial_is_told_in_chosen_and_nothing_else_changes(trial: bool) -> None:
    told = source_of(devicetree.add_trial(flattened(), trial=trial))
    node = f"bootloader {{ tryboot = <0x{int(trial):02x}>; }};"
    plain = " ".join(told.split())
    assert node in plain
    assert plain.replace(f" {node}", "") == " ".join(source_of(flattened()).split())
    assert plain.index("framebuffer") < plain.index(node) < plain.index("last")


def test_a_tree_without_the_node_is_refused() -> None:
    with pytest.raises(ValueError, match="no node /chosen"):
        devicetree.add_trial(flattened(chosen=""), trial=True)


@pytest.mark.parametrize("blob", [b"", b"no tree at all, though long enough for a header"])
def test_what_is_no_device_tree_is_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match="no device tree"):
        devicetree.add_trial(blob, trial=True)
