/** @module */

import { TicketError } from "./ticket_error.ts";

/**
 * The absolute path of a root. It is found once: a store goes on meaning the folder that it was
 * opened for, wherever its program goes.
 *
 * @param root A path, from the working directory where it is relative, or a `file:` URL, which
 * `import.meta.resolve()` gives as a text.
 * @throws {TicketError} `escapes_root` for an empty path, which would mean the working directory;
 * `io` when there is no working directory any more.
 * @throws {TypeError} A URL that does not name a file of this computer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rootPath } from "./_root_path.ts";
 *
 * assertEquals(rootPath("./tickets/"), `${Deno.cwd()}/tickets`);
 * assertEquals(rootPath("file:///srv/my%20tickets"), "/srv/my tickets");
 * ```
 */
export function rootPath(root: string | URL): string {
  const path = filePath(root);
  if (path.trim() === "" || path.includes("\0")) throw TicketError.escapesRoot(path);
  // What `..` behind a link means only the system knows.
  const trimmed = path.replace(/(?<=.)\/+$/s, "");
  if (trimmed.startsWith("/") || Deno.build.os === "windows") return trimmed;
  const below = trimmed.replace(/^(?:\.(?:\/+|$))+/, "");
  const folder = workingFolder(path);
  return below === "" ? folder : `${folder === "/" ? "" : folder}/${below}`;
}

/**
 * The path that a path or a `file:` URL means.
 *
 * @throws {TypeError} A URL that does not name a file of this computer.
 */
export function filePath(place: string | URL): string {
  if (typeof place === "string" && !/^file:\/\//i.test(place)) return place;
  const { protocol, host, pathname } = new URL(place);
  if (protocol !== "file:") throw new TypeError(`Cannot open "${place}": it is not a file: URL`);
  // With two slashes in place of three, what was meant as the first folder is such a name.
  if (host !== "") throw new TypeError(`Cannot open "${place}": it names the computer "${host}"`);
  // A URL keeps a percent sign that escapes nothing, as in `new URL("50%", "file:///a/")`.
  return decodeURIComponent(pathname.replace(/%(?![0-9a-f]{2})/gi, "%25"));
}

function workingFolder(path: string): string {
  try {
    return Deno.cwd();
  } catch (cause) {
    throw TicketError.io(path, cause);
  }
}
