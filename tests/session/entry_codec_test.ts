import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../lib/protocol/error.ts";
import {
  decodeEntry,
  decodeEntryText,
  encodeEntry,
  isKnownEntry,
  type LogEntry,
  stampEntry,
} from "../../lib/session/mod.ts";
import { SESSION_ID, START, START_TEXT } from "./_support.ts";
import { anyEntry } from "./_random_entries.ts";

function refuses(text: string, path: string, reason?: string): void {
  const error = assertThrows(() => decodeEntryText(text), ProtocolError, undefined, text);
  assertEquals(error.path, path, text);
  if (reason !== undefined) assertEquals(error.reason, reason, text);
}

Deno.test("decodeEntry() fills in what absent keys stand for", () => {
  const entry = decodeEntryText(START_TEXT) as LogEntry;
  assertEquals(entry, START);
});

Deno.test("decodeEntry() keeps unknown keys and unknown input segments", () => {
  const text =
    '{"kind":"user_input","ts":1,"segments":[{"kind":"image","url":"x"},{"kind":"text","content":"a","lang":"en"}],"writer":"x"}';
  assertEquals(encodeEntry(decodeEntryText(text)), text);
});

Deno.test("encodeEntry() writes kind first and known keys in order, unknown ones last", () => {
  const text = encodeEntry(decodeEntryText('{"x":1,"turn_count":2,"ts":5,"kind":"turn_end"}'));
  assertEquals(text, '{"kind":"turn_end","ts":5,"turn_count":2,"x":1}');
});

Deno.test("encodeEntry() leaves out what reads as absent", () => {
  const result =
    '{"kind":"tool_result","ts":1,"item":{"kind":"tool_result","call_id":"c","summary":"s","content":null,"is_error":false}}';
  assertEquals(
    encodeEntry(decodeEntryText(result)),
    '{"kind":"tool_result","ts":1,"item":{"kind":"tool_result","call_id":"c","summary":"s"}}',
  );
  const reasoning =
    '{"kind":"assistant_item","ts":1,"item":{"kind":"reasoning","text":"t","summary":[],"signature":null}}';
  assertEquals(
    encodeEntry(decodeEntryText(reasoning)),
    '{"kind":"assistant_item","ts":1,"item":{"kind":"reasoning","text":"t"}}',
  );
});

Deno.test("encodeEntry() writes whole temperatures like the reference does", () => {
  const config = { ...START.config, temperature: 1, top_p: 0.5 };
  const text = encodeEntry({ kind: "config_changed", ts: 1, config });
  assertEquals(
    text,
    '{"kind":"config_changed","ts":1,"config":{"max_tokens":null,"temperature":1.0,"top_p":0.5,"top_k":null,"stop_sequences":[],"reasoning":null}}',
  );
  assertEquals(encodeEntry(decodeEntryText(text)), text);
});

Deno.test("encodeEntry() turns lone surrogates into U+FFFD and leaves the rest alone", () => {
  const message = 'a\ud800b \\ud800 "\\\ud83d\ude00\udfff';
  const text = encodeEntry({ kind: "run_errored", ts: 1, interrupted: true, message });
  assertEquals(JSON.parse(text).message, 'a\ufffdb \\ud800 "\\\u{1f600}\ufffd');
});

Deno.test("encodeEntry() keeps U+2028, control characters and __proto__ keys", () => {
  const text =
    '{"kind":"extension","ts":1,"domain":"a\u2028\\u0000","payload":{"__proto__":{"b":1},"":null}}';
  assertEquals(encodeEntry(decodeEntryText(text)), text);
});

Deno.test("decodeEntry() recognises an unknown kind and refuses a missing one", () => {
  const entry = decodeEntryText('{"kind":"toString","ts":"?"}');
  assertEquals(isKnownEntry(entry), false);
  refuses('{"ts":1}', "$.kind", "is missing");
  refuses("[]", "$");
  refuses("7", "$");
});

