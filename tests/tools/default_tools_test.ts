import { assertEquals } from "@std/assert";
import { Scope } from "../../lib/scope/scope.ts";
import { createFileTools } from "../../lib/tools/default_tools.ts";

Deno.test("createFileTools() gives Glob, Grep and Read with object schemas", async () => {
  const scope = await Scope.open({ allow: [{ target: "/", permission: "read" }] });
  const tools = createFileTools({ scope, cwd: "/" });
  assertEquals(tools.map((tool) => tool.name), ["Glob", "Grep", "Read"]);
  const required = tools.map((tool) => tool.inputSchema["required"]);
  assertEquals(required, [["pattern"], ["pattern"], ["file_path"]]);
  for (const tool of tools) {
    assertEquals(tool.inputSchema["type"], "object");
    assertEquals(Object.hasOwn(tool.inputSchema, "$schema"), false);
    const properties = tool.inputSchema["properties"] as Record<string, Record<string, unknown>>;
    for (const [name, property] of Object.entries(properties)) {
      assertEquals(typeof property["type"], "string", name);
      assertEquals(typeof property["description"], "string", name);
    }
  }
});
