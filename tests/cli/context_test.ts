import { assertEquals } from "@std/assert";
import { systemContext } from "../../lib/cli/context.ts";
import { stub } from "../file/_stub.ts";

Deno.test("systemContext() asks nobody for variables that it can do without", () => {
  const asked: string[] = [];
  const unanswered = { state: "prompt" } as Deno.PermissionStatus;
  using _query = stub(Deno.permissions, "querySync", () => unanswered);
  using _env = stub(Deno.env, "get", (name) => void asked.push(name));
  const { env } = systemContext();
  for (const name of ["TERM", "USER", "YOI_DEBUG", "HOME"]) assertEquals(env(name), undefined);
  // Without a place for its files it could do nothing.
  assertEquals(asked, ["HOME"]);
});

Deno.test("systemContext() reads the variables that it may", () => {
  using _env = stub(Deno.env, "get", (name) => `${name} here`);
  assertEquals(systemContext().env("TERM"), "TERM here");
});
