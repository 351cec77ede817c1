"""The keyboard's focus on the map: one thing at a time, in an order that stays."""

from widgets.map.scene import Scene
from widgets.map.spots import Spot, walk


class Walker:
    """Remembers what has the focus. None: the map as a whole."""

    def __init__(self) -> None:
        self.spot: Spot | None = None

    def step(self, scene: Scene, by: int) -> bool:
        """Go on by 1 or back by -1; False at either end, where it is the map as a whole."""
        spots = walk(scene)
        outside = -1 if by > 0 else len(spots)
        at = by + (spots.index(self.spot) if self.spot in spots else outside)
        self.spot = spots[at] if 0 <= at < len(spots) else None
        return self.spot is not None
