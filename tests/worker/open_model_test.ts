import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Model } from "../../lib/worker/model.ts";
import { openModel } from "../../lib/worker/open_model.ts";
import { WorkerError } from "../../lib/worker/worker_error.ts";

const data = fromFileUrl(new URL("../data", import.meta.url));

Deno.test("openModel() opens the built-in model and scripts, relative to the working directory", async () => {
  const offline = await openModel("builtin:offline");
  assertEquals([offline.provider, offline.modelId], ["builtin", "offline"]);
  const recorded = await openModel("script:scripts/one_tool_round.jsonl", { cwd: data });
  assertEquals([recorded.provider, recorded.modelId], ["script", "one_tool_round.jsonl"]);
});

Deno.test("openModel() says which models there are", async () => {
  for (const selector of ["gpt", "builtin:online", "script:", ""]) {
    const error = await assertRejects(() => openModel(selector), WorkerError);
    assertEquals(error.code, "unknown_model");
    assertEquals(
      error.message,
      `Cannot open model "${selector}": there are "builtin:offline" and "script:<file>"`,
    );
  }
});

Deno.test("Model takes every model of an AI SDK provider package", () => {
  // Checked by the compiler: the assignment is the test.
  const accept = (model: LanguageModelV4): Model => model;
  assertEquals(typeof accept, "function");
});
