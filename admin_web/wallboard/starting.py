"""What a new board shows before anybody has changed it: the figures that every room asks for."""

from __future__ import annotations

from cxcore.ports.wallboards import Measure, Tile, TileKind


def first_tiles() -> tuple[Tile, ...]:
    """Waiting, longest wait, service level and free agents; below them the queues, the day, and what agents do."""
    figures = (Measure.WAITING, Measure.LONGEST, Measure.SERVICE_LEVEL, Measure.READY)
    top = tuple(Tile(TileKind.FIGURE, 3 * place, 0, 3, 4, measure=each) for place, each in enumerate(figures))
    return (
        *top,
        Tile(TileKind.QUEUES, 0, 4, 8, 6),
        Tile(TileKind.CLOCK, 8, 4, 4, 2),
        Tile(TileKind.TREND, 8, 6, 4, 4),
        Tile(TileKind.AGENTS, 0, 10, 12, 2),
    )
