import { assert, assertEquals } from "@std/assert";
import { isDatedId, v1IdParts, v3IdsOf } from "../../lib/ticket/_legacy_id.ts";
import { decodeRecordId, encodeRecordId } from "../../lib/ticket/record_id.ts";
import type { Generation } from "../../lib/ticket/ticket.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { CORPUS, corpusItems, hasCorpus } from "./_corpus.ts";

const free = () => false;
const v1 = (id: string) => ({ id, generation: "v1" as Generation });
const v2 = (id: string) => ({ id, generation: "v2" as Generation });
const v3 = (id: string) => ({ id, generation: "v3" as Generation });

Deno.test("isDatedId takes a stamp and three digits", () => {
  assert(isDatedId("20260608-015630-001"));
  assert(!isDatedId("20260608-015630-1"));
  assert(!isDatedId("20260608-015630-some-slug"));
  assert(!isDatedId("20260608-015630-001\n"));
  assert(!isDatedId("00001KT07NV00"));
});

Deno.test("v1IdParts splits stamp and slug", () => {
  assertEquals(v1IdParts("20260608-015630-some-slug"), {
    stamp: "20260608-015630",
    slug: "some-slug",
  });
  assertEquals(v1IdParts("20260608-015630-123"), { stamp: "20260608-015630", slug: "123" });
  assertEquals(v1IdParts("20260608-015630-"), undefined);
  assertEquals(v1IdParts("20260608-0156-x"), undefined);
});

Deno.test("v3IdsOf follows the vectors of v2", () => {
  const ids = v3IdsOf([v2("20260529-010200-001"), v2("20260529-010200-002")], free);
  assertEquals([...ids.values()], ["00001KSRM16T0", "00001KSRM16T1"]);
});

Deno.test("v3IdsOf numbers v1 tickets of one second by the whole id", () => {
  const ids = v3IdsOf([
    v1("20260529-010200-b"),
    v1("20260529-010201-a"),
    v1("20260529-010200-a"),
    v1("20260529-010200-a-1"),
  ], free);
  assertEquals(ids.get("20260529-010200-a"), "00001KSRM16T0");
  assertEquals(ids.get("20260529-010200-a-1"), "00001KSRM16T1");
  assertEquals(ids.get("20260529-010200-b"), "00001KSRM16T2");
  assertEquals(
    ids.get("20260529-010201-a"),
    encodeRecordId(decodeRecordId("00001KSRM16T0") + 1000n),
  );
});

Deno.test("v3IdsOf sorts slugs by their bytes, not by UTF-16 units", () => {
  const ids = v3IdsOf([v1("20260529-010200-𝄞"), v1("20260529-010200-ｱ")], free);
  assertEquals(ids.get("20260529-010200-ｱ"), "00001KSRM16T0");
  assertEquals(ids.get("20260529-010200-𝄞"), "00001KSRM16T1");
});

Deno.test("v3IdsOf goes on to the next free id", () => {
  assertEquals(
    v3IdsOf([v2("20260529-010200-001")], (id) => id === "00001KSRM16T0").get("20260529-010200-001"),
    "00001KSRM16T1",
  );
  const mixed = v3IdsOf([
    v1("20260529-010200-a"),
    v2("20260529-010200-001"),
    v3("00001KSRM16T1"),
  ], free);
  assertEquals(mixed.get("20260529-010200-001"), "00001KSRM16T0");
  assertEquals(mixed.get("20260529-010200-a"), "00001KSRM16T2");
  assertEquals(mixed.size, 2);
});

Deno.test("v3IdsOf gives up after 1,000 taken ids", () => {
  assertTicketError(
    () => v3IdsOf([v2("20260529-010200-001")], () => true),
    "conflict",
    "no free record id",
  );
});

Deno.test("v3IdsOf leaves out names whose stamp is no moment since 1970", () => {
  const ids = v3IdsOf([
    v2("20260230-000000-001"),
    v2("99999999-999999-001"),
    v2("19691231-235959-001"),
    v2("19700101-000000-000"),
    v1("no-stamp"),
    v2("19700101-000000-001"),
  ], free);
  assertEquals([...ids], [["19700101-000000-001", "0000000000000"]]);
});

Deno.test({
  name: "v3IdsOf gives the ids of the corpus (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn: async () => {
    for (const generation of ["v1", "v2"] as const) {
      const items = (await corpusItems()).filter((it) => it.generation === generation);
      assert(items.length > 40, CORPUS.href);
      const ids = v3IdsOf(items, free);
      for (const item of items) assertEquals(ids.get(item.id), item.facts.v3_id, item.path);
    }
  },
});
