/** Help, made from the table of verbs. @module */

import { pad } from "./short_text.ts";
import type { Output } from "./terminal.ts";
import { type Flag, usageOf, type Verb } from "./verb.ts";

/** All verbs, one a line. */
export function overview(verbs: readonly Verb[], { style }: Pick<Output, "style">): string {
  const shown = verbs.filter(({ isHidden }) => !isHidden);
  const width = Math.max(...shown.map(({ name }) => name.length));
  return [
    style.bold("yoi: Pods you can start, talk to, watch, interrupt and stop"),
    "",
    `usage: yoi VERB ...`,
    "",
    ...shown.map((verb) => `  ${style.cyan(pad(verb.name, width))}  ${verb.summary}`),
    "",
    `"yoi help VERB" tells more about one; "yoi --version" says which yoi this is.`,
    "",
  ].join("\n");
}

/** Everything about one verb. */
export function verbHelp(verb: Verb, { style }: Pick<Output, "style">): string {
  const flags: Flag[] = [...verb.flags, { name: "help", summary: "Shows this" }];
  const left = flags.map(flagUsage);
  const width = Math.max(...left.map((text) => text.length));
  const examples = verb.examples ?? [];
  return [
    `${style.bold(usageOf(verb))}`,
    "",
    `${verb.summary}.`,
    ...(verb.notes ?? []),
    "",
    "flags:",
    ...flags.map((flag, index) => `  ${style.cyan(pad(left[index]!, width))}  ${flag.summary}`),
    ...(examples.length > 0 ? ["", "examples:", ...examples.map((text) => `  ${text}`)] : []),
    "",
  ].join("\n");
}

function flagUsage({ name, value, isRepeatable }: Flag): string {
  const text = value === undefined ? `--${name}` : `--${name} ${value}`;
  return isRepeatable ? `${text} ...` : text;
}