Deno.test("6, 7: decodeEntry() refuses unknown kinds inside of entries and wrong types", () => {
  refuses('{"kind":"invoke","ts":1,"trigger":"timer"}', "$.trigger");
  refuses('{"kind":"invoke","trigger":"notify"}', "$.ts", "is missing");
  refuses('{"kind":"system_item","ts":1,"item":{"kind":"poke","body":"b"}}', "$.item.kind");
  refuses('{"kind":"system_item","ts":1,"item":{"kind":"interrupt"}}', "$.item.body", "is missing");
  refuses(
    '{"kind":"system_item","ts":1,"item":{"kind":"task_reminder","source":null,"body":"b"}}',
    "$.item.source",
  );
  refuses(
    '{"kind":"system_item","ts":1,"item":{"kind":"pod_event","event":{"kind":"x"},"body":"b"}}',
    "$.item.event.kind",
  );
  refuses('{"kind":"assistant_item","ts":1,"item":{"kind":"image"}}', "$.item.kind");
  refuses(
    '{"kind":"assistant_item","ts":1,"item":{"kind":"tool_call","call_id":"c","name":"n","arguments":{}}}',
    "$.item.arguments",
  );
  refuses(
    '{"kind":"assistant_item","ts":1,"item":{"kind":"message","role":"tool","content":[]}}',
    "$.item.role",
  );
  refuses(
    '{"kind":"assistant_item","ts":1,"item":{"kind":"message","role":"user","content":[{"kind":"text"}]}}',
    "$.item.content[0].text",
  );
  refuses('{"kind":"user_input","ts":1,"segments":[{"kind":"text"}]}', "$.segments[0].content");
  refuses('{"kind":"run_completed","ts":1,"interrupted":0,"result":"finished"}', "$.interrupted");
  refuses('{"kind":"run_completed","ts":1,"interrupted":true,"result":"rolled_back"}', "$.result");
  refuses('{"kind":"extension","ts":1,"domain":"d"}', "$.payload", "is missing");
  refuses('{"kind":"config_changed","ts":1,"config":{}}', "$.config.stop_sequences", "is missing");
  refuses(
    '{"kind":"config_changed","ts":1,"config":{"stop_sequences":[],"reasoning":true}}',
    "$.config.reasoning",
  );
  refuses(START_TEXT.replace(SESSION_ID, "nobody"), "$.session_id");
  refuses(
    START_TEXT.replace(/}$/, ',"forked_from":{"segment_id":"x","at_turn_index":1}}'),
    "$.forked_from.segment_id",
  );
});

Deno.test("decodeEntry() takes unsigned integers only, up to 64 bits", () => {
  for (const ts of ["-1", "1.5", '"1"', "null", "1e30"]) {
    refuses(`{"kind":"turn_end","ts":${ts},"turn_count":1}`, "$.ts");
  }
  decodeEntryText('{"kind":"turn_end","ts":18446744073709551615,"turn_count":1}');
});

Deno.test("decodeEntryText() sees integers written as fractions", () => {
  for (const spelling of ["2.0", "2e0", "-0", "20E-1"]) {
    refuses(`{"kind":"turn_end","ts":1,"turn_count":${spelling}}`, "$.turn_count");
  }
  refuses(
    '{"kind":"user_input","ts":1,"segments":[{"kind":"paste","id":1,"chars":1.0,"lines":1,"content":""}]}',
    "$.segments[0].chars",
  );
  decodeEntryText('{"kind":"extension","ts":1,"domain":"d","payload":{"ts":2.0,"a":-0}}');
  decodeEntryText(
    '{"kind":"config_changed","ts":1,"config":{"temperature":1.0,"stop_sequences":[]}}',
  );
});

