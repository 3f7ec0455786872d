import { assertEquals } from "@std/assert";
import { TicketReader } from "../../lib/ticket/ticket_reader.ts";
import { CORPUS, corpusRoot, hasCorpus } from "./_corpus.ts";

/** What the corpus says about a ticket. */
interface Facts {
  title: string;
  state: string;
  v3_id: string;
  events: string[];
  artifacts: string[];
  has_resolution: boolean;
}

Deno.test({
  name: "TicketReader reads every ticket of three generations (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn: async (step) => {
    const all: Record<string, Record<string, Facts>> = JSON.parse(
      await Deno.readTextFile(new URL("tickets-facts.json", CORPUS)),
    );
    for (const [generation, facts] of Object.entries(all)) {
      await step.step(generation, async () => {
        const reader = new TicketReader(corpusRoot(generation));
        const { tickets, problems, total } = await reader.list({ limit: Infinity });
        assertEquals(problems, []);
        assertEquals(total, Object.keys(facts).length);
        const shown = new Map(
          (await Array.fromAsync(reader.showAll())).map((detail) => [detail.id, detail]),
        );
        const rows = new Map(tickets.map((ticket) => [ticket.id, ticket]));
        for (const [folder, fact] of Object.entries(facts)) {
          const id = folder.split("/").at(-1)!;
          assertEquals(rows.get(id)?.title, fact.title);
          assertEquals(rows.get(id)?.state, fact.state);
          const detail = await reader.show(id);
          assertEquals(shown.get(id), detail);
          assertEquals({
            title: detail.title,
            state: detail.state,
            v3_id: detail.v3Id,
            events: detail.events.map((event) => event.kind),
            artifacts: detail.artifacts,
            has_resolution: detail.resolution !== null,
            problems: detail.problems,
          }, {
            title: fact.title,
            state: fact.state,
            v3_id: fact.v3_id,
            events: fact.events,
            artifacts: fact.artifacts,
            has_resolution: fact.has_resolution,
            problems: [],
          });
          assertEquals(reader.resolveId(fact.v3_id), id);
        }
      });
    }
  },
});
