"""`doithoai audit page`: the page that checks a proof in a browser, as a folder to carry."""

from pathlib import Path

import click

from deploy.cli.output import as_json, show_json


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@as_json
def page(folder: Path, is_json: bool) -> None:  # noqa: FBT001
    """Ghi trang kiểm tra tệp chứng minh ra thư mục / the page that checks proofs, to carry.

    Writes DIR/proof.html and what it needs beside it. Opened in a browser, without network,
    it says of a file that `prove` wrote what `check-proof` says. A running deployment serves
    the same page at /proof.

    \b
    Ví dụ / Examples:
      doithoai audit page /media/kiem-toan/trang
    """
    from shared.kernel.errors import Unavailable
    from shared.web.public_files import public_files

    for file in public_files().values():
        path = folder / file.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        except OSError:
            raise Unavailable("audit.given_unwritable", path=path.name) from None
    if is_json:
        show_json({"page": str(folder / "proof.html")})
    else:
        click.echo(folder / "proof.html")
