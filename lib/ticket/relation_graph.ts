/**
 * Relations as text for Mermaid or Graphviz to draw.
 *
 * Source: the issue's `ticket graph`.
 *
 * @module
 */

import { type Relation, type RelationKind, sortRelations, waitOf } from "./relation_view.ts";
import { TICKET_STATES, type TicketState } from "./states.ts";

/** What a graph shows of a ticket. */
export interface GraphTicket {
  /** Folder name. */
  readonly id: string;
  /** Any text; it is escaped. */
  readonly title: string;
  /** Decides the colour of the node. */
  readonly state: TicketState;
}

/** What a graph shows. */
export interface GraphOptions {
  /** Whether tickets without relations are shown too. Default `false`. */
  readonly isComplete?: boolean | undefined;
  /** Ids of tickets that exist but cannot be read. */
  readonly unreadable?: ReadonlySet<string> | undefined;
}

/**
 * The text of a graph, in a stable order: a node for each ticket that takes part in a relation, an
 * edge for each relation. Tickets that do not exist, and those that cannot be read, have a node
 * class of their own.
 *
 * Edges point from the owner of a relation to its target: `A -> B` labelled `depends_on` means that
 * A waits for B, labelled `blocks` that B waits for A. An edge is solid if somebody waits, else
 * dotted; `related` has no direction.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { renderGraph } from "@yoi/yoi/tickets";
 *
 * const text = renderGraph(
 *   [
 *     { id: "00001KT07NV00", title: "Cache the index", state: "ready" },
 *     { id: "00001KT07NV01", title: "Fix the schema", state: "planning" },
 *   ],
 *   [{
 *     ticketId: "00001KT07NV00",
 *     kind: "depends_on",
 *     target: "00001KT07NV01",
 *     note: null,
 *     author: "intake",
 *     at: "2026-06-01T00:00:00Z",
 *   }],
 *   "mermaid",
 * );
 * assert(text.includes("t00001KT07NV00 -->|depends_on| t00001KT07NV01"));
 * ```
 */
export function renderGraph(
  tickets: readonly GraphTicket[],
  relations: readonly Relation[],
  format: "mermaid" | "dot",
  options: GraphOptions = {},
): string {
  const edges = edgesOf(relations);
  const nodes = nodesOf(tickets, edges, options);
  const lines = format === "mermaid" ? mermaidLines(nodes, edges) : dotLines(nodes, edges);
  return `${lines.join("\n")}\n`;
}

type NodeClass = TicketState | "missing" | "unreadable";

interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly nodeClass: NodeClass;
}

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: RelationKind;
  readonly isBlocking: boolean;
}

/** Fill and line of each class of nodes. */
const COLOURS: Readonly<Record<NodeClass, readonly [fill: string, stroke: string]>> = {
  planning: ["#f4f4f5", "#71717a"],
  ready: ["#dbeafe", "#2563eb"],
  queued: ["#ede9fe", "#7c3aed"],
  inprogress: ["#fef3c7", "#d97706"],
  done: ["#dcfce7", "#16a34a"],
  closed: ["#e7e5e4", "#a8a29e"],
  missing: ["#fee2e2", "#dc2626"],
  unreadable: ["#ffedd5", "#ea580c"],
};

function edgesOf(relations: readonly Relation[]): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  for (const relation of sortRelations(relations)) {
    const { ticketId, kind, target } = relation;
    const key = JSON.stringify([ticketId, kind, target]);
    const isBlocking = waitOf(relation) !== undefined;
    edges.set(key, { from: ticketId, to: target, kind, isBlocking });
  }
  return [...edges.values()];
}

function nodesOf(
  tickets: readonly GraphTicket[],
  edges: readonly GraphEdge[],
  { isComplete = false, unreadable }: GraphOptions,
): GraphNode[] {
  const known = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const shown = new Set(edges.flatMap(({ from, to }) => [from, to]));
  if (isComplete) { for (const id of known.keys()) shown.add(id); }
  return [...shown].sort().map((id) => {
    const ticket = known.get(id);
    if (ticket) return { id, title: ticket.title, nodeClass: ticket.state };
    const nodeClass = unreadable?.has(id) ? "unreadable" : "missing";
    return { id, title: `(${nodeClass})`, nodeClass };
  });
}

