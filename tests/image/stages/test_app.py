from pathlib import Path

from imagebuilder.stages import app


def test_no_module_remembers_the_folder_that_it_was_installed_from(tmp_path: Path) -> None:
    info = tmp_path / "opt/lib/flask-3.1.3.dist-info"
    info.mkdir(parents=True)
    lines = ["flask/app.py,x,1\n"]
    for name in ("direct_url.json", "uv_cache.json"):
        (info / name).write_text('{"url": "file:///somewhere", "timestamp": 1}')
        lines.append(f"flask-3.1.3.dist-info/{name},y,2\n")
    (info / "RECORD").write_text("".join(lines))
    app.forget_origin(tmp_path)
    assert [path.name for path in info.iterdir()] == ["RECORD"]
    assert (info / "RECORD").read_text() == "flask/app.py,x,1\n"
