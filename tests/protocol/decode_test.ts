import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  decodeClientEvent,
  decodeEvent,
  decodeMethod,
  decodePodEvent,
  decodeScopeRule,
  decodeSegments,
} from "../../lib/protocol/decode.ts";
import { ProtocolError } from "../../lib/protocol/error.ts";

const SEGMENT_ID = "0192f0e8-4d84-7d6e-a000-000000000001";

const greeting = () => ({
  pod_name: "p",
  cwd: "/w",
  provider: "unknown",
  model: "m",
  scope_summary: "",
  tools: ["Read"],
});

function assertRefused(
  decode: (value: unknown) => unknown,
  value: unknown,
  path: string,
  reason: string,
) {
  const error = assertThrows(() => decode(value), ProtocolError);
  assertEquals([error.path, error.reason], [path, reason]);
  assertEquals(error.message, `Cannot decode ${path}: ${reason}`);
  assertEquals(error.code, "invalid");
}

// Every refusal names the place and the fault.
const refusals: [method: unknown, path: string, reason: string][] = [
  [null, "$", "must be an object"],
  [undefined, "$", "is missing"],
  [[], "$", "must be an object"],
  ["resume", "$", "must be an object"],
  [{}, "$.method", "is missing"],
  [{ method: 3 }, "$.method", "must be a string"],
  [{ method: "Resume" }, "$.method", '"Resume" is unknown'],
  [{ method: "toString" }, "$.method", '"toString" is unknown'],
  [{ method: "constructor" }, "$.method", '"constructor" is unknown'],
  [{ method: "__proto__" }, "$.method", '"__proto__" is unknown'],
  [{ method: "hasOwnProperty", params: {} }, "$.method", '"hasOwnProperty" is unknown'],
  [{ method: "x".repeat(99) }, "$.method", `"${"x".repeat(40)}…" is unknown`],
  [{ method: "resume", params: {} }, "$.params", "must be absent or null"],
  [{ method: "pause", params: false }, "$.params", "must be absent or null"],
  [{ method: "run" }, "$.params", "is missing"],
  [{ method: "run", params: null }, "$.params", "must be an object"],
  [{ method: "run", params: {} }, "$.params.input", "is missing"],
  [{ method: "run", params: { input: {} } }, "$.params.input", "must be an array"],
  [{ method: "run", params: { input: ["hi"] } }, "$.params.input[0]", "must be an object"],
  [{ method: "run", params: { input: [{}] } }, "$.params.input[0].kind", "is missing"],
  [
    { method: "run", params: { input: [{ kind: "text", content: "a" }, { kind: "text" }] } },
    "$.params.input[1].content",
    "is missing",
  ],
  [
    { method: "run", params: { input: [{ kind: "text", content: "a\ud800" }] } },
    "$.params.input[0].content",
    "holds half of a surrogate pair",
  ],
  [
    { method: "run", params: { input: [{ kind: "new", "a b": [1, Infinity] }] } },
    '$.params.input[0]["a b"][1]',
    "is beyond the range of a double",
  ],
  [
    { method: "run", params: { input: [{ kind: "new", x: "\udc00" }] } },
    "$.params.input[0].x",
    "holds half of a surrogate pair",
  ],
  [
    { method: "notify", params: { message: "m", auto_run: null } },
    "$.params.auto_run",
    "must be true or false",
  ],
  [
    { method: "list_completions", params: { kind: "File", prefix: "" } },
    "$.params.kind",
    'must be one of "file", "knowledge", "workflow", not "File"',
  ],
  [
    { method: "pod_event", params: { kind: "paused", pod_name: "c" } },
    "$.params.kind",
    '"paused" is unknown',
  ],
  [
    {
      method: "rewind_to",
      params: {
        target: { segment_id: "latest", user_input_entry_index: 0 },
        expected_head_entries: 0,
      },
    },
    "$.params.target.segment_id",
    'must be a UUID, not "latest"',
  ],
];

for (const [method, path, reason] of refusals) {
  Deno.test(`decodeMethod refuses ${JSON.stringify(method)?.slice(0, 60)} at ${path}`, () => {
    assertRefused(decodeMethod, method, path, reason);
  });
}

