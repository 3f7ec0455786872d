/** Help, made from the table of verbs. @module */

import { pad } from "./short_text.ts";
import type { Style } from "./style.ts";
import type { Output } from "./terminal.ts";
import { type Flag, usageOf, type Verb, type VerbFamily } from "./verb.ts";

/** All verbs, one a line; of families only their names. */
export function overview(
  verbs: readonly Verb[],
  families: readonly VerbFamily[],
  { style }: Pick<Output, "style">,
): string {
  const shown = verbs.filter(({ isHidden, family }) => !isHidden && !family);
  return [
    style.bold("yoi: Pods you can start, talk to, watch, interrupt and stop"),
    "",
    `usage: yoi VERB ...`,
    "",
    ...listed([...shown, ...families], style),
    "",
    `"yoi help VERB" tells more about one; "yoi --version" says which yoi this is.`,
    "",
  ].join("\n");
}

/** The verbs of a family, one a line. */
export function familyHelp(
  family: VerbFamily,
  verbs: readonly Verb[],
  { style }: Pick<Output, "style">,
): string {
  const shown = verbs.filter((verb) => verb.family?.name === family.name && !verb.isHidden);
  return [
    style.bold(`yoi ${family.name} VERB ...`),
    "",
    `${family.summary}.`,
    "",
    ...listed(shown, style),
    "",
    ...family.notes,
    `"yoi ${family.name} help VERB" tells more about one.`,
    "",
  ].join("\n");
}

function listed(
  named: readonly { readonly name: string; readonly summary: string }[],
  style: Style,
): string[] {
  const width = Math.max(...named.map(({ name }) => name.length));
  return named.map(({ name, summary }) => `  ${style.cyan(pad(name, width))}  ${summary}`);
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

function flagUsage({ name, value, isRepeatable, isList }: Flag): string {
  const text = value === undefined ? `--${name}` : `--${name} ${value}`;
  return isRepeatable ? `${text} ...` : isList ? `${text},...` : text;
}
