"""Blocks of a report on the page: the same words as on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import solara

__all__ = ["Told"]


@solara.component_vue("views/told.vue")
def Told(blocks: Sequence[Mapping[str, Any]], main: bool = True) -> None:
    """Draw blocks; everything that they say is given.

    Parameters
    ----------
    blocks : sequence of dict
        As `Block.to_dict` returns them; a picture also has an `address`.
    main : bool
        Whether these are the content of the tab, to which the header's link leads.
    """
