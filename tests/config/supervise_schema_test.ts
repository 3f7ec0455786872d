import { assert, assertEquals } from "@std/assert";
import { superviseJsonSchema } from "../../lib/config/supervise_schema.ts";
import { completeConfig } from "../../lib/supervisor/supervisor_config.ts";

interface JsonSchema {
  $schema?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: string[];
  enum?: string[];
  additionalProperties?: unknown;
}

const schema = superviseJsonSchema() as JsonSchema;
const child = schema.properties?.children?.items;

Deno.test("superviseJsonSchema() describes every key and allows no other", () => {
  assertEquals(schema.$schema, "http://json-schema.org/draft-07/schema#");
  for (const level of [schema, child, child?.properties?.backoff]) {
    assertEquals(level?.additionalProperties, false);
    for (const [key, { description }] of Object.entries(level?.properties ?? {})) {
      assert(description?.endsWith("."), key);
    }
  }
  assertEquals(Object.keys(schema.properties ?? {}), ["$schema", "shutdownTimeoutMs", "children"]);
  assertEquals([schema.required, child?.required], [["children"], ["name", "command"]]);
});

Deno.test("superviseJsonSchema() offers words where there are words to choose from", () => {
  assertEquals(child?.properties?.restart?.enum, ["never", "on-failure", "always"]);
  assertEquals(child?.properties?.stopSignal?.enum?.[0], "SIGTERM");
});

Deno.test("superviseJsonSchema() tells the defaults that a supervisor really takes", () => {
  const complete = completeConfig({ children: [{ name: "web", command: ["web"] }] });
  assertEquals(schema.properties?.shutdownTimeoutMs?.default, complete.shutdownTimeoutMs);
  const taken = complete.children[0] as unknown as Record<string, unknown>;
  for (const [key, { default: told }] of Object.entries(child?.properties ?? {})) {
    if (told !== undefined && key !== "backoff") assertEquals(told, taken[key], key);
  }
  const waits = Object.entries(child?.properties?.backoff?.properties ?? {});
  assertEquals(Object.fromEntries(waits.map(([key, wait]) => [key, wait.default])), taken.backoff);
});

Deno.test("superviseJsonSchema() names signals that a supervisor takes", () => {
  for (const stopSignal of child?.properties?.stopSignal?.enum ?? []) {
    completeConfig({ children: [{ name: "web", command: ["web"], stopSignal }] });
  }
});
