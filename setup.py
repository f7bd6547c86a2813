"""What ``pyproject.toml`` cannot say: a wheel carries the data, which in the repository stand beside the package."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class WithData(build_py):
    """Put ``data/`` into the package that is built; one that is installed for editing finds it where it is."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        for path in sorted((HERE / "data").rglob("*")):
            inside = path.relative_to(HERE)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                target = Path(self.build_lib, "manyvectors", inside)
                self.mkpath(str(target.parent))
                self.copy_file(str(path), str(target), preserve_mode=False)


setup(cmdclass={"build_py": WithData})
