import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { type GraphTicket, renderGraph } from "../../lib/ticket/relation_graph.ts";
import type { Relation, RelationKind } from "../../lib/ticket/relation_view.ts";

const A = "00001KT07NV00";
const B = "00001KT07NV01";
const C = "00001KT07NV02";
const LOST = "00001KT07NV03";

const TICKETS: readonly GraphTicket[] = [
  { id: C, title: "Alone", state: "closed" },
  { id: B, title: "Fix the schema", state: "inprogress" },
  { id: A, title: "Cache the index", state: "ready" },
];

function relation(ticketId: string, kind: RelationKind, target: string): Relation {
  return { ticketId, kind, target, note: null, author: "i", at: "t" };
}

const RELATIONS = [
  relation(B, "related", A),
  relation(A, "supersedes", LOST),
  relation(B, "blocks", A),
  relation(A, "depends_on", B),
  relation(A, "depends_on", B),
];

Deno.test("renderGraph() tells tickets that cannot be read from those that do not exist", () => {
  const edges = [relation(A, "blocks", LOST), relation(A, "related", B), relation(A, "related", C)];
  const options = { unreadable: new Set([LOST, B, "00001KT07NV09"]) };
  const known = TICKETS.filter(({ id }) => id !== C);
  const mermaid = renderGraph(known, edges, "mermaid", options).split("\n");
  assertEquals(mermaid.slice(1, 5), [
    `  t${A}["${A}<br/>Cache the index"]:::ready`,
    `  t${B}["${B}<br/>Fix the schema"]:::inprogress`,
    `  t${C}["${C}<br/>(missing)"]:::missing`,
    `  t${LOST}["${LOST}<br/>(unreadable)"]:::unreadable`,
  ]);
  assertMatch(mermaid.join("\n"), /^ {2}classDef unreadable fill:/m);
  const dot = renderGraph(known, edges, "dot", options);
  assertMatch(
    dot,
    /"00001KT07NV03" \[label="00001KT07NV03\\n\(unreadable\)", class="unreadable", /,
  );
});

Deno.test("renderGraph() writes Mermaid: sorted nodes with classes, labelled edges", () => {
  assertEquals(
    renderGraph(TICKETS, RELATIONS, "mermaid"),
    `graph TD
  t${A}["${A}<br/>Cache the index"]:::ready
  t${B}["${B}<br/>Fix the schema"]:::inprogress
  t${LOST}["${LOST}<br/>(missing)"]:::missing
  t${A} -->|depends_on| t${B}
  t${A} -.->|supersedes| t${LOST}
  t${B} -->|blocks| t${A}
  t${B} -.-|related| t${A}
  classDef ready fill:#dbeafe,stroke:#2563eb,color:#18181b
  classDef inprogress fill:#fef3c7,stroke:#d97706,color:#18181b
  classDef missing fill:#fee2e2,stroke:#dc2626,color:#18181b
`,
  );
});

Deno.test("renderGraph() writes DOT", () => {
  assertEquals(
    renderGraph(TICKETS, RELATIONS, "dot"),
    `digraph tickets {
  node [shape=box, style="rounded,filled", fontcolor="#18181b"];
  "${A}" [label="${A}\\nCache the index", class="ready", fillcolor="#dbeafe", color="#2563eb"];
  "${B}" [label="${B}\\nFix the schema", class="inprogress", fillcolor="#fef3c7", color="#d97706"];
  "${LOST}" [label="${LOST}\\n(missing)", class="missing", fillcolor="#fee2e2", color="#dc2626"];
  "${A}" -> "${B}" [label="depends_on"];
  "${A}" -> "${LOST}" [label="supersedes", style=dotted];
  "${B}" -> "${A}" [label="blocks"];
  "${B}" -> "${A}" [label="related", style=dotted, dir=none];
}
`,
  );
});

Deno.test("renderGraph() shows tickets without a relation only when asked for all", () => {
  assertEquals(renderGraph(TICKETS, [], "mermaid"), "graph TD\n");
  assertEquals(renderGraph([], [], "dot").split("\n").length, 4);
  const all = renderGraph(TICKETS, RELATIONS, "dot", { isComplete: true });
  assertMatch(all, /Alone/);
  assertEquals(renderGraph(TICKETS, RELATIONS, "dot").includes("Alone"), false);
});

Deno.test("renderGraph() quotes what means something to Mermaid", () => {
  const title = 'a"]--> b\n\r\u2028c `d` #quot; %%{init: {}}%% <script>&amp; | __設計__';
  const [, node] = renderGraph([{ id: A, title, state: "done" }], [], "mermaid", {
    isComplete: true,
  }).split("\n");
  assertEquals(
    node,
    `  t${A}["${A}<br/>a#34;#93;--#62; b c #96;d#96; #35;quot#59; #37;#37;#123;init: ` +
      '#123;#125;#125;#37;#37; #60;script#62;#38;amp#59; #124; #95;#95;設計#95;#95;"]:::done',
  );
});

Deno.test("renderGraph() leaves Mermaid no words that its rules look for in whole lines", () => {
  const title = "UI: restyle `a:b`, text direction RL";
  const [, node = ""] = renderGraph([{ id: A, title, state: "done" }], [], "mermaid", {
    isComplete: true,
  }).split("\n");
  assertStringIncludes(node, "<br/>UI: restyle #96;a#58;b#96;, text direction#32;RL");
  // What takes the end of a code away, and what makes a direction of any line.
  assert(!/style.*:\S*#.*;|.*direction\s+RL/.test(node), node);
});

Deno.test("renderGraph() quotes what means something to DOT", () => {
  const title = 'a"];\n} \\N\\" &lt; <b>';
  const [, , node] = renderGraph([{ id: A, title, state: "done" }], [], "dot", {
    isComplete: true,
  }).split("\n");
  assertEquals(
    node?.slice(0, node.indexOf(", class")),
    `  "${A}" [label="${A}\\na\\"]; } \\\\N\\\\\\" &amp;lt; <b>"`,
  );
});

Deno.test("renderGraph() writes what turns the direction around as codes, which mean the same", () => {
  const tickets: GraphTicket[] = [{ id: A, title: "a\u202eb\u061c", state: "done" }];
  for (const format of ["mermaid", "dot"] as const) {
    const text = renderGraph(tickets, [], format, { isComplete: true });
    assert(text.includes(format === "mermaid" ? "a#8238;b#1564;" : "a&#8238;b&#1564;"), text);
    assert(!/\p{Bidi_Control}/u.test(text), text);
    const graph = renderGraph(tickets, [relation(A, "related", "\u202ec")], format);
    assert(!/\p{Bidi_Control}/u.test(graph), graph);
  }
});

Deno.test("renderGraph() gives ids of any generation a name of their own in Mermaid", () => {
  const ids = ["20260601-010203-a-b", "20260601-010203-a_b", "20260601-010203-a", "end", "x;y"];
  const text = renderGraph(
    ids.map((id) => ({ id, title: "", state: "ready" })),
    [],
    "mermaid",
    { isComplete: true },
  );
  const names = text.split("\n").slice(1, 1 + ids.length).map((line) => line.split("[")[0]);
  assertEquals(new Set(names).size, ids.length);
  for (const name of names) assertMatch(name ?? "", /^ {2}t[0-9A-Za-z_]+$/);
});

Deno.test("renderGraph() keeps one line a node whatever titles hold, in any order of input", () => {
  const anyTitle = fc.string({ unit: "binary" });
  fc.assert(fc.property(anyTitle, anyTitle, (first, second) => {
    const tickets: GraphTicket[] = [
      { id: A, title: first, state: "ready" },
      { id: B, title: second, state: "done" },
    ];
    const relations = [relation(A, "blocks", B), relation(B, "related", A)];
    for (const format of ["mermaid", "dot"] as const) {
      const text = renderGraph(tickets, relations, format);
      assertEquals(text, renderGraph(tickets.toReversed(), relations.toReversed(), format));
      assertEquals(text.split("\n").length, format === "mermaid" ? 8 : 8);
      for (const line of text.split("\n")) {
        const quotes = line.replaceAll("\\\\", "").replaceAll('\\"', "").split('"').length - 1;
        assertEquals(quotes % 2, 0);
      }
    }
  }));
});
