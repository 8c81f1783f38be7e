"""An archive of Debian packages as Raspberry Pi keeps one: made of folders, indexed, signed."""

import gzip
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ARCHITECTURE, SUITE = "arm64", "trixie"


@dataclass(frozen=True)
class Signer:
    """An OpenPGP key of the test's own; its secret part never leaves `home`."""

    home: Path
    fingerprint: str

    @classmethod
    def make(cls, home: Path) -> "Signer":
        """Make a key without a passphrase."""
        home.mkdir(mode=0o700)
        quick = ["--passphrase", "", "--quick-gen-key", "Archive <a@b.example>", "ed25519", "sign"]
        _gpg(home, *quick)
        listed = _gpg(home, "--with-colons", "--list-keys").decode().splitlines()
        line = next(line for line in listed if line.startswith("fpr:"))
        return cls(home, line.split(":")[9])

    def forget(self) -> None:
        """End the agent that keeps the secret."""
        subprocess.run(["gpgconf", "--homedir", str(self.home), "--kill", "all"], check=True)

    def public(self) -> bytes:
        """Return the public key as a keyring."""
        return _gpg(self.home, "--export")

    def sign(self, text: str) -> bytes:
        """Return the text clear-signed."""
        return _gpg(self.home, "--clear-sign", text=text)


def _gpg(home: Path, *arguments: str, text: str = "") -> bytes:
    argv = ["gpg", "--homedir", str(home), "--batch", "--quiet", *arguments]
    done = subprocess.run(argv, input=text.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Archive:
    """Below `root`: pool/, and dists/ once it is published."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "pool").mkdir(parents=True)

    def add(self, name: str, files: Mapping[str, bytes] | None = None, **fields: str) -> Path:
        """Put in a package made of these files."""
        tree = self.root.parent / f"{name}.tree"
        for path, content in (files or {}).items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(content)
        deb = self.add_tree(name, tree, **fields)
        shutil.rmtree(tree)
        return deb

    def add_tree(self, name: str, tree: Path, *, version: str = "1", depends: str = "") -> Path:
        """Put in a package of a folder, whose maintainer scripts, if any, lie in DEBIAN/."""
        (tree / "DEBIAN").mkdir(parents=True, exist_ok=True)
        control = {
            "Package": name,
            "Version": version,
            "Architecture": ARCHITECTURE,
            "Maintainer": "Tests <a@b.example>",
            **({"Depends": depends} if depends else {}),
            "Description": name,
        }
        (tree / "DEBIAN/control").write_text("".join(f"{k}: {v}\n" for k, v in control.items()))
        return self._build(name, tree, version)

    def repack(
        self, deb: Path, *, name: str, version: str, change: Callable[[Path], None] | None = None
    ) -> Path:
        """Put in another package's content and scripts by this name, changed in its folder."""
        tree = self.root.parent / f"{name}.tree"
        subprocess.run(["dpkg-deb", "--raw-extract", str(deb), str(tree)], check=True)
        if change:
            change(tree)
        control = (tree / "DEBIAN/control").read_text()
        for field, value in (("Package", name), ("Version", version)):
            control = re.sub(rf"^{field}: .*$", f"{field}: {value}", control, flags=re.MULTILINE)
        (tree / "DEBIAN/control").write_text(control)
        packed = self._build(name, tree, version)
        shutil.rmtree(tree)
        return packed

    def _build(self, name: str, tree: Path, version: str) -> Path:
        # an epoch is no part of a file's name
        file = f"{name}_{version.partition(':')[2] or version}_{ARCHITECTURE}.deb"
        deb = self.root / "pool" / file
        argv = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(deb)]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        return deb

    def publish(self, signer: Signer) -> None:
        """Write index, release file and its signature anew."""
        dist = self.root / "dists" / SUITE
        folder = dist / "main" / f"binary-{ARCHITECTURE}"
        folder.mkdir(parents=True, exist_ok=True)
        index = "\n".join(self._stanza(deb) for deb in sorted((self.root / "pool").iterdir()))
        (folder / "Packages").write_text(index)
        (folder / "Packages.gz").write_bytes(gzip.compress(index.encode(), mtime=0))
        listed = "".join(f" {_sum(file)} {file.relative_to(dist)}\n" for file in folder.iterdir())
        head = f"Origin: Tests\nSuite: {SUITE}\nCodename: {SUITE}\nDate: {DATE}\n"
        head += f"Architectures: {ARCHITECTURE}\nComponents: main\n"
        (dist / "InRelease").write_bytes(signer.sign(f"{head}SHA256:\n{listed}"))

    def _stanza(self, deb: Path) -> str:
        argv = ["dpkg-deb", "--field", str(deb)]
        control = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        sha256, size = _sum(deb).split()
        return f"{control}Filename: pool/{deb.name}\nSize: {size}\nSHA256: {sha256}\n"


DATE = "Thu, 01 Jan 2026 00:00:00 UTC"


def _sum(file: Path) -> str:
    content = file.read_bytes()
    return f"{hashlib.sha256(content).hexdigest()} {len(content)}"