const U16 = 0xffff;
const U32 = 0xffff_ffff;
const MAX = Number.MAX_SAFE_INTEGER;
const integers: [
  where: string,
  decode: (value: unknown) => unknown,
  lowest: number,
  highest: number,
][] = [
  ["u16", (status) => decodeEvent(retry({ status })), 0, U16],
  ["u32", (failed_attempt) => decodeEvent(retry({ failed_attempt })), 0, U32],
  ["u64", (wait_ms) => decodeEvent(retry({ wait_ms })), 0, MAX],
  ["i64", (timestamp_ms) => decodeEvent(alert({ timestamp_ms })), -MAX, MAX],
];
for (const [name, decode, lowest, highest] of integers) {
  Deno.test(`decodeEvent takes a ${name} from ${lowest} to ${highest} and nothing else`, () => {
    for (const good of [lowest, 0, 1, highest]) decode(good);
    for (
      const bad of [lowest - 1, highest + 1, 1.5, "1", true, [1], Infinity, -Infinity, 2 ** 64]
    ) {
      assertThrows(() => decode(bad), ProtocolError);
    }
  });
}

Deno.test("decodeMethod gives back the value itself, with everything it does not know", () => {
  const value = {
    v: 2,
    method: "run",
    params: { input: [{ kind: "voice", ms: 3, deep: [{ a: null }] }], priority: 1 },
    id: "req-9",
  };
  const before = structuredClone(value);
  assertStrictEquals(decodeMethod(value), value);
  assertEquals(value, before);
});

Deno.test("decodeMethod takes null params of a unit Method for none", () => {
  assertEquals(decodeMethod({ method: "resume", params: null }), { method: "resume" });
  assertEquals(decodeEvent({ event: "shutdown", data: null }), { event: "shutdown" });
});

Deno.test("decodeMethod drops an id that is no string, as older peers ignore it", () => {
  assertEquals(decodeMethod(JSON.parse('{"method":"resume","id":5}')), { method: "resume" });
  assertEquals(
    decodeEvent(JSON.parse('{"event":"shutdown","id":[],"seq":"1"}')),
    { event: "shutdown" },
  );
  assertEquals(decodeMethod({ method: "resume", id: "a" }).id, "a");
  assertEquals(decodeEvent({ event: "shutdown", seq: 7 }).seq, 7);
});

Deno.test("decodeMethod gives a scope rule its default and a UUID lower case", () => {
  const scope = [{ target: "/w", permission: "read" }];
  const names = { parent_pod: "p", sub_pod: "s", sub_socket: "/s" };
  const report = decodeMethod({
    method: "pod_event",
    params: { kind: "scope_sub_delegated", ...names, scope },
  });
  assert(report.method === "pod_event" && report.params.kind === "scope_sub_delegated");
  assertEquals(report.params.scope, [{ target: "/w", permission: "read", recursive: true }]);

  const target = { segment_id: SEGMENT_ID.toUpperCase(), user_input_entry_index: 0 };
  const rewind = decodeMethod({
    method: "rewind_to",
    params: { target, expected_head_entries: 1 },
  });
  assert(rewind.method === "rewind_to");
  assertEquals(rewind.params.target.segment_id, SEGMENT_ID);
});

// What the types say is there is there after decoding, and what may be absent is absent.
const completions: [given: unknown, decoded: unknown][] = [
  [
    { event: "tool_result", data: { id: "c", summary: "s", output: null } },
    { event: "tool_result", data: { id: "c", summary: "s", is_error: false } },
  ],
  [
    { event: "usage", data: {} },
    { event: "usage", data: { input_tokens: null, output_tokens: null } },
  ],
  [
    { event: "completions", data: { kind: "file", entries: [{ value: "a" }] } },
    { event: "completions", data: { kind: "file", entries: [{ value: "a", is_dir: false }] } },
  ],
  [
    { event: "snapshot", data: { entries: [null, 1], greeting: greeting() } },
    {
      event: "snapshot",
      data: {
        entries: [null, 1],
        greeting: { ...greeting(), context_window: 0, context_tokens: 0 },
        status: "idle",
      },
    },
  ],
  [
    {
      event: "snapshot",
      data: { entries: [], greeting: { ...greeting(), protocol: "new", features: [1] } },
    },
    {
      event: "snapshot",
      data: {
        entries: [],
        greeting: { ...greeting(), context_window: 0, context_tokens: 0 },
        status: "idle",
      },
    },
  ],
];
for (const [given, decoded] of completions) {
  Deno.test(`decodeEvent completes ${JSON.stringify(given).slice(0, 80)}`, () => {
    assertEquals(decodeEvent(given), decoded as ReturnType<typeof decodeEvent>);
  });
}

