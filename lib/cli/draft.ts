/** @module */

import { basename, join, resolve } from "@std/path";
import type { ReadEnvironment } from "../config/paths.ts";
import { systemReason } from "../file/system_reason.ts";
import { CliError } from "./cli_error.ts";
import { storeCommand } from "./edited_text.ts";
import { readExactly } from "./read_exactly.ts";

/** What a draft belongs to. */
export interface DraftPlace {
  /** The ticket. */
  readonly id: string;
  readonly env: ReadEnvironment;
  /** The ticket root, if the command line named one. */
  readonly root: string | undefined;
  /** The ticket root itself, absolute: a copy of it elsewhere has tickets of the same ids. */
  readonly folder: string;
}

/** What is said of drafts that edits of a ticket have left; `undefined` without any. */
export function draftsNotice(
  { id, root }: Pick<DraftPlace, "id" | "root">,
  drafts: readonly Pick<Draft, "path" | "command">[],
): string | undefined {
  const [draft, ...others] = drafts;
  if (draft === undefined) return undefined;
  if (others.length === 0) {
    const what = `"${draft.path}" holds the text of another edit of ${id}, which was not stored`;
    return `${what}: "${draft.command}" stores it, or remove it`;
  }
  const paths = drafts.map(({ path }) => `"${path}"`).join(", ");
  const command = storeCommand(id, "PATH", root);
  const what = `${paths} hold texts of other edits of ${id}, which were not stored`;
  return `${what}: "${command}" stores one, or remove them`;
}

/** The text while it is edited: a file that nobody else can read. */
export class Draft {
  private constructor(
    readonly path: string,
    /** What the ticket said when the draft was made, or looked at again. */
    readonly original: string,
    /** What stores it later. */
    readonly command: string,
  ) {}

  /**
   * Writes a text into a new file.
   *
   * @throws {CliError} `failed` when there is no place for one.
   */
  static async create(place: DraftPlace, text: string): Promise<Draft> {
    const { id, env, root } = place;
    const dir = folderOf(env);
    let path: string | undefined;
    try {
      const prefix = `${await prefixOf(place)}${await markOf(text)}-`;
      path = await Deno.makeTempFile({ dir, prefix, suffix: ".md" });
      await Deno.chmod(path, 0o600);
      await Deno.writeTextFile(path, text);
      return new Draft(path, text, storeCommand(id, path, root));
    } catch (cause) {
      if (path !== undefined) await Deno.remove(path);
      const detail = `no file can be written in "${dir}": ${systemReason(cause)}`;
      throw new CliError("failed", `Cannot edit: ${detail}; set TMPDIR to another folder`, {
        cause,
      });
    }
  }

  /**
   * Drafts that edits of a ticket have left, whose terminal was closed or whose text was not valid,
   * as far as they are this user's and of the same root, and somebody has changed what they say.
   */
  static async left(place: DraftPlace, current: string): Promise<Draft[]> {
    const { id, env, root } = place;
    const dir = folderOf(env);
    const prefix = await prefixOf(place);
    const drafts: Draft[] = [];
    for (const name of await namesIn(dir)) {
      const original = wordBehind(prefix, /^([\da-f]{8})-[\da-f]+\.md$/, name);
      if (original === undefined) continue;
      const path = join(dir, name);
      const text = await readOwn(path);
      if (text === undefined || text.trim() === "" || text === current) continue;
      // Nobody has changed it: its ticket has gone on without it.
      if (await markOf(text) === original) continue;
      drafts.push(new Draft(path, current, storeCommand(id, path, root)));
    }
    return drafts;
  }

  /** Removes the file of a text that was stored from it, if it is a draft: it has done its work. */
  static async removeStored(
    { id, env }: Pick<DraftPlace, "id" | "env">,
    path: string,
  ): Promise<void> {
    const name = basename(path);
    if (path !== resolve(folderOf(env), name)) return;
    if (wordBehind(`yoi-${id}-`, /^([\da-f]{8})-[\da-f]{8}-[\da-f]+\.md$/, name) === undefined) {
      return;
    }
    try {
      await Deno.remove(path);
    } catch {
      // The text is stored, which is what counts; of a file that stays the next edit tells.
    }
  }

  /** The text as it is now; `undefined` when somebody has put the file away. */
  async read(): Promise<string | undefined> {
    try {
      return await readExactly(this.path);
    } catch (error) {
      if (error instanceof CliError && error.cause instanceof Deno.errors.NotFound) {
        return undefined;
      }
      throw this.kept(error);
    }
  }

  /** Removes the file; some editors put it away themselves. */
  async remove(): Promise<void> {
    await removeIfThere(this.path);
  }

  /** The error, with a word about where the text is and how to go on with it. */
  kept(error: unknown): CliError {
    const message = error instanceof Error ? error.message : String(error);
    const kept = `the text was kept in "${this.path}": "${this.command}" stores it`;
    return new CliError("failed", `${message}; ${kept}`, { cause: error });
  }

  /** {@linkcode Draft.kept} for a text that has to be mended first; `why` is what was not said yet. */
  keptToMend(why: string, cause: Error): CliError {
    const message =
      `${why}the text was kept: correct "${this.path}", then "${this.command}" stores it`;
    return new CliError("failed", message, { cause });
  }

  /** {@linkcode Draft.kept}, but a text that nobody changed is worth nothing, and one may be gone. */
  async keptUnlessUntouched(error: unknown): Promise<unknown> {
    const text = await this.read();
    if (text !== undefined && text !== this.original) return this.kept(error);
    await this.remove();
    return error;
  }
}

function folderOf(env: ReadEnvironment): string {
  return env("TMPDIR") || "/tmp";
}

/** What the names of a ticket's drafts begin with; a mark of the first text and a number follow. */
async function prefixOf({ id, folder }: Pick<DraftPlace, "id" | "folder">): Promise<string> {
  return `yoi-${id}-${await markOf(folder)}-`;
}

/** A few letters that another text most likely does not have. */
async function markOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest, 0, 4).toHex();
}

/** The group of a pattern that a name matches behind its prefix. */
function wordBehind(prefix: string, pattern: RegExp, name: string): string | undefined {
  return name.startsWith(prefix) ? pattern.exec(name.slice(prefix.length))?.[1] : undefined;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(dir), ({ name }) => name)).sort();
  } catch {
    // Where no draft can be written either, that is said when one is.
    return [];
  }
}

/** The text of a file that only this user could have written; `undefined` for any other. */
async function readOwn(path: string): Promise<string | undefined> {
  try {
    const { isFile, uid } = await Deno.lstat(path);
    return isFile && uid === Deno.uid() ? await readExactly(path) : undefined;
  } catch {
    // It is no help then, and no harm.
    return undefined;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
