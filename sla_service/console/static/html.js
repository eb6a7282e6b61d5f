// Markup as tagged templates: what people wrote only ever goes in as text.

import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);

/** The classes that hold, joined. @param {...(string|false|null|undefined)} names */
export const classes = (...names) => names.filter(Boolean).join(" ");