Deno.test("decodeEvent names the place of a fault in a payload it does not know", () => {
  const event = {
    event: "system_item",
    data: { item: { "": { "a-b": { $: ["ok", "\ud800"] } } } },
  };
  assertRefused(
    decodeEvent,
    event,
    '$.data.item[""]["a-b"].$[1]',
    "holds half of a surrogate pair",
  );
  assertRefused(decodeEvent, { event: "system_item", data: {} }, "$.data.item", "is missing");
  assertRefused(
    decodeEvent,
    { event: "text_delta", data: { text: 1 } },
    "$.data.text",
    "must be a string",
  );
  assertRefused(decodeEvent, { event: "text_delta", data: "x" }, "$.data", "must be an object");
  assertRefused(decodeEvent, { event: "toString" }, "$.event", '"toString" is unknown');
});

Deno.test("decodeEvent takes 127 containers within each other and no more", () => {
  const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  decodeEvent({ event: "system_item", data: { item: nested(125) } });
  decodeEvent({ event: "snapshot", data: { entries: [nested(124)], greeting: greeting() } });
  decodeMethod({ method: "run", params: { input: [{ kind: "new", x: nested(123) }] } });
  for (
    const decode of [
      () => decodeEvent({ event: "system_item", data: { item: nested(126) } }),
      () =>
        decodeEvent({ event: "snapshot", data: { entries: [nested(125)], greeting: greeting() } }),
      () => decodeMethod({ method: "run", params: { input: [{ kind: "new", x: nested(124) }] } }),
      () =>
        decodeMethod({ method: "run", params: { input: [{ kind: "new", x: nested(100_000) }] } }),
    ]
  ) {
    const error = assertThrows(decode, ProtocolError);
    assertEquals(error.reason, "is nested deeper than 127");
  }
});

Deno.test("decodeClientEvent takes a snapshot of which only the status is unknown as idle", () => {
  const snapshot = {
    event: "snapshot",
    data: { entries: [], greeting: greeting(), status: "dreaming" },
  };
  assertRefused(
    decodeEvent,
    structuredClone(snapshot),
    "$.data.status",
    'must be one of "idle", "running", "paused", not "dreaming"',
  );
  const event = decodeClientEvent(snapshot);
  assertStrictEquals(event, snapshot as typeof event);
  assert(event.event === "snapshot" && event.data.status === "idle");
});

Deno.test("decodeClientEvent refuses everything else that decodeEvent refuses", () => {
  const broken = {
    event: "snapshot",
    data: { entries: 1, greeting: greeting(), status: "dreaming" },
  };
  assertRefused(decodeClientEvent, broken, "$.data.entries", "must be an array");
  assertEquals(broken.data.status, "dreaming");
  for (
    const value of [
      null,
      undefined,
      7,
      { event: "snapshot" },
      { event: "snapshot", data: null },
      { event: "snapshot", data: { entries: [], greeting: greeting(), status: null } },
      { event: "status", data: { status: "dreaming" } },
    ]
  ) assertThrows(() => decodeClientEvent(value), ProtocolError);
  const running = {
    event: "snapshot",
    data: { entries: [], greeting: greeting(), status: "running" },
  };
  const event = decodeClientEvent(running);
  assert(event.event === "snapshot" && event.data.status === "running");
});

Deno.test("decodePodEvent, decodeSegments and decodeScopeRule name places below the given path", () => {
  assertRefused(
    (value) => decodeSegments(value, "$.segments"),
    [{ kind: "text" }],
    "$.segments[0].content",
    "is missing",
  );
  assertRefused((value) => decodePodEvent(value, "$.event"), 1, "$.event", "must be an object");
  assertRefused(
    decodeScopeRule,
    { target: "/w", permission: "read", recursive: null },
    "$.recursive",
    "must be true or false",
  );
  assertEquals(decodeScopeRule({ target: "/w", permission: "read" }).recursive, true);
  assertEquals(decodeSegments([{ kind: "voice" }]), [{ kind: "voice" }]);
  assertEquals(decodePodEvent({ kind: "shut_down", pod_name: "c" }).kind, "shut_down");
});

function retry(change: Record<string, unknown>) {
  const data = {
    llm_call: 0,
    failed_attempt: 1,
    max_attempts: 4,
    wait_ms: 1,
    elapsed_ms: 1,
    error: "",
  };
  return { event: "llm_retry", data: { ...data, ...change } };
}

function alert(change: Record<string, unknown>) {
  return {
    event: "alert",
    data: { level: "warn", source: "pod", message: "", timestamp_ms: 0, ...change },
  };
}
