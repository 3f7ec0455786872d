/** Ticket roots for tests. @module */

/** A ticket to write; its files lie below the folder that its name in the root says. */
export interface SampleTicket {
  /** Lines of the frontmatter. */
  lines?: readonly string[];
  /** Everything behind the frontmatter. */
  body?: string;
  /** Whole `thread.md`; `null` for none. */
  thread?: string | null;
  /** Further files, relative to the folder. */
  files?: Record<string, string>;
}

/** An `item.md` of the usual shape. */
export function itemText({ lines = [], body = "\n" }: SampleTicket): string {
  return `---\n${lines.map((line) => `${line}\n`).join("")}---\n${body}`;
}

/** Lines of a frontmatter that has everything it needs. */
export function lines(fields: Record<string, string> = {}): string[] {
  const all: Record<string, string> = {
    title: "Cache the index",
    state: "planning",
    created_at: "2026-06-01T00:00:00Z",
    updated_at: "2026-06-02T00:00:00Z",
    ...fields,
  };
  return Object.entries(all).map(([key, value]) => `${key}: '${value.replaceAll("'", "''")}'`);
}

/** Relations as a file holds them. */
export function relationsText(
  owner: string,
  relations: readonly (readonly [kind: string, target: string])[],
): string {
  return JSON.stringify({
    version: 1,
    relations: relations.map(([kind, target]) => ({
      ticket_id: owner,
      kind,
      target,
      author: "intake",
      at: "2026-06-01T00:00:00Z",
    })),
  });
}

/** One event as writers write it. */
export function eventText(kind: string, at: string, body: string): string {
  return `<!-- event: ${kind} author: alice at: ${at} -->\n\n## Heading\n\n${body}\n\n---\n`;
}

/** Writes one ticket. */
export function writeTicket(root: string, folder: string, ticket: SampleTicket = {}): void {
  const path = `${root}/${folder}`;
  Deno.mkdirSync(`${path}/artifacts`, { recursive: true });
  Deno.writeTextFileSync(`${path}/artifacts/.gitkeep`, "");
  Deno.writeTextFileSync(`${path}/item.md`, itemText({ lines: lines(), ...ticket }));
  const { thread = "", files = {} } = ticket;
  if (thread !== null) Deno.writeTextFileSync(`${path}/thread.md`, thread);
  for (const [name, text] of Object.entries(files)) {
    Deno.mkdirSync(`${path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${path}/${name}`, text);
  }
}

/** Calls `use` with an empty root, and removes it. */
export async function withRoot(use: (root: string) => Promise<void> | void): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-tickets-" }));
  try {
    await use(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Makes a FIFO, which nobody must open. */
export async function makeFifo(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  if (!success) throw new Error(`Cannot make FIFO "${path}"`);
}
