import { assertEquals } from "@std/assert";
import { describeToolError, ToolError } from "../../lib/tools/tool_error.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";

Deno.test("describeToolError() names the class of every kind of failure", () => {
  const table: [unknown, string][] = [
    [new ToolError("invalid_argument", "m"), "Invalid argument: m"],
    [new ToolError("execution_failed", "m"), "Execution failed: m"],
    [new ToolError("internal", "m"), "Internal error: m"],
    [new ScopeError("not_found", "/x", "m"), "Execution failed: m"],
    [new ScopeError("out_of_scope", "/x", "m"), "Invalid argument: m"],
    [new Deno.errors.PermissionDenied("m"), "Execution failed: m"],
    [new TypeError("m"), "Internal error: m"],
    ["text", "Internal error: text"],
  ];
  for (const [error, text] of table) {
    assertEquals(describeToolError(error), `Tool execution failed: ${text}`);
  }
});
