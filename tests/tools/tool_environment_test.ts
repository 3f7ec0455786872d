import { assertEquals } from "@std/assert";
import { toolEnvironment } from "../../lib/tools/_tool_environment.ts";

Deno.test("toolEnvironment() hands on what programs need and no key", () => {
  const env = new Map([["PATH", "/bin"], ["HOME", "/home/me"], ["SOME_API_KEY", "secret"]]);
  assertEquals(toolEnvironment((name) => env.get(name)), { PATH: "/bin", HOME: "/home/me" });
});
