// What the server says there is, in parts, and who wants to know of a change.

const parts = new Map();
const raw = new Map(); // the same as text, to tell what has changed
const watchers = [];

export const get = (key, otherwise) => (parts.has(key) ? parts.get(key) : otherwise);

// watch calls draw after any of the keys has changed. A key that ends in a
// space stands for all that begin so.
export function watch(draw, ...keys) {
  watchers.push({ draw, fits: (key) => keys.some((k) => k === key || (k.endsWith(" ") && key.startsWith(k))) });
}

// take puts in changes; all of them when this is the first batch of a stream,
// since then whatever it does not name is gone.
export function take(changes, all) {
  const named = new Set(changes.map((c) => c.key));
  const gone = all ? [...parts.keys()].filter((key) => !named.has(key)).map((key) => ({ key, value: null })) : [];
  const changed = new Set();
  for (const { key, value } of [...gone, ...changes]) {
    const text = JSON.stringify(value);
    if (raw.get(key) === text || value === null && !raw.has(key)) continue;
    changed.add(key);
    if (value === null) {
      parts.delete(key);
      raw.delete(key);
    } else {
      parts.set(key, value);
      raw.set(key, text);
    }
  }
  for (const w of watchers) {
    if ([...changed].some(w.fits)) w.draw();
  }
}
