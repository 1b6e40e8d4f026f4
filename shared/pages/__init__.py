"""The people's face: how every page looks, who is signed in, where one can go.

A service's own pages live in its `pages/` and use this room for everything that they have
in common. Every page works without JavaScript, has no script and no style inside, and says
what it can't show instead of failing.
"""

from shared.pages.adding import add_pages
from shared.pages.look import render
from shared.pages.signed_in import signed_in

__all__ = ["add_pages", "render", "signed_in"]
