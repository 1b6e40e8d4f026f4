"""What people upload, read safely: a clean sheet, typed rows, and every fault by its place.

Nothing here touches a database or a clock. `upload` tells files apart, `spreadsheet` and
`delimited` read them within limits, `digest_sheet` and `declared_sheet` make typed rows,
`template` writes the form to fill in. `reader` has a large file read apart, by `reading`.
"""
