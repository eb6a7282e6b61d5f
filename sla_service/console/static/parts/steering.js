// A list below a box is walked through by keys while one writes.

/**
 * Arrows move through the list, Enter takes what is chosen.
 * @template T
 * @param {KeyboardEvent} event
 * @param {{value: number}} chosen
 * @param {T[]} list
 * @param {(one: T) => void} take
 */
export function steered(event, chosen, list, take) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) chosen.value = (chosen.value + step + list.length) % Math.max(1, list.length);
  else if (event.key === "Enter" && list[chosen.value]) take(list[chosen.value]);
  else return;
  event.preventDefault();
}
