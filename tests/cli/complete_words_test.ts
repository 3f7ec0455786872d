import { assert, assertEquals } from "@std/assert";
import { completeWords, type WordSources } from "../../lib/cli/complete_words.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";

const sources: WordSources = {
  pods: () => Promise.resolve(["demo", "docs"]),
  tickets: (root) =>
    Promise.resolve([{ word: "00001KT07NV00", meaning: root ?? "Cache the index" }]),
  objectives: () => Promise.resolve([{ word: "00001KTK0A000", meaning: "Faster search" }]),
};

async function words(...line: string[]): Promise<string[]> {
  const candidates = await completeWords(line, VERBS, sources);
  return candidates.map(({ word }) => word);
}

Deno.test("completeWords() completes verbs, families and their members", async () => {
  assertEquals(await words("re"), ["resume", "rewind"]);
  assertEquals(await words("po"), ["pod"]);
  assertEquals(await words("pod", ""), ["start"]);
  const all = await words("");
  assert(all.includes("run") && !all.some((word) => word.startsWith("_")));
});

Deno.test("completeWords() completes the operands of a verb that longer verbs begin with, too", async () => {
  assertEquals(await words("supervise", ""), ["status", "restart", "stop", ":file"]);
  assertEquals(await words("supervise", "--c"), ["--control", "--check"]);
  assertEquals(await words("supervise", "status", "--control", ""), [":file"]);
  assertEquals(await words("supervise", "status", ""), []);
  assertEquals(await words("pod", "--"), []);
});

Deno.test("completeWords() completes Pods, Methods, shells and files where they stand", async () => {
  assertEquals(await words("run", "de"), ["demo"]);
  assertEquals(await words("pod", "start", ""), ["demo", "docs"]);
  assertEquals(await words("send", "demo", "pa"), ["pause"]);
  assertEquals(await words("completions", ""), ["bash", "zsh", "fish"]);
  assertEquals(await words("help", "sto"), ["stop"]);
  assertEquals(await words("run", "demo", "--cwd", "sr"), [":folder"]);
  assertEquals(await words("pod", "start", "demo", "--callback", ""), [":file"]);
  assertEquals(await words("ticket", "edit", "00001KT07NV00", "--file", ""), [":file"]);
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

Deno.test("completeWords() completes families of three words, word by word", async () => {
  assertEquals(await words("tick"), ["ticket"]);
  assertEquals(await words("ticket", "rel"), ["relation"]);
  assertEquals(await words("ticket", "relation", ""), ["add", "list", "remove", "help"]);
  assert((await words("ticket", "relation", "add", "--")).includes("--target"));
  assert((await words("ticket", "")).includes("merge-driver") === false);
});

Deno.test("completeWords() says of a word that several verbs begin with what can follow it", async () => {
  assertEquals(await completeWords(["ticket", "pl"], VERBS, sources), [
    { word: "plan", meaning: "add, list" },
  ]);
  assertEquals(await completeWords(["ticket", "relat"], VERBS, sources), [
    { word: "relation", meaning: "add, list, remove" },
  ]);
});

Deno.test("completeWords() completes states, kinds and roles from the table", async () => {
  assertEquals(await words("ticket", "state", "00001KT07NV00", "in"), ["inprogress"]);
  assertEquals(await words("ticket", "list", "--state", "a"), ["all", "active"]);
  assertEquals(await words("ticket", "relation", "list", "--kind", "d"), [
    "depends_on",
    "duplicate_of",
  ]);
  assertEquals(await words("ticket", "comment", "x", "--role", "p"), ["plan"]);
  assertEquals(await words("ticket", "graph", "--format", ""), ["mermaid", "dot"]);
});

Deno.test("completeWords() completes ids with their titles, from the root that is named", async () => {
  const found = async (...line: string[]) => await completeWords(line, VERBS, sources);
  const own = [{ word: "00001KT07NV00", meaning: "Cache the index" }];
  assertEquals(await found("ticket", "show", "00001K"), own);
  assertEquals(await found("ticket", "relation", "add", "--target", ""), own);
  assertEquals(await found("ticket", "show", "--root", "old", ""), [{
    ...own[0]!,
    meaning: "old",
  }]);
  assertEquals(await found("ticket", "show", "--root=old", ""), [{ ...own[0]!, meaning: "old" }]);
  assertEquals(await words("objective", "show", ""), ["00001KTK0A000"]);
});

Deno.test("completeWords() goes on in a list with commas, none of its words twice", async () => {
  assertEquals(await words("ticket", "list", "--state", "ready,pl"), ["ready,planning"]);
  const further = await words("ticket", "list", "--state", "ready,done,");
  assert(further.includes("ready,done,queued") && !further.includes("ready,done,done"));
});

Deno.test("completeWords() offers nothing that is always refused", async () => {
  for (const verb of ["list", "search", "board"]) {
    assertEquals(await words("ticket", verb, "--state", "planning,a"), []);
    assertEquals(await words("ticket", verb, "--state=planning,a"), []);
    assertEquals(await words("ticket", verb, "--state", "active,"), []);
    assertEquals(await words("ticket", verb, "--state", "a"), ["all", "active"]);
  }
  assertEquals(await words("ticket", "list", "--priority", "P0,n"), ["P0,none"]);
  assertEquals(await words("ticket", "state", "00001KT07NV00", ""), [
    ...["planning", "ready", "queued", "inprogress", "done"],
  ]);
});

Deno.test("completeWords() completes a value behind =, as one word or as the three of bash", async () => {
  assertEquals(await words("ticket", "list", "--state=re"), ["--state=ready"]);
  assertEquals(await words("ticket", "list", "--state", "=", "re"), ["ready"]);
  assert((await words("ticket", "list", "--state", "=")).includes("ready"));
  assertEquals(await words("ticket", "show", "--root", "=", "old", ""), ["00001KT07NV00"]);
  assertEquals(await words("run", "demo", "--cwd=sr"), [":folder"]);
});

Deno.test("completeWords() completes what help is asked for, in a family and in front of it", async () => {
  assertEquals(await words("ticket", "he"), ["help"]);
  assertEquals(await words("ticket", "help", "li"), ["list"]);
  assertEquals(await words("ticket", "help", "relation", ""), ["add", "list", "remove"]);
  assertEquals(await words("ticket", "relation", "h"), ["help"]);
  assertEquals(await words("ticket", "relation", "help", ""), ["add", "list", "remove"]);
  assertEquals(await words("ticket", "help", "h"), []);
  assertEquals(await words("ticket", "plan", "help", "l"), ["list"]);
  assertEquals(await words("help", "ticket", "h"), []);
  assertEquals(await words("help", "ticket", "li"), ["list"]);
});
