import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { findVerb, helpedWords, leadOf } from "../../lib/cli/find_verb.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";

function found(...words: string[]): [string, readonly string[]] {
  const { verb, rest } = findVerb(VERBS, words);
  return [verb.name, rest];
}

Deno.test("findVerb() finds verbs of one and two words", () => {
  assertEquals(found("list", "--json"), ["list", ["--json"]]);
  assertEquals(found("pod", "start", "demo"), ["pod start", ["demo"]]);
  assertEquals(found("pod", "--pod", "demo"), ["pod", ["--pod", "demo"]]);
});

Deno.test("findVerb() takes words behind a verb with operands, also when longer verbs begin so", () => {
  assertEquals(found("supervise"), ["supervise", []]);
  assertEquals(found("supervise", "services.jsonc"), ["supervise", ["services.jsonc"]]);
  assertEquals(found("supervise", "--check"), ["supervise", ["--check"]]);
  assertEquals(found("supervise", "restart", "web"), ["supervise restart", ["web"]]);
});

Deno.test("findVerb() names the nearest verb, and all of a family", () => {
  const fault = (...words: string[]) => assertThrows(() => found(...words), CliError).message;
  assertEquals(fault("lsit"), 'There is no verb "lsit"; did you mean "list"?');
  assertEquals(fault("comp"), 'There is no verb "comp"; "yoi help" lists the verbs');
  assertEquals(fault("canc"), 'There is no verb "canc"; did you mean "cancel"?');
  assertEquals(fault("pod", "stop"), 'There is no verb "pod stop"; did you mean "stop"?');
  assertEquals(fault("pod", "strt"), 'There is no verb "pod strt"; did you mean "pod start"?');
  assertEquals(fault("pod"), '"yoi pod" needs one more word: start');
  assertEquals(fault("toString"), 'There is no verb "toString"; "yoi help" lists the verbs');
  assertEquals(fault("--jsn"), '"yoi" has no flag "--jsn"; "yoi help" lists what there is');
});

Deno.test("findVerb() names the verb that other programs call by a word, behind the family's own", () => {
  const fault = (...words: string[]) => assertThrows(() => found(...words), CliError).message;
  for (
    const [words, verb] of [
      ["ticket new", "ticket create"],
      ["ticket done 00001KT07NV00", "ticket state"],
      ["ticket dep add", "ticket relation add"],
      ["ticket relation rm", "ticket relation remove"],
      ["objective add", "objective create"],
    ] as const
  ) {
    assertStringIncludes(fault(...words.split(" ")), `; did you mean "${verb}"?`);
  }
  assertEquals(fault("done"), 'There is no verb "done"; "yoi help" lists the verbs');
});

Deno.test("VERBS are called by no word that is a verb already", () => {
  const called = VERBS.flatMap(({ name, alsoCalled = [] }) => {
    const lead = name.split(" ").slice(0, -1).join(" ");
    return alsoCalled.map((word) => `${lead.split(" ")[0]} ${word}`);
  });
  const names: readonly string[] = VERBS.map(({ name }) => name);
  assertEquals(called.filter((word) => names.includes(word)), []);
});

Deno.test("findVerb() never proposes what is hidden", () => {
  const { message } = assertThrows(() => found("__complet"), CliError);
  assertEquals(message, 'There is no verb "__complet"; "yoi help" lists the verbs');
});

Deno.test("findVerb() finds verbs of three words, and names the nearest of them", () => {
  assertEquals(found("ticket", "relation", "add", "--kind", "x"), [
    "ticket relation add",
    ["--kind", "x"],
  ]);
  assertEquals(found("ticket", "list"), ["ticket list", []]);
  const fault = (...words: string[]) => assertThrows(() => found(...words), CliError).message;
  assertEquals(
    fault("ticket", "relation", "ad"),
    'There is no verb "ticket relation ad"; did you mean "ticket relation add"?',
  );
  assertEquals(
    fault("ticket", "frobnicate"),
    'There is no verb "ticket frobnicate"; "yoi ticket" lists the verbs',
  );
  assertEquals(fault("ticket", "stop"), 'There is no verb "ticket stop"; did you mean "stop"?');
});

Deno.test("findVerb() says that options stand behind the verb", () => {
  for (
    const [line, option, verb] of [
      ["ticket --root X list", "--root", "ticket VERB"],
      ["ticket --root=X list", "--root", "ticket VERB"],
      ["ticket relation --kind related add", "--kind", "ticket relation VERB"],
    ] as const
  ) {
    assertThrows(
      () => findVerb(VERBS, line.split(" ")),
      CliError,
      `Cannot use "${option}" here: options stand behind the verb, as in "yoi ${verb} ${option}"`,
    );
  }
  // What no verb takes is no option.
  for (const word of ["-x", "--frob", "--"]) {
    assertThrows(() => findVerb(VERBS, ["ticket", word]), CliError, `no verb "ticket ${word}"`);
  }
});

Deno.test("leadOf() gives the words that longer verbs begin with", () => {
  assertEquals(leadOf(VERBS, ["ticket", "relation", "x"]), ["ticket", "relation"]);
  assertEquals(leadOf(VERBS, ["ticket", "list", "x"]), ["ticket"]);
  assertEquals(leadOf(VERBS, ["run", "x"]), []);
});

Deno.test("helpedWords() takes help out from behind the words that longer verbs begin with", () => {
  const helped = (line: string) => helpedWords(VERBS, line.split(" "))?.join(" ");
  assertEquals(helped("ticket help"), "ticket");
  assertEquals(helped("ticket help relation add"), "ticket relation add");
  assertEquals(helped("ticket relation help add"), "ticket relation add");
  for (const line of ["ticket", "ticket show help", "ticket relation add help", "run help"]) {
    assertEquals(helped(line), undefined, line);
  }
});