Deno.test("decodeEntryText() refuses repeated known keys, not repeated unknown ones", () => {
  refuses('{"kind":"turn_end","ts":1,"ts":1,"turn_count":1}', "$.ts", "is there twice");
  refuses(
    '{"kind":"tool_result","ts":1,"item":{"kind":"tool_result","call_id":"a\\"","summary":"s" , "summary":"t"}}',
    "$.item.summary",
  );
  decodeEntryText('{"kind":"turn_end", "ts":1,"x":[1, {"y":"}"}],"x":2,"turn_count":1}');
  decodeEntryText('{"kind":"extension","ts":1,"domain":"d","payload":{"ts":1,"ts":2}}');
  decodeEntryText('{"kind":"turn_end","ts":1,"turn_count":1,"x":{"ts":1,"ts":2}}');
  decodeEntryText('{"kind":"invoke", "ts":1,"trigger":"notify","turn_count":-1,"history_len":0.5}');
  refuses(
    START_TEXT.replace("[]}", '[],"stop_sequences":[]}'),
    "$.config.stop_sequences",
    "is there twice",
  );
});

Deno.test("decodeEntryText() refuses what no reader can keep", () => {
  for (const half of ["\\ud800", "\\uDC00x", "\\ud83d\\ud83d\\ude00"]) {
    refuses(`{"kind":"run_errored","ts":1,"interrupted":true,"message":"${half}"}`, "$.message");
    refuses(`{"kind":"extension","ts":1,"domain":"d","payload":{"${half}":1}}`, "$.payload");
  }
  decodeEntryText('{"kind":"run_errored","ts":1,"interrupted":true,"message":"\\ud83d\\ude00"}');
  decodeEntryText('{"kind":"run_errored","ts":1,"interrupted":true,"message":"\\\\ud83d"}');
  for (const number of ["-1e400", "9".repeat(400)]) {
    refuses(`{"kind":"extension","ts":1,"domain":"d","payload":[${number}]}`, "$.payload[0]");
  }
  refuses(
    '{"kind":"config_changed","ts":1,"config":{"temperature":1e400,"stop_sequences":[]}}',
    "$.config.temperature",
  );
});

Deno.test("decodeEntryText() of nesting without end is a verdict, no overflow", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  refuses(`{"kind":"extension", "ts":1,"domain":"d","payload":${deep}}`, "$");
});

Deno.test("decodeEntry() gives UUIDs in lower case", () => {
  const upper = START_TEXT.replace(SESSION_ID, SESSION_ID.toUpperCase());
  assertEquals(decodeEntryText(upper) as LogEntry, START);
});

Deno.test("decodeEntry() ignores a turn count of segment_start that is none", () => {
  for (const odd of ['"4"', "null", "-1", "[]"]) {
    const text = START_TEXT.replace("{", `{"turn_count":${odd},`);
    assertEquals(decodeEntryText(text) as LogEntry, START);
  }
});

Deno.test("encodeEntry() takes known keys of other kinds for unknown ones", () => {
  const text =
    '{"kind":"system_item","ts":1,"item":{"kind":"pod_event","event":{"kind":"turn_ended","pod_name":"p","scope":5},"body":"b","message":0,"event2":[]}}';
  assertEquals(encodeEntry(decodeEntryText(text)), text);
  const note =
    '{"kind":"system_item","ts":1,"item":{"kind":"interrupt","body":"b","event":5,"slug":null}}';
  assertEquals(encodeEntry(decodeEntryText(note)), note);
});

Deno.test("stampEntry() puts the time after the kind", () => {
  const entry = stampEntry({ kind: "turn_end", turn_count: 1 }, 7);
  assertEquals(JSON.stringify(entry), '{"kind":"turn_end","ts":7,"turn_count":1}');
});

Deno.test("decodeEntryText() reads entries with other spacing and key order alike", () => {
  fc.assert(fc.property(anyEntry, (entry) => {
    const compact = decodeEntryText(encodeEntry(entry));
    const spaced = JSON.stringify(
      Object.fromEntries(Object.entries(compact).reverse()),
      null,
      "\t",
    );
    assertEquals(decodeEntryText(spaced), compact);
  }));
});

Deno.test("encodeEntry() and decodeEntry() of random entries are stable", () => {
  fc.assert(fc.property(anyEntry, (entry) => {
    const text = encodeEntry(entry);
    const again = decodeEntryText(text);
    assertEquals(encodeEntry(again), text);
    assertEquals(text.includes("\n"), false);
    assertEquals(decodeEntry(JSON.parse(text)), again);
  }));
});
