import { assert, assertEquals } from "@std/assert";
import { parseThreadAsReference } from "../../lib/ticket/reference_thread.ts";
import { formatThread, parseThread, type ThreadEvent } from "../../lib/ticket/thread.ts";
import { CORPUS, hasCorpus } from "./_corpus.ts";

const GENERATIONS = ["v1", "v2", "v3"] as const;

interface Facts {
  readonly events: readonly string[];
  readonly reference_event_count: number;
}

function corpusTest(title: string, run: () => void): void {
  Deno.test({ name: `${title} (needs ../shared/corpus)`, ignore: !hasCorpus, fn: run });
}

corpusTest("parseThread() finds the kinds of every ticket in file order", () => {
  const counts = forEachTicket((text, facts, place) => {
    const thread = parseThread(text);
    assertEquals(thread.events.map(({ kind }) => kind), facts.events, place);
    assert(formatThread(thread) === text, place);
    return thread.events.length;
  });
  assertEquals(counts, [221, 285, 744]);
});

corpusTest("parseThreadAsReference() finds the reference's events of every ticket", () => {
  const counts = forEachTicket((text, facts, place) => {
    const events = parseThreadAsReference(text);
    assertEquals(events.length, facts.reference_event_count, place);
    return events.length;
  });
  assertEquals(counts, [222, 286, 743]);
});

corpusTest("parseThread() and parseThreadAsReference() differ on threads with hazards only", () => {
  const differing = forEachTicket((text, _facts, place) => {
    const { events, diagnostics } = parseThread(text);
    const [ours, theirs] = [events, parseThreadAsReference(text)].map((read) =>
      read.map(({ kind, attributes, heading, body, line }) => ({
        kind,
        attributes,
        heading,
        body: body.trimEnd(),
        line,
      }))
    );
    if (JSON.stringify(ours) === JSON.stringify(theirs)) return 0;
    const holdsSeparator = events.some(({ body }) => /^\s*---\s*$/m.test(body));
    assert(holdsSeparator || diagnostics.some(({ code }) => code === "unseparated"), place);
    return 1;
  });
  assertEquals(differing, [8, 9, 5]);
});

corpusTest("parseThread() reads what is instructive in the threads of section 13", () => {
  const codesOf = (id: string) =>
    parseThread(readThread("v3", id)).diagnostics.map(({ code }) => code);
  const eventsOf = (id: string) => parseThread(readThread("v3", id)).events;

  // Headers inside a code sample, `---` in a body.
  const sample = eventsOf("00001KSKBPMP8");
  assertEquals(sample.map(({ kind }) => kind), ["migration", "close"]);
  assert(sample.some(({ body }) => /^<!-- event: /m.test(body) && /^---$/m.test(body)));

  // No headings, a missing separator.
  const plain = eventsOf("00001KSTXNF6G");
  assert(plain.some(({ heading }) => heading === null));
  assertEquals(codesOf("00001KSTXNF6G"), ["unseparated"]);

  assertEquals(codesOf("00001KV10SN02"), ["unseparated", "unseparated"]);

  // Reopened, a doubled separator, an unterminated last event.
  const reopened = eventsOf("00001KTTW04W2");
  const isReopening = ({ kind, attributes }: ThreadEvent) =>
    kind === "state_changed" && attributes.from === "closed" && attributes.to === "planning";
  assert(reopened.some(isReopening));
  assert(reopened.some(({ kind }) => kind === "closed"));
  assert(reopened.some(({ kind, attributes }) => kind === "review" && "result" in attributes));
  assertEquals(codesOf("00001KTTW04W2"), ["unterminated"]);

  const times = eventsOf("00001KSKBP9YG").map(({ at }) => at ?? "");
  assert(times.some((time, index) => time < (times[index - 1] ?? "")));

  assert(eventsOf("00001KY1ZKCPC").some(({ kind }) => kind === "item_edit"));

  const quoting = parseThread(readThread("v1", "closed/20260527-000004-manual-turn-rollback"));
  assert(/^---\n[^]*^title: [^]*^---$/m.test(quoting.events.at(-1)!.body));
});

/** Runs a check on every ticket and adds up what it gives, for each generation. */
function forEachTicket(check: (text: string, facts: Facts, place: string) => number): number[] {
  const facts: Record<string, Record<string, Facts>> = JSON.parse(
    Deno.readTextFileSync(new URL("tickets-facts.json", CORPUS)),
  );
  return GENERATIONS.map((generation) =>
    Object.entries(facts[generation]!).reduce(
      (sum, [id, fact]) => sum + check(readThread(generation, id), fact, `${generation}/${id}`),
      0,
    )
  );
}

function readThread(generation: string, id: string): string {
  return Deno.readTextFileSync(new URL(`tickets/${generation}/${id}/thread.md`, CORPUS));
}
