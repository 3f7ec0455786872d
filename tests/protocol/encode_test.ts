import { assertEquals } from "@std/assert";
import { decodeEvent, decodeMethod } from "../../lib/protocol/decode.ts";
import { encodeEvent, encodeMethod } from "../../lib/protocol/encode.ts";
import type { Event, Method } from "../../lib/protocol/mod.ts";

const keepUnknown = true;

Deno.test("encodeMethod writes auto_run only when it is false", () => {
  const notify = (auto_run?: boolean): Method => ({
    method: "notify",
    params: { message: "m", ...(auto_run === undefined ? {} : { auto_run }) },
  });
  const plain = '{"method":"notify","params":{"message":"m"}}';
  const weak = '{"method":"notify","params":{"message":"m","auto_run":false}}';
  for (const options of [{}, { keepUnknown }]) {
    assertEquals(encodeMethod(notify(), options), plain);
    assertEquals(encodeMethod(notify(true), options), plain);
    assertEquals(encodeMethod(notify(false), options), weak);
  }
});

Deno.test("encodeEvent leaves out optional keys and writes nullable ones", () => {
  const withAbsent = {
    event: "usage",
    data: { cache_read_input_tokens: undefined, output_tokens: undefined, input_tokens: 3 },
  } as unknown as Event;
  const text = '{"event":"usage","data":{"input_tokens":3,"output_tokens":null}}';
  assertEquals(encodeEvent(withAbsent), text);
  assertEquals(encodeEvent(withAbsent, { keepUnknown }), text);
});

Deno.test("encodeEvent writes defaults that the value lacks", () => {
  const entry = { event: "completions", data: { kind: "file", entries: [{ value: "a" }] } };
  const text =
    '{"event":"completions","data":{"kind":"file","entries":[{"value":"a","is_dir":false}]}}';
  assertEquals(encodeEvent(entry as Event), text);
  assertEquals(encodeEvent(entry as Event, { keepUnknown }), text);

  const usage = { event: "usage", data: { input_tokens: 1, cache_read_input_tokens: 1 } };
  assertEquals(
    encodeEvent(usage as Event),
    '{"event":"usage","data":{"input_tokens":1,"output_tokens":null,"cache_read_input_tokens":1}}',
  );
});

Deno.test("encodeEvent P23: an unknown segment is kept on request and `unknown` in canonical text", () => {
  const wire =
    '{"event":"user_message","data":{"segments":[{"kind":"voice","ms":[1,{"b":1,"a":2}]},{"kind":"text","content":"x"}]}}';
  const event = decodeEvent(JSON.parse(wire));
  assertEquals(encodeEvent(event, { keepUnknown }), wire);
  assertEquals(
    encodeEvent(event),
    '{"event":"user_message","data":{"segments":[{"kind":"unknown"},{"kind":"text","content":"x"}]}}',
  );
  assertEquals(JSON.stringify(event), wire);
});

Deno.test("encodeMethod keeps unknown keys behind the known ones, which come in order", () => {
  const wire =
    '{"v":2,"params":{"p":[1],"input":[{"lang":"en","content":"x","kind":"text","__proto__":1}]},"id":"a","method":"run"}';
  const method = decodeMethod(JSON.parse(wire));
  const kept = encodeMethod(method, { keepUnknown });
  assertEquals(
    kept,
    '{"method":"run","params":{"input":[{"kind":"text","content":"x","lang":"en","__proto__":1}],"p":[1]},"v":2,"id":"a"}',
  );
  assertEquals(encodeMethod(decodeMethod(JSON.parse(kept)), { keepUnknown }), kept);
  assertEquals(
    encodeMethod(method),
    '{"method":"run","params":{"input":[{"kind":"text","content":"x"}]}}',
  );
  assertEquals(JSON.stringify(method), wire, "encoding leaves the value alone");
});

Deno.test("encodeEvent writes unit events, with envelope keys on request", () => {
  const event: Event = { seq: 3, id: "a", event: "shutdown" };
  assertEquals(encodeEvent(event), '{"event":"shutdown"}');
  assertEquals(encodeEvent(event, { keepUnknown }), '{"event":"shutdown","seq":3,"id":"a"}');
});

Deno.test("encodeMethod and encodeEvent put the name and its content before other envelope keys", () => {
  const rest = { method: "restore_pod", params: { name: "a" } } as const;
  const line = '{"method":"restore_pod","params":{"name":"a"},"id":"7"}';
  assertEquals(encodeMethod({ id: "7", ...rest }, { keepUnknown }), line);
  assertEquals(encodeMethod({ ...rest, id: "7" }, { keepUnknown }), line);
  assertEquals(
    encodeEvent({ event: "turn_start", seq: 1, data: { turn: 2 } }, { keepUnknown }),
    '{"event":"turn_start","data":{"turn":2},"seq":1}',
  );
});

Deno.test("encodeEvent keeps additions to the greeting out of canonical text", () => {
  const greeting = {
    pod_name: "p",
    cwd: "/w",
    provider: "unknown",
    model: "m",
    scope_summary: "",
    tools: [],
    context_window: 0,
    context_tokens: 0,
    protocol: 1,
    features: ["method_id"],
  };
  const event: Event = { event: "snapshot", data: { entries: [], greeting, status: "idle" } };
  const text = encodeEvent(event);
  assertEquals("protocol" in JSON.parse(text).data.greeting, false);
  assertEquals(JSON.parse(encodeEvent(event, { keepUnknown })), JSON.parse(JSON.stringify(event)));
});

Deno.test("encodeEvent never changes the order of payloads", () => {
  for (
    const wire of [
      '{"event":"system_item","data":{"item":{"z":1,"a":{"y":null,"b":[{"d":1,"c":2}]}}}}',
      '{"event":"segment_rotated","data":{"entry":{"ts":1,"kind":"segment_start"}}}',
      '{"event":"pods_listed","data":{"pods":null}}',
    ]
  ) {
    assertEquals(encodeEvent(decodeEvent(JSON.parse(wire))), wire);
    assertEquals(encodeEvent(decodeEvent(JSON.parse(wire)), { keepUnknown }), wire);
  }
});

// `\\ud800` in JSON text is a backslash and four letters, and is to stay that.
const texts: [given: string, written: string][] = [
  ["bad \ud800 end", '"bad \ufffd end"'],
  ["\udc00\ud83d\ude00\ud83d", '"\ufffd\ud83d\ude00\ufffd"'],
  ["\\ud800", '"\\\\ud800"'],
  ["\\\ud800\\", '"\\\\\ufffd\\\\"'],
  ["\\\\udfff\udfff", '"\\\\\\\\udfff\ufffd"'],
  ['\u0000\u001b\n"\u007f\u2028/', '"\\u0000\\u001b\\n\\"\u007f\u2028/"'],
];
for (const [given, written] of texts) {
  Deno.test(`encodeEvent writes ${JSON.stringify(given)} without a lone surrogate`, () => {
    const event: Event = { event: "text_delta", data: { text: given } };
    const line = `{"event":"text_delta","data":{"text":${written}}}`;
    assertEquals(encodeEvent(event), line);
    assertEquals(encodeEvent(event, { keepUnknown }), line);
    assertEquals(
      encodeEvent({ event: "system_item", data: { item: { [given]: [given] } } }),
      `{"event":"system_item","data":{"item":{${written}:[${written}]}}}`,
    );
  });
}
