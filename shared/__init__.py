"""What every service may rely on, in rooms, lowest first.

kernel < contracts, regulations, calendar, territory, texts < wire, vault, access
< eventlog < projections, web, messaging; settings. A room imports only rooms below it,
and nothing here imports `services` or `deploy`.
"""
