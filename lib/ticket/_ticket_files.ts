/**
 * The files of one ticket, read without ever leaving its folder.
 *
 * Source: tickets specification, sections 1.2, 6.6 and 6.7; row 10 of section 12.
 *
 * @module
 */

import { endsInLineFeed, endsInSeparator } from "./_text_line.ts";
import { ARTIFACTS, PLANS_FILE } from "./_ticket_layout.ts";
import { problemOf } from "./_problem.ts";
import { type GrownText, readGrownText } from "./_grown_text.ts";
import { listFolder } from "./_list_folder.ts";
import {
  fileStamp,
  isNoUtf8,
  isRegularFile,
  lookAt,
  readRegularBytes,
  readRegularText,
} from "./_regular_file.ts";
import { isWriterLeftover, type RootEntry } from "./root_scan.ts";
import type { TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** Files of a ticket. */
export interface FileList {
  /** Relative to the folder that was asked for, sorted. */
  readonly paths: readonly string[];
  /** Links and whatever else is neither file nor folder. */
  readonly problems: readonly TicketProblem[];
}

/**
 * One ticket's folder. Every reading looks at each step of its path first: a link is refused, whether
 * it leads out of the root or not, and only regular files are opened.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scanRoot } from "./root_scan.ts";
 * import { TicketFolder } from "./_ticket_files.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/00001KT07NV00/artifacts`, { recursive: true });
 * Deno.writeTextFileSync(`${root}/00001KT07NV00/item.md`, "---\n---\n");
 * Deno.writeTextFileSync(`${root}/00001KT07NV00/artifacts/notes.md`, "Both fit.\n");
 *
 * const folder = TicketFolder.of(root, scanRoot(root).entries[0]!);
 * assertEquals(folder.readItemText(), "---\n---\n");
 * assertEquals(folder.scanArtifacts().paths, ["notes.md"]);
 * assertEquals(folder.readResolution(), null);
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export class TicketFolder {
  /** Where the ticket lies. */
  readonly entry: RootEntry;
  /** Path of the folder. */
  readonly path: string;
  readonly #root: string;

  private constructor(root: string, entry: RootEntry) {
    this.#root = root;
    this.entry = entry;
    this.path = `${root}/${entry.folder}`;
  }

  /** The folder of a ticket; nothing is read. */
  static of(root: string, entry: RootEntry): TicketFolder {
    return new TicketFolder(root, entry);
  }

  /** The folder of this name at the top of a root, as tickets of v3 and objectives have it. */
  static atTop(root: string, name: string): TicketFolder {
    return new TicketFolder(root, { id: name, generation: "v3", folder: name });
  }

  /**
   * The whole `item.md`.
   *
   * @throws {TicketError} `not_found` without such a file, otherwise as {@linkcode readText}.
   */
  readItemText(): string {
    const text = this.readText("item.md");
    if (text === undefined) throw TicketError.notFound(this.entry.id);
    return text;
  }

  /** The bytes of {@linkcode readItemText}, also of one that is no text. */
  readItemBytes(): Uint8Array {
    const full = this.#reach("item.md");
    const bytes = full === undefined ? undefined : readRegularBytes(full);
    if (bytes === undefined) throw TicketError.notFound(this.entry.id);
    return bytes;
  }

  /** The whole `thread.md`, `undefined` without one. Throws as {@linkcode readText}. */
  readThread(): GrownText | undefined {
    const full = this.#reach("thread.md");
    return full === undefined ? undefined : readGrownText(full, endsInSeparator);
  }

  /** The records of plans, one a line; `undefined` without any. Throws as {@linkcode readText}. */
  readPlansText(): string | undefined {
    const full = this.#reach(PLANS_FILE);
    return full === undefined ? undefined : readGrownText(full, endsInLineFeed)?.text;
  }

  /** The text of {@linkcode readThread}. */
  readThreadText(): string | undefined {
    return this.readThread()?.text;
  }

  /** The whole `resolution.md`, `null` without one. Throws as {@linkcode readText}. */
  readResolution(): string | null {
    return this.readText("resolution.md") ?? null;
  }

  /** One artifact, `undefined` without it. Throws as {@linkcode readText}. */
  readArtifact(path: string): string | undefined {
    return this.readText(`${ARTIFACTS}/${path}`);
  }

  /** As {@linkcode readArtifact}, for any bytes. */
  readArtifactBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
    const full = this.#reach(`${ARTIFACTS}/${path}`);
    return full === undefined ? undefined : readRegularBytes(full);
  }

  /**
   * The text of a file of the ticket, byte order mark included; `undefined` when there is none.
   *
   * @param path Relative to the folder, without `.` and `..`.
   * @throws {TicketError} `escapes_root` for a path that leaves the folder or a link on the way,
   * `parse` for more than 16 MiB or bytes that are no UTF-8, `io` for everything else.
   */
  readText(path: string): string | undefined {
    const full = this.#reach(path);
    return full === undefined ? undefined : readRegularText(full);
  }

  /**
   * The bytes of a file of the ticket, piece by piece; an artifact can be larger than the memory.
   * Nothing for one that is not there.
   *
   * @throws {TicketError} `escapes_root`, `io` as {@linkcode readText}.
   */
  async *readPieces(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const full = this.#reach(path);
    if (full === undefined || !isRegularFile(full)) return;
    try {
      using file = await Deno.open(full);
      const buffer = new Uint8Array(PIECE_BYTES);
      for (;;) {
        const size = await fill(file, buffer);
        if (size > 0) yield buffer.subarray(0, size);
        if (size < buffer.length) return;
      }
    } catch (error) {
      throw TicketError.io(full, error);
    }
  }

  /**
   * Paths below `artifacts/`, without `.gitkeep` and leftovers of writes; links are among the
   * problems.
   */
  scanArtifacts(): FileList {
    const { paths, problems } = this.#scan(`${ARTIFACTS}/`);
    const isArtifact = (path: string) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return name !== ".gitkeep" && !isWriterLeftover(name);
    };
    const artifacts = paths.map((path) => path.slice(ARTIFACTS.length + 1)).filter(isArtifact);
    return { paths: artifacts, problems };
  }

  /** Every file of the folder, hidden ones too, and what else lies there. */
  scanFiles(): FileList {
    return this.#scan("");
  }

  /**
   * Changes when `item.md` does; `undefined` without that file.
   *
   * @throws {TicketError} `io`.
   */
  itemStamp(): string | undefined {
    const info = lookAt(`${this.path}/item.md`);
    return info && fileStamp(info);
  }

  /** Files below a folder whose path is empty or ends in "/", relative to the ticket's. */
  #scan(start: string): FileList {
    const paths: string[] = [];
    const problems: TicketProblem[] = [];
    // Links are no folders here, so there is no way round in a circle.
    const folders = [start];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const inRoot = `${this.entry.folder}/${folder}`;
      const place = `${this.#root}/${inRoot}`.slice(0, -1);
      try {
        // The way to a folder within was looked at when it was listed: all of it once more at each
        // of very many folders within each other would take minutes.
        const isThere = folder === start ? this.#isFolder(stepsTo(folder)) : isFolderAt(place);
        for (const item of isThere ? listFolder(place) : []) {
          const path = `${folder}${item.name}`;
          if (isNoUtf8(place, item.name)) {
            problems.push({ path: `${inRoot}${item.name}`, reason: "its name is not UTF-8" });
            continue;
          }
          if (item.isDirectory) folders.push(`${path}/`);
          else if (item.isFile) paths.push(path);
          else problems.push(refused(`${inRoot}${item.name}`, item));
        }
      } catch (error) {
        problems.push(problemOf(error, this.#root, inRoot.slice(0, -1)));
      }
    }
    return { paths: paths.sort(), problems };
  }

  /** Absolute form of a path in the ticket's folder; `undefined` when a folder on the way is none. */
  #reach(path: string): string | undefined {
    const full = `${this.path}/${path}`;
    const steps = path.split("/");
    if (steps.some((step) => step === "" || step === "." || step === ".." || step.includes("\0"))) {
      throw TicketError.escapesRoot(full);
    }
    return this.#isFolder(steps.slice(0, -1)) ? full : undefined;
  }

  /** Whether the way from the root through the ticket's folder along `steps` is folders only. */
  #isFolder(steps: readonly string[]): boolean {
    let path = this.#root;
    for (const step of [...this.entry.folder.split("/"), ...steps]) {
      path += `/${step}`;
      if (!isFolderAt(path)) return false;
    }
    return true;
  }
}

/** The folders on the way to one whose path is empty or ends in "/", and it itself. */
function stepsTo(folder: string): string[] {
  return folder.split("/").slice(0, -1);
}

/** @throws {TicketError} `escapes_root` for a link. */
function isFolderAt(path: string): boolean {
  const info = lookAt(path);
  if (info?.isSymlink) throw TicketError.escapesRoot(path);
  return info?.isDirectory === true;
}

/** Bytes of a piece. */
const PIECE_BYTES = 1024 * 1024;

/** Reads until the buffer is full or the file ends. */
async function fill(file: Deno.FsFile, buffer: Uint8Array): Promise<number> {
  let size = 0;
  while (size < buffer.length) {
    const read = await file.read(buffer.subarray(size));
    if (read === null) break;
    size += read;
  }
  return size;
}

function refused(path: string, item: Deno.DirEntry): TicketProblem {
  const reason = item.isSymlink
    ? "a symbolic link, and links are not followed"
    : "neither a file nor a folder";
  return { path, reason };
}
