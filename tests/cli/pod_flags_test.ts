import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../lib/cli/arguments.ts";
import { CliError } from "../../lib/cli/cli_error.ts";
import { podFlags, readPodWishes } from "../../lib/cli/pod_flags.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";

const verb = VERBS.find(({ name }) => name === "pod")!;
const read = (...words: string[]) => readPodWishes(parseArguments(verb, words), "/home/me");

Deno.test("readPodWishes() makes paths absolute, from where they were typed", () => {
  assertEquals(read("--model", "script:a.jsonl", "--cwd", "x/..", "--scope", "docs:read"), {
    model: "script:/home/me/a.jsonl",
    cwd: "/home/me",
    scope: [{ target: "/home/me/docs", permission: "read", recursive: true }],
  });
  assertEquals(read("--model", "builtin:offline"), { model: "builtin:offline" });
  assertEquals(read(), {});
});

Deno.test("podFlags() says the same again", () => {
  const wishes = read(
    "--model",
    "m",
    "--cwd",
    "d",
    "--scope",
    "a",
    "--scope",
    "b:read",
    "--callback",
    "s",
    "--tickets",
    "read",
    "--role",
    "intake",
  );
  assertEquals(read(...podFlags(wishes)), wishes);
  assertEquals(podFlags({}), []);
});

Deno.test("readPodWishes() refuses a scope that is none", () => {
  assertThrows(() => read("--scope", ":read"), CliError, "write it as PATH");
});

Deno.test("readPodWishes() reads ticket tools and role, and how to take them away", () => {
  const tickets = { access: "lifecycle", base: true, orchestration: true } as const;
  assertEquals(read("--tickets", "lifecycle"), { tickets });
  assertEquals(read("--tickets", "read"), { tickets: { ...tickets, access: "read_only" } });
  assertEquals(read("--tickets", "none", "--role", "none"), { tickets: null, ticketRole: null });
  assertEquals(podFlags({ tickets: null, ticketRole: null }), [
    "--tickets",
    "none",
    "--role",
    "none",
  ]);
  assertThrows(() => read("--tickets", "write"), CliError, "it takes read, lifecycle, none");
  assertThrows(() => read("--role", "boss"), CliError, "it takes intake, orchestrator");
});

Deno.test("readPodWishes() takes the role that a program of any version names", () => {
  assertEquals(read("--ticket-role", "gardener"), { ticketRole: "gardener" });
});
