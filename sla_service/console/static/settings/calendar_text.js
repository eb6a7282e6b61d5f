// A calendar within the text of the policies: its hours are written anew, all else stays as somebody wrote it.

export const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** The shifts of each day, from `{"mon-fri": ["09:00-18:00"], sat: [...]}`. @param {Record<string, any>|null|undefined} hours @returns {Record<string, string>} */
export function byDay(hours) {
  const found = Object.fromEntries(WEEK.map((day) => [day, ""]));
  for (const [days, shifts] of Object.entries(hours ?? {})) {
    for (const day of named(days)) found[day] = [shifts].flat().join(", ");
  }
  return found;
}

function named(days) {
  return days.split(",").flatMap((part) => {
    const [first, last = first] = part.trim().split("-").map((day) => WEEK.indexOf(day.trim()));
    return first < 0 || last < 0 ? [] : WEEK.slice(first, last + 1);
  });
}

/** Days in a row with the same shifts stand in one line. @param {Record<string, string>} days */
function asLines(days) {
  const groups = /** @type {{first: string, last: string, shifts: string}[]} */ ([]);
  for (const day of WEEK) {
    const shifts = days[day].trim();
    const before = groups.at(-1);
    const follows = before && WEEK.indexOf(before.last) === WEEK.indexOf(day) - 1;
    if (follows && before.shifts === shifts) before.last = day;
    else groups.push({ first: day, last: day, shifts });
  }
  return groups
    .filter((group) => group.shifts)
    .map(({ first, last, shifts }) => {
      const list = shifts.split(",").map((shift) => `"${shift.trim()}"`);
      return `      ${first === last ? first : `${first}-${last}`}: [${list.join(", ")}]`;
    });
}

/**
 * The text with other hours for a calendar.
 * @param {string} text @param {string} name
 * @param {{zone: string, alwaysOpen: boolean, days: Record<string, string>, closed?: {date: string, reason: string}}} wish
 */
export function withHours(text, name, { zone, alwaysOpen, days, closed }) {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => new RegExp(`^ {2}${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}:`).test(line));
  if (begin < 0) return text;
  const length = lines.slice(begin + 1).findIndex((line) => line.trim() && !line.trim().startsWith("#") && indent(line) <= 2);
  const end = length < 0 ? lines.length : begin + 1 + length;
  const rest = without(without(without(lines.slice(begin + 1, end), "time_zone"), "hours"), "always_open");
  const hours = alwaysOpen ? ["    always_open: true"] : ["    hours:", ...asLines(days)];
  const block = [`    time_zone: ${zone}`, ...hours, ...(closed ? withClosed(rest, closed) : rest)];
  return [...lines.slice(0, begin + 1), ...block, ...lines.slice(end)].join("\n");
}

const indent = (line) => line.length - line.trimStart().length;

/** A block's lines less one of its keys, and what stands below that. */
function without(lines, key) {
  const begin = lines.findIndex((line) => line.trimStart().startsWith(`${key}:`) && indent(line) === 4);
  if (begin < 0) return lines;
  const length = lines.slice(begin + 1).findIndex((line) => line.trim() && indent(line) <= 4);
  const end = length < 0 ? lines.length : begin + 1 + length;
  return [...lines.slice(0, begin), ...lines.slice(end)];
}

function withClosed(lines, { date, reason }) {
  const entry = `${date}: ${JSON.stringify(reason)}`;
  const at = lines.findIndex((line) => /^ {4}closed:/.test(line));
  if (at < 0) return [`    closed: {${entry}}`, ...lines];
  const line = lines[at];
  const fresh = /\{\s*\}/.test(line) ? line.replace(/\{\s*\}/, `{${entry}}`) : line.includes("}") ? line.replace("}", `, ${entry}}`) : null;
  if (fresh) return lines.with(at, fresh);
  return [...lines.slice(0, at + 1), `      ${entry}`, ...lines.slice(at + 1)];
}
