import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type ControlRequest,
  decodeControlRequest,
} from "../../lib/supervisor/control_protocol.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";

Deno.test("decodeControlRequest() reads every request", () => {
  const requests: ControlRequest[] = [
    { method: "status" },
    { method: "shutdown" },
    { method: "restart", params: {} },
    { method: "restart", params: { name: "web" } },
    { method: "subscribe", params: { lines: true } },
    { method: "subscribe", params: { lines: false } },
  ];
  for (const request of requests) assertEquals(decodeControlRequest(request), request);
  assertEquals(decodeControlRequest({ method: "restart" }), { method: "restart", params: {} });
  assertEquals(decodeControlRequest({ method: "status", params: {} }), { method: "status" });
});

Deno.test("decodeControlRequest() says where a request is wrong and what is expected there", () => {
  const wrong: [unknown, path: string, reason: string][] = [
    [null, "$", "must be an object, not null"],
    [[], "$", "must be an object, not an array"],
    ["status", "$", 'must be an object, not "status"'],
    [{}, "$.method", "must be one of status, restart, shutdown, subscribe, not nothing"],
    [{ method: "x" }, "$.method", 'must be one of status, restart, shutdown, subscribe, not "x"'],
    [
      { method: "toString" },
      "$.method",
      'must be one of status, restart, shutdown, subscribe, not "toString"',
    ],
    [
      { method: {} },
      "$.method",
      "must be one of status, restart, shutdown, subscribe, not an object",
    ],
    [{ method: "restart", parms: {} }, "$", 'must hold no keys but method, params, not "parms"'],
    [{ method: "restart", params: null }, "$.params", "must be an object, not null"],
    [
      { method: "restart", params: { nmae: "web" } },
      "$.params",
      'must hold no keys but name, not "nmae"',
    ],
    [{ method: "restart", params: { name: 3 } }, "$.params.name", "must be a child's name, not 3"],
    [{ method: "status", params: { a: 1 } }, "$.params", 'must hold no keys, not "a"'],
    [{ method: "subscribe" }, "$.params.lines", "must be true or false, not nothing"],
    [
      { method: "subscribe", params: { lines: 1 } },
      "$.params.lines",
      "must be true or false, not 1",
    ],
    [
      JSON.parse('{"method":"status","__proto__":{}}'),
      "$",
      'must hold no keys but method, params, not "__proto__"',
    ],
  ];
  for (const [request, path, reason] of wrong) assertRefused(request, path, reason);
});

Deno.test("decodeControlRequest() says little about a value that is long or deep", () => {
  const expected = "must be one of status, restart, shutdown, subscribe, not ";
  const long = "a".repeat(10_000);
  assertRefused({ method: long }, "$.method", `${expected}"${"a".repeat(79)}…"`);
  let deep: unknown = [];
  for (let depth = 0; depth < 200_000; depth++) deep = [deep];
  assertRefused({ method: deep }, "$.method", `${expected}an array`);
});

Deno.test("decodeControlRequest() of any value is a request or that error", () => {
  const params = fc.oneof(fc.object(), fc.record({ name: fc.string(), lines: fc.boolean() }));
  const method = fc.constantFrom("status", "restart", "shutdown", "subscribe", "other");
  const value = fc.oneof(fc.anything(), fc.record({ method, params }, { requiredKeys: [] }));
  fc.assert(fc.property(value, (value) => {
    try {
      const request = decodeControlRequest(value);
      assertEquals(decodeControlRequest(JSON.parse(JSON.stringify(request))), request);
    } catch (error) {
      if (!(error instanceof SupervisorError)) throw error;
    }
  }));
});

function assertRefused(request: unknown, path: string, reason: string): void {
  const error = assertThrows(() => decodeControlRequest(request), SupervisorError);
  assertEquals(error.message, `Cannot read the control message: ${path} ${reason}`);
  assertEquals([error.code, error.path], ["control", path]);
}