function mermaidLines(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): string[] {
  const label = ({ id, title }: GraphNode) => [id, title].map(mermaidText).join("<br/>");
  return [
    "graph TD",
    ...nodes.map((node) => `  ${mermaidId(node.id)}["${label(node)}"]:::${node.nodeClass}`),
    ...edges.map(({ from, to, kind, isBlocking }) => {
      const arrow = isBlocking ? "-->" : kind === "related" ? "-.-" : "-.->";
      return `  ${mermaidId(from)} ${arrow}|${kind}| ${mermaidId(to)}`;
    }),
    ...classesOf(nodes).map((nodeClass) => {
      const [fill, stroke] = COLOURS[nodeClass];
      return `  classDef ${nodeClass} fill:${fill},stroke:${stroke},color:#18181b`;
    }),
  ];
}

function dotLines(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): string[] {
  return [
    "digraph tickets {",
    '  node [shape=box, style="rounded,filled", fontcolor="#18181b"];',
    ...nodes.map(({ id, title, nodeClass }) => {
      const [fill, stroke] = COLOURS[nodeClass];
      const label = [id, title].map(dotText).join("\\n");
      return `  ${
        dotId(id)
      } [label="${label}", class="${nodeClass}", fillcolor="${fill}", color="${stroke}"];`;
    }),
    ...edges.map(({ from, to, kind, isBlocking }) => {
      const style = isBlocking ? "" : ", style=dotted";
      const heads = kind === "related" ? ", dir=none" : "";
      return `  ${dotId(from)} -> ${dotId(to)} [label="${kind}"${style}${heads}];`;
    }),
    "}",
  ];
}

/** In a fixed order, only those that are used. */
function classesOf(nodes: readonly GraphNode[]): NodeClass[] {
  const used = new Set(nodes.map((node) => node.nodeClass));
  const all: readonly NodeClass[] = [...TICKET_STATES, "missing", "unreadable"];
  return all.filter((nodeClass) => used.has(nodeClass));
}

/** A name without any sign that means something to Mermaid, another one for each id. */
function mermaidId(id: string): string {
  return `t${id.replace(/[^0-9A-Za-z]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`)}`;
}

/**
 * Text for a quoted label. Only plainly harmless ASCII stays as it is, the rest becomes character
 * codes. A quote ends the label, a backquote makes it Markdown, and `%%{` begins a directive even
 * within one. Some versions read every label as Markdown, in which `__init__` is bold and loses its
 * underscores. After the word "style", a colon within a word swallows the end of the line's last
 * code, and "direction LR" takes the whole line for itself. Signs that turn the direction of writing
 * around become codes as well, for they would do so in a terminal, too.
 */
function mermaidText(text: string): string {
  return onOneLine(text).replace(
    /[^0-9A-Za-z .,:/+()'!?=\-\u{80}-\u{10ffff}]|:(?=\S)|(?<=direction) (?=[BLRT])|\p{Bidi_Control}/gu,
    (sign) => `#${sign.codePointAt(0)};`,
  );
}

function dotId(id: string): string {
  return `"${escapedForDot(onOneLine(id))}"`;
}

/** Text for a quoted label, where `&` begins a character reference. */
function dotText(text: string): string {
  return escapedForDot(onOneLine(text).replaceAll("&", "&amp;"));
}

/** Signs that turn the direction of writing around become references, which labels show as signs. */
function escapedForDot(text: string): string {
  return text.replace(/["\\]/g, "\\$&")
    .replace(/\p{Bidi_Control}/gu, (sign) => `&#${sign.codePointAt(0)};`);
}

/** Blanks, line ends and control characters in a row become one blank. */
function onOneLine(text: string): string {
  return text.toWellFormed().replace(/[\s\p{Cc}]+/gu, " ").trim();
}
