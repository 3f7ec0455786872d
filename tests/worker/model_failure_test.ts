import { assertEquals } from "@std/assert";
import { describeModelFailure } from "../../lib/worker/_model_failure.ts";

Deno.test("describeModelFailure() gives message, the provider's code and the status", () => {
  const cases: [unknown, string][] = [
    ["plain", "plain"],
    [new Error("broken"), "broken"],
    [Object.assign(new Error("slow"), { statusCode: 429 }), "slow (status 429)"],
    [{ type: "error", code: "rate_limit", message: "slow" }, "rate_limit: slow"],
    [
      { type: "error", error: { type: "overloaded_error", message: "later" } },
      "overloaded_error: later",
    ],
    [{ code: "x", message: "x: already said" }, "x: already said"],
    [{ odd: 1 }, '{"odd":1}'],
    [undefined, "undefined"],
  ];
  for (const [failure, text] of cases) assertEquals(describeModelFailure(failure), text);
});
