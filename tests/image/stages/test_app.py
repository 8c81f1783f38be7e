from pathlib import Path

from imagebuilder.stages import app


def test_no_module_remembers_the_folder_that_it_was_installed_from(tmp_path: Path) -> None:
    info = tmp_path / "opt/lib/flask-3.1.3.dist-info"
    info.mkdir(parents=True)
    (info / "direct_url.json").write_text('{"url": "file:///somewhere"}')
    (info / "RECORD").write_text("flask/app.py,x,1\nflask-3.1.3.dist-info/direct_url.json,y,2\n")
    app.forget_origin(tmp_path)
    assert not (info / "direct_url.json").exists()
    assert (info / "RECORD").read_text() == "flask/app.py,x,1\n"
