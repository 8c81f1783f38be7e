"""What a build from nothing costs, against plain mmdebstrap installing the same packages.

Both download what they install. Ours has a cache of its own for it, on the disk of the builder's.
"""

import tempfile
from pathlib import Path

from imagebuilder import lockfile
from imagebuilder.plan import Plan
from tests.bench import build, cost
from tests.bench.figures import Figure, NotMeasurable, Ratio
from tests.runner import debian

AIM = 0.4


def measure(long: bool) -> list[Figure]:
    """Let mmdebstrap install the packages of the lock, then build from nothing."""
    del long
    try:
        debian.install(["arch-test", "mmdebstrap"])
    except debian.PackagesMissing as missing:
        raise NotMeasurable(str(missing)) from missing
    plan = build.plan_of(Path.cwd())
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        plain = mmdebstrap(plan, Path(folder) / "plain.tar")
        control = cost.of(plain, given="\n".join(sources(plan)))
        ours = build.build(Path(), Path(folder), Path(folder) / "cache")
    build.require_made(ours, "lock", "rootfs", "configure", "app", "emit")
    return [
        Ratio("CPU", ours.cpu_s, control.cpu_s, "s", AIM),
        f"  on the wall {ours.wall_s:.0f} s and {control.wall_s:.0f} s, downloads included",
    ]


def mmdebstrap(plan: Plan, out: Path) -> list[str | Path]:
    """Return the plain command for the packages of the lock."""
    locked = lockfile.read(plan.lock_file).of_profile(plan.profile.name)
    names = ",".join(package.name for package in locked)
    options = [f"--architectures={plan.base.architecture}", "--variant=essential"]
    recommends = '--aptopt=APT::Install-Recommends "false"'
    plain = ["env", "--unset=QEMU_CPU", "mmdebstrap"]
    return [*plain, *options, recommends, f"--include={names}", plan.base.suite, out, "-"]


def sources(plan: Plan) -> list[str]:
    """Return the archives of the base as apt's one-line sources."""
    return [
        f"deb [signed-by={plan.base.keyring}] {source.uri} {suite} {' '.join(source.components)}"
        for source in plan.base.sources
        for suite in source.suites
    ]
