"""`python -m deploy.documents`: writes every generated file and part, and names what changed."""

import sys

from deploy.documents.pages import ROOT, pages


def main() -> None:
    """Write what is stale."""
    for path, content in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
