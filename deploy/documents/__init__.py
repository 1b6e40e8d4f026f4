"""The generated documentation: what the code says of itself, as Markdown.

`python -m deploy.documents` writes it; a test fails when a file is stale. Whole files are
`docs/events.md`, `docs/commands.md`, `docs/access.md` and `docs/errors.md`; parts of
hand-written files stand between `<!-- name: begin -->` and `<!-- name: end -->`.
"""
