import { assertEquals } from "@std/assert";
import { parseIdMap, readIdMap, recordIdsNamed, renderIdMap } from "../../lib/ticket/_id_map.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { withRoot } from "./_ticket_root.ts";

Deno.test("renderIdMap() sorts, and parseIdMap() reads it back", () => {
  const text = renderIdMap({
    ids: new Map([["b", "00001KSRM16T1"], ["__proto__", "00001KSRM16T0"]]),
    slugs: new Map([["toString", ["00001KSRM16T0", "00001KSRM16T1"]]]),
  });
  assertEquals(
    text,
    `{
  "version": 1,
  "ids": {
    "__proto__": "00001KSRM16T0",
    "b": "00001KSRM16T1"
  },
  "slugs": {
    "toString": [
      "00001KSRM16T0",
      "00001KSRM16T1"
    ]
  }
}
`,
  );
  const map = parseIdMap(text, "map");
  assertEquals([...map.ids.keys()], ["__proto__", "b"]);
  assertEquals(renderIdMap(map), text);
});

Deno.test("renderIdMap() and parseIdMap() know ids that several tickets have had", () => {
  const map = {
    ids: new Map([["a", "00001KSRM16T0"]]),
    shared: new Map([["a", ["00001KSRM16T0", "00001KSRM16T1"]]]),
    slugs: new Map(),
  };
  const read = parseIdMap(renderIdMap(map), "map");
  assertEquals(read, map);
  assertEquals(recordIdsNamed(read, "a"), ["00001KSRM16T0", "00001KSRM16T1"]);
});

Deno.test("parseIdMap() refuses what is no map", () => {
  for (
    const text of [
      "",
      "[]",
      "null",
      '{"version":2,"ids":{},"slugs":{}}',
      '{"version":1,"slugs":{}}',
      '{"version":1,"ids":{"a":"../../etc"},"slugs":{}}',
      '{"version":1,"ids":{"a":1},"slugs":{}}',
      '{"version":1,"ids":{},"slugs":{"a":"00001KSRM16T0"}}',
      '{"version":1,"ids":{},"slugs":{"a":["nope"]}}',
      '{"version":1,"ids":{},"slugs":{},"shared":{"a":"00001KSRM16T0"}}',
    ]
  ) assertTicketError(() => parseIdMap(text, "map"), "parse", "ticket parse error in map: ");
});

Deno.test("readIdMap() gives an empty map without a file, and follows no link", async () => {
  await withRoot((root) => {
    assertEquals(readIdMap(root), { ids: new Map(), slugs: new Map() });
    Deno.symlinkSync("/etc/hostname", `${root}/.ticket-ids.json`);
    assertTicketError(() => readIdMap(root), "escapes_root", ".ticket-ids.json");
  });
});
