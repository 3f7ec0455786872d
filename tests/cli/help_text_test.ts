import { assert, assertEquals } from "@std/assert";
import { familyHelp, overview, verbHelp } from "../../lib/cli/help_text.ts";
import { PLAIN } from "../../lib/cli/style.ts";
import type { Verb } from "../../lib/cli/verb.ts";
import { FAMILIES, VERBS } from "../../lib/cli/verb_table.ts";

Deno.test("overview() lists every verb for people in lines that fit 100 columns", () => {
  const text = overview(VERBS, FAMILIES, { style: PLAIN });
  const alone = VERBS.filter(({ isHidden, family }) => !isHidden && !family);
  assertEquals(listed(text), [...alone, ...FAMILIES].map(({ name }) => name));
  for (const line of text.split("\n")) assert(line.length <= 100, line);
});

Deno.test("familyHelp() lists every verb of a family in lines that fit 100 columns", () => {
  for (const family of FAMILIES) {
    const text = familyHelp(family, VERBS, { style: PLAIN });
    const members = VERBS.filter((verb) => verb.family === family && !verb.isHidden);
    assertEquals(listed(text), members.map(({ name }) => name));
    for (const line of text.split("\n")) assert(line.length <= 100, line);
  }
});

Deno.test("verbHelp() of every verb of a family fits 100 columns", () => {
  for (const verb of VERBS.filter(({ family }) => family)) {
    for (const line of verbHelp(verb, { style: PLAIN }).split("\n")) {
      assert(line.length <= 100, line);
    }
  }
});

function listed(text: string): string[] {
  return [...text.matchAll(/^ {2}(\w+( \w+)*) {2}/gm)].map(([, name]) => name!);
}

Deno.test("verbHelp() tells usage, flags and examples", () => {
  const verb: Verb = {
    name: "try",
    summary: "Tries",
    operands: [{ name: "NAME" }, { name: "MORE", isOptional: true, isRest: true }],
    flags: [{ name: "scope", value: "PATH", isRepeatable: true, summary: "Where" }],
    notes: ["Slowly."],
    examples: ["yoi try x"],
  };
  assertEquals(
    verbHelp(verb, { style: PLAIN }),
    "yoi try NAME [MORE...] [flags]\n\nTries.\nSlowly.\n\nflags:\n" +
      "  --scope PATH ...  Where\n  --help            Shows this\n\nexamples:\n  yoi try x\n",
  );
});
