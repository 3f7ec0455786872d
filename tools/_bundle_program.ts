/** @module */

import { writeWhole } from "../lib/file/write_whole.ts";
import { PERMISSION_FLAGS } from "../lib/process/self_command.ts";
import { bundleFile } from "./_bundle_file.ts";
import { DIST, ROOT, VERSION } from "./_project.ts";

/** The bundled program, unless said otherwise. */
export const BUNDLE = `${DIST}/yoi.js`;

/**
 * Writes the program as one file that `deno run` starts, and that starts by itself where `deno` is
 * in `PATH`. The file appears whole or not at all.
 *
 * @param path Where the file goes, default {@linkcode BUNDLE}; its folder is made when it is missing.
 */
export async function bundleProgram(path: string = BUNDLE): Promise<void> {
  const shebang = `#!/usr/bin/env -S deno run ${PERMISSION_FLAGS.join(" ")}`;
  const text = `${shebang}\n// yoi ${VERSION}\n${await bundleFile(
    `${ROOT}/lib/cli/whole_program.ts`,
  )}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await writeWhole(path, text, { mode: 0o755 });
}
