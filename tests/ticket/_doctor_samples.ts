/** Ticket roots made of texts, for the tests of the doctor. */

import type { Diagnostic } from "../../lib/ticket/ticket.ts";

/** A file's text, a link's target, a FIFO, or a folder that is empty. */
export type Content = string | { link: string } | "FIFO" | "FOLDER";

/** Contents by path, relative to the root. */
export type Tree = Readonly<Record<string, Content>>;

export const ID = "00001KT07NV00";
export const OTHER = "00001KT07NV01";

/** A root in a fresh folder, removed at the end. */
export class SampleRoot implements Disposable {
  readonly path: string;
  readonly #top: string;

  private constructor(top: string, path: string) {
    this.#top = top;
    this.path = path;
  }

  /** Lays out a tree in a root called `store`; with `..` beside it. */
  static of(tree: Tree, name = "store"): SampleRoot {
    const top = Deno.makeTempDirSync({ prefix: "yoi-doctor-" });
    const root = `${top}/${name}`;
    Deno.mkdirSync(root);
    for (const [path, content] of Object.entries(tree)) lay(`${root}/${path}`, content);
    return new SampleRoot(top, root);
  }

  /** Every file's text by path. */
  read(): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (folder: string) => {
      for (const entry of Deno.readDirSync(`${this.path}/${folder}`)) {
        const path = `${folder}${entry.name}`;
        if (entry.isDirectory) visit(`${path}/`);
        else if (entry.isFile) found[path] = Deno.readTextFileSync(`${this.path}/${path}`);
      }
    };
    visit("");
    return found;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#top, { recursive: true });
  }
}

/** The folder around a root. */
export function topOf({ path }: SampleRoot): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** What a finding is, whatever its words. */
export function withoutMessage({ message: _, ...rest }: Diagnostic): Omit<Diagnostic, "message"> {
  return rest;
}

function lay(path: string, content: Content): void {
  if (content === "FOLDER") return Deno.mkdirSync(path, { recursive: true });
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  if (content === "FIFO") {
    const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
    if (!success) throw new Error(`Cannot make FIFO "${path}"`);
  } else if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.symlinkSync(content.link, path);
}

/** The files of a v3 ticket, with some of them replaced or, with `undefined`, left out. */
export function ticket(
  id: string = ID,
  files: Readonly<Record<string, Content | undefined>> = {},
): Tree {
  const whole: Record<string, Content | undefined> = {
    "item.md": item(),
    "thread.md": thread(created()),
    "artifacts/.gitkeep": "",
    ...files,
  };
  const tree: Record<string, Content> = {};
  for (const [path, content] of Object.entries(whole)) {
    if (content !== undefined) tree[`${id}/${path}`] = content;
  }
  return tree;
}

/** An `item.md`, with lines of its frontmatter replaced, added or left out. */
export function item(lines: Readonly<Record<string, string | undefined>> = {}): string {
  const keys: Record<string, string | undefined> = {
    title: "'Cache the index'",
    state: "'planning'",
    created_at: "'2026-06-01T00:00:00Z'",
    updated_at: "'2026-06-02T00:00:00Z'",
    assignee: "null",
    ...lines,
  };
  const block = Object.entries(keys)
    .flatMap(([key, value]) => value === undefined ? [] : [`${key}: ${value}\n`])
    .join("");
  return `---\n${block}---\n\n## Background\n\nReading it takes long.\n`;
}

/** A thread of these events. */
export function thread(...events: string[]): string {
  return events.join("\n");
}

/** An event as it is written; attributes as text. */
export function event(kind: string, attributes: string, body = "Fine.", heading = "Note"): string {
  return `<!-- event: ${kind} ${attributes} -->\n\n## ${heading}\n\n${body}\n\n---\n`;
}

export const AT = "at: 2026-06-01T10:00:00Z";

export function created(): string {
  return event("create", `author: kim ${AT}`, "Made.", "Created");
}

export function changed(from: string, to: string, at = AT): string {
  const attributes = `author: kim ${at} from: ${from} to: ${to} reason: test field: state`;
  return event("state_changed", attributes, "Next.", "State changed");
}

export function closed(): string {
  return event("close", `author: kim ${AT} status: closed`, "Done.", "Closed");
}

export function relations(
  rows: readonly (readonly [kind: string, target: string])[],
  id = ID,
): string {
  const list = rows.map(([kind, target]) => ({
    ticket_id: id,
    kind,
    target,
    author: "kim",
    at: "2026-06-01T10:00:00Z",
  }));
  return `${JSON.stringify({ version: 1, relations: list }, undefined, 2)}\n`;
}

export function plan(related: string, number = 1): string {
  const record = {
    id: `orch-plan-20260601-100000-${number}`,
    ticket_id: ID,
    kind: "after",
    related_ticket: related,
    author: "kim",
    at: "2026-06-01T10:00:00Z",
  };
  return `${JSON.stringify(record)}\n`;
}
