// Where tiles stand: pure functions on lists of tiles with column, row, width and height in a grid of 12 by 12.

export const COLUMNS = 12;
export const ROWS = 12;

/** Whether two tiles share a cell. */
export function overlap(a, b) {
  return a.column < b.column + b.width && b.column < a.column + a.width && a.row < b.row + b.height && b.row < a.row + a.height;
}

/** The nearest place inside the grid, with at least one cell. */
export function inside(tile) {
  const width = clamp(tile.width, 1, COLUMNS);
  const height = clamp(tile.height, 1, ROWS);
  return { ...tile, width, height, column: clamp(tile.column, 0, COLUMNS - width), row: clamp(tile.row, 0, ROWS - height) };
}

/**
 * The tiles with one of them at another place or size. Those in its way move down, or to the first place that is free;
 * a single one may change places with it. Null when there is no room for all.
 */
export function placed(tiles, index, change) {
  const chosen = inside({ ...tiles[index], ...change });
  return settle(tiles, new Map([[index, chosen]])) ?? swapped(tiles, index, chosen);
}

/** The tiles with one of them in the place and size of another, the one at this cell; null when there is none. */
export function traded(tiles, index, cell) {
  const point = { ...cell, width: 1, height: 1 };
  const other = tiles.findIndex((tile, place) => place !== index && overlap(tile, point));
  if (other < 0) return null;
  const frame = ({ column, row, width, height }) => ({ column, row, width, height });
  const frames = new Map([[index, frame(tiles[other])], [other, frame(tiles[index])]]);
  return tiles.map((tile, place) => ({ ...tile, ...frames.get(place) }));
}

function swapped(tiles, index, chosen) {
  const hit = tiles.map((_, place) => place).filter((place) => place !== index && overlap(tiles[place], chosen));
  if (hit.length !== 1) return null;
  const { column, row } = tiles[index];
  const other = inside({ ...tiles[hit[0]], column, row });
  return overlap(other, chosen) ? null : settle(tiles, new Map([[index, chosen], [hit[0], other]]));
}

function settle(tiles, settled) {
  const others = tiles.map((tile, place) => ({ tile, place })).filter(({ place }) => !settled.has(place));
  others.sort((a, b) => a.tile.row - b.tile.row || a.tile.column - b.tile.column);
  for (const { tile, place } of others) {
    const found = freePlace(tile, [...settled.values()]);
    if (found === null) return null;
    settled.set(place, found);
  }
  return tiles.map((_, place) => settled.get(place));
}

/** The tile where it stands, lower down, or else anywhere; null when nothing is free. */
export function freePlace(tile, taken) {
  const free = (place) => !taken.some((other) => overlap(place, other));
  for (let row = tile.row; row + tile.height <= ROWS; row += 1) if (free({ ...tile, row })) return { ...tile, row };
  for (let row = 0; row + tile.height <= ROWS; row += 1) {
    for (let column = 0; column + tile.width <= COLUMNS; column += 1) {
      if (free({ ...tile, column, row })) return { ...tile, column, row };
    }
  }
  return null;
}

function clamp(value, least, most) {
  return Math.min(Math.max(Math.round(value), least), most);
}
