import { assert, assertEquals } from "@std/assert";
import { completeWords } from "../../lib/cli/complete_words.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";

async function words(...line: string[]): Promise<string[]> {
  const candidates = await completeWords(line, VERBS, () => Promise.resolve(["demo", "docs"]));
  return candidates.map(({ word }) => word);
}

Deno.test("completeWords() completes verbs, families and their members", async () => {
  assertEquals(await words("re"), ["resume", "rewind"]);
  assertEquals(await words("po"), ["pod"]);
  assertEquals(await words("pod", ""), ["start"]);
  const all = await words("");
  assert(all.includes("run") && !all.some((word) => word.startsWith("_")));
});

Deno.test("completeWords() completes Pods, Methods, shells and files where they stand", async () => {
  assertEquals(await words("run", "de"), ["demo"]);
  assertEquals(await words("pod", "start", ""), ["demo", "docs"]);
  assertEquals(await words("send", "demo", "pa"), ["pause"]);
  assertEquals(await words("completions", ""), ["bash", "zsh", "fish"]);
  assertEquals(await words("help", "sto"), ["stop"]);
  assertEquals(await words("run", "demo", "--cwd", "sr"), [":folder"]);
  assertEquals(await words("pod", "start", "demo", "--callback", ""), [":file"]);
});

Deno.test("completeWords() completes flags, and counts their values as theirs", async () => {
  assertEquals(await words("stop", "--t"), ["--timeout"]);
  assertEquals(await words("run", "--model", "x", "d"), ["demo", "docs"]);
  assertEquals(await words("run", "demo", "--model", ""), []);
  assert((await words("list", "--")).includes("--help"));
});

Deno.test("completeWords() has nothing for what there is not", async () => {
  assertEquals(await words("frob", ""), []);
  assertEquals(await words("stop", "demo", ""), []);
});
